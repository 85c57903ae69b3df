"""A few bombs of each run; `python -m tests.faults.bombs` tries all of them, with their times."""

import sys
from pathlib import Path

import pytest

from tests.faults.bombs import MEGABYTES, SECONDS, explode

QUICK = ["xlsx: no rows", "xml: a billion laughs", "json: depth", "yaml: aliases", "toml: depth", "sql: depth"]
PATIENCE = 3  # the machine of a test run does other things, too


@pytest.mark.skipif(sys.platform != "linux", reason="its memory is measured as Linux counts it")
@pytest.mark.parametrize("name", QUICK)
def test_a_bomb_is_refused_in_a_sentence_and_takes_little(tmp_path: Path, name: str) -> None:
    code, seconds, megabytes, said = explode(name, tmp_path)
    assert code == 1
    assert "Traceback" not in said
    assert said
    assert seconds <= PATIENCE * SECONDS
    assert megabytes <= MEGABYTES
