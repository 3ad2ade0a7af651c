"""What a file is: a format that is known, an export seen before, or a proposal to confirm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from servicegap.intake import catalogue, meanings, raw
from servicegap.intake.codebooks import CodeBook, read_codebook, rows_of
from servicegap.intake.data import MAKES, NOTHING, fields, plain
from servicegap.intake.mapping import Columns, fingerprint, read_mappings
from servicegap.problems import Problem, Refused
from servicegap.tables.sheet import Sheet

_LOOK = 1 << 20  # bytes of a text file that are enough to recognise it
_NEEDED = {"tickets": ("ticket_id", "opened_at"), "feedback": ("score",), "survey": ("item",)}
_INSTEAD = {
    "opened_at": ("opened_at", "first_reply_at"),
    "item": ("item", "satisfaction", "value", "would_refer"),
}


@dataclass(frozen=True)
class Recognised:
    """One file and how it would be read.

    `columns` is the mapping to show; `sure` whether it may be taken without asking; `why` on what
    it rests, in a sentence; `choices` the formats or kinds to choose from where it is not sure;
    `samples` a few texts of each column.
    """

    path: Path
    sheet: str
    columns: Columns
    sure: bool
    why: str
    choices: tuple[str, ...]
    samples: Mapping[str, tuple[str, ...]]
    ranking: catalogue.Ranking | None = None
    book: CodeBook | None = None

    @property
    def lacks(self) -> tuple[str, ...]:
        """The fields without which nothing can be made of the file."""
        there = set(self.columns.columns.values())
        needed = _NEEDED[self.columns.makes]
        return tuple(n for n in needed if not there & set(_INSTEAD.get(n, (n,))))

    @property
    def could_mean(self) -> tuple[str, ...]:
        """What a column of such a file can mean."""
        makes = self.columns.makes
        return (*(name for name, field in fields().items() if makes in field.makes), NOTHING)

    def header(self, text: str) -> str | None:
        """The file's own header that somebody means, whatever its case and signs."""
        return next((h for h in self.columns.columns if plain(h) == plain(text)), None)

    def corrected(self, header: str, meaning: str) -> Recognised:
        """The same with one column that means something else, as somebody has said."""
        columns = {**self.columns.columns, header: meaning}
        return replace(self, columns=replace(self.columns, columns=columns),
                       why="read as you have said")  # fmt: skip


def recognise(
    paths: Sequence[str | Path], client: str | Path | None = None, as_format: str | None = None
) -> list[Recognised]:
    """Say of each file what it is and what its columns mean; nothing is written.

    Args: the files (a code book among them is laid beside the survey that it explains); the
    client's folder, whose intake.yaml is honoured; `as_format`, a format or one of tickets,
    feedback and survey, where somebody has said so. Raises Refused.
    """
    choices = (*catalogue.formats(), *MAKES)
    if as_format is not None and as_format not in choices:
        raise Refused(Problem("", "", None, None, None, f"there is no format called {as_format}",
                              f"take one of {', '.join(choices)}"))  # fmt: skip
    looks = [(Path(path), raw.read(Path(path), most=_LOOK)) for path in paths]
    before = read_mappings(Path(client)) if client is not None else {}
    books: dict[Path, CodeBook] = {}
    explaining = set()
    for path, look in looks:
        for other, other_look in looks:
            if other != path and path not in books and len(looks) > 1:
                book = read_codebook(rows_of(look), list(other_look.columns))
                if book is not None and len(other_look.columns) > len(look.columns):
                    books[other] = book
                    explaining.add(path)
    return [
        _one(path, look, before, as_format, books.get(path))
        for path, look in looks
        if path not in explaining
    ]


