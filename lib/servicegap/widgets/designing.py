"""Design one moment: where, for whom, what it costs, how we shall know; then it is a promise.

What clients make of a moment, and at which accounts something is broken, is said beside the
choices, once the session's guess is in. A moment on top of something broken is marked, in the form
and in what is written down; nobody is kept from promising it.
"""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import TYPE_CHECKING

import ipywidgets

from servicegap import formats, words
from servicegap.widgets import parts, promising

if TYPE_CHECKING:
    from servicegap.client import Client
    from servicegap.sessions.wow_moment_gaps import Place

SESSION = "08"
ACTION = f"{SESSION}-moment"
ELSEWHERE, EVERYBODY = "somewhere else", "every account"
KNOW = (
    "a client tells the story: a line in the wow log",
    "more of them would recommend us at the next survey",
    "an introduction from one of these accounts",
)
_TAKEN = {
    "M": "People take this for granted: done well it is forgotten, done badly it is told. Keep it "
    "whole, and make the moment somewhere else.",
    "I": "Hardly anybody minds either way, so this is money nobody will notice.",
    "R": "More people would rather not have this. Ask before you do more of it.",
}


def moment(client: Client) -> None:
    """Show the worksheet for one moment; it goes to `commitments` in the client's folder."""
    parts.show(MomentForm(client, dt.date.today()).box)


