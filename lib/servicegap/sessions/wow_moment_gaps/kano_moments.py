"""What clients make of each moment: Kano's pairs, read by column name, counted by account."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from servicegap import stats, words
from servicegap.charts import moments as moment_charts
from servicegap.client import Client
from servicegap.findings import Figure, Shown, Table, absent_figure, absent_table, part
from servicegap.sessions.wow_moment_gaps.answers import at_home, each
from servicegap.sessions.wow_moment_gaps.kano_pairs import (
    EVALUATION,
    KINDS,
    LETTERS,
    Category,
    categorise,
    design_effect,
    evaluate,
)

ANSWERS = ("like it", "must be so", "neutral", "can live with it", "dislike it")
_TOO_FEW = "It takes pairs of answers about one moment from ten people in five accounts."
_SWAPPED = (
    "More pairs say “rather not” than anything that makes sense together: the columns present and "
    "absent look as though they had changed places. Nothing is drawn until they have changed back."
)


@dataclass(frozen=True)
class Moment:
    """One moment: how many pairs of each letter, its category, and better and worse in percent.

    `worse` is negative. The estimates are NaN where nobody answered in one of A, O, M, I.
    """

    id: str
    name: str
    stage: str
    counts: dict[str, int]
    category: Category
    better: stats.Estimate
    worse: stats.Estimate
    people: int


def pairs(client: Client) -> pd.DataFrame:
    """A row a pair with both answers: touchpoint_id, contact_id, account_id, letter, present,
    absent. A moment that the table of touchpoints doesn't name goes by its id."""
    rows = client["kano"]
    rows = rows[rows["present"].notna() & rows["absent"].notna()]
    return rows.assign(
        account_id=at_home(client, rows["contact_id"]),
        letter=evaluate(rows["present"], rows["absent"]),
    )


def swapped(letters: pd.Series) -> bool:
    """Do the two columns look as though they had changed places?"""
    reversed_, fine = (letters == "R").sum(), letters.isin(list("AOM")).sum()
    return bool(reversed_ > fine and reversed_ >= stats.SPEAKS_FROM)


def names(client: Client) -> pd.DataFrame:
    """The moments in the order of the journey: touchpoint_id as index, name and stage."""
    there = client["touchpoints"].drop_duplicates("touchpoint_id")
    return there.set_index("touchpoint_id")[["name", "stage"]]


def moments(client: Client) -> list[Moment]:
    """Every moment with pairs from ten people in five accounts, in the order of the journey."""
    rows, known = pairs(client), names(client)
    found: list[Moment] = []
    if swapped(rows["letter"]):
        return found
    order = [t for t in known.index if (rows["touchpoint_id"] == t).any()]
    for moment in order:
        there = rows[rows["touchpoint_id"] == moment]
        people, firms = there["contact_id"].nunique(), there["account_id"].nunique()
        if not stats.enough(people, firms):
            continue
        letters, homes = there["letter"], there["account_id"]
        counts = {letter: int((letters == letter).sum()) for letter in LETTERS}
        worth = 1 / design_effect(letters, homes)
        plain = letters.isin(list("AOMI"))
        unit = "% of contacts"
        better = stats.share(letters[plain].isin(["A", "O"]), homes[plain], unit)
        missed = stats.share(letters[plain].isin(["O", "M"]), homes[plain], unit)
        found.append(
            Moment(
                moment, str(known.loc[moment, "name"]), str(known.loc[moment, "stage"]), counts,
                categorise([counts[letter] * worth for letter in LETTERS]), better, missed, people,
            )
        )  # fmt: skip
    return found


@part
def kano_answers(client: Client, moment: str = "all moments") -> Table:
    """Which pairs of answers were given, and which can't be read?

    Args: moment, the moment asked about, or all moments.
    """
    label = "pairs of answers, and which can't be read"
    rows, known = pairs(client), names(client)
    chosen = known.index[known["name"] == moment]
    if len(chosen):
        rows = rows[rows["touchpoint_id"].isin(chosen)]
    people, firms = rows["contact_id"].nunique(), rows["account_id"].nunique()
    if not stats.enough(people, firms):
        return absent_table(label, _TOO_FEW)
    table = []
    for i, answer in enumerate(ANSWERS, 1):
        cells = [
            f"{words.number(((rows['present'] == i) & (rows['absent'] == j)).sum())} {letter}"
            for j, letter in enumerate(EVALUATION[i - 1], 1)
        ]
        table.append([answer, *cells])
    columns = [f"not_{j}" for j in range(1, 6)]
    bad = int((rows["letter"] == "Q").sum())
    which = f"about “{moment}”" if len(chosen) else "about all moments together"
    counts = rows["letter"].value_counts()
    most = max(LETTERS, key=lambda letter: counts.get(letter, 0))
    title = (
        f"The commonest pair of answers is “{KINDS[most]}”: {words.number(counts[most])} of "
        f"{words.number(len(rows))}"
    )
    if swapped(rows["letter"]):
        title = "The two columns of answers look as though they had changed places"
    return Table(
        title,
        f"Pairs {which}, n = {words.count(people, 'person', 'people')} in "
        f"{words.count(firms, 'account')}. Down: if it were so. Across: if it were not. "
        + ", ".join(f"{letter}: {KINDS[letter]}" for letter in LETTERS)
        + ". Who likes it both ways, or dislikes it both ways, has misread a question: "
        f"{words.count(bad, 'pair')}.",
        pd.DataFrame(table, columns=["so", *columns]),
        {"so": Shown("if it were so"),
         **{c: Shown(f"if not: {a}") for c, a in zip(columns, ANSWERS, strict=True)}},
    )  # fmt: skip


