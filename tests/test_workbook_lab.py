"""The workbook's JupyterLab: on this machine alone, its key in no list, no settings touched."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner
from servicegap import cli, workbook
from servicegap.problems import Refused

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("clients") / "cedar"
    shutil.copytree(ROOT / "data" / "sample" / "cedar-desk", target)
    (target / "TRUTH.yaml").unlink()
    return target


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """Somebody's home, with a JupyterLab of their own that must stay as it is."""
    home = tmp_path_factory.mktemp("home")
    (home / ".jupyter").mkdir()
    (home / ".jupyter" / "jupyter_server_config.json").write_text('{"ServerApp": {"port": 1}}')
    return home


@pytest.fixture(scope="module")
def opened(folder: Path, home: Path):
    """A workbook that is open: the process, and what it said."""
    env = os.environ | {"HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / ".jupyter")}
    process = subprocess.Popen(
        [sys.executable, "-m", "servicegap", "workbook", str(folder), "--no-browser"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env, cwd=home,
    )  # fmt: skip
    said = []
    for line in process.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            break
    yield process, "".join(said)
    process.kill()
    process.wait(20)


def lab_of(folder: Path) -> workbook.Running:
    found = workbook.running(workbook.lab_for(folder))
    assert found is not None
    return found


@pytest.mark.slow
def test_it_opens_at_the_first_session_on_this_machine_alone(opened, folder: Path) -> None:
    process, said = opened
    found = lab_of(folder)
    assert found.address in said
    with urllib.request.urlopen(found.address, timeout=10) as page:
        assert page.url.split("?")[0].endswith("/lab/tree/workbook/00_start_here.ipynb")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://127.0.0.1:{found.port}/api/contents", timeout=10)
    assert refused.value.code == 403
    (lab,) = psutil.Process(process.pid).children()
    (ear,) = {c.laddr.ip for c in lab.net_connections() if c.status == psutil.CONN_LISTEN}
    assert ear == "127.0.0.1"
    assert found.opens.is_file()


@pytest.mark.slow
def test_the_key_stands_in_no_list_of_processes(opened, folder: Path) -> None:
    process, _ = opened
    token = lab_of(folder).token
    assert len(token) >= 32
    (lab,) = psutil.Process(process.pid).children()
    assert not any(token in word for word in lab.cmdline())
    kept = [p for p in (folder / ".servicegap" / "jupyter").rglob("*") if p.is_file()]
    holding = [p for p in kept if token.encode() in p.read_bytes() and p.suffix != ".log"]
    assert {p.parent.name for p in holding} == {"run"}
    assert (folder / ".servicegap" / "jupyter" / "run").stat().st_mode & 0o077 == 0
    assert (folder / ".servicegap" / "jupyter" / "lab.log").stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_a_second_command_finds_the_one_that_is_open(opened, folder: Path) -> None:
    done = CliRunner().invoke(cli.main, ["workbook", str(folder), "--no-browser"])
    assert done.exit_code == 0
    assert "open already" in done.output and lab_of(folder).address in done.output


@pytest.mark.slow
def test_ctrl_c_ends_it_and_nothing_is_left_running(opened, folder: Path, home: Path) -> None:
    process, _ = opened
    family = psutil.Process(process.pid).children(recursive=True)
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(30) == 0
    assert "Everything you answered" in process.stdout.read()
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []
    assert workbook.running(workbook.lab_for(folder)) is None
    own = (home / ".jupyter" / "jupyter_server_config.json").read_text()
    assert own == '{"ServerApp": {"port": 1}}'
    assert [p.name for p in (home / ".jupyter").iterdir()] == ["jupyter_server_config.json"]


@pytest.mark.slow
def test_a_port_that_is_taken_is_said_so(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = CliRunner().invoke(cli.main, ["workbook", str(folder), "--no-browser",
                                             "--port", str(port)])  # fmt: skip
    assert done.exit_code == 1
    assert f"port {port} is taken" in done.output + done.stderr


RACE = """
import os, pathlib, socket
from tornado import tcpserver

listen = tcpserver.TCPServer.listen

def late(server, port, *rest, **more):
    mark = pathlib.Path(os.environ["TAKEN"])
    if port and len(mark.read_text().split()) < int(os.environ["TIMES"]):
        quicker = socket.create_server(("127.0.0.1", port))
        mark.write_text(mark.read_text() + f"{port} ")
    return listen(server, port, *rest, **more)

tcpserver.TCPServer.listen = late
"""


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 9])
def test_a_port_that_another_takes_at_the_last_moment(tmp_path: Path, monkeypatch, times) -> None:
    """Jupyter looks for a free port, lets go of it and takes it later; two may find the same."""
    (tmp_path / "late").mkdir()
    (tmp_path / "late" / "sitecustomize.py").write_text(RACE)
    taken = tmp_path / "taken"
    taken.touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "late"))
    monkeypatch.setenv("TAKEN", str(taken))
    monkeypatch.setenv("TIMES", str(times))
    with workbook.opening(workbook.Lab(tmp_path / "jupyter", tmp_path, "")) as opening:
        if times == 1:
            assert urllib.request.urlopen(opening.ready().address, timeout=10).status == 200
        else:  # it doesn't try for ever
            with pytest.raises(Refused, match="did not start"):
                opening.ready()
    assert len(taken.read_text().split()) == min(times, 5)
    assert opening.process.poll() is not None


def test_a_folder_that_is_no_clients_is_refused_before_anything_starts(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli.main, ["workbook", str(tmp_path)])
    assert done.exit_code == 1 and "client.yaml" in done.output + done.stderr
    assert list(tmp_path.iterdir()) == []
    assert CliRunner().invoke(cli.main, ["workbook", str(tmp_path / "no")]).exit_code == 2


def test_beside_a_sample_own_firms_can_be_begun(tmp_path: Path) -> None:
    lab = workbook.lab_for(ROOT / "workbook" / "alder-it")
    assert (lab.root, lab.first) == (ROOT / "workbook", "alder-it/workbook/00_start_here.ipynb")
    lab = workbook.lab_for(tmp_path / "elm")
    assert (lab.root, lab.first) == (tmp_path / "elm", "workbook/00_start_here.ipynb")
