"""Nothing of one client ever stands in what is made of another: marks in every text, looked for
in every file, name, property and alternative text of what many clients' runs leave side by side.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from pathlib import Path

import canaries
import fake_notebooks as fake
import pytest
from servicegap.client import ROOT
from servicegap.run import batch, panel, portfolio, publish
from servicegap.run.crew import on_this_machine
from servicegap.run.job import Job

# Tells in a report whatever a client wrote anywhere, and stumbles where it is asked to.
TELLS = """# Everything that the client wrote
import csv, logging, os, pathlib, sys, warnings
from IPython.display import display
here = pathlib.Path(folder)
texts = sorted({c for p in here.glob("*.csv") for r in csv.reader(p.open(encoding="utf-8-sig")) for c in r if "Kan" in c})
texts = texts[:: max(1, len(texts) // 60)] + [(here / "client.yaml").read_text()]
warnings.warn(texts[0]); logging.warning(texts[1]); print(texts[2], file=sys.stderr)
(here / "raise.txt").exists() and exec("raise RuntimeError(texts[3])")
(here / "die.txt").exists() and os._exit(9)
column = {"name": "text", "label": texts[4], "unit": None, "kind": "text"}
data = {"columns": [column], "rows": [[t] for t in texts]}
table = {"version": 1, "kind": "table", "id": "told", "session": "01", "title": texts[5], "caption": texts[6], "about": None, "not_measured": None, "data": data}
display({MIME: table, "text/html": f"<p>{texts[7]}</p>", "text/plain": texts[8]}, raw=True)
figure = table | {"kind": "figure", "id": "seen", "alt": " ".join(texts[9:20])}
picture = f'<figure class="sg-figure"><img alt="{texts[9]}" src="data:image/png;base64,PNG"><figcaption>x</figcaption></figure>'
display({MIME: figure, "text/html": picture, "text/plain": texts[10]}, raw=True)
"""  # noqa: E501


def run(clients: Path, job: Job, sessions: list[str | None]) -> dict[str, str]:
    """Why clients failed, by folder: a batch in random order, two at a time, page and all.

    Args: sessions, what is asked for, one client after another.
    """

    def crew(tasks):
        asked = [
            replace(t, job=replace(t.job, sessions=sessions[i % len(sessions)]))
            for i, t in enumerate(sorted(tasks, key=lambda t: t.slug))
        ]
        random.Random(5).shuffle(asked)
        return on_this_machine(asked, 2)

    outcomes = batch.run([clients], job, crew)
    page = portfolio.after([clients], outcomes, job.out).read_text("utf-8")
    for row in re.findall(r"<tr role=.row. class.*?</tr>", page, flags=re.DOTALL):
        assert len({found.lower() for found in canaries.ANY.findall(row)}) <= 1
    return {o.folder.name: o.reason for o in outcomes if o.status == "failed"}


def spoil(folder: Path, how: str) -> None:
    """Make a client fail: before anything runs, in a cell, or with its kernel."""
    if how == "refused":
        (folder / "ratings.csv").write_text(f"nothing\n{folder.name}\n")
    else:
        (folder / f"{how}.txt").write_text("")


def foreign(out: Path, clients: int) -> dict[str, set[str]]:
    """Files that hold a mark which is not their client's: file → the marks."""
    owners = {}
    for n in range(clients):
        own = canaries.mark(n)
        owners[publish.slug(f"Firm {own}", f"id-{own}")] = own.lower()
    wrong, seen = {}, 0
    for path in sorted(p for p in out.rglob("*") if p.is_file() and p.name != "index.html"):
        # a file of nobody, such as the lock, may hold nobody's mark
        slug = next((s for s in owners if any(p.startswith(s) for p in path.parts)), "")
        # of random letters, such as those of a picture, some look like a mark by chance
        found = canaries.marks_in(path) & set(owners.values())
        seen += bool(found)
        if found - {owners.get(slug)}:
            wrong[path.relative_to(out).as_posix()] = found
    assert seen  # the marks do come out, each with its own
    return wrong


def told(out: Path, clients: int) -> dict[str, set[str]]:
    """Kind of artefact → the clients' marks that were found in files of that kind."""
    known = {canaries.mark(n).lower() for n in range(clients)}
    found: dict[str, set[str]] = {}
    for path in out.rglob("*"):
        if path.is_file() and path.name != "index.html":
            kind = path.suffix if path.name != "manifest.json" else path.name
            found.setdefault(kind, set()).update(canaries.marks_in(path) & known)
    return found


def notebooks(place: Path) -> Path:
    cell = TELLS.replace("MIME", repr(fake.MIME)).replace("base64,PNG", f"base64,{fake.png()}")
    return fake.write_notebooks(place, s01=cell)


def test_a_mark_is_found_wherever_it_hides(tmp_path):
    """The look itself: a mark in text, in other letters, in a zip within a zip, in a PDF's alt."""
    import io
    import zipfile

    import typst

    own = canaries.mark(3)
    assert canaries.ANY.fullmatch(own) and canaries.mark(4) != own
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.xml", f"<a>{own.upper()}</a>")
    with zipfile.ZipFile(tmp_path / "deck.pptx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("b.xlsx", inner.getvalue())
    (tmp_path / "wide.txt").write_bytes(own.encode("utf-16-le"))
    (tmp_path / f"{own}.txt").write_text("")
    title = f'#set document(title: "{own}")\n'
    alt = f'#figure(alt: "{own}", rect(width: 1cm))\n'
    for name, source in {"title": title + "x", "alt": alt, "text": own}.items():
        (tmp_path / f"{name}.pdf").write_bytes(typst.compile(source.encode()))
    found = {p.name: canaries.marks_in(p) for p in tmp_path.iterdir()}
    assert found == {name: {own.lower()} for name in found}
    (tmp_path / "none.html").write_text("Kansas kanz kangaroos")
    assert canaries.marks_in(tmp_path / "none.html") == set()


@pytest.mark.slow
def test_eight_clients_side_by_side_leave_nothing_of_each_other(tmp_path):
    folders = [canaries.write_client(tmp_path / "clients", n) for n in range(8)]
    for folder, how in ((folders[2], "refused"), (folders[4], "raise"), (folders[6], "die")):
        spoil(folder, how)
    made = panel.refresh(folders, tmp_path / "clients")
    assert made.place is None  # seven can be read: no panel
    told_by = notebooks(tmp_path / "notebooks")
    out = tmp_path / "reports"
    failed = run(tmp_path / "clients", Job(Path(), out, notebooks=told_by), [None])
    assert set(failed) == {folders[n].name for n in (2, 4, 6)}
    for n in (2, 4, 6):  # what is said of a failure is its own too
        said = canaries.ANY.findall(failed[folders[n].name].lower())
        assert set(said) <= {canaries.mark(n).lower()}
    assert len(list(out.glob("*/manifest.json"))) == 5
    assert foreign(out, 8) == {}
    published = {canaries.mark(n).lower() for n in (0, 1, 3, 5, 7)}
    for kind in (".html", ".pdf", ".pptx", ".ipynb", "manifest.json"):
        assert told(out, 8)[kind] >= published, kind
    here, there = (p.parent for p in sorted(out.glob("*/manifest.json"))[:2])
    (here / "report.pdf").replace(there / "report.pdf")
    assert list(foreign(out, 8)) == [f"{there.name}/report.pdf"]  # the look does see


@pytest.mark.proof
def test_fifty_clients_with_the_real_notebooks_leave_nothing_of_each_other(tmp_path):
    clients = tmp_path / "clients"
    folders = [canaries.write_client(clients, n) for n in range(50)]
    for n in (3, 17, 31, 44):
        spoil(folders[n], "refused")
    assert panel.refresh(folders, clients).place
    out = tmp_path / "reports"
    pairs = ["01,06", "00,07", "02,08", "04,09", "03,05", "01,10"]
    failed = run(clients, Job(Path(), out, notebooks=ROOT / "notebooks"), pairs)
    assert set(failed) == {folders[n].name for n in (3, 17, 31, 44)}, failed
    assert foreign(out, 50) == {}
    kinds = {kind: len(found) for kind, found in told(out, 50).items()}
    print(json.dumps(kinds))
    assert min(kinds[k] for k in (".html", ".pdf", ".pptx", ".ipynb", "manifest.json")) == 46
