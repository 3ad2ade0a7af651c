"""DRAFT until somebody approves this content; notes, brand and names to send; two keys."""

from __future__ import annotations

import json
from pathlib import Path

import fake_notebooks
import pytest
import test_report_pdf
from servicegap.client import ROOT
from servicegap.problems import Refused
from servicegap.run import approval, own_words, plan, sending
from servicegap.run.making import Job, Made, make
from test_faults import tree


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of clients with a brand, one client, its notes, and two small notebooks."""
    root = tmp_path_factory.mktemp("draft")
    fake_notebooks.write_notebooks(root / "notebooks")
    folder = fake_notebooks.write_client(root / "clients" / "elm")
    (root / "clients" / "brand.yaml").write_text("name: Oak Advice\nfooter: Oak foot\n")
    (folder / "notes").mkdir()
    (folder / "notes" / "00.md").write_text("# Dear Elm\n\nThank you for *a year*.\n")
    (folder / "notes" / "01.md").write_text("Watch the <script>alert(1)</script> desk.\n")
    (folder / "notes" / "05.md").write_text("Not to be seen.\n")
    return root


def report(place: Path, formats: tuple[str, ...] = ("html",), sessions: str | None = None) -> Made:
    return make(
        Job(
            place / "clients" / "elm",
            place / "out",
            sessions,
            formats,
            notebooks=place / "notebooks",
        )
    )


def approve(place: Path, out: str = "out") -> str:
    return approval.approve(
        place / "clients" / "elm", "Ann  Oak", notebooks=place / "notebooks", out=place / out
    )


def manifest(made: Made) -> dict:
    return json.loads((made.folder / "manifest.json").read_text("utf-8"))


def test_draft_approved_and_draft_again(place: Path) -> None:
    """One test, since each step begins where the last one ended."""
    first = report(place, ("html", "pdf", "pptx"))
    page = first.opens.read_text("utf-8")
    assert first.draft and "DRAFT: nobody has approved" in page and "<title>DRAFT" in page
    pdf = test_report_pdf.read((first.folder / "report.pdf").read_bytes())
    assert all("DRAFT" in sheet.extract_text() for sheet in pdf.pages)
    whose = "In the words of Oak Advice"
    assert page.count(f'<p class="eyebrow">{whose}</p>') == 2 and "Thank you for <em>a year" in page
    assert "&lt;script&gt;" in page and "<script>" not in page and "Not to be seen" not in page
    assert first.remarks == ("notes/05.md is not shown: session 05 is not in this report.",)
    told = manifest(first)
    assert {"brand/brand.yaml", "notes/00.md", "notes/01.md"} <= set(told["inputs"])
    assert set(told["outputs"]) >= {
        f"send/Elm Desk 2025-12 service {name}"
        for name in ("report DRAFT.html", "report DRAFT.pdf", "slides DRAFT.pptx")
    }
    before = tree(first.folder)

    assert "no report of these files" in approve(place, "elsewhere"), "nobody can have read it"
    said = approve(place)
    assert "approved by Ann Oak" in said and "no report" not in said
    second = report(place)
    page = second.opens.read_text("utf-8")
    assert not second.draft and "DRAFT" not in page
    stamp = json.loads((place / "clients" / "elm" / "approval.json").read_text())
    assert set(stamp) == {"by", "at", "content"} and stamp["by"] == "Ann Oak"
    assert "Approved by Ann Oak on " in page
    assert manifest(second)["key"] != told["key"], "the key covers the approval"
    assert [n for n in tree(second.folder) if "DRAFT" in n] == []
    assert tree(second.folder)["report.html"] != before["report.html"]
    again = tree(report(place).folder)
    assert again == tree(second.folder), "byte by byte the same"
    assert not report(place, sessions="01").draft, "a part of what was approved"

    note = place / "clients" / "elm" / "notes" / "01.md"
    note.write_text(note.read_text() + "One more word.\n")
    third = report(place)
    assert third.draft and "One more word." in third.opens.read_text("utf-8")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"by": 1, "at": "now", "content": "x"}', "[" * 9999]
)
def test_an_approval_that_can_not_be_read_approves_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "approval.json").write_text(text)
    assert approval.standing(tmp_path, "x") is None


def test_the_content_key_leaves_out_approval_and_formats(tmp_path: Path) -> None:
    one = approval.content_key({"a": "1", "approval.json": "2"}, [], {})
    assert one == approval.content_key({"a": "1"}, [], {})
    assert one != approval.content_key({"a": "2"}, [], {})
    assert one != plan.key({"a": "1"}, [], ("html",), {})


def test_a_sample_is_not_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="never written to"):
        approval.approve(ROOT / "data" / "sample" / "cedar-desk", "Ann")


def test_somebody_approves(tmp_path: Path) -> None:
    for name in ("", "  ", "x" * 200):
        with pytest.raises(Refused, match="--by NAME"):
            approval.write(tmp_path, "key", name)


def test_notes_are_read_from_their_own_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "elm" / "notes").mkdir(parents=True)
    (tmp_path / "elm" / "notes" / "01.md").symlink_to(tmp_path / "secret.md")
    (tmp_path / "elm" / "notes" / "first.md").write_text("lost")
    (tmp_path / "elm" / "notes" / "02.md").write_bytes(b"caf\xe9")
    assert own_words.read(tmp_path / "elm") == {"02": "café"}
    assert own_words.unread(tmp_path / "elm") == ["01.md", "first.md"]
    (tmp_path / "elm" / "notes" / "02.md").write_bytes(b"x" * 200_000)
    with pytest.raises(Refused, match=r"notes/02\.md.*shorten"):
        own_words.read(tmp_path / "elm")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Alder IT", "Alder IT"),
        ("Søn & Co. / <b>", "Søn & Co. b"),
        ("../../etc/passwd", "etc passwd"),
        ("CON", "CON client"),
        ("a\u202eb\n c.", "a b c"),
        ("...", "client"),
        ("שלום", "שלום"),
        ("x" * 300, "x" * 60),
    ],
)
def test_names_to_send_are_safe_on_every_system(name: str, safe: str) -> None:
    assert sending.safe(name) == safe
