"""The series of one client reads as one story: the summary and the roadmap say the same first."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path

import nbformat
import pytest
from servicegap import bundles, handing_on, load, schema
from servicegap.client.folder import ROOT
from servicegap.report import content
from servicegap.run import outputs
from servicegap.sessions import referral_roadmap, usp_erosion

pytestmark = pytest.mark.slow
SAMPLES = ("alder-it", "birch-support", "cedar-desk")


def shown(look, client, **options) -> nbformat.NotebookNode:
    data = bundles.bundle(look(client, **options))
    cell = nbformat.v4.new_code_cell("show(…)")
    cell.outputs = [nbformat.v4.new_output("display_data", data=data)]
    return cell


def ran(client, folder: Path) -> dict[str, nbformat.NotebookNode]:
    """What a run leaves of each session that can say anything, the last one reading the others."""
    books = {}
    for number, session in schema.SESSIONS.items():
        path = ROOT / "notebooks" / f"{session.stem}.ipynb"
        if not path.is_file() or all(client.missing(p) for p in session.parts):
            continue
        module = import_module(f"servicegap.sessions.{session.module}")
        names = [h.id for h in session.headlines]
        cells = [shown(getattr(module, name), client) for name in names]
        if number == "10":
            look = referral_roadmap.three_actions
            cells.append(shown(look, client, findings=str(folder)))
        else:
            wanted = handing_on.WANTED.get(number, ())
            cells += [shown(getattr(module, name), client) for name in wanted]
        books[session.stem] = nbformat.v4.new_notebook(cells=cells)
        payloads = [b.payload for b in bundles.read_bundles(books[session.stem])]
        handing_on.hand_on(folder, number, client.as_of.isoformat(), payloads)
    return books


def promised(folder: Path):
    """Alder IT with promises in its own words, and in ours, on what comes first."""
    shutil.copytree("data/sample/alder-it", folder)
    ours = usp_erosion.usp_months_alone(load(folder, sealed=False)).action.what
    kept = {
        "usp_months_alone": ours,
        "good_peer_percentile": "SLA clock: stop it at night. Cost: £5 each time, 4 times.",
        "okay_not_referring": "A moment: cake. Cost: £5 each time, 4 times.",
    }
    client = load(folder, sealed=False)
    for finding, what in kept.items():
        client.promise({"action_id": f"10-{finding}", "finding_id": finding, "what": what,
                        "owner": "service manager", "due": "2026-10-10",
                        "measure_again": "2027-01-10"})  # fmt: skip
    return load(folder, sealed=False)


@pytest.mark.parametrize("sample", [*SAMPLES, "promised"])
def test_the_summary_names_the_same_top_three_as_the_roadmap(sample, tmp_path):
    if sample == "promised":
        client = promised(tmp_path / "alder")
    else:
        client = load(f"data/sample/{sample}", sealed=False)
    books = ran(client, tmp_path)
    facts = content.ClientFacts(
        client.settings.name, client.settings.id, client.as_of, (None, None), "GBP", True, "0"
    )
    report = content.build(books, facts, [], {})
    last = bundles.read_bundles(books[schema.SESSIONS["10"].stem])[-1].payload
    names = [column["name"] for column in last["data"]["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in last["data"]["rows"]]
    assert [a.what for a in report.actions] == [row["what"] for row in rows]
    assert [a.due for a in report.actions] == [row["due"] for row in rows]
    assert [a.cost for a in report.actions] == [row["cost"] for row in rows]
    told = {f["action"]["what"]: f["action"] for f in outputs.findings(books) if f["action"]}
    for action in report.actions:
        known = told[action.what]["cost_low"] is not None
        assert known == (action.cost != "not estimated") == ("£5" not in action.what)
    # and where there is something to fear, that is what the summary quotes and the risks show
    risks = [f.label for f in report.risks]
    assert risks == [row["about"].partition(":")[0] for row in rows][: len(risks)]
    assert all(f.sentence.split(". ")[0] in report.summary[0] for f in report.risks[:2])
