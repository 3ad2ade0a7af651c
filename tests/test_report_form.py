"""The button at the end of the series: what it says while the report is made, and after it."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest
from servicegap import load
from servicegap.widgets import reporting
from servicegap.widgets.reporting import ReportForm


@pytest.fixture
def form(tmp_path: Path) -> ReportForm:
    (tmp_path / "client.yaml").write_text("name: Elm\nid: elm\n", encoding="utf-8")
    return ReportForm(load(tmp_path))


def run_instead(monkeypatch, script: str) -> None:
    """Let something else run in the place of the command."""
    real = reporting.subprocess.Popen

    def popen(command, **options):
        assert command[1:4] == ["-m", "servicegap", "report"]
        assert not [name for name in options["env"] if name.startswith("JUPYTER")]
        return real([sys.executable, "-c", script], **options)

    monkeypatch.setattr(reporting.subprocess, "Popen", popen)


def wait(form: ReportForm) -> None:
    end = time.monotonic() + 20
    while form.make.disabled and time.monotonic() < end:
        time.sleep(0.02)
    assert not form.make.disabled


def words(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def test_progress_is_said_and_what_was_made_is_linked(form, tmp_path, monkeypatch) -> None:
    made = tmp_path / "workbook" / "report" / "elm-1"
    made.mkdir(parents=True)
    for name in ("report.html", "report.pdf"):
        (made / name).write_text("x")
    monkeypatch.chdir(tmp_path / "workbook")
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", "x")
    steps = [f"print('[{n}/3] Session 0{n}', flush=True)" for n in (1, 2, 3)]
    lines = [
        "There is 1 remark on the data; to read: servicegap check x",
        str(made / "report.html"),
    ]
    run_instead(monkeypatch, "; ".join([*steps, *(f"print({line!r})" for line in lines)]))
    said, led = [], []
    form.status.observe(lambda change: said.append(words(change["new"])), "value")
    form.lead = led.append
    form.make.click()
    wait(form)
    assert "Session 02: step 2 of 3." in said
    assert said[-1] == "There is 1 remark on the data; session 0 counts them."
    time.sleep(0.2)
    assert 'href="report/elm-1/report.html"' in led[-1] and "PowerPoint" not in led[-1]
    assert form.bar.value == form.bar.max == 3


def test_what_went_wrong_is_said_in_the_commands_own_words(form, monkeypatch) -> None:
    wrong = "import sys; print('ratings.csv, row 3: no.', file=sys.stderr); sys.exit(1)"
    run_instead(monkeypatch, wrong)
    led = []
    form.lead = led.append
    form.make.click()
    wait(form)
    assert words(form.status.value) == "ratings.csv, row 3: no."
    assert led == [""]


def test_a_command_that_cannot_be_started_is_no_end(form, monkeypatch) -> None:
    monkeypatch.setattr(reporting.sys, "executable", "/nowhere/python")
    form.make.click()
    assert "could not be begun" in form.status.value and not form.make.disabled


def test_what_nobody_types_here_is_left_out() -> None:
    lines = ["Session 02 was not measured. Its parts would need the table usps.",
             "Session 05 was not measured. Its parts would need the table price_survey.",
             "It says DRAFT until you have read it and run: servicegap approve /somewhere/elm",
             "The colour was mended."]  # fmt: skip
    said = reporting.told(lines)
    assert said.startswith("2 sessions could not be measured")
    assert "servicegap" not in said and "/somewhere" not in said and "mended" in said
