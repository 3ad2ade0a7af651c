"""Hostile words in every text of every kind of result: nothing stirs in JupyterLab.

An executed notebook is opened as it was sent, and then run again: what a kernel has just shown is
trusted, and JupyterLab runs what scripts it finds there. The last cell proves that it would.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import cells
import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_notebook, new_output
from servicegap import bundles, charts, load
from servicegap.findings import Figure, Shown, Table, absent_figure, absent_table
from servicegap.sessions import benchmarking, service_gaps

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "report"))
STIRRED = "window.stirred = (window.stirred || 0) + 1"
CONTROL = f"<img src='data:,' onerror='{STIRRED}'><p class='all-shown'>all shown</p>"
OURS = ".sg-card, .sg-figure, .sg-table"
FORBIDDEN = ":is(script, iframe, object, embed, form, base, link, meta, [onload], [onerror])"


def results(text: str, found: list) -> list[dict]:
    """Findings, a figure, a table, what is absent and two cards, hostile all over."""
    forms = []
    for finding in found:
        action = replace(finding.action, what=text, owner=text, id=text)
        headline = replace(finding.headline, label=text, unit=text)
        forms.append(
            replace(finding, title=text, sentence=text, caveats=(text, text), action=action,
                    headline=headline)
        )  # fmt: skip
    data = pd.DataFrame({"who": [text, "you"], "share": [40.0, 60.0]})
    columns = {"who": Shown(text, text), "share": Shown(text, text)}
    figure = Figure(text, text, text, data, columns, lambda: charts.dots([text], [40.0]), id="x")
    table = Table(text, text, data, columns, id="x", session="01")
    absent = [absent_figure(text, text), absent_table(text, text)]
    cards = [bundles.sealed_card(text), bundles.broken_card(text, ValueError(text))]
    return [*(bundles.bundle(r) for r in (*forms, figure, table, *absent)), *cards]


def executed(folder: Path, texts: list[str]) -> tuple[Path, int]:
    """A notebook of all of it, with its outputs in it, a cell a text; and how many outputs."""
    firm = load(ROOT / "data" / "sample" / "alder-it", sealed=False)
    found = [benchmarking.csat(firm), service_gaps.expectations_met(firm)]
    shown = {f"{i:02}": results(text, found) for i, text in enumerate(texts)}
    many = sum(map(len, shown.values()))
    shown["control"] = [{"text/html": CONTROL}]
    cells = []
    for name, forms in shown.items():
        (folder / f"{name}.json").write_text(json.dumps(forms), encoding="utf-8")
        source = (
            "import json, pathlib\nfrom IPython.display import display\n"
            f"for form in json.loads(pathlib.Path('{name}.json').read_text('utf-8')):\n"
            "    display(form, raw=True)"
        )
        outputs = [new_output("display_data", data=form) for form in forms]
        cells.append(new_code_cell(source, outputs=outputs, execution_count=len(cells) + 1))
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    path = folder / "hostile.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
    return path, many


def test_nothing_stirs_in_an_executed_notebook(lab, sitting, look):
    import hostile

    texts = [text for text in hostile.TEXTS if "\ud800" not in text]  # JSON's own limit
    folder = lab.root / "hostile"
    folder.mkdir()
    notebook, many = executed(folder, texts)
    page, happened = sitting.page, []
    page.on("dialog", lambda dialog: (happened.append(dialog.message), dialog.dismiss()))

    def nothing_stirs() -> None:
        page.wait_for_timeout(1_000)
        assert page.locator(OURS).count() == many
        assert page.locator(f":is({OURS}) {FORBIDDEN}").count() == 0
        assert happened == [] and sitting.outside == []

    page.goto(lab.url(notebook))
    ready = page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    ready.wait_for(state="attached")
    page.get_by_text("all shown", exact=True).wait_for(state="attached")
    nothing_stirs()
    assert page.evaluate("window.stirred") is None, "what was sent is not trusted"
    cells.run_all(page)
    page.wait_for_function("window.stirred === 1", timeout=120_000)  # the control: trusted now
    nothing_stirs()
    look(page, "hostile-notebook")
    said = f"{len(texts)} payloads, {many} results, opened and run"
    print(f"{said}: executed 0, external requests {len(sitting.outside)}")
