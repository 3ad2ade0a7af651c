"""What stands on the scorecard? A row a headline belief, and where the marks of its bar lie."""

from __future__ import annotations

import math
from collections.abc import Sequence

from servicegap import schema, words
from servicegap.report import story
from servicegap.report.model import Bar, Finding, Row, Scorecard, Span

_LEGEND = (
    "Grey bar: what you believed, with a tick at your best guess. Dot and line: what the evidence "
    "says, with its 95 % interval. Hollow dot: not settled."
)
_LEGEND_SINCE = (
    "Small triangle: the evidence of last period, a line leading from it where the change is "
    "settled. Better and worse are said only where luck hardly makes such a change; can't tell is "
    "an answer too: it may be luck."
)

# units with a sign of the trade in them, as a scorecard says them; the appendix defines them
IN_PLAIN = {"percentile": "of 100 firms like you", "% of R²": "% of what satisfies"}


def scorecard(findings: Sequence[Finding], not_asked: Sequence[str]) -> Scorecard:
    """Lay the findings out in the order of the schema; `not_asked` are titles of sessions."""
    order = list(schema.HEADLINES)
    rows = tuple(map(_row, sorted(findings, key=lambda f: order.index(f.id))))
    legend = [_LEGEND] if any(r.bar.drawn for r in rows) else []
    legend += [_LEGEND_SINCE] if any(r.bar.then is not None for r in rows) else []
    left_out = f"Not asked this time: {words.listed(list(not_asked))}." if not_asked else ""
    return Scorecard(
        rows,
        any(r.change for r in rows),
        story.leanings(findings),
        story.since_last_time(findings),
        left_out,
        " ".join(legend),
    )


def _row(finding: Finding) -> Row:
    return Row(
        finding.id,
        finding.session,
        finding.label,
        IN_PLAIN.get(finding.unit, finding.unit),
        in_words(finding.id, finding.belief) or "no guess",
        evidence_in_words(finding),
        n_in_words(finding),
        finding.verdict,
        finding.mark,
        finding.tone,
        finding.change,
        finding.changed,
        finding.changed_by,
        finding.changed_tone,
        _bar(finding),
    )


def in_words(belief_id: str, span: Span | None) -> str:
    """`62 (53 to 70)`, or what there is of it, in the figures of the finding's own sentence."""
    if span is None:
        return ""
    headline, ends = schema.HEADLINES[belief_id], ""
    if span.low is not None:
        ends = words.figures(headline, span.low, math.inf if span.high is None else span.high)
    if span.value is None:
        return ends
    value = words.figure(headline, span.value)
    return f"{value} ({ends})" if ends else value


def evidence_in_words(finding: Finding) -> str:
    """The evidence with its interval, or why there is none."""
    if finding.evidence:
        return in_words(finding.id, finding.evidence) or "hidden"
    return "not measured" if finding.word == "not measured" else "hidden"


def n_in_words(finding: Finding) -> str:
    """`118 contacts`, or a dash."""
    if finding.evidence is None or finding.evidence.n is None:
        return "–"
    n = finding.evidence.n
    return f"{words.number(n)} {finding.per if n != 1 else finding.per.removesuffix('s')}"


def _bar(finding: Finding) -> Bar:
    """Place the marks between 0 and 100: the unit's own ends, or those of what is drawn."""
    headline = schema.HEADLINES[finding.id]
    belief, found = finding.belief, finding.evidence
    values = [v for s in (belief, found) if s for v in (s.low, s.value, s.high) if v is not None]
    values += [finding.then] if finding.then is not None else []
    low, high = headline.low, headline.high
    if values and (headline.ratio or headline.low < 0):
        low, high = min(0.0, *values), max(values) * 1.06 or 1.0

    def at(value: float | None) -> float | None:
        if value is None or high <= low:
            return None
        return round(min(100.0, max(0.0, 100 * (value - low) / (high - low))), 1)

    return Bar(
        at(belief.low if belief else None),
        at(belief.value if belief else None),
        at(belief.high if belief else None),
        at(found.low if found else None),
        at(found.value if found else None),
        at(found.high if found else None),
        hollow=finding.strength != "clear" and finding.word != "well judged",
        then=at(finding.then),
        drawn=bool(values),
    )