def _one(
    path: Path, look: Sheet, before: Mapping[str, Columns], as_format: str | None,
    book: CodeBook | None,
) -> Recognised:  # fmt: skip
    headers = list(look.columns)
    samples = {header: raw.sample(look, header) for header in headers}
    shown = {header: tuple(texts[:3]) for header, texts in samples.items()}

    def made(columns: Columns, sure: bool, why: str, choices: Sequence[str] = (), ranking=None):
        return Recognised(path, look.file, replace(columns, file=path.name), sure, why,
                          tuple(choices), shown, ranking, book)  # fmt: skip

    known = before.get(fingerprint(headers))
    if known is not None and as_format is None:
        spelt = {plain(header): header for header in headers}
        columns = {spelt[plain(h)]: meaning for h, meaning in known.columns.items()}
        scales = {spelt[plain(h)]: s for h, s in known.scales.items() if plain(h) in spelt}
        why = "read as the last time: intake.yaml says so"
        return made(replace(known, columns=columns, scales=scales), True, why)
    ranking = catalogue.rank(headers)
    if as_format is not None and as_format in catalogue.formats():
        stated = map_format(catalogue.formats()[as_format], headers, samples, book)
        return made(stated, True, "read as you have said", ranking=ranking)
    if as_format is not None:
        return made(map_any(headers, samples, as_format, book), True,
                    "you said what it holds; what each column means is judged by its header and "
                    "values", ranking=ranking)  # fmt: skip
    first, second = ranking.winner, ranking.runner_up
    if ranking.known:
        looked = map_format(first, headers, samples, book)
        why = f"its headers look most like {first.name}; then like {second.name} " \
              f"({ranking.margin:.0%} behind)"  # fmt: skip
        return made(looked, ranking.sure, why, [one.id for one, _ in ranking.scores[:3]], ranking)
    proposals = {kind: map_any(headers, samples, kind, book) for kind in MAKES}
    best = max(MAKES, key=lambda kind: _worth(proposals[kind]))
    why = "its headers are those of no export that is known; what each column means is judged " \
          "by its header and values"  # fmt: skip
    return made(proposals[best], False, why, MAKES, ranking)


def _worth(columns: Columns) -> float:
    """How well a proposal explains a file: its needs met, then columns that mean something."""
    there = [meaning for meaning in columns.columns.values() if meaning != NOTHING]
    needed = _NEEDED[columns.makes]
    met = sum(bool(set(there) & set(_INSTEAD.get(name, (name,)))) for name in needed)
    telling = sum(len(fields()[name].makes) == 1 for name in there if name in fields())
    return 10 * met / len(needed) + telling + 0.1 * len(there)


def map_format(
    one: catalogue.Format, headers: Sequence[str], samples: Mapping[str, list[str]],
    book: CodeBook | None = None,
) -> Columns:  # fmt: skip
    """The columns of a file in a known format; others where their header leaves no doubt."""
    found = {header: one.means.get(plain(header)) for header in headers}
    taken = {meaning for meaning in found.values() if meaning}
    rest = [header for header in headers if found[header] is None]
    more = meanings.propose(rest, lambda header: samples[header], one.makes, book)
    for header, meaning in more.items():
        exact = meanings.likeness(header, fields()[meaning]) == 1
        if one.makes == "survey" or (exact and meaning not in taken):
            found[header] = meaning
    order = list(dict.fromkeys(one.headers.values()))
    return Columns(one.id, one.makes, _sorted(found, order, one))


def _sorted(
    found: Mapping[str, str | None], order: Sequence[str], one: catalogue.Format
) -> dict[str, str]:
    """Headers in the file's order, save those that mean the same: they stand as the format says."""
    place = {plain(header): i for i, header in enumerate(one.headers)}
    ranked = sorted(found, key=lambda header: place.get(plain(header), len(place)))
    same = {m: [h for h in ranked if found[h] == m] for m in order if m != NOTHING}
    columns: dict[str, str] = {}
    for header in found:
        meaning = found[header] or NOTHING
        for other in same.get(meaning, [header]):
            columns.setdefault(other, meaning)
    return columns


def map_any(
    headers: Sequence[str],
    samples: Mapping[str, list[str]],
    makes: str,
    book: CodeBook | None = None,
) -> Columns:
    """The columns of a file in no known format, by what their headers and values look like."""
    found = meanings.propose(headers, lambda header: samples[header], makes, book)
    return Columns(makes, makes, {header: found.get(header, NOTHING) for header in headers})
