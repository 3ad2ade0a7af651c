"""Nothing of a file runs, escapes or leads out of the client's folder."""

from __future__ import annotations

import time
from pathlib import Path

import exports
import pytest
from exports import client, taken, write
from servicegap import intake
from servicegap.problems import Refused
from test_bad_files import CASES

_PARTS = ("..", "/etc/passwd", "C:\\Windows", "$(touch x)", "`id`", "|sh", "\x00", "\u202e", "%s%n",
          "{{7*7}}", "=cmd()", "'; DROP TABLE", "<img onerror=x>", "~root", "NUL", "a" * 300,
          "\r\nX: y", "!!python/object:os", "${HOME}", "*")  # fmt: skip


def test_a_thousand_hostile_names_stay_inside_the_folder(tmp_path: Path) -> None:
    names = [f"{one}{sign}{two}" for one in _PARTS for two in _PARTS for sign in "/- "][:1000]
    assert len(names) == 1000
    rows = [exports.ZENDESK]
    for i, name in enumerate(names):
        row = list(exports.zendesk(1)[1])
        row[0], row[1], row[3], row[4], row[13] = str(i), name, name, name, name
        rows.append(row)
    place = tmp_path / "room"
    place.mkdir()
    done, made = taken(place, rows)
    (one,) = done.taken
    assert one.ledger.read == one.ledger.kept + one.ledger.rejected + one.ledger.excluded
    assert one.ledger.kept >= 999
    inside = {path.relative_to(place).parts[0] for path in place.rglob("*")}
    assert inside == {"client", "export.csv"}
    assert [path.name for path in tmp_path.iterdir()] == ["room"]
    assert made["tickets"]["account_id"].notna().all()
    for path in (place / "client").glob("*.csv"):
        for line in path.read_text("utf-8-sig").splitlines():
            assert not line.lstrip('"').startswith(("=", "@"))


def test_hostile_headers_are_written_and_read_back_as_text(tmp_path: Path) -> None:
    rows = exports.zendesk(3)
    odd = ["!!python/object/apply:os.system ['touch /tmp/x']", "a: b # c", '"quoted"', "&x *y", "%"]
    rows = [row + (odd if i == 0 else ["1"] * 5) for i, row in enumerate(rows)]
    taken(tmp_path, rows)
    (again,) = intake.recognise([tmp_path / "export.csv"], tmp_path / "client")
    assert set(odd) <= set(again.columns.columns) and again.why.startswith("read as the last time")


@pytest.mark.parametrize("case", [c for c in CASES if c.refused and c.file.endswith("xlsx")],
                         ids=lambda case: case.name)  # fmt: skip
def test_bombs_and_broken_books_are_refused_at_once(case, tmp_path: Path) -> None:
    path = case.write(tmp_path)
    start = time.process_time()
    with pytest.raises(Refused) as refused:
        intake.take_in(intake.recognise([path], as_format="tickets"), client(tmp_path / "c"))
    assert time.process_time() - start < 1
    assert all(problem.remedy for problem in refused.value.problems)


@pytest.mark.parametrize("content", [
    b"", b"\n\n", b"\x00" * 50, b"%PDF-1.4", b"PK\x03\x04junk", b"just words", b"a,b\n\"x,1\n2,3\n",
    "Ticket ID;Created\n1;2025-01-01\n".encode("utf-16-le"), b"Ticket ID\n1\n",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"{\"a\": [1, 2]}", b"<html></html>",
])  # fmt: skip
def test_what_is_no_export_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path, "export.csv", content)
    folder = client(tmp_path / "client")
    with pytest.raises(Refused) as refused:
        intake.take_in(intake.recognise([path], folder, "tickets"), folder)
    assert all(problem.remedy for problem in refused.value.problems)
    assert sorted(p.name for p in folder.iterdir() if p.suffix) == ["client.yaml"]


def test_a_folder_made_by_new_is_filled(tmp_path: Path) -> None:
    from servicegap.forms import new_folder

    new_folder(tmp_path / "client")
    _, made = taken(tmp_path, exports.zendesk(), folder=tmp_path / "client")
    assert len(made["tickets"]) == 29 and len(made["accounts"]) == 6
