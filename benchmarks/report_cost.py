"""What do one client's three forms cost, beyond executing its notebooks?

    python -m benchmarks.report_cost [REPORT_FOLDER CLIENT_FOLDER] [--runs 5]

CPU seconds (of this process and its children) to make the content model and each form from executed
notebooks; without folders the eleven made-up notebooks of the tests. *First* includes every import
that the form needs; *least* and *median* are of the runs after it. Bytes of all runs are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def spent() -> float:
    """CPU seconds of this process and of its children that have ended."""
    return sum(os.times()[:4])


def of_folders(report: Path, client: Path) -> Callable[[], Any]:
    """What makes the model of a published report anew."""
    import nbformat
    from servicegap import measures
    from servicegap.client import load
    from servicegap.report import content
    from servicegap.run import outputs

    books = {p.stem: nbformat.read(p, as_version=4) for p in report.glob("notebooks/*.ipynb")}
    statuses = json.loads((report / "manifest.json").read_text())["sessions"]
    own = load(client, sealed=False)
    names = ("table", "file", "read", "kept", "rejected", "excluded", "reasons", "blanked")
    ledgers = [{n: getattr(row, n) for n in names} for row in measures.ledgers(own).values()]
    return lambda: content.build(books, outputs._facts(own), ledgers, statuses)


def made_up() -> Callable[[], Any]:
    """What makes the model of the tests' eleven notebooks."""
    sys.path.insert(0, str(ROOT / "tests" / "report"))
    import made_notebooks as made

    books = made.series()
    return lambda: made.build(books)


def html(report: Any) -> bytes:
    """The page."""
    from servicegap.report import html

    return html.render(report).encode()


def pdf(report: Any) -> bytes:
    """The pages."""
    from servicegap.report import pdf

    return pdf.render(report)


def pptx(report: Any) -> bytes:
    """The slides."""
    from servicegap.report import pptx

    return pptx.render(report)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    build = of_folders(*asked.folders) if asked.folders else made_up()
    steps: dict[str, list[float]] = {"model": [], "html": [], "pdf": [], "pptx": []}
    seen: dict[str, set[bytes]] = {"html": set(), "pdf": set(), "pptx": set()}
    for _ in range(asked.runs + 1):
        start = spent()
        report = build()
        steps["model"].append(spent() - start)
        for form in (html, pdf, pptx):
            start = spent()
            seen[form.__name__].add(form(report))
            steps[form.__name__].append(spent() - start)
    steps["all"] = [sum(times) for times in zip(*steps.values(), strict=True)]
    print(f"{'CPU s':8}{'first':>8}{'least':>8}{'median':>8}   bytes the same every time")
    for name, times in steps.items():
        same = "" if name not in seen else "yes" if len(seen[name]) == 1 else "NO"
        later = times[1:]
        print(f"{name:8}{times[0]:8.2f}{min(later):8.2f}{statistics.median(later):8.2f}   {same}")


if __name__ == "__main__":
    main()