# -- better and worse --------------------------------------------------------------------------

_ORDER = {"M": 0, "O": 1, "A": 2, "I": 3, "R": 4, "Q": 5}


@part
def kano(client: Client) -> Figure:
    """Which moments are noticed only when they fail, and which would delight?"""
    label = "what is noticed only when it fails"
    if swapped(pairs(client)["letter"]):
        return absent_figure(label, _SWAPPED)
    found = moments(client)
    if not found:
        return absent_figure(label, _TOO_FEW)
    found = sorted(found, key=lambda m: (not m.category.settled, _ORDER[m.category.letter],
                                         -m.worse.value if m.worse.measured else 0))  # fmt: skip
    data = pd.DataFrame(
        [
            [m.name, m.better.value, m.better.low, m.better.high, -m.worse.value, -m.worse.high,
             -m.worse.low, m.category.name, 100 * m.category.chance, *m.counts.values(), m.people]
            for m in found
        ],
        columns=["moment", "better", "better_low", "better_high", "worse", "worse_low",
                 "worse_high", "kind", "chance", *LETTERS, "people"],
    )  # fmt: skip
    left_out = len(set(pairs(client)["touchpoint_id"])) - len(found)
    return Figure(
        _title(found),
        "; ".join(
            f"{r.moment}: {r.kind} (chance {words.number(r.chance)} in 100), would please "
            f"{words.number(r.better)} in "
            f"100 ({words.ends(r.better_low, r.better_high)}), would be missed "
            f"by {words.number(-r.worse)} "
            f"({words.ends(-r.worse_high, -r.worse_low)})"
            for r in each(data)
            if not math.isnan(r.better)
        )
        + ".",
        "To the right: of 100 people, how many it would please to have it. To the left: how many "
        "would mind if it were missing. A basic reaches far to the left and hardly to the "
        "right. A moment has a name where that "
        "is the most frequent answer with a chance of nine in ten or more; otherwise it is not "
        f"settled. Hollow: not settled. {_mixed(found)}"
        + (f"{words.count(left_out, 'moment')} left out: too few people, or not in your list of "
           "touchpoints. " if left_out else "")
        + "These are wishes about a form of words, not memories of what you did.",
        data,
        {"better": Shown("would please", "%"), "better_low": Shown("from", "%"),
         "better_high": Shown("to", "%"), "worse": Shown("would be missed", "%"),
         "worse_low": Shown("from", "%"), "worse_high": Shown("to", "%"),
         "kind": Shown("what it is"), "chance": Shown("chance that it is the most frequent", "%"),
         **{letter: Shown(KINDS[letter], "pairs") for letter in LETTERS},
         "people": Shown("people")},
        lambda: moment_charts.two_sided(
            data["moment"].tolist(),
            (data["worse"], data["worse_low"], data["worse_high"]),
            (data["better"], data["better_low"], data["better_high"]),
            [_note(m) for m in found], [not m.category.settled for m in found],
            ("missed if it isn't so", "pleased if it is"),
        ),
    )  # fmt: skip


def _note(moment: Moment) -> str:
    if moment.category.settled:
        return moment.category.name
    first, *second = (KINDS[letter] for letter in moment.category.peaks)
    return f"not settled: {first}" + (f" or {second[0]}" if second else "?")


def _mixed(found: list[Moment]) -> str:
    two = [m for m in found if len(m.category.peaks) > 1]
    if not two:
        return ""
    named = words.listed([f"“{m.name}”" for m in two[:3]])
    more = f" and {len(two) - 3} more" if len(two) > 3 else ""
    return (
        f"Two answers are nearly as frequent, so there may be two kinds of people: {named}{more}. "
    )


def _title(found: list[Moment]) -> str:
    settled = [m for m in found if m.category.settled]
    basics = sum(m.category.letter == "M" for m in settled)
    delights = sum(m.category.letter == "A" for m in settled)
    if basics:
        many = "moments are basics" if basics > 1 else "moment is a basic"
        said = f"{words.spelled(basics).capitalize()} {many}, noticed only when missing"
        return f"{said}; {words.spelled(delights, 'none')} would delight"
    if delights:
        many = "moments" if delights > 1 else "moment"
        return f"{words.spelled(delights).capitalize()} {many} would delight; no basic is settled"
    repaying = sum(m.category.letter == "O" for m in settled)
    if repaying:
        said = "moments repay" if repaying > 1 else "moment repays"
        return (
            f"{words.spelled(repaying).capitalize()} {said} whatever is put into it; no basic and "
            "no delight is settled"
        ).replace("into it", "into them" if repaying > 1 else "into it")
    if settled:
        return "No moment is settled as a basic or a delight"
    return f"None of {words.count(len(found), 'moment')} is settled: too few pairs of answers"


def by_id(client: Client) -> dict[str, Moment]:
    """The moments that may speak, by touchpoint_id; empty without pairs of answers."""
    return {m.id: m for m in moments(client)} if client.has("kano") else {}
