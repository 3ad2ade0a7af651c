"""One kernel for all sessions of a client: each time as good as new, or replaced."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import fake_notebooks
import nbformat
import psutil
import pytest
from servicegap import editions, schema
from servicegap.client import ROOT
from servicegap.run import Failed, plan, scrub
from servicegap.run.execute import Limits, Place
from servicegap.run.kernels import fresh_kernels, one_kernel
from servicegap.run.processes import MARK, kill_marked

pytestmark = pytest.mark.slow

# What a session may leave behind, and what the next one must find.
DIRT = """# Leave everything lying about
import builtins, decimal, gc, logging, os, random, signal, sys, warnings
import matplotlib as mpl, numpy as np, pandas as pd
from matplotlib import pyplot as plt
from IPython import get_ipython

left_behind = 1
np.random.seed(3); random.seed(3)
np.seterr(all="ignore"); np.set_printoptions(precision=1)
mpl.rcParams["figure.dpi"] = 37; plt.figure()
pd.set_option("display.max_rows", 3)
warnings.simplefilter("error")
os.chdir("/"); os.environ["LEFT"] = "behind"; os.environ.pop("MPLBACKEND")
sys.path.insert(0, "/left"); sys.setrecursionlimit(5000)
decimal.getcontext().prec = 3
logging.getLogger().setLevel(1); logging.getLogger("left").addHandler(logging.StreamHandler())
logging.disable(logging.CRITICAL)
builtins.left = 1; builtins.copyright = 7
gc.disable(); signal.signal(signal.SIGTERM, signal.SIG_IGN)
sys.displayhook = print; sys.stdout = sys.stderr
shell = get_ipython()
shell.events.register("pre_run_cell", lambda info: None)
shell.ast_node_interactivity = "all"
shell.display_formatter.formatters["text/html"].for_type(int, lambda x: "left")
shell.register_magic_function(lambda line: 1, magic_name="left")
shell.input_transformers_post.append(lambda lines: lines)
"""
LOOK = """# Look around
import builtins, decimal, gc, json, logging, os, random, signal, sys, warnings
import matplotlib as mpl, numpy as np, pandas as pd
from matplotlib import pyplot as plt
from IPython import get_ipython
shell = get_ipython()
seen = {
    "names": sorted(n for n in shell.user_ns if "left" in n or n in ("DIRT", "_2", "Out2")),
    "count": shell.execution_count, "outputs": len(shell.user_ns["Out"]),
    "np": np.geterr(), "precision": np.get_printoptions()["precision"],
    "dpi": mpl.rcParams["figure.dpi"], "figures": plt.get_fignums(),
    "rows": pd.get_option("display.max_rows"),
    "filters": [str(f) for f in warnings.filters if f[0] == "error"],
    "cwd": os.path.basename(os.getcwd())[:3],
    "env": [os.environ.get("LEFT"), os.environ["MPLBACKEND"]],
    "path": "/left" in sys.path, "limit": sys.getrecursionlimit(),
    "decimal": decimal.getcontext().prec,
    "log": [logging.getLogger().level, len(logging.getLogger("left").handlers),
            logging.getLogger().manager.disable],
    "builtins": [hasattr(builtins, "left"), builtins.copyright == 7],
    "gc": gc.isenabled(), "term": signal.getsignal(signal.SIGTERM) == signal.SIG_DFL,
    "hooks": [sys.displayhook is print, sys.stdout is sys.stderr],
    "callbacks": sorted(f.__name__ for f in shell.events.callbacks["pre_run_cell"]),
    "switch": shell.ast_node_interactivity,
    "printers": int in shell.display_formatter.formatters["text/html"].type_printers,
    "magic": "left" in shell.magics_manager.magics["line"],
    "transforms": len(shell.input_transformers_post),
}
print(json.dumps(seen)); print(os.getpid(), random.random(), np.random.random())
"""


@pytest.fixture
def place(tmp_path):
    (tmp_path / "scratch").mkdir()
    place = Place(tmp_path / "scratch", f"test-{uuid.uuid4().hex}")
    yield place
    left = [p for p in psutil.process_iter() if _marked(p, place.mark)]
    kill_marked(place.mark)
    assert not left, "the executor ends its kernels"


def _marked(process: psutil.Process, mark: str) -> bool:
    try:
        return process.environ().get(MARK) == mark
    except (psutil.Error, OSError):
        return False


def fake(number: str, source: str) -> nbformat.NotebookNode:
    return editions.report_edition(fake_notebooks.notebook(number, fake_notebooks.code(source)))


def printed(notebook: nbformat.NotebookNode) -> list[str]:
    texts = [o.text for c in notebook.cells for o in c.get("outputs", ()) if "text" in o]
    return "".join(texts).splitlines()


def run(executor, number: str, source: str) -> list[str]:
    return printed(executor(schema.SESSIONS[number], fake(number, source), {"sealed": False}))


def test_nothing_leaks_from_one_session_into_the_next(place):
    """What a session sees after a dirty one is what it sees in a kernel of its own."""
    with one_kernel(place, Limits(cell=60)) as executor:
        first, *before = run(executor, "00", LOOK)
        run(executor, "01", DIRT)
        second, *after = run(executor, "00", LOOK)
    with fresh_kernels(place, Limits()) as executor:
        alone, *_ = run(executor, "00", LOOK)
    assert json.loads(second) == json.loads(alone) == json.loads(first)
    assert before[0].split()[0] == after[0].split()[0], "it was the same kernel"
    assert before[0].split()[1:] != after[0].split()[1:], "nobody's seed was left"


@pytest.mark.parametrize(
    "source",
    {
        "threads": "import threading, time\n"
        "threading.Thread(target=time.sleep, args=(99,)).start()",
        "children": "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', "
        "'import time; time.sleep(99)'])",
        "death": "import os, threading\nthreading.Timer(.5, os._exit, (3,)).start()",
    }.items(),
    ids=lambda item: item[0],
)  # fmt: skip
def test_a_kernel_that_cannot_be_cleaned_makes_way_for_a_new_one(place, source):
    pid = "import os\nprint(os.getpid())"
    with one_kernel(place, Limits()) as executor:
        (first,) = run(executor, "00", pid)
        run(executor, "00", f"{source[1]}\nimport time; time.sleep(.3)")
        (after,) = run(executor, "01", pid)
        (again,) = run(executor, "00", pid)
    assert first != after == again
    assert "makes way for a new one" in place.words.read_text()


def test_a_session_that_fails_takes_its_kernel_along(place):
    with one_kernel(place, Limits()) as executor:
        with pytest.raises(Failed, match="failed at “Divide”"):
            run(executor, "00", "# Divide\n1 / 0")
        assert not [p for p in psutil.process_iter() if _marked(p, place.mark)]


def test_real_sessions_are_the_same_in_one_kernel_in_any_order_as_in_kernels_of_their_own(place):
    notebooks = plan.available(ROOT / "notebooks")
    chosen = [n for n in ("00", "01", "07", "08") if n in notebooks]
    given = {"folder": str(ROOT / "data/sample/alder-it"), "sealed": False}

    def made(way, order: list[str]) -> dict[str, nbformat.NotebookNode]:
        with way(place, Limits()) as executor:
            done = {n: executor(schema.SESSIONS[n], _edition(notebooks[n]), given) for n in order}
        return {n: scrub.scrubbed(done[n], {}) for n in sorted(done)}

    assert made(one_kernel, chosen[::-1]) == made(fresh_kernels, chosen)
    assert not place.words.exists() or "makes way" not in place.words.read_text()


def _edition(path: Path) -> nbformat.NotebookNode:
    return editions.report_edition(nbformat.read(path, as_version=4))
