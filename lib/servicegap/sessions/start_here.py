"""Session 00: "I know how we are doing." What the files hold, and who has told you anything."""

from __future__ import annotations

import math

import pandas as pd

from servicegap import charts, measures, schema, seeing, words
from servicegap.client import Client
from servicegap.findings import Figure, Shown, Table, absent_figure, part
from servicegap.verdicts import Stated


@part
def health(client: Client) -> Table:
    """How many rows of each table were read, kept and left out, and why?"""
    rows, found = [], measures.ledgers(client)
    for name in schema.TABLES:
        if name in found:
            ledger = found[name]
            said = [f"{words.number(n)} {reason}" for reason, n in ledger.reasons.items()]
            said += [
                f"{words.count(n, 'unusable cell')} of {col}" for col, n in ledger.blanked.items()
            ]
            gone = ledger.rejected + ledger.excluded
            rows.append([name, ledger.read, ledger.kept, gone, "; ".join(said)])
    data = pd.DataFrame(rows, columns=["table", "read", "kept", "left_out", "why"])
    left_out = int(data["left_out"].sum()) if rows else 0
    title = f"{words.count(len(data), 'table')}, {words.count(int(data['kept'].sum()), 'row')} kept"
    if left_out:
        title += f", {words.number(left_out)} left out"
    return Table(
        title[0].upper() + title[1:],
        "Read is always kept plus left out. Nothing is mended in silence.",
        data,
        {"left_out": Shown("left out"), "why": Shown("why left out")},
    )


@part
def unlocked(client: Client) -> Table:
    """Which sessions can be measured with these files, and what would unlock the rest?"""
    rows = []
    for session in list(schema.SESSIONS.values())[1:]:
        missing = [(p, client.missing(p)) for p in session.parts]
        able = sum(not lacking for _, lacking in missing)
        wanted = dict.fromkeys(need for _, lacking in missing for need in lacking)
        rows.append(
            [
                f"{session.number} {session.title}",
                f"{able} of {len(missing)}",
                words.listed([need.replace(".", ": ") for need in wanted]) or "nothing",
            ]
        )
    data = pd.DataFrame(rows, columns=["session", "parts", "missing"])
    whole = int((data["missing"] == "nothing").sum())
    return Table(
        f"{words.spelled(whole, 'none').capitalize()} of {words.spelled(len(data))} sessions can "
        "be measured whole",
        "A session says which of its parts are not measured and goes on with the others. A column "
        "is written after its table: “tickets: team” is the column team of the table tickets.",
        data,
        {"parts": Shown("parts to measure"), "missing": Shown("still missing")},
    )


@part
def could_see(client: Client) -> Table:
    """With as many answers as there are, how large must a gap be to be seen?

    Nothing is looked at but how many there are: a share of about half, of strangers.
    """
    rows, whole = [], measures.window(client).whole
    for belief, n in _answers(client).items():
        head = schema.HEADLINES[belief]
        size = seeing.of_share(head, n)
        gap = "none: too few may speak" if math.isnan(size) else words.points(size)
        if n and head.per == "accounts" and not whole:  # a guess about twelve months
            gap = "none: the period is too short"
        rows.append([head.label, head.session, words.count(n, head.per.removesuffix("s")), gap])
    data = pd.DataFrame(rows, columns=["belief", "session", "answers", "gap"])
    return Table(
        "What so many answers could show",
        "The smallest gap between a guess and a figure near half that would be called clear, four "
        "times in five. Smaller ones may be there and not show; people of one account resemble "
        "each other, so real answers show a little less. Beliefs that are no plain share are told "
        "in the report’s appendix.",
        data,
        {"belief": Shown("belief"), "session": Shown("session"), "answers": Shown("answers"),
         "gap": Shown("smallest gap that would show")},
    )  # fmt: skip


