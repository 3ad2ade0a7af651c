"""What does the report say first? Summary, risks, wins and actions, made from findings.

Nothing is recomputed: findings are chosen, put in order and quoted. Clear verdicts alone become
risks and wins; leanings are counted, and earn a cheap test.
"""

from __future__ import annotations

from collections.abc import Sequence

from servicegap import changes, priorities, words
from servicegap.report.model import Action, Finding

AT_MOST = priorities.AT_MOST


def risks(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Clear blind spots, the widest first; none is a fine answer."""
    return priorities.pick(findings, "blind spot", "clear")[:AT_MOST]


def more_risks(findings: Sequence[Finding]) -> str:
    """Name the clear blind spots beyond the first three, if any."""
    rest = [f.label for f in priorities.pick(findings, "blind spot", "clear")[AT_MOST:]]
    if not rest:
        return ""
    verb = "is a clear blind spot" if len(rest) == 1 else "are clear blind spots"
    return f"{words.listed(rest)} {verb} as well, with a smaller gap; see the scorecard."


def wins(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Clear hidden strengths, the widest first: worth showing and telling."""
    return priorities.pick(findings, "hidden strength", "clear")


def maybe_wins(findings: Sequence[Finding]) -> str:
    """Name the strengths that are not settled, so that nobody tells clients of them yet."""
    labels = [f.label for f in priorities.pick(findings, "hidden strength", "leaning")]
    if not labels:
        return ""
    verb = "leans" if len(labels) == 1 else "lean"
    return (
        f"{words.listed(labels)} {verb} towards a hidden strength and may become a win. "
        "Measure before you tell anybody."
    )


def in_order_of_action(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """What to act on first: clear blind spots, then tests of what leans, then measurements."""
    return priorities.in_order(findings)


def actions(findings: Sequence[Finding]) -> tuple[Action, ...]:
    """Up to three actions; clear blind spots take the first places, tests the free ones."""
    chosen = [f.action for f in in_order_of_action(findings) if f.action]
    return tuple(chosen[:AT_MOST])


def leanings(findings: Sequence[Finding]) -> str:
    """Count the verdicts that lean."""
    n = sum(f.strength == "leaning" for f in findings)
    if not n:
        all_open = "Every verdict here is either clear or open; none merely leans."
        return "" if _blank(findings) else all_open
    if n == 1:
        return "One verdict leans one way and is not settled."
    return f"{words.spelled(n).capitalize()} verdicts lean one way and are not settled."


def since_last_time(findings: Sequence[Finding]) -> str:
    """Say which figures are better or worse than last period; empty where there was none."""
    compared = [f for f in findings if f.changed]
    if not compared:
        return ""
    said = []
    for verdict in ("worse", "better"):
        labels = [f"“{f.label}”" for f in compared if f.changed == verdict]
        if labels:
            said.append(f"{words.listed(labels)} {'is' if len(labels) == 1 else 'are'} {verdict}")
    open_ = sum(f.changed == changes.OPEN for f in compared)
    if not said:
        return "Since last period: no change is large enough, beside its range, to be called one."
    rest = f"; of the other {words.spelled(open_)} it can't be told" if open_ > 1 else ""
    rest = "; of the other one it can't be told" if open_ == 1 else rest
    return f"Since last period: {words.listed(said)}{rest}."


NO_WIN = "None that is settled yet."
_NOTHING_SEEN = "Nothing could be looked at, so nothing can be said, good or bad."


def _blank(findings: Sequence[Finding]) -> bool:
    return all(f.word == "not measured" for f in findings)


def no_risk(findings: Sequence[Finding]) -> str:
    """What stands under the risks where there are none."""
    if _blank(findings):
        return _NOTHING_SEEN
    return "None. No belief was found to flatter you clearly enough to call it a risk."


def no_action(findings: Sequence[Finding]) -> str:
    """What stands under the actions where there are none."""
    if _blank(findings):
        return "Fill in the tables that the data request asks for, and make this report again."
    return "Nothing that cannot wait. Measure again in a year."


def summary(findings: Sequence[Finding], as_of: str) -> tuple[str, str]:
    """Write the two paragraphs of the executive summary: what flatters you, and what comes next."""
    judged = [f for f in findings if f.belief and f.word != "not measured"]
    return _what_was_found(findings, judged, as_of), _what_comes_next(findings)


def _quoted(finding: Finding) -> str:
    """A finding's sentence without the one sign of the trade in it."""
    return finding.sentence.replace("(n = ", "(from ")


def _beliefs(n: int) -> str:
    return "one belief" if n == 1 else f"{words.spelled(n)} beliefs"


def _what_was_found(findings: Sequence[Finding], judged: Sequence[Finding], as_of: str) -> str:
    if not judged:
        return (
            f"No belief about your service could be set against evidence up to {as_of}. That is a "
            "statement about the data and the guesses that were there, not about the service. The "
            "pages that follow show what the data hold, and say what it would take to know more."
        )
    verb = "is" if len(judged) == 1 else "are"
    opening = (
        f"Before any number was shown, you said what you believe about your own service. "
        f"{_beliefs(len(judged)).capitalize()} {verb} set here against what your clients and your "
        f"own records say, up to {as_of}."
    )
    clear = priorities.pick(findings, "blind spot", "clear")
    if not clear:
        which = "It is not" if len(judged) == 1 else "None of them is"
        return f"{opening} {which} shown to flatter you. {_unsettled(findings)}".rstrip()
    quoted = " ".join(map(_quoted, clear[:2]))
    if len(clear) == 1:
        which = "It" if len(judged) == 1 else "One of them"
        return f"{opening} {which} clearly flatters you. {quoted}"
    rest = [f"“{f.label}”" for f in clear[2:]]
    also = f" The same holds for {words.listed(rest)}." if rest else ""
    which = f"{words.spelled(len(clear)).capitalize()} of them"
    if len(clear) == len(judged):
        which = "Both" if len(clear) == 2 else "All of them"
    return f"{opening} {which} clearly flatter you. {quoted}{also}"


def _unsettled(findings: Sequence[Finding]) -> str:
    leaning = priorities.pick(findings, "blind spot", "leaning")
    if not leaning:
        return ""
    verb = "leans" if len(leaning) == 1 else "lean"
    return (
        f"{_beliefs(len(leaning)).capitalize()} {verb} that way without being settled, and "
        f"{'earns' if len(leaning) == 1 else 'earn'} a cheap test rather than a repair."
    )


def _what_comes_next(findings: Sequence[Finding]) -> str:
    parts = []
    strengths = wins(findings)
    if strengths:
        n = len(strengths)
        many = "is a win" if n == 1 else f"are {words.spelled(n)} wins"
        parts.append(f"There {many} worth telling your clients. {_quoted(strengths[0])}")
    parts += _counts(findings)
    parts += [said] if (said := since_last_time(findings)) else []
    first = next(iter(actions(findings)), None)
    if first:
        what = first.what.rstrip(".")
        parts.append(
            f"The first thing to do, by {first.due}: {what[:1].lower()}{what[1:]}. Measure again "
            f"on {first.measure_again}, so that the next report can say whether it helped."
        )
    elif _blank(findings):
        parts.append(f"{_NOTHING_SEEN} {no_action(findings)}")
    else:
        parts.append(
            "Nothing here calls for a repair. Measure again in a year, or sooner if something in "
            "the service changes."
        )
    return " ".join(parts)


def _counts(findings: Sequence[Finding]) -> list[str]:
    """Say how many beliefs hold, lean or could not be judged."""
    said = []
    held = len(priorities.pick(findings, "well judged"))
    if held:
        subject = "one belief" if held == 1 else f"{words.spelled(held)} beliefs"
        said.append(f"You judged {subject} well, and that is worth knowing too.")
    leaning = sum(f.strength == "leaning" for f in findings)
    thin = len(priorities.pick(findings, "too few to judge"))
    missing = len(priorities.pick(findings, "not measured"))
    unsettled = []
    if leaning:
        unsettled.append(f"{words.spelled(leaning)} {'leans' if leaning == 1 else 'lean'} one way")
    if thin:
        unsettled.append(f"{words.spelled(thin)} {'has' if thin == 1 else 'have'} too few answers")
    if missing:
        unsettled.append(f"{words.spelled(missing)} could not be measured at all")
    if unsettled:
        said.append(f"Not everything is settled: {words.listed(unsettled)}.")
    return said
