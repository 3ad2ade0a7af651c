"""How results reach a notebook, and come back out of it.

A result is shown as one output with two forms: HTML for the reader, and a bundle of type
`application/vnd.servicegap+json` from which reports are made. `show` puts it there, behind a card
while the session's guess is open; `read_bundles` takes it out again.
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

from servicegap import formats, handing_on, schema, words
from servicegap.findings import Figure, Finding, Result, Table, finite
from servicegap.seeing import smallest_gap

if TYPE_CHECKING:
    import pandas as pd
    from nbformat import NotebookNode

    from servicegap.changes import Change
    from servicegap.client import Client

MIME = "application/vnd.servicegap+json"
VERSION = 1


def show(look: Callable[..., Result], client: Client, **options: Any) -> None:
    """Show what `look(client, **options)` finds, or a card until this session's guess is in.

    The card turns into the evidence, in place, once the guess is locked or declined. In the
    workbook what the last session reads is left for it in the client's folder.
    """
    from IPython.display import display, update_display

    number = schema.session_of(look.__module__).number

    def found() -> dict[str, Any]:
        with formats.written_for(client.settings.locale):
            return _left(client, bundle(look(client, **options)))

    if not client.is_sealed(number):
        display(found(), raw=True)
        return
    spec = schema.part_of(look.__module__, look.__name__)
    handle = display(sealed_card(spec.label), raw=True, display_id=True)

    def open_in_place() -> None:
        if client.is_sealed(number):
            return
        client.listeners.remove(open_in_place)
        try:
            result = found()
        except Exception as error:  # one card that can't open must not keep the others shut
            result = broken_card(spec.label, error)
        update_display(result, raw=True, display_id=handle.display_id)

    client.listeners.append(open_in_place)


def _left(client: Client, shown: dict[str, Any]) -> dict[str, Any]:
    handing_on.leave(client, shown[MIME])
    return shown


def sealed_card(label: str) -> dict[str, str]:
    """What stands in a result's place until the guess is in."""
    text = f"Your guess first. Here you will see {label}."
    html = (
        '<div class="sg-card sg-sealed" style="border:1px dashed #7b8794;border-radius:6px;'
        'padding:1.2em 1.4em;margin:.4em 0;max-width:44em">'
        f"<strong>Your guess first</strong><br>Here you will see {escape(label)}, "
        "as soon as your guess is locked or declined.</div>"
    )
    return {"text/html": html, "text/plain": text}


def broken_card(label: str, error: Exception) -> dict[str, str]:
    """What stands in a result's place when it could not be made; the guess itself is kept."""
    text = f"Something went wrong with {label}: {error}. Your guess is kept; run this cell again."
    return {"text/html": f'<div class="sg-card">{escape(text)}</div>', "text/plain": text}


def bundle(result: Result) -> dict[str, Any]:
    """Make the output of a result: its bundle, its HTML and a line of plain text."""
    if isinstance(result, Finding):
        payload, html = _finding_payload(result), _finding_html(result)
        plain = f"{result.title}. {result.sentence}"
    elif isinstance(result, Figure):
        payload, html, plain = _figure_payload(result), _figure_html(result), result.alt
    else:
        payload, html, plain = _table_payload(result), _table_html(result), result.title
    return {MIME: payload, "text/html": html, "text/plain": plain}


# -- payloads ----------------------------------------------------------------------------------


def _common(kind: str, result: Result) -> dict[str, Any]:
    head = {"version": VERSION, "kind": kind, "id": result.id, "session": result.session}
    return {**head, "title": result.title}


def _finding_payload(finding: Finding) -> dict[str, Any]:
    head, stated, found = finding.headline, finding.stated, finding.estimate
    belief = stated and {k: finite(getattr(stated, k)) for k in ("value", "low", "high")}
    evidence = None
    if not found.hidden:
        ends = {k: finite(getattr(found, k)) for k in ("value", "low", "high")}
        evidence = {**ends, "n": found.n, "unit": head.unit}
        if not found.speaks:
            evidence["value"] = None  # between the floors only the interval is shown
    action, change = finding.action, finding.change
    return {
        **_common("finding", finding),
        "label": head.label,
        "sentence": finding.sentence,
        "better": head.better,
        "unit": head.unit,
        "per": head.per,
        "belief": belief,
        "evidence": evidence,
        "gap": finite(finding.verdict.gap),
        "verdict": finding.verdict.word,
        "strength": finding.verdict.strength,
        "change": change and _change_payload(change),
        "since": change.sentence if change else "",
        "caveats": list(finding.caveats),
        "could_see": _seen(finding),
        "referral_effect": None,
        "action": action
        and {
            "id": action.id,
            "what": action.what,
            "owner": action.owner,
            "due": action.due,
            "cost_low": finite(action.cost_low),
            "cost_high": finite(action.cost_high),
            "measure_again": action.measure_again,
        },
    }


def _seen(finding: Finding) -> str:
    """How large a gap would have been seen with so many answers; empty where none would."""
    size = smallest_gap(finding.headline, finding.estimate)
    if math.isnan(size):
        return ""
    return words.times(math.exp(size)) if finding.headline.ratio else words.points(size)


def _change_payload(change: Change) -> dict[str, Any]:
    ends = {k: finite(getattr(change, k)) for k in ("value", "low", "high")}
    return {**ends, "verdict": change.verdict}


def _figure_payload(figure: Figure) -> dict[str, Any]:
    return {
        **_common("figure", figure),
        "alt": figure.alt,
        "caption": figure.caption,
        "about": figure.about,
        "data": _data(figure),
        "not_measured": figure.not_measured,
    }