def _answers(client: Client) -> dict[str, int]:
    """How many stand behind each headline that is a plain share; none where a table is missing."""
    found = dict.fromkeys(
        ("csat", "good_value_share", "watermelon_share", "okay_not_referring", "did_refer_share",
         "stay_share"), 0,
    )  # fmt: skip
    if client.has("ratings"):
        found["csat"] = measures.ratings(client).answered["person"].nunique()
        if client.has("tickets"):
            green = measures.last_rated(client)["sla_met"].eq(True).fillna(False)
            found["watermelon_share"] = int(green.sum())
    if client.has("relationship"):
        found["okay_not_referring"] = measures.asked(client).satisfied["person"].nunique()
        found["good_value_share"] = len(measures.felt(client))
    if client.has("accounts"):
        active = len(measures.active_at_start(client))
        found["did_refer_share"] = active if client.has("referrals") else 0
        found["stay_share"] = active if client.has("accounts.left_on") else 0
    return found


@part
def voices(client: Client) -> Figure:
    """How many of the people looked after have told the client anything in the window?"""
    counted = measures.ratings(client)
    asked, answered = (set(who.index.unique()) for who in (counted.reached, counted.heard))
    known = asked | measures.looked_after(client)
    sizes = [len(answered), len(asked - answered), len(known - asked)]
    names = ["answered", "asked and silent", "never asked"]
    data = pd.DataFrame({"who": names, "people": sizes})
    if not known:
        return absent_figure("who has told you anything", "Nobody was asked in the window.")
    if measures.response(client, counted).known is None:
        why = "The ratings are answers only, so nobody knows who was asked and kept silent. "
        why += "It needs the table contacts, or the unanswered rows."
        return absent_figure("who has told you anything", why)
    who = "people" if client.has("contacts") else "accounts"
    share = 100 * sizes[0] / len(known)
    has = "has" if sizes[0] == 1 else "have"
    lately = words.length(measures.window(client), figures=True)
    return Figure(
        f"{words.spelled(sizes[0], 'none').capitalize()} of {words.number(len(known))} {who} {has} "
        f"told you anything in {lately}",
        f"Of {words.number(len(known))} {who}: {words.number(sizes[0])} answered "
        f"({words.number(share)} %), {words.number(sizes[1])} asked and "
        f"silent, {words.number(sizes[2])} never asked.",
        "Everything in this series speaks for those who answered. The others may be busy, content "
        "or halfway out of the door.",
        data,
        {"people": Shown(who)},
        lambda: charts.parts(
            [f"{words.number(n)} {name}" for n, name in zip(sizes, names, strict=True)],
            sizes,
            [charts.EVIDENCE, charts.TICK, charts.GRID],
        ),
    )


@part
def answering(client: Client) -> Figure:
    """How near did the practice guess come?"""
    guess = schema.WARM_UPS["answering_share"]
    stated, response = client.stated(guess.id), measures.response(client)
    truth = 100 * (response.share or 0.0)
    belief = (math.nan, math.nan, math.nan)
    title = f"{words.number(truth)} of 100 people answered; you made no guess"
    if stated is not None and not stated.declined:
        told = Stated.of(stated)
        belief = (told.value, told.low, told.high)
        title = f"You said {words.number(told.value)} of 100; it was {words.number(truth)}"
        if not math.isnan(told.low + told.high):
            held = told.low <= truth <= told.high
            title += ", and your range " + ("held" if held else "missed it")
    row = charts.Row(
        guess.label, belief, (truth,) * 3, "practice", None,
        f"{words.number(response.answered)} of {words.number(response.known or 0)}",
    )  # fmt: skip
    return Figure(
        title,
        f"{title}. {words.number(response.answered)} of {words.number(response.known or 0)} "
        "contacts answered.",
        "Grey: your guess and its range. Dot: what the files say. This one was for practice; it "
        "counts nowhere.",
        pd.DataFrame([[guess.label, *belief, truth]],
                     columns=["guess", "value", "low", "high", "evidence"]),
        {},
        lambda: charts.belief_map([row]),
    )  # fmt: skip
