"""What lies in a published report: its three forms, findings, notebooks and what it says of itself.

Made from executed, scrubbed notebooks and what the client's folder held; nothing is recomputed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servicegap.run import Failed, plan, publish, sending

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from servicegap.client import Client
    from servicegap.report.model import Approval
    from servicegap.run.sources import Sources

FORMATS = {"html": "report.html", "pdf": "report.pdf", "pptx": "deck.pptx"}
FINDING = (
    *("id", "session", "title", "sentence", "better", "belief", "evidence", "gap", "verdict"),
    *("strength", "change", "caveats", "referral_effect", "action"),
)


def files(
    formats: Iterable[str],
    notebooks: Mapping[str, NotebookNode],
    client: Client,
    statuses: Mapping[str, plan.Status],
    read: Sources,
    seen: Approval | None,
    scratch: Path,
) -> dict[str, bytes]:
    """Return name → content of everything that is published, except the manifest.

    Args: read, the brand and the consultant's words; seen, the approval that holds, if any;
    scratch, a folder for what is needed on the way.
    """
    import nbformat

    from servicegap import measures
    from servicegap.report import content

    names = ("table", "file", "read", "kept", "rejected", "excluded", "reasons", "blanked")
    kept = measures.ledgers(client).values()
    ledgers = [{n: getattr(ledger, n) for n in names} for ledger in kept]
    facts = replace(_facts(client), brand=read.branding.brand, approval=seen, notes=read.notes)
    report = content.build(notebooks, facts, ledgers, _as_dicts(statuses))
    made = {
        FORMATS[form]: _rendered(form, report, scratch) for form in FORMATS if form in set(formats)
    }
    end = client.settings.period_end or client.as_of
    made |= sending.copies(made, client.settings.name, end, draft=seen is None)
    made["findings.json"] = publish.as_json(findings(notebooks))
    for stem, notebook in notebooks.items():
        made[f"notebooks/{stem}.ipynb"] = f"{nbformat.writes(notebook)}\n".encode()
    return made


def findings(notebooks: Mapping[str, NotebookNode]) -> list[dict[str, Any]]:
    """Return every finding of executed notebooks (by stem), as it stands in `findings.json`.

    `source` gives the notebook, and the cell in it, counted from 0; `referral_effect` is taken from
    what the last session says of each gap.
    """
    from servicegap import handing_on
    from servicegap.bundles import read_bundles

    found = [(stem, b) for stem, notebook in notebooks.items() for b in read_bundles(notebook)]
    effects = handing_on.effects(bundle.payload for _, bundle in found)
    return [
        {name: bundle.payload.get(name) for name in FINDING}
        | {"referral_effect": effects.get(bundle.payload["id"])}
        | {"source": {"notebook": f"notebooks/{stem}.ipynb", "cell": bundle.cell}}
        for stem, bundle in found
        if bundle.payload["kind"] == "finding"
    ]


def manifest(
    client: Client, key: str, inputs: Mapping[str, str], statuses: Mapping[str, plan.Status]
) -> dict[str, Any]:
    """Return what a report says of itself; publishing adds the hashes of its `outputs`."""
    from servicegap import measures

    counts = ("read", "kept", "rejected", "excluded")
    return {
        "client": client.settings.name,
        "id": client.settings.id,
        "version": plan.version(),
        "as_of": client.as_of.isoformat(),
        "key": key,
        "inputs": dict(inputs),
        "sessions": _as_dicts(statuses),
        "ledger": {
            name: {count: getattr(ledger, count) for count in counts}
            for name, ledger in measures.ledgers(client).items()
        },
    }


def _as_dicts(statuses: Mapping[str, plan.Status]) -> dict[str, dict[str, str]]:
    return {stem: {"status": s.status, "reason": s.reason} for stem, s in statuses.items()}


def _facts(client: Client) -> Any:
    """What the report must know of the client besides the notebooks."""
    from servicegap.report.content import ClientFacts, Promise

    s = client.settings
    return ClientFacts(
        name=s.name,
        id=s.id,
        as_of=client.as_of,
        period=(s.period_start, s.period_end),
        currency=s.currency,
        locale=s.locale,
        made_up=s.made_up,
        version=plan.version(),
        promised=tuple(Promise(*row) for row in _promised(client)),
        about=s.notes or "",
    )


def _promised(client: Client) -> Iterable[tuple[Any, ...]]:
    """What should be done by now: text, owner, due, done on, result; in the file's order."""
    rows = client["commitments"]
    for row in rows.astype(object).where(rows.notna(), None).to_dict("records"):
        due, done = (row[name] and row[name].date() for name in ("due", "done_on"))
        if done or (due and due <= client.as_of):
            yield row["what"], row["owner"] or "", due, done, row["result"] or ""


def _rendered(form: str, report: Any, scratch: Path) -> bytes:
    """One form of the report; each brings its own imports, so only what is asked for is loaded."""
    try:
        if form == "html":
            from servicegap.report import html

            return html.render(report).encode()
        if form == "pdf":
            from servicegap.report import pdf

            return pdf.render(report, scratch)
        from servicegap.report import pptx

        return pptx.render(report)
    except Exception as error:
        raise Failed(f"The {form.upper()} could not be made ({type(error).__name__}).") from error
