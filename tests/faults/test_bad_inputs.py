"""Inputs that mean nothing, each of which once ended in a traceback, in waiting for ever or in silence.

Each gets a sentence that names what and where.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kviboard.catalog import catalog_fingerprint
from kviboard.cli import main
from kviboard.workspace import load_workspace
from tests.warehouse.company import TEN_ORDERS, company, query

KVI = """/*---
title: Mine
value: sum(orders)
unit: number
better: up
needs: [orders]
customer_benefit: They get it.
company_value: It pays.
owner: Sales
decision: Do it.
description: Orders.
{more}
---*/
select * from daily"""
Spoil = Callable[[Path], object]


def said_of(folder: Path, spoil: Spoil, capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """What a command says of a sound workspace that was spoiled; it must fail."""
    company(folder, orders_csv=TEN_ORDERS)
    spoil(folder)
    assert main([*(command or ["check"]), "--workspace", str(folder)]) in (1, 2)
    said = capsys.readouterr()
    return said.out + said.err


def settings(text: str) -> Spoil:
    def spoil(folder: Path) -> None:
        with (folder / "kviboard.toml").open("a") as config:
            config.write(f"\n{text}\n")

    return spoil


def link(name: str, target: str) -> Spoil:
    def spoil(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(target)

    return spoil


def pipe(folder: Path) -> None:
    (folder / "exports" / "orders.csv").unlink()
    os.mkfifo(folder / "exports" / "orders.csv")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda folder: (folder / "queries/kvis/a.sql").mkdir(parents=True), "queries/kvis/a.sql: cannot be read"),
        (lambda folder: (folder / "queries/checks/a.sql").mkdir(parents=True), "queries/checks/a.sql: cannot be read"),
        (link("queries/kvis/a.sql", "/nowhere"), "queries/kvis/a.sql: cannot be read (No such file or directory)"),
        (link("queries/themes/a.txt", "/nowhere"), "queries/themes/a.txt: cannot be read (No such file or directory)"),
        (link("exports/orders.csv", "/dev/zero"), "exports/orders.csv: is a device or a pipe and no file"),
        (pipe, "exports/orders.csv: is a device or a pipe and no file"),
        (settings("[engine]\nmemory_gb = 1e300"), "[engine] memory_gb: found 1e+300"),
        (settings("[engine]\nthreads = 100000"), "[engine] threads: found 100000"),
        (settings('[access]\nadmins = ["a@b.example"]\n[sign_in]\nheader = "X A:"'), "is no name of a header"),
        (lambda folder: query(folder, "kvis/a.sql", KVI.format(more="range: [100, 0]")), "lowest value comes first"),
    ],
)  # fmt: skip
def test_check_says_what_is_wrong_and_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Spoil, sentence: str
) -> None:
    assert sentence in said_of(tmp_path, spoil, capsys)
    if "[" not in sentence and "header" not in sentence:
        assert catalog_fingerprint(load_workspace(tmp_path))  # which pages ask for


def test_commands_say_what_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deep = tmp_path / "deep.json"
    deep.write_text("[" * 100_000)

    def nothing(folder: Path) -> None: ...

    assert "is a folder: name the file" in said_of(tmp_path, nothing, capsys, "backup", "/")
    assert "is not a whole export file" in said_of(tmp_path, nothing, capsys, "okrs", "import", str(deep))


def test_a_workspace_that_no_folder_can_be_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--workspace", "/tmp/" + "a" * 5_000]) == 1
    assert "cannot be a workspace" in capsys.readouterr().err
