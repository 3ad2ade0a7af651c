"""The command line: quick, plain, with the right exit codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import fake_notebooks
import pytest
from click.testing import CliRunner
from servicegap import cli
from servicegap.cli import saying
from servicegap.run import Failed, WrongUsage


def servicegap(*words: str, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "servicegap", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_help_costs_next_to_nothing():
    """0.1 CPU-seconds here; the bound is generous, for slow machines and cold caches."""
    resource = pytest.importorskip("resource", reason="not on Windows")
    servicegap("--help")
    costs = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = servicegap("--help")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        costs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert done.returncode == 0
    assert min(costs) < 0.3


def test_help_loads_no_heavy_library():
    code = (
        "import sys; from servicegap.cli import main; main(['--help'], standalone_mode=False);"
        "print(*sorted({'numpy', 'pandas', 'nbformat', 'papermill', 'rich', 'yaml', 'psutil'} "
        "& set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


@pytest.mark.parametrize("command", ["new", "sample", "check", "report"])
def test_every_command_has_help(command):
    done = CliRunner().invoke(cli.main, [command, "--help"])
    assert done.exit_code == 0 and "DIR" in done.output and "--debug" in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["report"], "DIR"),
        (["report", "/no/such/folder"], "/no/such/folder"),
        (["report", "elm", "--formats", "docx"], "docx is not one of html, pdf, pptx"),
        (["report", "elm", "--formats", ""], "html, pdf, pptx"),
        (["report", "elm", "--sessions", "99"], "There is no session 99; the sessions are 00"),
        (["report", "elm", "--frob"], "--frob"),
        (["frobnicate"], "frobnicate"),
        (["check", "/no/such/folder"], "/no/such/folder"),
        (["new"], "DIR"),
        (["sample", "elm"], "not empty"),
        (["sample", "new", "--scenario", "oak"], "oak is not one of alder-it"),
        (["sample", "new", "--strength", "9"], "0 to 2"),
        (["sample", "new", "--seed", "-1"], "x>=0"),
    ],
)
def test_wrong_usage_is_2_and_says_what(tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    fake_notebooks.write_client(tmp_path / "elm")
    done = CliRunner().invoke(cli.main, words)
    assert done.exit_code == 2
    assert said in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "reports").exists() or not list((tmp_path / "reports").glob("elm*"))


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (Failed("The kernel died."), 1, "The kernel died.\n"),
        (WrongUsage("There is no such session."), 2, "There is no such session.\n"),
        (KeyboardInterrupt(), 1, "Stopped before the end; nothing was published.\n"),
        (FileNotFoundError(2, "No such file", "a.csv"), 1, "a.csv: No such file.\n"),
        (ZeroDivisionError("x\ny"), 1, "Something in the workbook itself went wrong "
         "(ZeroDivisionError: x y); --debug shows where.\n"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_said_in_one_line_and_debug_shows_it(capsys, error, code, said):
    @saying.plain
    def command() -> None:
        raise error

    with pytest.raises(SystemExit) as exit_:
        command(debug=False)
    assert exit_.value.code == code
    assert capsys.readouterr().err == said
    with pytest.raises(type(error)):
        command(debug=True)


def test_refused_data_are_said_and_exit_is_1(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = fake_notebooks.write_client(tmp_path / "elm")
    (folder / "ratings.csv").write_text("score\n5\n")
    done = CliRunner().invoke(cli.main, ["report", "elm"])
    assert done.exit_code == 1
    assert "ratings.csv" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "reports").exists()


def test_a_table_in_a_format_nobody_reads_is_not_just_left_out(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = fake_notebooks.write_client(tmp_path / "elm")
    (folder / "tickets.xls").write_bytes(b"old")
    done = CliRunner().invoke(cli.main, ["report", "elm"])
    assert done.exit_code == 1
    assert "tickets.xls" in done.stderr and "save it as" in done.stderr


def test_new_then_check(tmp_path):
    runner = CliRunner()
    folder = tmp_path / "Oak & Sons"
    done = runner.invoke(cli.main, ["new", str(folder)])
    assert done.exit_code == 0, done.stderr
    assert "client.yaml" in done.stdout and (folder / "ratings.csv").is_file()
    done = runner.invoke(cli.main, ["check", str(folder)])
    assert done.exit_code == 0, done.stdout
    assert "Oak & Sons" in done.stdout
    again = runner.invoke(cli.main, ["new", str(folder)])
    assert again.exit_code == 1 and "Traceback" not in again.stderr and again.stderr.strip()


def test_check_says_what_is_wrong_and_exits_with_1(tmp_path):
    folder = fake_notebooks.write_client(tmp_path / "elm")
    assert CliRunner().invoke(cli.main, ["check", str(folder)]).exit_code == 0
    (folder / "ratings.csv").write_text("score\n5\n")
    done = CliRunner().invoke(cli.main, ["check", str(folder)])
    assert done.exit_code == 1 and "ratings.csv" in done.stdout


def test_progress_in_a_terminal_names_what_is_running(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(saying, "is_terminal", lambda: True)
    with saying.progress_bar() as progress:
        progress("Session 01: Benchmarking", 0, 2)
        progress("Writing the report", 1, 2)
    out = capsys.readouterr().out
    assert "Done" in out and "2/2" in out


def test_progress_elsewhere_is_plain_lines(capsys):
    with saying.progress_bar() as progress:
        progress("Session 01: Benchmarking", 0, 2)
    assert capsys.readouterr().out == "[1/2] Session 01: Benchmarking\n"


def test_sample_writes_a_firm_that_can_be_read(tmp_path):
    from servicegap.client import load

    done = CliRunner().invoke(
        cli.main, ["sample", str(tmp_path / "cedar"), "--scenario", "cedar-desk"]
    )
    assert done.exit_code == 0 and "TRUTH.yaml" in done.stdout
    assert load(tmp_path / "cedar").has("ratings")


def test_the_module_runs_as_a_program_from_anywhere(tmp_path):
    done = servicegap("--version", cwd="/")
    assert done.returncode == 0 and "0.1.0" in done.stdout


@pytest.mark.parametrize(
    ("started", "told"),
    [
        ("{here}/.venv/bin/servicegap", ".venv/bin/servicegap"),
        (".venv/bin/servicegap", ".venv/bin/servicegap"),
        ("/opt/other/servicegap", "/opt/other/servicegap"),
        ("{here}/on the path/servicegap", "servicegap"),
    ],
)
def test_a_command_is_told_as_it_was_started(tmp_path, monkeypatch, started, told):
    monkeypatch.chdir(tmp_path)
    found = tmp_path / "on the path" / "servicegap"
    found.parent.mkdir()
    found.touch(0o755)
    monkeypatch.setenv("PATH", str(found.parent))
    monkeypatch.setattr(sys, "argv", [started.format(here=tmp_path)])
    line = saying.command("approve", tmp_path / "old elm", "--out", "x")
    assert line == f"{told} approve 'old elm' --out x"


def test_a_command_of_the_module_is_told_with_its_python(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(Path(saying.__file__).parents[1] / "__main__.py")])
    monkeypatch.setattr(sys, "executable", str(tmp_path / ".venv" / "bin" / "python"))
    assert saying.command("check") == ".venv/bin/python -m servicegap check"


def test_whoever_reads_only_the_first_lines_is_told_of_no_fault(tmp_path):
    fake_notebooks.write_client(tmp_path / "elm")
    words = [sys.executable, "-m", "servicegap", "check", str(tmp_path / "elm")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        running.stdout.close()
        assert running.stderr.read() == b""
