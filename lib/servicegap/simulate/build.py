"""Draw a made-up firm, and write it down as a client's folder."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from servicegap import schema
from servicegap.simulate import desk, market, people, voices
from servicegap.simulate.firm import SIDES, SIZES, Firm, Size
from servicegap.simulate.frames import frame, generator
from servicegap.simulate.scenarios import scenario as by_name
from servicegap.simulate.truth import beliefs, make_truth

_OF_PEOPLE = {
    **{n: getattr(people, n) for n in ("accounts", "contacts", "referrals")},
    **{
        n: getattr(voices, n)
        for n in ("items", "survey", "relationship", "price_survey", "touchpoints", "kano",
                  "staff_survey")
    },
    **{
        n: getattr(market, n)
        for n in ("usps", "sightings", "peers", "third_parties", "wow_log", "mentions", "standards",
                  "commitments")
    },
}  # fmt: skip
_OF_WORK = {n: getattr(desk, n) for n in ("tickets", "ratings")}


@dataclass(frozen=True)
class MadeUp:
    """A made-up firm: typed tables, the content of client.yaml, and what is true of it.

    `superseded` holds the earlier rows of tickets where the export is a log, else no rows; `about`
    is what a firm made for teaching tells whoever opens its folder, without giving it away.
    """

    tables: dict[str, pd.DataFrame]
    settings: dict
    truth: dict = field(repr=False)
    superseded: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    about: str = ""


@dataclass(frozen=True)
class _Draw:
    """What several tables of one firm share, drawn when first needed."""

    firm: Firm
    size: Size
    seed: int

    @cached_property
    def people(self) -> people.People:
        return people.draw_people(self.firm, self.size, self.seed)

    @cached_property
    def work(self) -> desk.Work:
        return desk.draw_work(self.firm, self.size, self.seed, self.people)

    def table(self, name: str) -> pd.DataFrame:
        if name in _OF_WORK:
            return _OF_WORK[name](self.firm, self.size, self.seed, self.people, self.work)
        return _OF_PEOPLE[name](self.firm, self.size, self.seed, self.people)


def _noise(seed: int) -> np.ndarray:
    """How honest beliefs miss, in −1…1 of `honest_noise` × δ, one for each of the twelve."""
    return generator(seed, "beliefs").uniform(-1, 1, len(schema.HEADLINES))


def _beliefs(firm: Firm, seed: int) -> pd.DataFrame:
    """The beliefs table: practice guesses first, then what is stated of the twelve."""
    rows = [
        (name, guess.value, guess.value - guess.spread, guess.value + guess.spread)
        for name, guess in firm.warm_ups
    ]
    rows += [(name, *values) for name, values in beliefs(firm, _noise(seed)).items()]
    names, value, low, high = zip(*rows, strict=True)
    return frame(
        "beliefs",
        len(rows),
        belief_id=names,
        value=value,
        low=low,
        high=high,
        stated_by="managing director",
        stated_at=np.full(len(rows), np.datetime64(firm.stated_at)),
    )


def _settings(firm: Firm) -> dict:
    """The content of client.yaml."""
    start = firm.as_of.replace(year=firm.as_of.year - 1)
    return {
        "name": firm.name,
        "id": firm.client_id or firm.id,
        "made_up": True,
        "currency": firm.currency,
        "period": {"start": start.fromordinal(start.toordinal() + 1), "end": firm.as_of},
        "as_of": firm.as_of,
        "group": firm.group,
        "origin": firm.origin,
        "cost_per_hour": firm.cost_per_hour,
        "effort": dict(zip(SIDES, firm.effort, strict=True)),
        "notes": firm.notes,
    }


_ABOUT = """\
{name}

{notes}
In the past year: about {accounts} clients, {answering} people who answered something, about
{tickets:,} tickets. The files go back two years, and name clients that have left. The firm is
made up: so are its people, its clients, its suppliers and its rivals.

What to do with it
  Guess as its owner would. Then open the workbook and look.

What lies here
  One file for every table (data/README.md of the workbook says what is in them), client.yaml with
  the firm's settings. If there is a TRUTH.yaml, it belongs to whoever leads the workshop: it says
  what is really so, and reading it spoils the exercise.
