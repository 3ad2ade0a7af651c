"""A client of tables in memory is the client of the folder that they would have been written to."""

from __future__ import annotations

import pandas as pd
import pytest
from servicegap.client import Refused, from_frames, load
from servicegap.sessions import benchmarking
from servicegap.simulate import make, write


@pytest.fixture(scope="module", params=["alder-it", "birch-support", "cedar-desk"])
def both(request, tmp_path_factory):
    made = make(request.param, seed=3, size="small")
    folder = write(made, tmp_path_factory.mktemp("client") / request.param)
    return from_frames(made.tables, made.settings, made.superseded), load(folder, sealed=False)


def test_settings_and_tables_are_the_same(both):
    memory, disk = both
    assert memory.settings == disk.settings
    assert memory.as_of == disk.as_of
    assert memory.reads.keys() == disk.reads.keys()
    for name, read in disk.reads.items():
        pd.testing.assert_frame_equal(memory[name], read.frame, check_exact=False)
        assert memory.reads[name].present == read.present
        assert len(memory.reads[name].superseded) == len(read.superseded)


def test_findings_are_the_same(both):
    memory, disk = both
    assert benchmarking.csat(memory).sentence == benchmarking.csat(disk).sentence


def test_nothing_can_be_recorded(both):
    with pytest.raises(Refused):
        both[0].record("csat", 70)
