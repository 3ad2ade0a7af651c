"""Reports built once for all the tests beside this file."""

import in_process
import made_notebooks as made
import pytest
from servicegap import client, simulate


@pytest.fixture(scope="session")
def small():
    """The report of sessions 00 and 01."""
    return made.build(made.pair())


@pytest.fixture(scope="session")
def full():
    """The report of all eleven sessions."""
    return made.build(made.series())


# -- whole reports of made-up firms, for tests marked slow ---------------------------------------

FIRMS = {  # scenario, size, seed, settings
    "alder-it": ("alder-it", "typical", 11, {}),
    "alder-it-small": ("alder-it", "small", 12, {}),
    "birch-support-small": ("birch-support", "small", 13, {}),
    "cedar-desk": ("cedar-desk", "typical", 14, {}),
    "german": ("alder-it", "typical", 15, {"locale": "de-DE", "currency": "EUR"}),
    "american": ("mundane", "small", 16, {"locale": "en-US", "currency": "USD"}),
    "alder-two-periods": ("alder-it", "typical", 18, {"previous": "before"}),
    "two-periods": ("birch-support", "small", 17, {"previous": "before"}),
}


@pytest.fixture(scope="session")
def reports(tmp_path_factory):
    """The report of each of FIRMS, made when it is first asked for and then shared."""
    kept = {}

    def firm(scenario, size, seed, settings):
        made_up = simulate.make(scenario, seed=seed, size=size)
        own = {k: v for k, v in settings.items() if k != "previous"}
        before = firm(scenario, size, seed + 100, {}) if "previous" in settings else None
        return client.from_frames(
            made_up.tables, made_up.settings | own, made_up.superseded, previous=before
        )

    def report(name):
        if name not in kept:
            scenario, size, seed, settings = FIRMS[name]
            now = firm(scenario, size, seed, settings)
            kept[name] = in_process.report(now, tmp_path_factory.mktemp("handed"))
        return kept[name]

    return report