"""


def _about(firm: Firm, size: Size) -> str:
    """README.txt of a firm made for teaching; "" for the samples."""
    if firm.lesson is None:
        return ""
    notes = textwrap.fill(firm.notes, 98)
    counts = {n: getattr(size, n) for n in ("accounts", "answering", "tickets")}
    return _ABOUT.format(name=firm.name, notes=notes, **counts)


def make(
    scenario: str | Firm = "alder-it",
    strength: float = 1.0,
    seed: int = 7,
    size: str | Size = "typical",
    only: Iterable[str] | None = None,
) -> MadeUp:
    """Draw a made-up MSP.

    Args:
        scenario: the name of one (see SCENARIOS), or parameters of your own (then `strength` is
            theirs).
        strength: how far planted beliefs are from the truth; 1 is the stated size.
        seed: equal seeds give equal tables, whichever tables are asked for.
        size: small, typical, large, or a Size.
        only: names of the tables to make; None makes all that the firm has.

    Returns tables with every column of the schema, typed as the reader of files types them.
    """
    firm = by_name(scenario, strength) if isinstance(scenario, str) else scenario
    big = SIZES[size] if isinstance(size, str) else size
    has = tuple(n for n in schema.TABLES if firm.tables is None or n in (*firm.tables, "beliefs"))
    wanted = has if only is None else tuple(n for n in has if n in set(only))
    draw = _Draw(firm, big, seed)
    tables = {n: _beliefs(firm, seed) if n == "beliefs" else draw.table(n) for n in wanted}
    label = size if isinstance(size, str) else "own"
    truth = make_truth(firm, _noise(seed), seed, label)
    superseded = {n: desk.earlier(firm, seed, tables[n]) for n in ("tickets",) if n in tables}
    return MadeUp(tables, _settings(firm), truth, superseded, _about(firm, big))


def _text(values: pd.Series, kind: str) -> pd.Series:
    """The cells of one column as a file has them; missing is empty."""
    if kind in ("number", "whole", "score"):
        return values.map(lambda v: "" if pd.isna(v) else f"{v:.10g}")
    if kind == "yesno":
        return values.map({True: "yes", False: "no"}).astype(object).where(values.notna(), "")
    if kind == "date":
        return values.dt.strftime("%Y-%m-%d").fillna("")
    if kind == "time":
        return values.dt.strftime("%Y-%m-%dT%H:%M").fillna("")
    return values.astype(object).where(values.notna(), "")


class _Plain(yaml.SafeDumper):
    """YAML without anchors: a date that stands twice is written twice."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def write(made: MadeUp, folder: str | Path) -> Path:
    """Write a made-up firm as a client's folder: a CSV a table, client.yaml and TRUTH.yaml; with
    README.txt where the firm is made for teaching.

    UTF-8, ISO dates, LF; the same bytes for the same firm, seed and size. Returns the folder.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    for name, rows in made.tables.items():
        spec, table = schema.TABLES[name], rows
        before = made.superseded.get(name)
        if spec.key and before is not None and len(before):
            both = pd.concat([before, rows])  # a log: the last row of a ticket stands last
            table = both.sort_values(spec.key, kind="stable")
        cells = pd.DataFrame({c.name: _text(table[c.name], c.kind) for c in spec.columns})
        with (place / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            cells.to_csv(file, index=False, lineterminator="\n")
    for name, content in (("client.yaml", made.settings), ("TRUTH.yaml", made.truth)):
        text = yaml.dump(content, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)
        with (place / name).open("w", encoding="utf-8", newline="") as file:
            file.write(text)
    if made.about:
        with (place / "README.txt").open("w", encoding="utf-8", newline="") as file:
            file.write(made.about)
    return place


def hand_out(made: MadeUp, folder: str | Path) -> Path:
    """Write a made-up firm as an attendee gets it: nothing guessed yet, and no TRUTH.yaml."""
    place = write(made, folder)
    (place / "TRUTH.yaml").unlink()
    header = ",".join(schema.TABLES["beliefs"].names)
    (place / "beliefs.csv").write_text(f"{header}\n", encoding="utf-8", newline="")
    return place
