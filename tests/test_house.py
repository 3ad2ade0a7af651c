"""The house: one set of dependencies, layers that only look up, pages that keep their word."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from servicegap import schema, stats, verdicts

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / "lib" / "servicegap"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# -- one set of dependencies -------------------------------------------------------------------


def _lock() -> dict:
    return tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))


def _asked_for() -> list[Requirement]:
    extras = PROJECT["project"]["optional-dependencies"].values()
    every = (PROJECT["project"]["dependencies"], *extras, PROJECT["dependency-groups"]["dev"])
    return [Requirement(r) for group in every for r in group]


@pytest.mark.parametrize("wanted", _asked_for(), ids=lambda r: r.name)
def test_the_lock_holds_a_fitting_version_of_every_dependency(wanted: Requirement) -> None:
    versions = [p["version"] for p in _lock()["package"] if p["name"] == wanted.name.lower()]
    assert versions, f"{wanted.name} is not in uv.lock: run `uv lock`"
    assert all(wanted.specifier.contains(version) for version in versions)


def test_the_lock_was_made_from_this_pyproject() -> None:
    own = next(p for p in _lock()["package"] if p["name"] == PROJECT["project"]["name"])
    meta = own["metadata"]
    locked = {
        (r["name"], SpecifierSet(r.get("specifier", "")))
        for r in (*meta["requires-dist"], *meta["requires-dev"]["dev"])
    }
    assert locked == {(r.name.lower(), r.specifier) for r in _asked_for()}
    assert own["version"] == PROJECT["project"]["version"]
    assert _lock()["requires-python"] == PROJECT["project"]["requires-python"]


def test_uv_agrees_that_the_lock_is_current() -> None:
    own = ROOT / ".uv" / "bin" / "uv"
    uv = str(own) if own.exists() else shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not installed here")
    command = [uv, "lock", "--check", "--offline", "--no-python-downloads"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_environment_yml_pins_a_python_that_is_allowed_and_installs_the_project() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *conda, by_pip = environment["dependencies"]
    pins = [d.removeprefix("python=") for d in conda if d.startswith("python=")]
    assert len(pins) == 1
    assert SpecifierSet(PROJECT["project"]["requires-python"]).contains(f"{pins[0]}.1")
    # Dependencies stand in pyproject.toml alone, so nothing else may be asked for here.
    assert by_pip == {"pip": ["-e ."]}
    assert set(conda) == {f"python={pins[0]}", "pip"}


def test_the_version_is_the_same_everywhere() -> None:
    source = (LIBRARY / "__init__.py").read_text(encoding="utf-8")
    version = PROJECT["project"]["version"]
    assert f'__version__ = "{version}"' in source
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


# -- layers ------------------------------------------------------------------------------------

# From the ground up. A module imports only from lines above its own; modules on one line, and
# the modules of one package, are one room and may know each other. A new module gets a place here.
LAYERS = """
schema
problems
placing
keeping
formats
tables
client
measures
stats
comparisons
pooling
subtraction
control calibration
verdicts
seeing
priorities
words
changes
peers
findings
charts
handing_on
bundles
learning
sessions
simulate
intake
editions
report
run
forms health
healthpage
workbook
widgets
teaching
cli
__main__
"""
PLACE = {name: depth for depth, line in enumerate(LAYERS.split("\n")) for name in line.split()}

# Some know less than their place would allow.
KNOWS_ONLY = {
    "simulate": {"schema"},  # so that the analysis can't leak into the made-up data
    # nothing is recomputed
    "report": {
        *("schema", "formats", "findings", "bundles", "words", "changes", "verdicts"),
        "priorities",
    },
}
# The one room a package may be used from, besides the library itself.
ONLY_IN = {"ipywidgets": {"widgets"}}


def _modules() -> list[Path]:
    return sorted(LIBRARY.rglob("*.py"))


def _room(path: Path) -> str:
    return path.relative_to(LIBRARY).parts[0].removesuffix(".py")


def imports(source: str, package: str = "servicegap") -> set[str]:
    """Everything that a module's source imports, dotted, also inside functions and for types."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            start = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
            module = ".".join(p for p in (start, node.module) if p)
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def rooms_used(source: str) -> set[str]:
    """The rooms of the library that a module imports from."""
    own = {name.split(".")[1] for name in imports(source) if name.startswith("servicegap.")}
    return own & {_room(p) for p in _modules()}


