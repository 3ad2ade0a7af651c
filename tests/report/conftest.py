"""Reports built once for all the tests beside this file."""

import made_notebooks as made
import pytest


@pytest.fixture(scope="session")
def small():
    """The report of sessions 00 and 01."""
    return made.build(made.pair())


@pytest.fixture(scope="session")
def full():
    """The report of all eleven sessions."""
    return made.build(made.series())
