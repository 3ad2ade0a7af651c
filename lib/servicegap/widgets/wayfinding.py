"""Where one is in the series: all steps with what was said at each, and the way on and back.

It is code output and no Markdown, because only the client's folder knows what was answered.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from IPython.display import display, update_display

from servicegap import schema, words
from servicegap.widgets import promising

if TYPE_CHECKING:
    from servicegap.client import Client

# Five sessions between the first and the last carry most of the weight.
SHORT_ROUTE = ("00", "01", "02", "05", "07", "08", "10")


def where(client: Client, session: str) -> None:
    """Show the steps of the series, what has been guessed and promised at each, and what is next.

    It keeps up with what is guessed and promised on the same page.
    """
    handle = display(_output(client, session), raw=True, display_id=True)

    def again() -> None:
        update_display(_output(client, session), raw=True, display_id=handle.display_id)

    client.listeners.append(again)


def _output(client: Client, session: str) -> dict[str, str]:
    said = {number: standing(client, number) for number in schema.SESSIONS}
    guessed = sum(_all_in(client, number) for number in schema.SESSIONS)
    promised = sum(len(promising.kept(client, number)) for number in schema.SESSIONS)
    count = f"{words.spelled(guessed, 'none').capitalize()} of {words.spelled(len(said))} sessions "
    count += f"guessed, {words.count(promised, 'promise')} made."
    steps = "".join(_step(number, session, text) for number, text in said.items())
    html = (
        '<nav class="sg-where" aria-label="Where you are in the series" style="max-width:50em;'
        'line-height:1.5">'
        f"<p><strong>{escape(count)}</strong></p>"
        f'<ol style="list-style:none;padding:0;margin:0">{steps}</ol>'
        f"<p>{' '.join(ways(session))}</p></nav>"
    )
    return {"text/html": html, "text/plain": count}


def standing(client: Client, number: str) -> str:
    """What was said in a session so far: `guess in, 1 promise`. Empty where nothing was."""
    asked = schema.SESSIONS[number].guesses
    stated = [s for guess in asked if (s := client.stated(guess.id)) is not None]
    declined = sum(s.declined for s in stated)
    found = []
    if asked and len(stated) == len(asked) == declined:
        found.append("not guessed, as you wished")
    elif stated and len(stated) == len(asked):
        found.append("guess in" if len(asked) == 1 else "guesses in")
    elif stated:
        found.append(f"{len(stated)} of {len(asked)} guesses in")
    promised = len(promising.kept(client, number))
    if promised:
        found.append(words.count(promised, "promise"))
    return ", ".join(found)


def _all_in(client: Client, number: str) -> bool:
    return all(client.stated(guess.id) for guess in schema.SESSIONS[number].guesses)


def _step(number: str, here: str, said: str) -> str:
    name = f"{int(number)}. {schema.SESSIONS[number].claim.rstrip('.')}"
    shown = f"<strong>{escape(name)}</strong>" if number == here else _link(number, name)
    notes = ["you are here"] if number == here else []
    notes += [said] if said else []
    notes += ["on the short route"] if number in SHORT_ROUTE[1:-1] else []
    mark = "✓" if said else "·"
    current = ' aria-current="step"' if number == here else ""
    return (
        f'<li{current} style="margin:.15em 0"><span aria-hidden="true" style="display:inline-block;'
        f'width:1.4em">{mark}</span>{shown}'
        f"{escape(': ' + '; '.join(notes)) if notes else ''}</li>"
    )


def ways(session: str) -> list[str]:
    """The ways on and back from a session, as sentences with links."""
    order = list(schema.SESSIONS)
    at = order.index(session)
    found = []
    if at + 1 < len(order):
        found.append(f"<strong>Next:</strong> {_titled(order[at + 1])}.")
    short = next((n for n in SHORT_ROUTE if n > session), None)
    if session in SHORT_ROUTE and short and short != order[at + 1]:
        found.append(f"On the short route: {_titled(short)}.")
    if at:
        found.append(f"Before: {_titled(order[at - 1])}.")
    return found


def _titled(number: str) -> str:
    return _link(number, f"{int(number)}. {schema.SESSIONS[number].claim.rstrip('.')}")


def _link(number: str, text: str) -> str:
    """A link to the notebook beside this one, which JupyterLab opens in place."""
    return f'<a href="{schema.SESSIONS[number].stem}.ipynb">{escape(text)}</a>'
