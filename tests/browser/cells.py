"""Run → Run All Cells, as an attendee does it, on a machine that may have much else to do."""

from __future__ import annotations

SHOWN = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-ExecutionIndicator"
RUNNING = f"document.querySelector('{SHOWN}')?.dataset.status === 'busy'"
PATIENCE = 20_000  # milliseconds


def run_all(page) -> None:
    """Have every cell run; returns when the first one does.

    A busy machine makes JupyterLab ask for the kernel, which is chosen then; or its kernel says
    idle before its connection stands, and what is asked of it is lost without a word: then it is
    asked again, as an attendee would.
    """
    from playwright.sync_api import TimeoutError as Waited

    for left in (2, 1, 0):
        _rest(page)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        try:
            page.wait_for_function(RUNNING, timeout=PATIENCE)
            return
        except Waited:
            if not left:
                raise


def _rest(page) -> None:
    """Wait for a kernel at rest; for a second, since it may be on its way to another."""
    choose = page.get_by_role("button", name="Select", exact=True)
    idle = page.locator(f'{SHOWN}[data-status="idle"]')
    still = 0
    for _ in range(600):
        if choose.is_visible():
            choose.click()
        still = still + 1 if idle.count() and not choose.is_visible() else 0
        if still > 5:
            return
        page.wait_for_timeout(200)
    raise AssertionError("no kernel came to rest in two minutes")