def trespasses(room: str, source: str) -> list[str]:
    """Imports by which a module of this room would look down or sideways."""
    found = []
    for used in sorted(rooms_used(source) - {room}):
        if PLACE[used] > PLACE[room]:
            found.append(f"{room} imports {used}, which lies below it")
        elif room in KNOWS_ONLY and used not in KNOWS_ONLY[room]:
            found.append(f"{room} imports {used}, and may know only {sorted(KNOWS_ONLY[room])}")
    for package, rooms in ONLY_IN.items():
        if room not in rooms and any(n.split(".")[0] == package for n in imports(source)):
            found.append(f"{room} imports {package}")
    return found


@pytest.mark.parametrize("path", _modules(), ids=lambda p: str(p.relative_to(LIBRARY)))
def test_a_module_imports_only_from_above(path: Path) -> None:
    room = _room(path)
    if room == "__init__":  # the door of the package; it names what it hands on
        return
    assert room in PLACE, f"{room} has no place in LAYERS"
    assert trespasses(room, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("room", "source", "complaint"),
    [
        ("stats", "from servicegap.findings import part", "below"),
        ("client", "def f():\n    from servicegap import run", "below"),
        ("simulate", "import servicegap.stats", "may know only"),
        ("report", "from servicegap import stats", "may know only"),
        ("sessions", "import ipywidgets as w", "ipywidgets"),
    ],
)
def test_a_look_down_is_noticed(room: str, source: str, complaint: str) -> None:
    assert any(complaint in found for found in trespasses(room, source))


def test_sessions_never_import_each_other() -> None:
    for path in sorted((LIBRARY / "sessions").rglob("*.py")):
        own = path.relative_to(LIBRARY / "sessions").parts[0].removesuffix(".py")
        for name in imports(path.read_text(encoding="utf-8")):
            if name.startswith("servicegap.sessions."):
                assert name.split(".")[2] == own, f"{path.name} imports {name}"


# -- size and manners --------------------------------------------------------------------------

MOST_LINES = 400


