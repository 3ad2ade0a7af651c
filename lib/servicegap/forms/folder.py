"""A new client's folder, and the data dictionary: both are written from the schema."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import wrap
from types import MappingProxyType

from servicegap import schema
from servicegap.client.settings import FILE, KEYS
from servicegap.problems import Problem, Refused

README = Path(__file__).resolve().parents[3] / "data" / "README.md"
REFRESH = "python -m servicegap.forms"

_KINDS = {
    "id": "id, kept as text",
    "text": "text",
    "number": "number",
    "whole": "whole number",
    "date": "date",
    "time": "date, with or without time",
    "yesno": "yes or no",
    "scale": "a scale's name",
}


def new_folder(
    folder: str | Path, name: str | None = None, told: Mapping[str, str] = MappingProxyType({})
) -> tuple[Path, ...]:
    """Make a client's folder: settings, empty tables, a guide, a belief form and a data request.

    `name` defaults to the folder's, `told` are more keys of client.yaml that are known already.
    Nothing is overwritten: raises Refused where one of the files is there already. Returns the
    files made.
    """
    folder = Path(folder)
    name = name or folder.resolve().name
    files = {FILE: client_yaml(name, told).encode()} | _forms(name)
    there = [file for file in files if (folder / file).exists()]
    if there:
        what = f"{folder} holds {', '.join(there[:3])}{' and more' if there[3:] else ''} already"
        problem = Problem("", "", None, None, None, what, "choose a new folder")
        raise Refused(problem)
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        with (folder / file).open("xb") as stream_out:
            stream_out.write(content)
    return tuple(folder / file for file in files)


def zipped(name: str) -> bytes:
    """The empty tables, the guide, the belief form and the data request as one .zip to hand out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in _forms(name).items():
            archive.writestr(zipfile.ZipInfo(file), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _forms(name: str) -> dict[str, bytes]:
    from servicegap.forms import paper

    files: dict[str, bytes] = {}
    for table in schema.TABLES.values():
        stream = io.StringIO()
        csv.writer(stream).writerow(table.names)
        files[f"{table.name}.csv"] = stream.getvalue().encode("utf-8-sig")
    files["README.txt"] = guide().replace("\n", "\r\n").encode("utf-8-sig")
    files["belief-form.pdf"] = paper.belief_form(name)
    files["data-request.pdf"] = paper.data_request(name)
    return files


def client_yaml(name: str, told: Mapping[str, str] = MappingProxyType({})) -> str:
    """A client.yaml in which every key is explained, and those in `told` are filled in."""
    lines = [
        "# Who this report is about. Text after a # is a comment; take the # away to use a key.",
        "",
    ]
    filled = {"name": name, "id": slug(name), **told}
    for key in KEYS.values():
        lines += [f"# {line}" for line in wrap(f"{key.name}: {key.about}", 92)]
        if key.name in filled:
            lines += [f"{key.name}: {json.dumps(filled[key.name], ensure_ascii=False)}", ""]
        else:
            lines += [f"# {key.name}: {key.example}".rstrip(), ""]
    return "\n".join(lines)


def slug(name: str) -> str:
    """A name as a folder and an id are called: `elm-desk`."""
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-") or "client"


def _rule(column: schema.Column) -> str:
    """What may stand in a column, in a few words."""
    if column.kind == "choice":
        return "one of: " + ", ".join(column.choices)
    if column.kind == "score":
        return f"a mark on the scale that `{column.scale_in}` names"
    words = _KINDS[column.kind]
    if column.unit:
        words += f", {column.unit}"
    low, high = math.isfinite(column.low), math.isfinite(column.high)
    if low and high:
        words += f", {column.low:g} to {column.high:g}"
    elif low:
        words += f", {column.low:g} or more"
    return words


def guide() -> str:
    """README.txt of a client's folder: every file and column, as plain text."""
    lines = [
        "HOW TO FILL THIS FOLDER",
        "",
        *wrap(
            "Each file is one table; the first row holds the names of the columns. Keep the "
            "names, fill in what you have, and delete the files that you have nothing for: what "
            "can't be measured is said to be so, and the rest goes on. Excel workbooks (.xlsx) "
            "and Parquet files do as well, under the same names; of each table only one file.",
            92,
        ),
        "",
        *wrap(
            "Write dates as 2025-04-03 and numbers with a dot for decimals and nothing between "
            "thousands. Leave out names of people: codes will do. A * marks a column that every "
            "row needs.",
            92,
        ),
        "",
        "When you are done: servicegap check, and the path of this folder.",
    ]
    for table in schema.TABLES.values():
        lines += ["", "", f"{table.name}.csv", *wrap(table.about, 92), ""]
        width = max(len(name) for name in table.names) + 1
        for column in table.columns:
            name = column.name + ("*" if column.required else "")
            text = f"{column.about} ({_rule(column).replace('`', '')})"
            first, *rest = wrap(text, 92 - width - 4)
            lines.append(f"  {name:<{width}}  {first}")
            lines += [" " * (width + 4) + line for line in rest]
    return "\n".join(lines) + "\n"


def dictionary() -> str:
    """The text of data/README.md: every table, column, scale, belief and need, a line each."""
    return "\n".join(_dictionary()) + "\n"


def _dictionary() -> Iterator[str]:
    yield "# Data dictionary"
    yield ""
    yield (
        f"Generated from `lib/servicegap/schema/`; after a change there run `{REFRESH}`. The "
        "firms in `sample/` are made up, and say so; what was planted in each stands in its "
        "`TRUTH.yaml`."
    )
    yield ""
    yield (
        "A client's folder holds `client.yaml` and any of these tables, as CSV, XLSX or Parquet. "
        "Columns marked * are needed in every row. Ids are text: 007 stays 007. Everything is "
        "read as text and then by the rule of its column; what can't be told without guessing is "
        "refused by name. Every table has a ledger: rows read = kept + rejected + excluded."
    )
    yield ""
    yield "## Tables"
    for table in schema.TABLES.values():
        yield ""
        yield f"### {table.name}"
        yield ""
        unique = f" One row for each `{table.key}`." if table.key else ""
        yield f"{table.about}{unique}"
        yield ""
        yield from _table(
            ("column", "what it holds", "how it is read"),
            ((f"`{c.name}`{' *' if c.required else ''}", c.about, _rule(c)) for c in table.columns),
        )
    yield ""
    yield "## Scales"
    yield ""
    yield from _table(
        ("scale", "marks", "top", "satisfied", "reported to peers as", "also written"),
        (
            (
                s.name,
                f"{s.low:g} to {s.high:g}" + ("" if s.continuous else ", whole"),
                f"≥ {s.top:g}" if s.top < s.high else f"{s.top:g}",
                f"≥ {s.satisfied:g}" if s.satisfied < s.high else f"{s.satisfied:g}",
                f"`{s.measure}`",
                ", ".join(s.also),
            )
            for s in schema.SCALES.values()
        ),
    )
    yield ""
    yield "## The twelve beliefs"
    yield ""
    yield "Asked before anything is shown; each has one exact definition of its evidence."
    yield ""
    yield from _table(
        ("belief", "session", "asked as", "evidence", "tables", "unit", "better", "smallest gap"),
        (
            (
                f"`{h.id}`", h.session, h.question, h.evidence, ", ".join(h.tables), h.unit,
                h.better, f"a factor of {math.exp(h.delta):.3g}" if h.ratio else f"{h.delta:g}",
            )
            for h in schema.HEADLINES.values()
        ),
    )  # fmt: skip
    yield ""
    practice = "; ".join(f"`{w.id}`: {w.question}" for w in schema.WARM_UPS.values())
    yield f"For practice, without a verdict: {practice}"
    yield ""
    yield "## What each part of each session needs"
    yield ""
    yield "`table.column` means that the column must hold something too."
    yield ""
    yield from _table(
        ("session", "part", "shows", "needs"),
        (
            (s.stem, f"`{p.name}`", p.label, ", ".join(f"`{n}`" for n in p.needs) or "nothing")
            for s in schema.SESSIONS.values()
            for p in s.parts
        ),
    )
    yield ""
    yield "## Measures that peers are compared by"
    yield ""
    yield (
        ", ".join(f"`{m}`" for m in schema.PEER_MEASURES) + ". Others are kept and never compared."
    )
    yield ""
    yield f"## {FILE}"
    yield ""
    yield from _table(
        ("key", "what it holds", "example"),
        (
            (
                f"`{k.name}`{' *' if k.required else ''}",
                k.about,
                f"`{k.example}`" if k.example else "",
            )
            for k in KEYS.values()
        ),
    )


def _table(head: tuple[str, ...], rows) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |"
