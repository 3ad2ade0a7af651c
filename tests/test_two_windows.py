"""Two windows on one folder, and kernels that die: nothing is overwritten, nothing is lost."""

from __future__ import annotations

import csv
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from jupyter_client import BlockingKernelClient, KernelManager
from servicegap import load, schema
from servicegap.widgets import guessing

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "client.yaml").write_text("name: Elm\nid: elm\n", encoding="utf-8")
    return tmp_path


def rows(folder: Path, name: str = "beliefs") -> list[dict[str, str]]:
    if not (folder / f"{name}.csv").exists():
        return []
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def lock(form: guessing.GuessForm, best: str, low: str, high: str) -> None:
    form.best.typed.value, form.low.value, form.high.value = best, low, high
    form.lock.click()


def shown(form: guessing.GuessForm) -> str:
    return " ".join(getattr(child, "value", "") for child in form.box.children)


def test_the_second_window_is_told_that_the_first_guess_stands(folder: Path) -> None:
    one, two = (guessing.forms(load(folder), "01")[0] for _ in range(2))
    lock(one, "80", "70", "90")
    assert "Another window" not in shown(one)
    lock(two, "60", "50", "70")
    assert "You said 80 of 100" in shown(two) and "After looking: 60 of 100" in shown(two)
    assert "Another window had locked a guess before" in shown(two)
    assert [row["value"] for row in rows(folder)] == ["80", "60"]
    assert load(folder).stated("csat").value == 80


def test_declining_in_a_second_window_takes_nothing_back(folder: Path) -> None:
    one, two = (guessing.forms(load(folder), "01")[0] for _ in range(2))
    lock(one, "80", "70", "90")
    two.decline.click()
    assert "You said 80 of 100" in shown(two) and "Another window" in shown(two)
    assert load(folder).stated("csat").value == 80


def test_declining_twice_is_nobodys_fault(folder: Path) -> None:
    one, two = (guessing.forms(load(folder), "01")[0] for _ in range(2))
    one.decline.click()
    two.decline.click()
    assert "rather not guess" in shown(two) and "Another window" not in shown(two)


def test_seeing_it_differently_keeps_the_first(folder: Path) -> None:
    one = guessing.forms(load(folder), "07")[0]
    lock(one, "5", "0", "12")
    one.again.click()
    lock(one, "30", "20", "40")
    assert "Another window" not in shown(one)
    assert load(folder).stated("third_party_harm").value == 5


# -- real kernels ------------------------------------------------------------------------------


@contextmanager
def kernel(folder: Path) -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    """A kernel as a notebook has one, with the client loaded."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder))
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        run(client, "from servicegap import load; from servicegap.widgets import guessing")
        run(client, f"client = load({str(folder)!r})")
        yield manager, client
    finally:
        client.stop_channels()
        if manager.is_alive():
            manager.shutdown_kernel(now=True)


def run(client: BlockingKernelClient, code: str) -> dict:
    asked = {"said": "globals().get('said')"}
    reply = client.execute_interactive(
        code, timeout=60, output_hook=lambda message: None, user_expressions=asked
    )
    assert reply["content"]["status"] == "ok", reply["content"]
    return reply["content"]["user_expressions"]["said"].get("data", {})


LOCK = """
form = [f for f in guessing.forms(client, {session!r}) if f.spec.id == {belief!r}][0]
form.best.typed.value, form.low.value, form.high.value = {numbers!r}
form.lock.click()
said = form.status.value
"""


@pytest.mark.slow
def test_two_kernels_lock_the_same_guess(folder: Path) -> None:
    first = LOCK.format(session="01", belief="csat", numbers=("80", "70", "90"))
    second = LOCK.format(session="01", belief="csat", numbers=("60", "50", "70"))
    with kernel(folder) as (_, one), kernel(folder) as (_, two):
        run(one, first)
        told = run(two, second)
    assert "Another window" in told["text/plain"]
    assert [row["value"] for row in rows(folder)] == ["80", "60"]


def _answers() -> list[str]:
    """Thirteen guesses and seven promises, as code."""
    guesses = list(schema.GUESSES.values())
    found = []
    for guess in guesses:
        numbers = tuple(map(str, (guess.low, guess.low, guess.low + 1)))
        found.append(LOCK.format(session=guess.session, belief=guess.id, numbers=numbers))
    row = {"finding_id": "", "what": "Ring them", "owner": "desk", "due": "2026-01-02"}
    for number in range(20 - len(guesses)):
        found.append(f"client.promise({json.dumps(row | {'action_id': f'{number:02}-own'})})")
    return found


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param(_answers()[12:15], marks=pytest.mark.slow, id="three"),
        pytest.param(_answers(), marks=pytest.mark.proof, id="twenty"),
    ],
)
def test_a_kernel_killed_after_each_answer_loses_none(folder: Path, answers: list[str]) -> None:
    for number, answer in enumerate(answers, 1):
        with kernel(folder) as (manager, client):
            run(client, answer)
            os.kill(manager.provisioner.pid, signal.SIGKILL)
        kept = [rows(folder, name) for name in ("beliefs", "commitments")]
        assert sum(map(len, kept)) == number, "an answer was lost"
    said = load(folder)["beliefs"]["belief_id"]
    assert list(said) == [guess.id for guess in schema.GUESSES.values()][-len(said) :]
    assert not list(folder.glob(".*.tmp"))
