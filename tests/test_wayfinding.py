"""Where one is in the series: what was said where, the ways on and back, kept up as one goes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from servicegap import load, schema
from servicegap.client import Client
from servicegap.widgets import wayfinding

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def client(tmp_path: Path) -> Client:
    (tmp_path / "client.yaml").write_text("name: Elm <Desk>\nid: elm\n", encoding="utf-8")
    return load(tmp_path)


def said(client: Client, session: str = "01") -> str:
    return wayfinding._output(client, session)["text/html"]


def step(html: str, number: int) -> str:
    """One step as it reads, without its marks and links."""
    (found,) = [s for s in re.findall(r"<li.*?</li>", html) if f">{number}. " in s]
    return re.sub(r"<[^>]+>", "", found)


def test_nothing_said_yet(client: Client) -> None:
    html = said(client)
    assert "None of eleven sessions guessed, no promises made." in html
    assert len(re.findall("<li", html)) == 11
    assert step(html, 1) == "·1. We are better than most: you are here; on the short route"
    assert step(html, 4) == "·4. One service suits all"
    assert html.count('aria-current="step"') == 1


def test_guesses_and_promises_are_counted_and_declining_is_an_answer(client: Client) -> None:
    client.record("csat", 80, 70, 90)
    assert "1 of 2 guesses in" in step(said(client), 1)
    client.record("good_peer_percentile", 75, 60, 90)
    client.record("third_party_harm")
    row = {"action_id": "01-own", "finding_id": "", "what": "Ring them", "owner": "desk",
           "due": "2026-01-02", "measure_again": "2026-04-01"}  # fmt: skip
    client.promise(row)
    html = said(client)
    assert "Two of eleven sessions guessed, 1 promise made." in html
    assert "guesses in, 1 promise" in step(html, 1)
    assert "✓7." in step(html, 7) and "not guessed, as you wished" in step(html, 7)


def test_it_keeps_up_with_guesses_and_promises(client: Client, monkeypatch) -> None:
    shown = []
    monkeypatch.setattr(wayfinding, "display", lambda data, **k: type("H", (), {"display_id": 1}))
    monkeypatch.setattr(wayfinding, "update_display", lambda data, **k: shown.append(data))
    wayfinding.where(client, "07")
    client.record("third_party_harm", 5, 0, 12)
    assert "One of eleven sessions" in shown[-1]["text/plain"]
    client.promise({"action_id": "07-own", "what": "x"})
    assert "1 promise" in shown[-1]["text/plain"]


@pytest.mark.parametrize(
    ("session", "leads_to"),
    [
        ("00", ["01"]),
        ("02", ["03", "05", "01"]),
        ("05", ["06", "07", "04"]),
        ("08", ["09", "10", "07"]),
        ("04", ["05", "03"]),
        ("10", ["09"]),
    ],
)
def test_the_ways_on_and_back(session: str, leads_to: list[str]) -> None:
    links = re.findall(r'href="(\d\d)_', " ".join(wayfinding.ways(session)))
    assert links == leads_to


def test_every_link_leads_to_a_notebook(client: Client) -> None:
    links = set(re.findall(r'href="([^"]+)"', said(client)))
    assert links == {f"{s.stem}.ipynb" for n, s in schema.SESSIONS.items() if n != "01"} | {
        link for way in wayfinding.ways("01") for link in re.findall(r'href="([^"]+)"', way)
    }
    assert all((ROOT / "notebooks" / link).is_file() for link in links)


def test_the_short_route_is_the_one_that_the_first_session_names() -> None:
    text = (ROOT / "notebooks" / "00_start_here.ipynb").read_text(encoding="utf-8")
    five = [str(int(n)) for n in wayfinding.SHORT_ROUTE[1:-1]]
    assert f"{', '.join(five[:-1])} and {five[-1]}" in text