def _table_payload(table: Table) -> dict[str, Any]:
    return {
        **_common("table", table),
        "caption": table.caption,
        "data": _data(table),
        "not_measured": table.not_measured,
    }


def _data(result: Figure | Table) -> dict[str, Any]:
    frame = result.data
    columns = []
    for name in frame.columns:
        shown = result.columns.get(name)
        columns.append(
            {
                "name": str(name),
                "label": shown.label if shown else str(name).replace("_", " "),
                "unit": shown.unit if shown else "",
                "kind": "number" if _is_number(frame[name]) else "text",
            }
        )
    rows = [[_plain(value) for value in row] for row in frame.itertuples(index=False)]
    return {"columns": columns, "rows": rows}


def _is_number(column: pd.Series) -> bool:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    return is_numeric_dtype(column) and not is_bool_dtype(column)


def _plain(value: Any) -> float | int | str | None:
    """A cell as JSON knows it: missing becomes null, whole numbers stay whole, the rest is text."""
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else _finite_or_refused(value)
    return value.isoformat()[:10] if hasattr(value, "isoformat") else str(value)


def _finite_or_refused(value: float) -> float:
    if math.isinf(value):
        raise ValueError("an infinite number can't be shown; mend the function that made it")
    return value


# -- HTML --------------------------------------------------------------------------------------

_MARKS = {"blind spot": "#b3432a", "hidden strength": "#1f6a52"}


def _finding_html(finding: Finding) -> str:
    word = finding.verdict.word
    if finding.verdict.strength == "leaning":
        word += ", leaning"
    colour = _MARKS.get(finding.verdict.word, "var(--jp-ui-font-color1, #1d2733)")
    lines = [
        f'<div class="sg-card sg-finding" style="border-left:5px solid {colour};'
        'padding:.6em 1.2em;margin:.6em 0;max-width:44em">',
        f'<div style="color:{colour};font-weight:bold">{escape(finding.headline.label)}: '
        f"{escape(word)}</div><p>{escape(finding.sentence)}</p>",
    ]
    if finding.change:
        lines.append(f"<p>{escape(finding.change.sentence)}</p>")
    lines += [f"<p><em>{escape(caveat)}</em></p>" for caveat in finding.caveats]
    if finding.action:
        by, again = (
            words.day(date.fromisoformat(when))
            for when in (finding.action.due, finding.action.measure_again)
        )
        when = f"By {by}; measure again on {again}."
        lines.append(f"<p><strong>Next:</strong> {escape(f'{finding.action.what} {when}')}</p>")
    return "".join(lines) + "</div>"


def _not_measured_html(result: Figure | Table) -> str:
    return (
        '<div class="sg-card sg-absent" style="border-left:5px solid #7b8794;padding:.6em 1.2em;'
        f'margin:.6em 0;max-width:44em"><strong>{escape(result.title)}</strong><br>'
        f"{escape(result.not_measured or '')}</div>"
    )


def html(result: Result, dpi: int | None = None) -> str:
    """A result as HTML for the reader alone; `dpi`, of a picture that is to be there quickly."""
    if isinstance(result, Finding):
        return _finding_html(result)
    return _figure_html(result, dpi) if isinstance(result, Figure) else _table_html(result)


def _figure_html(figure: Figure, dpi: int | None = None) -> str:
    if figure.draw is None:
        return _not_measured_html(figure)
    from servicegap import charts

    encoded = base64.b64encode(charts.png(figure.draw(), dpi or charts.DPI)).decode("ascii")
    return (
        '<figure class="sg-figure" style="margin:.6em 0;max-width:56em">'
        f'<div style="font-weight:bold;font-size:1.15em">{escape(figure.title)}</div>'
        f'<img alt="{escape(figure.alt)}" style="max-width:100%;background:#fff" '
        f'src="data:image/png;base64,{encoded}">'
        f"<figcaption>{escape(figure.caption)}</figcaption></figure>"
    )


def _table_html(table: Table) -> str:
    if table.not_measured:
        return _not_measured_html(table)
    data = _data(table)
    number = [column["kind"] == "number" for column in data["columns"]]
    head = "".join(
        f'<th scope="col" style="text-align:{"right" if right else "left"}">'
        f"{escape(column['label'])}</th>"
        for column, right in zip(data["columns"], number, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td style="text-align:{"right" if right else "left"}">{escape(cell_text(cell))}</td>'
            for cell, right in zip(row, number, strict=True)
        )
        + "</tr>"
        for row in data["rows"]
    )
    return (
        '<div class="sg-table" style="margin:.6em 0">'
        f'<div style="font-weight:bold;font-size:1.15em">{escape(table.title)}</div>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f'<div style="max-width:56em">{escape(table.caption)}</div></div>'
    )


def cell_text(cell: float | int | str | None) -> str:
    """A cell as people read it: a dash where there is nothing, one decimal where it says more."""
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return words.number(cell, 0 if cell == round(cell) or abs(cell) >= 100 else 1)
    return words.number(cell) if isinstance(cell, int) else cell


# -- and back ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bundle:
    """One bundle as it stood in an executed notebook: payload, picture, number of its cell."""

    payload: dict[str, Any]
    png: bytes | None
    cell: int


_PICTURE = re.compile(r'src="data:image/png;base64,([A-Za-z0-9+/=]+)"')


def read_bundles(notebook: NotebookNode) -> list[Bundle]:
    """Return the bundles of an executed notebook, in order."""
    found = []
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if MIME in data:
                picture = None
                if data[MIME]["kind"] == "figure":
                    match = _PICTURE.search("".join(data.get("text/html", "")))
                    picture = base64.b64decode(match[1]) if match else None
                found.append(Bundle(data[MIME], picture, index))
    return found
