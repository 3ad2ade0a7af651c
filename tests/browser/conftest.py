"""A real JupyterLab and a real browser, as an attendee has them: no code, no news, no network.

Pictures of what is seen go to the folder named by SERVICEGAP_LOOK, or to the test's own folder.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser")) if p), None)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
CSS = """
.jp-InputPlaceholder, .jp-cell-toolbar, .jp-InternalAnchorLink {display: none !important}
.jp-RenderedMarkdown {max-width: 56em}
"""
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},  # dark where the screen is
    "@jupyterlab/statusbar-extension:plugin": {"visible": False},
    # all cells are in the page at once, so that what is not in the page is not revealed
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium here: `make browser`"))


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its address, its token, and the folder it shows."""

    address: str
    token: str
    root: Path

    def url(self, notebook: Path) -> str:
        """Where a notebook stands alone, without tabs and side bars."""
        return f"{self.address}/doc/tree/{notebook.relative_to(self.root)}?token={self.token}"


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    home = tmp_path_factory.mktemp("jupyter")
    root = tmp_path_factory.mktemp("attendee")
    (home / "config" / "custom").mkdir(parents=True)
    (home / "config" / "custom" / "custom.css").write_text(CSS, encoding="utf-8")
    (home / "config" / "labconfig").mkdir()
    overrides = home / "config" / "labconfig" / "default_setting_overrides.json"
    overrides.write_text(json.dumps(SETTINGS), encoding="utf-8")
    places = {"CONFIG": "config", "DATA": "data", "RUNTIME": "run"}
    env = os.environ | {f"JUPYTER_{k}_DIR": str(home / v) for k, v in places.items()}
    env |= {"IPYTHONDIR": str(home / "ipython"), "JUPYTER_PLATFORM_DIRS": "1"}
    env |= {f"JUPYTERLAB_{k}_DIR": str(home / k.lower()) for k in ("SETTINGS", "WORKSPACES")}
    port, token = _free_port(), secrets.token_hex(16)
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}",
        "--ServerApp.port_retries=0", f"--ServerApp.root_dir={root}",
        f"--IdentityProvider.token={token}", "--LabApp.custom_css=True", "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    log = (home / "lab.log").open("wb")
    process = subprocess.Popen(
        command, env=env, cwd=root, stdout=log, stderr=log, start_new_session=True
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/api?token={token}", process, home / "lab.log")
        yield Lab(address, token, root)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(url: str, process: subprocess.Popen, log: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text(errors='replace')[-3000:]}")


@pytest.fixture(scope="session")
def browser(playwright):
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield chromium
    chromium.close()


@dataclass
class Sitting:
    """One attendee before one screen: the page, and every address that it asked for."""

    page: object
    asked: list[str] = field(default_factory=list)

    @property
    def outside(self) -> list[str]:
        """Requests that left this machine."""
        inside = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "about:")
        return [url for url in self.asked if not url.startswith(inside)]


@pytest.fixture
def sitting(browser) -> Iterator[Sitting]:
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(60_000)
    mine = Sitting(page)
    context.on("request", lambda request: mine.asked.append(request.url))
    page.on("websocket", lambda socket: mine.asked.append(socket.url))
    yield mine
    context.close()


@pytest.fixture
def look(tmp_path: Path):
    """Keep a picture of a page, or of a part of it, under a name."""
    folder = Path(os.environ.get("SERVICEGAP_LOOK") or tmp_path / "look")
    folder.mkdir(parents=True, exist_ok=True)
    return lambda part, name: part.screenshot(path=folder / f"{name}.png")


@pytest.fixture
def desk(lab: Lab):
    """Lay a notebook on an attendee's desk, with a client's folder in which nothing is guessed."""

    def lay(stem: str, name: str) -> tuple[Path, Path]:
        folder = lab.root / name
        shutil.copytree(
            ROOT / "data" / "sample" / "alder-it", folder,
            ignore=shutil.ignore_patterns("TRUTH.yaml", ".*"),
        )  # fmt: skip
        beliefs = folder / "beliefs.csv"
        header = beliefs.read_text(encoding="utf-8-sig").splitlines()[0]
        beliefs.write_text(header + "\n", encoding="utf-8")
        notebook = nbformat.read(ROOT / "notebooks" / f"{stem}.ipynb", as_version=4)
        for cell in notebook.cells:
            if "parameters" in cell.metadata.get("tags", ()):
                lines = cell.source.splitlines()
                at = next(i for i, line in enumerate(lines) if line.startswith("folder"))
                lines[at] = f"folder: str = {str(folder)!r}"
                cell.source = "\n".join(lines)
        (folder / "workbook").mkdir()
        target = folder / "workbook" / f"{stem}.ipynb"
        nbformat.write(notebook, target)
        return target, folder

    return lay
