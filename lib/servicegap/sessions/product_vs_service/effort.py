"""Where the effort goes, beside where satisfaction comes from. And what if it went elsewhere?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicegap import comparisons, words
from servicegap.charts import drivers as driver_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.sessions.product_vs_service.drivers import HEADLINE, Drivers, drivers

LABEL = "where the effort goes"


def moved(
    stated: dict[str, float], to_service: float = 0.0, to_process: float = 0.0
) -> dict[str, float]:
    """Effort by side, in percent, after points were moved from the product; negative ones go back.

    Nothing is moved that is not there: the product gives what it has, and the other two give back
    what they have.
    """
    total = sum(stated.values())
    now = {side: 100 * value / total for side, value in stated.items()}
    for side, points in (("service", to_service), ("process", to_process)):
        here, product = now.get(side, 0.0), now.get("product", 0.0)
        step = min(max(points, -here), product)
        now |= {side: here + step, "product": product - step}
    return now


@part
def effort(client: Client, to_service: float = 0.0, to_process: float = 0.0) -> Figure:
    """Does effort go where satisfaction comes from?

    Args: to_service, points of effort moved from the product to service; to_process, points of
    effort moved from the product to process.
    """
    found, stated = drivers(client), dict(client.settings.effort)
    if found.why:
        return absent_figure(LABEL, found.why)
    now = moved(stated, to_service, to_process) if sum(stated.values()) > 0 else {}
    asked = sum(now.get(side, 0.0) for side in found.sides)
    if not asked:
        why = "It needs effort in client.yaml: how many of 100 parts go to each side."
        return absent_figure(LABEL, why)
    spent = np.array([100 * now.get(side, 0.0) / asked for side in found.sides])
    each = [found.share(side) for side in found.sides]
    adjusted = _apart(found, spent)
    data = pd.DataFrame(
        {
            "side": list(found.sides),
            "effort": spent,
            "share": [e.value for e in each],
            "low": [e.low for e in each],
            "high": [e.high for e in each],
        }
    )
    changed = abs(to_service) + abs(to_process) > 0
    left = [side for side in now if side not in found.sides and now[side] > 0]
    notes = [
        "more effort than it carries" if s > e.value and p <= ALPHA
        else "less effort than it carries" if p <= ALPHA
        else "no clear difference"
        for s, e, p in zip(spent, each, adjusted, strict=True)
    ]  # fmt: skip
    return Figure(
        _title(found, spent, adjusted, changed),
        "Parts of 100. "
        + "; ".join(
            f"{r.side}: effort {words.number(r.effort)}, carries {words.number(r.share)} "
            f"({words.ends(r.low, r.high)})"
            for r in data.itertuples()
        )
        + f". {words.behind(each[0])}.",
        _history(client, found, spent, adjusted, changed)
        + (f"The survey asks nothing about {words.listed(left)}, so that effort stands aside. "
           if left else "")
        + "The diamond is effort, as stated in your settings"
        + (" and moved here" if changed else "")
        + "; the dot is what the side carries of what satisfies. The two need not be equal: a side "
        "may carry little because it is well looked after.",
        data,
        {"effort": Shown("effort, of 100", "%"), "share": Shown("carries, of 100", "%"),
         "low": Shown("from", "%"), "high": Shown("to", "%")},
        lambda: driver_charts.beside(
            [side.capitalize() for side in found.sides], data["share"], data["low"], data["high"],
            data["effort"], "effort", notes, diamond=True,
        ),
        about=HEADLINE,
    )  # fmt: skip


def _apart(found: Drivers, spent: NDArray) -> NDArray:
    """p of "this side carries what it gets". The product is the question; the others come after,
    and are adjusted for being looked at as well."""
    raw = np.array(
        [found.share(s).p_value(float(x)) for s, x in zip(found.sides, spent, strict=True)]
    )
    others = [i for i, side in enumerate(found.sides) if side != "product"]
    raw[others] = comparisons.benjamini_hochberg(raw[others])
    return raw


def _title(found: Drivers, spent: NDArray, adjusted: NDArray, changed: bool) -> str:
    """The product, where it clearly differs; else the widest clear difference, or that none is."""
    apart = [i for i, p in enumerate(adjusted) if p <= ALPHA]
    product = found.sides.index("product")
    apart = [product] if product in apart else apart
    start = "Moved like this, " if changed else ""
    if not apart:
        said = "no side gets clearly more or less effort than it carries"
        return f"{start}{said}" if changed else said[0].upper() + said[1:]
    at = max(apart, key=lambda i: abs(spent[i] - found.shares[i]))
    whom = f"the {found.sides[at]}" if found.sides[at] == "product" else found.sides[at]
    said = (
        f"{whom} gets {words.number(spent[at])} of 100 parts of effort and carries "
        f"{words.number(found.shares[at])} of "
        "what satisfies"
    )
    return f"{start}{said}" if changed else said[0].upper() + said[1:]


def _history(
    client: Client, found: Drivers, spent: NDArray, adjusted: NDArray, changed: bool
) -> str:
    """The firm's origin, where it began with a product, and whether it still shows."""
    if client.settings.origin != "product" or changed:
        return ""
    at = found.sides.index("product")
    if adjusted[at] <= ALPHA and spent[at] > found.shares[at]:
        return "You began with a product, and it still gets more of the effort than it carries. "
    if adjusted[at] <= ALPHA:
        return (
            "You began with a product, and it now gets less effort than it carries: the history "
            "has been left behind, perhaps too far. "
        )
    return "You began with a product; it does not clearly show in where the effort goes. "
