"""Clients with a mark of their own in every text they give, and a look for marks anywhere."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import yaml
from servicegap import schema, simulate

# texts that mean something to the library, so that a mark would change what they are
KEPT = {
    ("beliefs", "belief_id"),
    ("commitments", "finding_id"),
    ("peers", "measure"),
    ("peers", "group"),
    ("standards", "unit"),
    ("standards", "measure"),
}
ANY = re.compile(r"kan[a-z]{9}z", re.I)


def mark(n: int) -> str:
    """The mark of client n: letters only, since numbers in what people wrote are masked."""
    digest = hashlib.sha256(f"canary {n}".encode()).digest()
    return "Kan" + "".join(chr(97 + b % 26) for b in digest[:9]) + "z"


def write_client(place: Path, n: int, size: str = "small") -> Path:
    """A made-up firm with its mark in every text of its tables, client.yaml, brand and notes."""
    own, folder = mark(n), place / f"client-{n:02d}"
    simulate.write(simulate.make("alder-it", size=size, seed=1000 + n), folder)
    (folder / "TRUTH.yaml").unlink()
    for table in schema.TABLES.values():
        path = folder / f"{table.name}.csv"
        if path.is_file():
            _mark_table(path, table, own)
    _mark_settings(folder / "client.yaml", own)
    (folder / "notes").mkdir()
    for number in ("00", "01"):
        (folder / "notes" / f"{number}.md").write_text(f"Words of **{own}**.\n", "utf-8")
    return folder


def _mark_table(path: Path, table: schema.Table, own: str) -> None:
    kinds = {c.name: c.kind for c in table.columns if (table.name, c.name) not in KEPT}
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    for row in rows:
        for name, value in row.items():
            if value and kinds.get(name) in ("text", "id"):
                row[name] = f"{value}{'' if kinds[name] == 'id' else ' '}{own}"
            if name == "may_quote":
                row[name] = "yes"
    text = io.StringIO()
    out = csv.DictWriter(text, rows[0].keys())
    out.writeheader()
    out.writerows(rows)
    path.write_text(text.getvalue(), "utf-8-sig")


def _mark_settings(path: Path, own: str) -> None:
    told = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    told |= {"name": f"Firm {own}", "id": f"id-{own}", "notes": f"Notes of {own}"}
    told["brand"] = {k: f"{k} {own}" for k in ("name", "footer", "contact", "cover")}
    told.pop("made_up", None)
    path.write_text(yaml.safe_dump(told, allow_unicode=True), "utf-8")


# -- looking for marks -------------------------------------------------------------------------


def marks_in(path: Path) -> set[str]:
    """All marks in a file, whatever their case: in its name, its text, its parts and properties."""
    raw = path.read_bytes()
    texts = [path.as_posix(), *_texts(raw, path.suffix)]
    return {found.lower() for text in texts for found in ANY.findall(text)}


def _texts(raw: bytes, suffix: str) -> Iterator[str]:
    for code in ("utf-8", "utf-16-le", "utf-16-be"):
        yield raw.decode(code, "ignore")
    if raw[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            for name in packed.namelist():
                yield name
                yield from _texts(packed.read(name), Path(name).suffix)
    elif raw[:5] == b"%PDF-":
        yield from _of_pdf(raw)
    elif suffix in (".html", ".ipynb", ".svg"):
        for packed in re.findall(rb"base64,([A-Za-z0-9+/=]{40,})", raw):
            yield base64.b64decode(packed).decode("latin-1")
        if suffix == ".ipynb":
            yield json.dumps(json.loads(raw), ensure_ascii=False)


def _of_pdf(raw: bytes) -> Iterator[str]:
    """Text, metadata, alternative texts and every other string of a PDF."""
    import pypdf
    from pypdf.generic import ByteStringObject, StreamObject, TextStringObject

    reader = pypdf.PdfReader(io.BytesIO(raw))
    yield "\n".join(page.extract_text() for page in reader.pages)
    yield str(reader.metadata)
    waiting = [reader.get_object(n) for n in range(1, int(reader.trailer["/Size"]))]
    while waiting:
        item = waiting.pop()
        if isinstance(item, TextStringObject | ByteStringObject):
            yield item if isinstance(item, str) else bytes(item).decode("latin-1")
        elif isinstance(item, dict):
            if isinstance(item, StreamObject) and item.get("/Type") == "/Metadata":
                yield item.get_data().decode("utf-8", "ignore")
            waiting += list(dict.values(item))
        elif isinstance(item, list):
            waiting += list(item)
