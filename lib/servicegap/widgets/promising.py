"""Your action: one thing, one person, one date, and a day to measure again."""

from __future__ import annotations

import datetime as dt
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

import ipywidgets

from servicegap import schema
from servicegap.widgets import parts

if TYPE_CHECKING:
    from servicegap.client import Client
    from servicegap.findings import Action


class Suggestion(Protocol):
    """What may be promised: a finding, or a step of the roadmap, with its action."""

    @property
    def id(self) -> str: ...
    @property
    def headline(self) -> schema.Headline: ...
    @property
    def action(self) -> Action | None: ...


_URGENT = ("mend", "test", "tell", "measure", "keep")  # which of a session's actions comes first
_OWN = "own"


def promise(client: Client, session: str) -> None:
    """Show the form for a session's action; promises go to `commitments` in the client's folder."""
    parts.show(PromiseForm(client, session, dt.date.today()).box)


# -- the table ---------------------------------------------------------------------------------


def kept(client: Client, session: str) -> list[dict[str, str]]:
    """The promises of a session that stand in the client's commitments, as text."""
    rows = client["commitments"]
    rows = rows[rows["action_id"].str.startswith(f"{session}-").fillna(False).astype(bool)]
    texts = rows.astype("str").where(rows.notna(), "")
    return [{str(k): v for k, v in row.items()} for row in texts.to_dict("records")]


def suggestions(client: Client, session: str) -> list[Suggestion]:
    """The findings of a session that come with an action, the most urgent first.

    A session may put its own list forward (`suggested`), as the roadmap does.
    """
    spec = schema.SESSIONS[session]
    if not spec.headlines or client.is_sealed(session):
        return []
    module = import_module(f"servicegap.sessions.{spec.module}")
    if hasattr(module, "suggested"):
        return list(module.suggested(client))
    found = [getattr(module, headline.id)(client) for headline in spec.headlines]
    return sorted((finding for finding in found if finding.action), key=_urgency)


def _urgency(finding: Suggestion) -> int:
    kind = finding.action.id.rpartition("-")[2] if finding.action else ""
    return _URGENT.index(kind) if kind in _URGENT else len(_URGENT)


# -- the form ----------------------------------------------------------------------------------


class PromiseForm:
    """The form for one session's promises. `box` is what is shown."""

    def __init__(self, client: Client, session: str, today: dt.date) -> None:
        self.client, self.session, self.today = client, session, today
        self.found: dict[str, Suggestion] = {}
        self.suggested = ""
        wide = {"width": parts.FULL}
        style = parts.described()
        self.start = ipywidgets.Dropdown(
            options=[("my own words", _OWN)], description="Start from", style=style, layout=wide
        )
        self.what = ipywidgets.Textarea(
            description="What will be done", style=style, layout={**wide, "height": "5em"}, rows=3
        )
        self.owner = ipywidgets.Text(
            description="Who does it", placeholder="a role, such as service desk manager",
            style=style, layout=wide,
        )  # fmt: skip
        self.due = ipywidgets.DatePicker(
            value=today + dt.timedelta(days=14), description="By when", style=style
        )
        self.again = ipywidgets.DatePicker(
            value=today + dt.timedelta(days=90), description="Measure again on", style=style
        )
        self.days = parts.prose()  # in words, since a date in figures is read in two ways
        self.keep = parts.button("Promise it", main=True)
        self.status = parts.prose("", "sg-status")
        self.list = parts.prose()
        self.box = parts.form(
            parts.question("What will you do?"), self.start, self.what, self.owner,
            self.due, self.again, self.days, parts.row(self.keep), self.status, self.list,
        )  # fmt: skip
        self.start.observe(lambda _: self._begin(), "value")
        for picker in (self.due, self.again):
            picker.observe(lambda _: self._say_days(), "value")
        self.keep.on_click(lambda _: self._keep())
        self._say_days()
        self._suggest()
        if client.is_sealed(session):
            client.listeners.append(self._open)
        self._show_list()

    def _open(self) -> None:
        if not self.client.is_sealed(self.session):
            self.client.listeners.remove(self._open)
            self._suggest()

    def _suggest(self) -> None:
        """Offer the session's actions; the most urgent is filled in unless somebody has typed."""
        self.found = {f.id: f for f in suggestions(self.client, self.session)}
        self.start.layout.display = None if self.found else "none"
        offered = [(f"the action for “{f.headline.label}”", id_) for id_, f in self.found.items()]
        written = self.what.value
        self.start.options = [*offered, ("my own words", _OWN)]
        self.start.value = _OWN if written else self._next()
        self._begin()

    def _begin(self) -> None:
        """Fill in the chosen action, unless that would write over somebody's own words."""
        if self.what.value not in ("", self.suggested):
            return
        finding = self.found.get(self.start.value)
        if finding is None or finding.action is None:
            self.what.value = self.suggested = ""
            return
        action = finding.action
        self.what.value = self.suggested = action.what
        due, again = map(dt.date.fromisoformat, (action.due, action.measure_again))
        late = self.today - self.client.as_of if due < self.today else dt.timedelta(0)
        self.due.value, self.again.value = due + late, again + late

    def _say_days(self) -> None:
        due, again = (p.value and parts.day(p.value) for p in (self.due, self.again))
        words = f"By {due or '…'}; measured again on {again or '…'}."
        self.days.value = parts.said(words)

    def _problem(self) -> str | None:
        if not self.what.value.strip():
            return "What will be done? One thing, in a sentence."
        if not self.owner.value.strip():
            return "Who does it? A role will do, such as “service desk manager”."
        if self.due.value is None:
            return "By when? Pick a day."
        if self.due.value < self.today:
            return f"{parts.day(self.due.value)} has passed. Pick a day that is still to come."
        if self.again.value is None:
            return "And on which day will you measure again?"
        if self.again.value < self.due.value:
            return "The day to measure again lies before it is done. Pick a later one."
        return None

    def _keep(self) -> None:
        problem = self._problem()
        if problem:
            self.status.value = parts.said(problem)
            return
        finding = self.found.get(self.start.value)
        action = finding.action if finding else None
        row = {
            "action_id": f"{self.session}-{action.id if action else _OWN}",
            "finding_id": finding.id if finding else "",
            "what": self.what.value.strip(),
            "owner": self.owner.value.strip(),
            "due": self.due.value.isoformat(),
            "measure_again": self.again.value.isoformat(),
        }
        if not parts.promised(self.client, row, self.status):
            return
        self.what.value = self.suggested = self.owner.value = ""
        self.start.value = self._next()
        self._show_list()

    def _next(self) -> str:
        """The most urgent suggestion that nobody has promised yet, own words where all are."""
        promised = {row.get("finding_id") for row in kept(self.client, self.session)}
        return next((id_ for id_ in self.found if id_ not in promised), _OWN)

    def _show_list(self) -> None:
        rows = kept(self.client, self.session)
        items = "".join(f"<li>{_line(row)}</li>" for row in rows)
        shown = parts.laid_out(f"<strong>Promised so far</strong><ul>{items}</ul>")
        self.list.value = shown if rows else ""


def _line(row: dict[str, str]) -> str:
    due, again = (_day(row.get(name) or "") for name in ("due", "measure_again"))
    who = row.get("owner") or "nobody yet"
    when = f"{who}, by {due}; measure again on {again}."
    return f"{escape(row.get('what') or '')}<br>{escape(when)}"


def _day(text: str) -> str:
    try:
        return parts.day(dt.date.fromisoformat(text))
    except ValueError:
        return text or "a day not set"
