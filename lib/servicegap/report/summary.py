"""What does a managing director read in ninety seconds? The executive summary, from findings.

Two paragraphs: what has changed since last period, where there was one, and what flatters; then
what comes next. Findings are counted and quoted, nothing is recomputed.
"""

from __future__ import annotations

from collections.abc import Sequence

from servicegap import changes, priorities, words
from servicegap.report import story
from servicegap.report.model import Finding


def summary(findings: Sequence[Finding], as_of: str, shown: Sequence[str] = ()) -> tuple[str, ...]:
    """Write the executive summary, its two paragraphs in order.

    Args: as_of, the day of the data; shown, titles of the sessions' pictures, which are told where
    no belief could be set against evidence.
    """
    changed = _what_has_changed(findings)
    found = _what_was_found(findings, as_of, shown, again=bool(changed))
    looked = f"{changed} {found}".strip()
    return tuple(filter(None, (looked, _what_comes_next(findings, again=bool(changed)))))


def _quoted(finding: Finding) -> str:
    """A finding's sentence without the one sign of the trade in it."""
    return finding.sentence.replace("(n = ", "(from ")


def _beliefs(n: int) -> str:
    return "one belief" if n == 1 else f"{words.spelled(n)} beliefs"


# -- since last period -------------------------------------------------------------------------


def _what_has_changed(findings: Sequence[Finding]) -> str:
    """What is worse, what is better, and of how many it can't be told; empty without a last period.

    The first that is worse and the first that is better are told with their figures: not the widest
    ones, which luck has helped to be so.
    """
    compared = [f for f in findings if f.changed]
    both = [f for f in compared if f.then is not None]
    if not compared:
        return ""
    if not both:
        return (
            "Nothing can be set beside last period: no figure could speak in both periods, so "
            "whether anything is better or worse can't be told."
        )
    worse, better = ([f for f in both if f.changed == w] for w in (changes.WORSE, changes.BETTER))
    if not worse and not better:
        of = "the one figure" if len(both) == 1 else f"the {words.spelled(len(both))} figures"
        return (
            f"Whether anything is better or worse than last period can't be told: of {of} that "
            "could speak in both periods, none has changed by more than luck may do. That is an "
            "answer too: nothing is shown to have got worse, and nothing to have got better."
        )
    told = [f"Since last period {', and '.join(story.moved(both))}."]
    first = [*worse[:1], *better[:1]]
    told += [f"“{f.label}”: {f.since[len(f.since_lead) :].strip()}" for f in first]
    open_ = len(compared) - len(worse) - len(better)
    if open_:
        others = "the other one" if open_ == 1 else f"the other {words.spelled(open_)}"
        told.append(f"Of {others} it can't be told: whatever moved there may be luck.")
    return " ".join(told)


# -- what flatters -----------------------------------------------------------------------------


def _what_was_found(
    findings: Sequence[Finding], as_of: str, shown: Sequence[str], again: bool
) -> str:
    """`again`: who reads a second report knows how it works, and has read of the changes first."""
    judged = [f for f in findings if f.belief and f.word != "not measured"]
    if not judged:
        return _nothing_judged(as_of, shown)
    verb = "is" if len(judged) == 1 else "are"
    opening = (
        f"{_beliefs(len(judged)).capitalize()} {verb} set here against what your clients and your "
        f"own records say, up to {as_of}."
    )
    if not again:
        before = "Before any number was shown, you said what you believe about your own service."
        opening = f"{before} {opening}"
    clear = priorities.pick(findings, "blind spot", "clear")
    if not clear:
        which = "It is not" if len(judged) == 1 else "None of them is"
        return f"{opening} {which} shown to flatter you{_leaning(findings)}"
    quotes = 1 if again else 2
    quoted = " ".join(map(_quoted, clear[:quotes]))
    if len(clear) == 1:
        which = "It" if len(judged) == 1 else "One of them"
        return f"{opening} {which} clearly flatters you. {quoted}"
    rest = clear[quotes:]
    also = f" The same holds for {story.named(rest)}." if rest else ""
    if again and len(rest) > 2:
        also = f" The same holds for {words.spelled(len(rest))} more; see the scorecard."
    which = f"{words.spelled(len(clear)).capitalize()} of them"
    if len(clear) == len(judged):
        which = "Both" if len(clear) == 2 else "All of them"
    return f"{opening} {which} clearly flatter you. {quoted}{also}"


def _nothing_judged(as_of: str, shown: Sequence[str]) -> str:
    said = (
        f"No belief about your service could be set against evidence up to {as_of}. That is a "
        "statement about the data and the guesses that were there, not about the service. The "
        "pages that follow show what the data hold, and say what it would take to know more."
    )
    if not shown:
        return said
    return f"{said} What they do show: {words.listed([f'“{title}”' for title in shown])}."


def _leaning(findings: Sequence[Finding]) -> str:
    """How the sentence ends that nothing is shown to flatter."""
    leaning = priorities.pick(findings, "blind spot", "leaning")
    if not leaning:
        return ", so nothing here calls for a repair."
    verb = "leans" if len(leaning) == 1 else "lean"
    return (
        f". {_beliefs(len(leaning)).capitalize()} {verb} that way without being settled, and "
        f"{'earns' if len(leaning) == 1 else 'earn'} a cheap test rather than a repair."
    )


# -- what comes next ---------------------------------------------------------------------------


def _what_comes_next(findings: Sequence[Finding], again: bool) -> str:
    parts = []
    strengths = story.wins(findings)
    if strengths:
        n = len(strengths)
        many = "is a win" if n == 1 else f"are {words.spelled(n)} wins"
        told = f": {story.named(strengths)}." if again else f". {_quoted(strengths[0])}"
        parts.append(f"There {many} worth telling your clients{told}")
    parts += [] if story.blank(findings) else _counts(findings, again)
    first = next(iter(story.actions(findings)), None)
    if first:
        what = first.what.rstrip(".")  # an owner's own words stay as they are written
        what = words.lowered(what) if first.owner == words.NOBODY else what
        parts.append(
            f"The first thing to do, by {first.due}: {what}. Measure again "
            f"on {first.measure_again}, so that the next report can say whether it helped."
        )
    elif story.blank(findings):
        parts.append(story.no_action(findings))
    else:
        parts.append(
            "Nothing here calls for a repair. Measure again in a year, or sooner if something in "
            "the service changes."
        )
    return " ".join(parts)


def _counts(findings: Sequence[Finding], again: bool) -> list[str]:
    """Say how many beliefs hold, lean, can't be judged or weren't measured."""
    said = []
    held = priorities.pick(findings, "well judged")
    if held:
        names = "" if again else f": {story.named(held)}"
        said.append(f"You judged {_beliefs(len(held))} well, which is worth knowing too{names}.")
    leaning = sum(f.strength == "leaning" for f in findings)
    thin = priorities.pick(findings, "too few to judge")
    missing = len(priorities.pick(findings, "not measured"))
    open_ = []
    if leaning:
        open_.append(f"{words.spelled(leaning)} {'leans' if leaning == 1 else 'lean'} one way")
    if thin:
        open_.append(f"on {words.spelled(len(thin))} these answers can't tell")
    if missing:
        open_.append(f"{words.spelled(missing)} could not be measured with these files")
    if open_:
        said.append(f"Not everything is settled: {words.listed(open_)}.")
    if any(f.could_see for f in thin) and not story.risks(findings):
        said.append(
            "Can't tell is an answer too; how wide a gap would have shown stands in the appendix."
        )
    return said
