"""What is said in public, how often and in what tone. What was written, and by whom, stays out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from servicegap import measures, stats, words
from servicegap.charts import expected as pictures
from servicegap.client import Client
from servicegap.control import xmr
from servicegap.findings import Figure, Shown, absent_figure, part

MONTHS, LEAST = 24, 8
STARS_MIDDLE = 3.0


def tones(client: Client) -> pd.DataFrame:
    """Mentions up to the window's end: date and tone from −1 to 1.

    A place in which any tone is over 1 marks in stars (1 to 5), which become (stars − 3) ÷ 2.
    """
    rows = client["mentions"]
    rows = rows[rows["date"] < measures.window(client).end + pd.Timedelta(days=1)]
    starred = rows.groupby(rows["place"].str.casefold())["tone"].transform("max") > 1
    tone = rows["tone"].where(~starred, (rows["tone"] - STARS_MIDDLE) / 2)
    return pd.DataFrame({"date": rows["date"], "tone": tone})


def monthly(client: Client) -> pd.DataFrame:
    """A row a whole month, the last two years at most: month, mentions, tone (NaN where none)."""
    rows, end = tones(client), measures.window(client).end
    if rows.empty:
        return pd.DataFrame({"month": [], "mentions": [], "tone": []})
    last = end.to_period("M") if end.is_month_end else end.to_period("M") - 1
    first = max(rows["date"].min().to_period("M"), last - (MONTHS - 1))
    by = rows.groupby(rows["date"].dt.to_period("M"))["tone"].agg(["size", "mean"])
    by = by.reindex(pd.period_range(first, last, freq="M"))
    return pd.DataFrame(
        {
            "month": [words.month(month) for month in by.index],
            "mentions": by["size"].fillna(0.0).to_numpy(),
            "tone": by["mean"].to_numpy(),
        }
    )


@part
def word_of_mouth(client: Client) -> Figure:
    """How often is the client spoken of, in what tone, and is any month out of the ordinary?"""
    data = monthly(client)
    heard = data["tone"].notna()
    if int(heard.sum()) < LEAST:
        why = f"It takes {words.spelled(LEAST)} whole months in which something was said."
        return absent_figure("what is said about you", why)
    rate = xmr(data["mentions"])
    tone = xmr(data.loc[heard, "tone"])
    often = data.loc[rate.outside, "month"].to_list()
    odd = data.loc[heard, "month"][tone.outside].to_list()
    counted = tones(client)
    counted = counted[counted["date"].map(words.month).isin(data["month"])]
    good, bad = int((counted["tone"] > 0).sum()), int((counted["tone"] < 0).sum())
    mean, error = stats.mean(counted["tone"]), counted["tone"].std() / np.sqrt(len(counted))
    ends = mean - stats.Z95 * error, mean + stats.Z95 * error
    unusual = [f"in tone {words.listed(odd)}"] if odd else []
    unusual += [f"in number {words.listed(often)}"] if often else []
    kind = "more good than bad" if ends[0] > 0 else "more bad than good" if ends[1] < 0 else "mixed"
    return Figure(
        f"What is said about you in public is {kind}; "
        + (f"out of the ordinary {words.listed(unusual)}" if unusual
           else "no month is out of the ordinary"),
        f"Mentions a month: mean {words.number(rate.centre, 1)}, limits "
        f"{words.number(max(rate.low[0], 0), 1)} to "
        f"{words.number(rate.high[0], 1)}. Tone, from −1 to 1: mean of the months "
        f"{words.number(tone.centre, 2)}, limits "
        f"{words.number(max(tone.low[0], -1), 2)} to {words.number(min(tone.high[0], 1), 2)}. "
        f"{len(data)} months, {words.number(len(counted))} mentions, {words.number(good)} good and "
        f"{words.number(bad)} bad.",
        f"Of {words.count(len(counted), 'mention')}, {words.number(good)} were good, "
        f"{words.number(bad)} bad, the others neither; counted mention by mention, the mean tone "
        f"lies somewhere between {words.number(ends[0], 2)} and "
        f"{words.number(ends[1], 2)}, where −1 is bad and 1 is good. The band runs around "
        "the mean of the months, each counted once; a month inside it is luck like any other, a "
        "ring is worth asking about. A month of one mention swings more than a month of "
        "five, and whoever shouts is not everybody. Names and texts stay out.",
        data,
        {"tone": Shown("mean tone, −1 to 1")},
        lambda: pictures.months(
            data["month"].to_list(),
            [
                ("mentions", data["mentions"], rate.centre, max(rate.low[0], 0.0), rate.high[0]),
                ("mean tone", data["tone"], tone.centre, max(tone.low[0], -1.0),
                 min(tone.high[0], 1.0)),
            ],
        ),
    )  # fmt: skip
