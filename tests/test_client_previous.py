"""Last period's folder: found from the client's own, or refused in plain words."""

from __future__ import annotations

from pathlib import Path

import clients
import pytest
import yaml
from servicegap.client import Client, Refused

THEN = {"as_of": "2024-06-30"}
NOW = {"previous": "../then"}


def two(tmp_path: Path, then: dict = THEN, now: dict = NOW) -> Client:
    """A client of this period whose settings name last period's folder."""
    old = [clients.rating(i, i % 6, i, when="2024-03-03") for i in range(12)]
    clients.make(tmp_path / "then", settings=then, ratings=old)
    return clients.make(tmp_path / "now", settings=now, ratings=clients.answered(12, 6, 6))


def test_it_is_the_same_client_a_period_ago(tmp_path: Path) -> None:
    client = two(tmp_path)
    assert client.previous is not None and not client.previous.sealed
    assert client.previous.as_of.isoformat() == "2024-06-30"
    assert client.previous is client.previous, "it is read once"


def test_without_one_there_is_none(tmp_path: Path) -> None:
    assert two(tmp_path, now={}).previous is None


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        (THEN, {"previous": "../gone"}, "there is no such folder"),
        (THEN, {"previous": "."}, "own folder"),
        (THEN | {"id": "oak"}, NOW, "belongs to another client (id oak, not test-it)"),
        ({"as_of": "2025-06-30"}, NOW, "no older than these (2025-06-30)"),
        (THEN | {"currency": "pounds"}, NOW, "../then/client.yaml"),
    ],
)
def test_what_can_not_serve_is_refused_in_plain_words(
    tmp_path: Path, then: dict, now: dict, said: str
) -> None:
    folder = tmp_path / "then"
    folder.mkdir()
    (folder / "client.yaml").write_text(yaml.safe_dump(clients.SETTINGS | then))
    client = clients.make(tmp_path / "now", settings=now)
    with pytest.raises(Refused) as refused:
        _ = client.previous
    assert said in str(refused.value)


def test_a_table_that_can_not_be_read_is_named_with_its_folder(tmp_path: Path) -> None:
    client = two(tmp_path)
    (tmp_path / "then" / "ratings.csv").write_text("score\n5\n")
    with pytest.raises(Refused, match=r"\.\./then/ratings\.csv"):
        _ = client.previous


def test_a_check_tells_of_it(tmp_path: Path) -> None:
    from servicegap import health

    client = clients.make(tmp_path / "now", settings={"previous": "../gone"})
    assert "there is no such folder" in health.check(client.folder).text()
