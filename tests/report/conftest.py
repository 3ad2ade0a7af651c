"""Reports built once for all the tests beside this file."""

import made
import pytest

from servicegap.report import content


def build(notebooks, client=made.FACTS, ledgers=made.LEDGERS, statuses=None):
    return content.build(notebooks, client, ledgers, statuses or made.statuses(notebooks))


@pytest.fixture(scope="session")
def small():
    """The report of sessions 00 and 01."""
    return build(made.pair())


@pytest.fixture(scope="session")
def full():
    """The report of all eleven sessions."""
    return build(made.series())
