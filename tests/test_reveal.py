"""The page for the end of a workshop: it says what was planted and found, and nothing untrue."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import rooms
from click.testing import CliRunner
from servicegap import cli, simulate
from servicegap.teaching import outcome, planted, revealing, room

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def mundane(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("reveal") / "larch"
    return simulate.write(simulate.make("mundane", seed=21), folder)


@pytest.fixture(scope="module")
def unveiled(mundane: Path) -> planted.Unveiled:
    return planted.unveil(mundane, firms=2)


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def seen(page: str) -> Seen:
    parser = Seen()
    parser.feed(page)
    return parser


def test_the_facts_are_those_of_the_truth(unveiled: planted.Unveiled) -> None:
    (one,) = unveiled.planted
    assert one.headline.id == "okay_not_referring" and one.true == 58
    assert unveiled.outcome is not None
    assert (one.word == "found") == unveiled.outcome.found
    assert [c.size for c in unveiled.chances] == list(planted.SIZES)
    assert [c.own for c in unveiled.chances] == [False, True, False]
    again = outcome.how_often(unveiled.truth, 2)
    assert unveiled.chances[1].found == again and unveiled.chances[1].answering == 120


def test_the_page_says_it_and_asks_nobody(unveiled: planted.Unveiled, tmp_path: Path) -> None:
    rooms.fill(tmp_path / "room", dict(unveiled.truth), 11)
    here = room.open_room(tmp_path / "room", unveiled.folder)
    page = revealing.render(unveiled, here)
    html = seen(page)
    text = " ".join(" ".join(html.text).split())
    for words in ("What was planted in Larch IT", "58 would not warmly recommend", "Found.",
                  "What could have been found", "The guesses of 10 people are shown",
                  "The commonest blind spot", "All twelve beliefs"):  # fmt: skip
        assert words in text, words
    # it stands on a wall, and nobody who reads it has believed what the made-up owner believes
    assert "Larch IT's managing director thought that" in text and "You thought" not in text
    assert not [t for t, _ in html.tags if t in ("script", "link", "iframe", "form")]
    assert all(a["src"].startswith("data:image/png") and len(a["alt"]) > 40
               for t, a in html.tags if t == "img")  # fmt: skip
    assert not re.search(r"https?://", page) and " style=" not in page
    assert "Content-Security-Policy" in page
    heads = [t for t, _ in html.tags if re.fullmatch("h[1-6]", t)]
    assert heads[0] == "h1" and heads.count("h1") == 1
    assert "seat-" not in page


def test_a_room_of_four_is_not_shown(unveiled: planted.Unveiled, tmp_path: Path) -> None:
    rooms.fill(tmp_path / "room", dict(unveiled.truth), 4)
    here = room.open_room(tmp_path / "room", unveiled.folder)
    text = " ".join(seen(revealing.render(unveiled, here)).text)
    assert "Fewer than 5 people" in text and "ranges held" not in text


def test_a_sample_has_no_lesson_and_a_page_all_the_same(tmp_path: Path) -> None:
    firm = planted.unveil(ROOT / "data" / "sample" / "alder-it", firms=5)
    assert firm.outcome is None and firm.chances == () and len(firm.planted) == 8
    text = " ".join(" ".join(seen(revealing.render(firm)).text).split())
    assert "wrong beliefs planted" in text and "session 6" in text


def test_the_page_says_where_nothing_of_the_twelve_is_planted(unveiled: planted.Unveiled) -> None:
    def text(**truth: object) -> str:
        honest = tuple(replace(b, planted=False) for b in unveiled.beliefs)
        firm = replace(unveiled, beliefs=honest, truth={**unveiled.truth, **truth})
        return " ".join(" ".join(seen(revealing.render(firm)).text).split())

    entry = {"session": "06", "id": "bot", "what": "x", "true_value": -9, "unit": "points"}
    elsewhere, nowhere = text(exploratory=[entry]), text(exploratory=[])
    assert "What was planted is not among the twelve" in elsewhere and "Bold" not in elsewhere
    assert "Nothing was planted. All twelve" in nowhere and "Bold" not in nowhere
    label = unveiled.planted[0].headline.label  # found in these files; honest, it would be chance
    assert re.search(rf"A wrong verdict on an honest belief \([^)]*{label}", nowhere)


def test_names_from_files_are_escaped(unveiled: planted.Unveiled) -> None:
    page = revealing.render(replace(unveiled, name="<script>alert(1)</script>"))
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_the_command_writes_the_page_or_says_why_not(mundane: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    done = CliRunner().invoke(cli.main, ["reveal", str(mundane), "--out", str(out), "--firms", "0"])
    assert done.exit_code == 0 and out.is_file() and "gives everything away" in done.output
    copy = simulate.hand_out(simulate.make("mundane", size="small"), tmp_path / "copy")
    refused = CliRunner().invoke(cli.main, ["reveal", str(copy), "--firms", "0"])
    assert refused.exit_code == 2 and "TRUTH.yaml" in refused.output


@pytest.mark.parametrize("content", ["", "beliefs: [1, 2"])
def test_a_broken_truth_is_wrong_usage_and_said_in_plain_words(content: str, tmp_path) -> None:
    firm = simulate.write(simulate.make("mundane", size="small"), tmp_path / "firm")
    (firm / room.TRUTH).write_text(content, encoding="utf-8")
    page = tmp_path / "page.html"
    done = CliRunner().invoke(cli.main, ["reveal", str(firm), "--out", str(page), "--firms", "0"])
    assert done.exit_code == 2 and "can't be read as the truth of a firm" in done.stderr
    assert "Error:" not in done.stderr.replace("Error: Invalid value", "") and not page.exists()


def command(firm: Path, room_: Path, page: Path):
    words = ["reveal", str(firm), "--room", str(room_), "--out", str(page), "--firms", "0"]
    return CliRunner().invoke(cli.main, words)


def test_a_room_that_cannot_be_kept_is_not_shown(mundane, tmp_path, monkeypatch) -> None:
    """Or the page would choose other people than the notebook, and the difference be somebody."""
    rooms.fill(tmp_path / "room", dict(room.read_truth(mundane)), 7)

    def refuse(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    done = command(mundane, tmp_path / "room", tmp_path / "page.html")
    assert done.exit_code == 2 and "can't be written to" in done.stderr
    assert "--room" in done.stderr and not (tmp_path / "page.html").exists()


def test_a_room_whose_memory_is_broken_is_not_shown(mundane: Path, tmp_path: Path) -> None:
    rooms.fill(tmp_path / "room", dict(room.read_truth(mundane)), 7)
    (tmp_path / "room" / room.SHOWN).parent.mkdir()
    (tmp_path / "room" / room.SHOWN).write_text("{", encoding="utf-8")
    done = command(mundane, tmp_path / "room", tmp_path / "page.html")
    assert done.exit_code == 2 and "new folder" in done.stderr and "--room" in done.stderr


def test_a_room_that_is_not_there_makes_no_page(mundane: Path, tmp_path: Path) -> None:
    done = command(mundane, tmp_path / "rooom", tmp_path / "page.html")
    assert done.exit_code == 2 and "there is no folder" in done.stderr and "rooom" in done.stderr
    assert not (tmp_path / "page.html").exists()


def test_files_left_out_are_told_at_the_terminal_and_not_on_the_page(mundane, tmp_path) -> None:
    rooms.fill(tmp_path / "room", dict(room.read_truth(mundane)), 7)
    (tmp_path / "room" / "Anna.csv").write_bytes(b"no guess")
    done = command(mundane, tmp_path / "room", tmp_path / "page.html")
    assert done.exit_code == 0 and "Anna.csv is left out" in done.output
    assert "Anna" not in (tmp_path / "page.html").read_text(encoding="utf-8")