class MomentForm:
    """The worksheet. `box` is what is shown."""

    def __init__(self, client: Client, today: dt.date) -> None:
        self.client, self.today = client, today
        self.places: dict[str, Place] = {}
        self.broken: dict[str, str] = {}
        self.accounts: dict[str, tuple[str, list[str]]] = {}  # option: (in words, account ids)
        style, wide = parts.described(), {"width": parts.FULL}
        self.where = ipywidgets.Dropdown(
            options=[(ELSEWHERE, "")], description="Where", style=style, layout=wide
        )
        self.advice = parts.prose("", "sg-status")
        self.whom = ipywidgets.Dropdown(
            options=[EVERYBODY], description="For whom", style=style, layout=wide
        )
        self.flag = parts.prose("", "sg-status")
        self.what = ipywidgets.Textarea(
            description="What happens", placeholder="what they will tell somebody on the way home",
            rows=3, style=style, layout={**wide, "height": "5em"},
        )  # fmt: skip
        money = f"Cost each time, {client.settings.currency}"
        self.cost = ipywidgets.BoundedFloatText(
            value=0, min=0, max=1e7, description=money, style=parts.described("initial")
        )
        self.times = ipywidgets.BoundedIntText(
            value=1, min=1, max=10_000, description="How many times in three months",
            style=parts.described("initial"),
        )  # fmt: skip
        self.total = parts.prose()
        self.know = ipywidgets.Dropdown(
            options=KNOW, description="We know by this", style=style, layout=wide
        )
        self.owner = ipywidgets.Text(
            description="Who does it", placeholder="a role, such as service desk manager",
            style=style, layout=wide,
        )  # fmt: skip
        self.due = ipywidgets.DatePicker(
            value=today + dt.timedelta(days=30), description="First by", style=style
        )
        self.again = ipywidgets.DatePicker(
            value=today + dt.timedelta(days=90), description="Look again on", style=style
        )
        self.days = parts.prose()
        self.keep = parts.button("Make it a promise", main=True)
        self.status = parts.prose("", "sg-status")
        self.list = parts.prose()
        self.box = parts.form(
            parts.question("Design one moment"), self.where, self.advice, self.whom, self.flag,
            self.what, parts.row(self.cost, self.times), self.total, self.know, self.owner,
            self.due, self.again, self.days, parts.row(self.keep), self.status, self.list,
        )  # fmt: skip
        for control in (self.where, self.whom):
            control.observe(lambda _: self._mark(), "value")
        for control in (self.cost, self.times):
            control.observe(lambda _: self._sum(), "value")
        for control in (self.due, self.again):
            control.observe(lambda _: self._say_days(), "value")
        self.keep.on_click(lambda _: self._keep())
        self._fill()
        self._sum()
        self._say_days()
        self._show_list()
        if client.is_sealed(SESSION):
            client.listeners.append(self._open)

    # -- what is offered, and what is said beside it ----------------------------------------------

    def _open(self) -> None:
        if not self.client.is_sealed(SESSION):
            self.client.listeners.remove(self._open)
            self._fill()

    def _fill(self) -> None:
        """Offer moments and accounts; what they are worth is known only once the guess is in."""
        from servicegap.sessions import wow_moment_gaps as session

        opened = not self.client.is_sealed(SESSION)
        chosen, for_whom = self.where.value, self.whom.value
        found = session.places(self.client)
        if not opened:
            order = list(self.client["touchpoints"]["touchpoint_id"])
            found = sorted(found, key=lambda place: order.index(place.id))
        self.places = {place.id: place for place in found}
        self.broken = session.broken_now(self.client) if opened else {}
        options = [(_option(place, opened), place.id) for place in found]
        self.where.options = [*options, (ELSEWHERE, "")]
        known = chosen in self.places and chosen
        self.where.value = chosen if known or not options else options[0][1]
        here = session.here_now(self.client)
        self.accounts = {EVERYBODY: (EVERYBODY, list(here.index))}
        for segment, group in here.groupby("segment", observed=True):
            label = f"{segment}: {words.count(len(group), 'account')}"
            self.accounts[label] = (f"the accounts of {segment}", list(group.index))
        named = here["name"].fillna(here.index.to_series())
        for account, name in sorted(named.items(), key=lambda pair: str(pair[1])):
            label = str(name) if str(name) not in self.accounts else f"{name} ({account})"
            self.accounts[label] = (str(name), [str(account)])
        self.whom.options = list(self.accounts)
        self.whom.value = for_whom if for_whom in self.accounts else EVERYBODY
        self._mark()

    def _mark(self) -> None:
        """Say what clients make of the place, and whether something is broken where it goes."""
        place = self.places.get(self.where.value)
        opened = not self.client.is_sealed(SESSION)
        said = ""
        if place is not None and opened:
            said = _TAKEN.get(place.letter, "")
            said = said or f"By the pairs of answers: {place.kind}. So: {place.advice}."
        self.advice.value = parts.said(said) if said else ""
        mend = self._to_mend()
        if not mend:
            self.flag.value = ""
            return
        reasons = [f"{name}: {self.broken[account]}" for account, name in mend[:3]]
        more = f" And at {len(mend) - 3} more." if len(mend) > 3 else ""
        self.flag.value = parts.said(
            "Mend first. A wow on top of a broken basic is told as a joke. "
            + ". ".join(reasons) + f".{more}"
        )  # fmt: skip

    def _to_mend(self) -> list[tuple[str, str]]:
        """The accounts among those chosen at which a basic is broken: id and name."""
        _, ids = self.accounts.get(self.whom.value, ("", []))
        names = self.client["accounts"].drop_duplicates("account_id").set_index("account_id")
        return [(i, str(names["name"].get(i, i))) for i in ids if i in self.broken]

    def _sum(self) -> None:
        each, times = self.cost.value, self.times.value
        with formats.written_for(self.client.settings.locale):
            total = f"{words.money(each * times, self.client.settings.currency)} in three months"
        free = "No money. Then it costs somebody's time: whose?"
        self.total.value = parts.said(f"In all {total}." if each else free)

    def _say_days(self) -> None:
        due, again = (p.value and parts.day(p.value) for p in (self.due, self.again))
        self.days.value = parts.said(f"First by {due or '…'}; looked at again on {again or '…'}.")

    # -- the promise -----------------------------------------------------------------------------

    def _problem(self) -> str | None:
        if not self.what.value.strip():
            return "What happens? One thing, as the client would tell it."
        if not self.owner.value.strip():
            return "Who does it? A role will do, such as “service desk manager”."
        if self.due.value is None or self.again.value is None:
            return "By when, and when will you look again? Pick two days."
        if self.due.value < self.today:
            return f"{parts.day(self.due.value)} has passed. Pick a day that is still to come."
        if self.again.value < self.due.value:
            return "The day to look again lies before it is done. Pick a later one."
        return None

    def sentence(self) -> str:
        """The moment in words, as it is written down."""
        place = self.places.get(self.where.value)
        where = f"“{place.name}”" if place else ELSEWHERE
        whom, _ = self.accounts.get(self.whom.value, (self.whom.value, []))
        currency, each, times = self.client.settings.currency, self.cost.value, self.times.value
        with formats.written_for(self.client.settings.locale):
            digits = 0 if each == round(each) else 2
            each_time = f"{words.money(each, currency, digits)} each time"
            cost = f"{each_time}, {words.count(times, 'time')}" if each else "time only"
        what = self.what.value.strip().rstrip(".")
        said = f"A moment: {what}. Where: {where}. For: {whom}. Cost: {cost}. "
        said += f"We shall know by this: {self.know.value}."
        mend = [name for _, name in self._to_mend()]
        if mend:
            more = f" and {len(mend) - 3} more" if len(mend) > 3 else ""
            said += f" Mend the basics first at: {', '.join(mend[:3])}{more}."
        return said

    def _keep(self) -> None:
        problem = self._problem()
        if problem:
            self.status.value = parts.said(problem)
            return
        row = {
            "action_id": ACTION,
            "finding_id": "okay_not_referring",
            "what": self.sentence(),
            "owner": self.owner.value.strip(),
            "due": self.due.value.isoformat(),
            "measure_again": self.again.value.isoformat(),
        }
        if not parts.promised(self.client, row, self.status):
            return
        self.what.value = self.owner.value = ""
        self._show_list()

    def _show_list(self) -> None:
        rows = [
            row
            for row in promising.kept(self.client, SESSION)
            if (row.get("action_id") or "").startswith(ACTION)
        ]
        items = "".join(
            f"<li>{escape(row.get('what') or '')} {escape(row.get('owner') or '')}</li>"
            for row in rows
        )
        shown = parts.laid_out(f"<strong>Moments promised so far</strong><ul>{items}</ul>")
        self.list.value = shown if rows else ""


def _option(place: Place, opened: bool) -> str:
    return f"{place.name} ({place.kind})" if opened else place.name
