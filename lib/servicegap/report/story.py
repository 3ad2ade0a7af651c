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
        all_open = "Every verdict here is either settled or open; none merely leans."
        return "" if blank(findings) else all_open
    if n == 1:
        return "One verdict leans one way and is not settled."
    return f"{words.spelled(n).capitalize()} verdicts lean one way and are not settled."


def named(findings: Sequence[Finding]) -> str:
    """Their beliefs, as they are listed in a sentence: “Top marks” and “Ahead of peers”."""
    return words.listed([f"“{f.label}”" for f in findings])


def moved(findings: Sequence[Finding]) -> list[str]:
    """Which figures are worse than last period, and which are better: “Top marks” is better."""
    said = []
    for word in (changes.WORSE, changes.BETTER):
        those = [f for f in findings if f.changed == word]
        if those:
            said.append(f"{named(those)} {'is' if len(those) == 1 else 'are'} {word}")
    return said


def since_last_time(findings: Sequence[Finding]) -> str:
    """Say which figures are better or worse than last period; empty where there was none."""
    compared = [f for f in findings if f.changed]
    if not compared:
        return ""
    said = moved(compared)
    open_ = sum(f.changed == changes.OPEN for f in compared)
    if not said:
        return "Since last period: no change is large enough, beside its range, to be called one."
    rest = f"; of the other {words.spelled(open_)} it can't be told" if open_ > 1 else ""
    rest = "; of the other one it can't be told" if open_ == 1 else rest
    return f"Since last period: {', and '.join(said)}{rest}."


def actions_lead(findings: Sequence[Finding]) -> str:
    """What stands above the actions where nothing is to be mended; else empty."""
    if not actions(findings) or risks(findings):
        return ""
    if blank(findings):
        return "Nothing can be mended before it is measured. This is how to begin."
    return "Nothing here calls for a repair. These are cheap looks at what is still open."


def blank(findings: Sequence[Finding]) -> bool:
    """Whether nothing could be measured at all."""
    return all(f.word == "not measured" for f in findings)


def no_risk(findings: Sequence[Finding]) -> str:
    """What stands under the risks where there are none."""
    if blank(findings):
        return (
            "No belief could be set against evidence, so no risk can be named. That says something "
            "about the data, and nothing about the service."
        )
    return (
        "No belief was found to flatter you clearly enough to call it a risk. That is a result, "
        "not a gap in this report."
    )


def no_win(findings: Sequence[Finding]) -> str:
    """What stands under the wins where there are none."""
    if blank(findings):
        return "No belief could be set against evidence, so no win can be named either."
    return "None that is settled yet: no figure was found to be clearly better than you believed."


def no_action(findings: Sequence[Finding]) -> str:
    """What stands under the actions where there are none."""
    if blank(findings):
        return "Fill in the tables that the data request asks for, and make this report again."
    return "Nothing that cannot wait. Measure again in a year."
