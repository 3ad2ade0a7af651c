"""What tests of several folders share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

# Matrices here are small: threads that wait for each other cost more than they bring.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: nobody waits at the end for one file while the others are through."""
    items.sort(key=lambda item: not any(map(item.get_closest_marker, ("browser", "slow", "real"))))


@pytest.fixture(scope="session")
def playwright() -> Iterator:
    """The one Playwright of a test process; a second beside it refuses to start."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started