def _files(*endings: str) -> list[Path]:
    """The project's own text files: what git tracks, and what it would."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("not a git checkout, so it is not known which files are the project's")
    names = [name for name in done.stdout.split("\0") if name and name != "uv.lock"]
    paths = [ROOT / name for name in names if not endings or name.endswith(endings)]
    return [path for path in paths if path.is_file()]


def _text(path: Path) -> str:
    raw = path.read_bytes()
    return "" if b"\0" in raw[:4096] else raw.decode("utf-8", errors="replace")


@pytest.mark.parametrize("path", _modules(), ids=lambda p: str(p.relative_to(LIBRARY)))
def test_a_module_stays_readable(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES


# The folders of `a` and `ann` are examples.
MANNERS = {
    "a path of somebody's machine": r"(?<![\w.])/(?:home|Users|root|work)/(?!ann)\w\w"
    r"|[A-Z]:\\Users\\(?!ann)\w\w",
    "a thing put off": r"\b(?:TODO|FIXME|XXX)\b",
    "a document that is not here": r"\b(?:DESIGN|VOICE|CONTRACTS)(?:\.md)?\b(?! =)"
    r"|\bissue \d|\b[Ss]ection \d+ of the design",
}


def bad_manners(text: str) -> list[str]:
    """What a text should not hold, with the line on which it does."""
    return [
        f"{what}, line {text.count(chr(10), 0, hit.start()) + 1}: {hit[0]!r}"
        for what, pattern in MANNERS.items()
        for hit in re.finditer(pattern, text)
    ]


def test_the_project_speaks_of_itself_alone() -> None:
    found = {
        str(path.relative_to(ROOT)): complaints
        for path in _files()
        if path != Path(__file__) and (complaints := bad_manners(_text(path)))
    }
    assert found == {}


@pytest.mark.parametrize("text", ["see /home/bert/x", "C:\\Users\\bert", "# TODO"])
def test_bad_manners_are_noticed(text: str) -> None:
    assert bad_manners(text)


# -- what the pages promise is there -----------------------------------------------------------

PAGES = ["README.md", "CONTRIBUTING.md", "METHODS.md", "CHANGELOG.md"]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_and_picture_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        name, _, anchor = target.partition("#")
        if "://" in name or name.startswith("mailto:"):
            continue
        assert (ROOT / name).exists(), f"{page} links to {target}"
        if anchor:
            other = (ROOT / (name or page)).read_text(encoding="utf-8")
            assert anchor in _anchors(other), f"{page} links to {target}"


def _anchors(markdown: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", markdown, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_that_a_page_names_exists(page: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][\w-]*):", makefile, flags=re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z][\w-]*)", _page(page), flags=re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_command_that_a_page_names_exists(page: str) -> None:
    cli = pytest.importorskip("servicegap.cli")
    named = set(re.findall(r"servicegap ([a-z]+)\b", " ".join(_code(_page(page)))))
    assert named <= set(cli.main.commands)


def _page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _code(markdown: str) -> list[str]:
    """The code of a page: fenced blocks and code in sentences."""
    fenced = re.findall(r"^```.*?^```", markdown, flags=re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^```.*?^```", "", markdown, flags=re.MULTILINE | re.DOTALL)
    return [*fenced, *re.findall(r"`([^`]+)`", rest)]


def test_every_layer_stands_in_contributing() -> None:
    text = _page("CONTRIBUTING.md")
    assert "tests/test_house.py" in text
    missing = [room for room in PLACE if not room.startswith("_") and f"`{room}`" not in text]
    assert missing == []


# -- METHODS says what the code does -----------------------------------------------------------


def belief_row(head: schema.Headline) -> str:
    """A belief as METHODS has it."""
    delta = "ln 1.2" if head.ratio else f"{head.delta:g}"
    cells = (f"{head.session} `{head.id}`", head.question, head.evidence, head.unit, head.better)
    return f"| {' | '.join(cells)} | {delta} |"


def box_row(scale: schema.Scale) -> str:
    """A scale's boxes as METHODS has them."""
    both = [f"{x:g}" if x == scale.high else f"{x:g} and up" for x in (scale.top, scale.satisfied)]
    name = scale.name.replace("-", "–") if scale.low >= 0 else scale.name.replace("-", "−")
    return f"| {name} | {both[0]} | {both[1]} | `{scale.measure}` |"


@pytest.mark.parametrize("head", schema.HEADLINES.values(), ids=lambda head: head.id)
def test_methods_defines_every_belief_as_the_schema_does(head: schema.Headline) -> None:
    assert belief_row(head) in _page("METHODS.md")


@pytest.mark.parametrize("scale", schema.SCALES.values(), ids=lambda scale: scale.name)
def test_methods_gives_every_scale_its_boxes(scale: schema.Scale) -> None:
    assert box_row(scale) in _page("METHODS.md")


def test_methods_states_the_limits_that_the_code_holds() -> None:
    text = _page("METHODS.md")
    assert (stats.HIDDEN_BELOW, stats.SPEAKS_FROM, stats.ACCOUNTS_FROM) == (5, 10, 5)
    assert (stats.LIKELY, stats.DRAWS, schema.LEAST_PEERS) == (0.90, 4_000, 8)
    assert pytest.approx(0.05 / 12) == verdicts.ALPHA
    assert verdicts.WELL_JUDGED_FROM["accounts"] == 40
    for said in ("≥ 0.90", "4,000 draws", "0.05 ÷ 12", "40 where accounts", "It takes eight"):
        assert said in text
    assert all(f"`{measure}`" in text for measure in schema.PEER_MEASURES)
