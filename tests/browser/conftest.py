"""A real JupyterLab and a real browser, as an attendee has them: no code, no news, no network.

Pictures of what is seen are kept in build/look, or in the folder named by SERVICEGAP_LOOK.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import axe as axe_core
import pytest
from servicegap import workbook

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser")) if p), None)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


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
        """Where a notebook stands, as the workbook opens it, with nothing left of the last one."""
        return f"{self.address}/lab/tree/{notebook.relative_to(self.root)}?token={self.token}&reset"


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The JupyterLab that `servicegap workbook` starts, on a folder of several firms."""
    root = tmp_path_factory.mktemp("attendee")
    asked = workbook.Lab(tmp_path_factory.mktemp("jupyter"), root, "")
    with workbook.opening(asked) as opening:
        running = opening.ready()
        yield Lab(f"http://127.0.0.1:{running.port}", running.token, root)


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


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return axe_core.source()


@pytest.fixture
def look():
    """Keep a picture of a page, or of a part of it, under a name."""
    folder = Path(os.environ.get("SERVICEGAP_LOOK") or ROOT / "build" / "look")
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
        workbook.lay_out(folder)
        return folder / workbook.FOLDER / f"{stem}.ipynb", folder

    return lay
