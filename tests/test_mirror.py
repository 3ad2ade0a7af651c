"""Without any data: guesses are kept, a made-up firm is the mirror, measuring comes first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from servicegap import bundles, load, schema
from servicegap.client import Client
from servicegap.sessions import referral_roadmap
from servicegap.widgets import mirroring, promising

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def bare(tmp_path: Path) -> Client:
    (tmp_path / "client.yaml").write_text("name: Elm\nid: elm\n", encoding="utf-8")
    return load(tmp_path)


def test_a_folder_with_nothing_in_it_gets_a_checklist_and_a_mirror(bare: Client) -> None:
    assert mirroring.is_bare(bare, "01")
    html = mirroring.checklist(bare, "01")
    assert "<strong>ratings</strong>, not there yet" in html and "Needed by 12 parts" not in html
    html = mirroring.reflected("01")
    assert "which is made up" in html and "Alder IT" in html
    said = re.sub(r"<[^>]+>", " ", html)
    assert all(head.label in said for head in schema.SESSIONS["01"].headlines)


@pytest.mark.slow
@pytest.mark.parametrize("number", [n for n, s in schema.SESSIONS.items() if "01" <= n <= "09"])
def test_every_session_has_its_mirror(bare: Client, number: str) -> None:
    html = mirroring.checklist(bare, number) + mirroring.reflected(number)
    assert html.count("sg-finding") == len(schema.SESSIONS[number].headlines)


def test_it_waits_for_the_guess_and_leaves_nothing_behind(bare: Client, monkeypatch) -> None:
    shown = []
    monkeypatch.setattr(mirroring, "display", lambda data, **k: type("H", (), {"display_id": 1}))
    monkeypatch.setattr(mirroring, "update_display", lambda data, **k: shown.append(data))
    mirroring.mirror(bare, "07")
    assert shown == []
    bare.record("third_party_harm", 5, 0, 12)
    (data,) = shown
    assert "Alder IT" in data["text/html"] and bundles.MIME not in data
    bare.record("third_party_harm", 6, 0, 12)
    assert len(shown) == 1
    assert not (bare.folder / ".servicegap" / "findings").exists()


def test_whoever_has_files_sees_no_mirror(monkeypatch) -> None:
    client = load(ROOT / "data" / "sample" / "cedar-desk", sealed=False)
    monkeypatch.setattr(mirroring, "display", lambda *a, **k: pytest.fail("nothing to show"))
    mirroring.mirror(client, "01")
    assert mirroring.is_bare(client, "05")


def test_the_roadmap_says_what_to_measure_first(bare: Client) -> None:
    for guess in schema.SESSIONS["10"].guesses:
        bare.record(guess.id)
    actions = [step.what for step in promising.suggestions(bare, "10")]
    assert actions and all(what.startswith("Begin to keep") for what in actions)
    assert "measurements" in referral_roadmap.three_actions(bare).title
