"""README and docs/ say what exists: pages, commands, KVIs, settings, tables, rooms. What is out of date fails."""

import argparse
import ast
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from kviboard import cli
from kviboard.catalog import load_catalog
from kviboard.domain.access import PERMISSIONS
from kviboard.domain.contract import CONTRACT, SURVEY_KINDS
from kviboard.ui.sections import SECTIONS
from kviboard.workspace import SAMPLE_WORKSPACE, Workspace, load_workspace
from tests.benchmarks import against

ROOT = Path(__file__).parents[2]
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
}


def section(page: str, title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGES[page], re.M | re.S)
    assert found, f'{page} has no section "{title}"'
    return found[1]


def table(page: str, title: str) -> list[list[str]]:
    """The rows of the section's first table, without its head, as they are written."""
    lines = [line for line in section(page, title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def first_column(page: str, title: str) -> list[str]:
    return [row[0].strip("`") for row in table(page, title)]


def command_under(page: str, title: str) -> str:
    found = re.search(r"^```sh\n(.*?)^```", section(page, title), re.M | re.S)
    assert found
    return found[1].strip()


def settings(model: type[BaseModel] = Workspace, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every key of kviboard.toml, as the README writes it, with its default."""
    for name, field in model.model_fields.items():
        inner, key = inner_model(field), f"{prefix}{name}"
        if inner is None and name not in ("root", "state"):
            yield key, default_text(field)
        elif inner is not None:
            many = {
                "segments": "[segments.NAME] ",
                "sources": "[sources.NAME] ",
                "targets": "[[targets]] ",
                "digests": "[[mail.digests]] ",
                "reminders": "[[mail.reminders]] ",
            }
            many |= {survey: f"[surveys.{survey}] " for survey in SURVEY_KINDS}
            yield from settings(inner, many.get(name, f"[{name}] "))


def inner_model(field: FieldInfo) -> type[BaseModel] | None:
    kinds = [field.annotation, *get_args(field.annotation)]
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def default_text(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    default: Any = field.default
    return f"`{default}`" if default not in (None, "", (), {}, SecretStr("")) else ""


def test_every_page_is_listed_in_the_order_of_the_menu() -> None:
    assert first_column("README.md", "Pages") == [title for pages in SECTIONS.values() for _, title, *_ in pages]


def test_every_command_is_listed() -> None:
    parser = cli._parser()
    commands = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    assert first_column("docs/commands.md", "All commands") == [
        "kviboard",
        *(f"kviboard {name}" for name in commands.choices),
    ]


def test_every_kvi_is_listed_with_its_direction_and_needs() -> None:
    own = {path.stem for path in (SAMPLE_WORKSPACE / "queries" / "kvis").glob("*.sql")}
    kvis = {name: kvi for name, kvi in load_catalog(load_workspace()).kvis.items() if name not in own}
    listed = {row[0].strip("`"): (row[2], set(row[3].split(", "))) for row in table("docs/kvis.md", "Built-in KVIs")}
    assert listed == {name: (kvi.better, set(kvi.needs)) for name, kvi in kvis.items()}


def test_every_view_is_listed_with_its_needs() -> None:
    listed = {row[0].strip("`"): (row[2], row[3]) for row in table("docs/views.md", "Built-in views")}
    views = load_catalog(load_workspace()).views
    assert listed == {n: (", ".join(v.needs), "yes" if v.is_sliced else "no") for n, v in sorted(views.items())}


def test_every_setting_is_listed_with_its_default() -> None:
    assert {row[0].strip("`"): row[1] for row in table("docs/settings.md", "All settings")} == dict(settings())


def test_every_right_is_listed_with_its_role() -> None:
    rows = table("docs/deployment.md", "Who may do what")
    assert {row[0].strip("`"): (row[1], row[2]) for row in rows} == PERMISSIONS


def test_every_table_is_listed_with_its_columns() -> None:
    listed = {
        row[0].strip("`"): re.sub(r"\(.*?\)", "", row[2]).split(",") for row in table("docs/exports.md", "Tables")
    }
    assert listed.keys() == CONTRACT.keys()
    for name, contract in CONTRACT.items():
        columns = [f"**{column.name}**" if column.required else column.name for column in contract.columns]
        assert [column.strip() for column in listed[name]][: len(columns)] == columns


def test_the_rooms_it_names_exist() -> None:
    named = re.findall(r"`([\w/.]+)`", " ".join(row[0] for row in table("docs/architecture.md", "Rooms")))
    assert [room for room in named if not (ROOT / room).exists()] == []


@pytest.mark.parametrize("page", sorted(PAGES))
def test_the_pictures_and_files_it_links_to_exist(page: str) -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", PAGES[page]) if "://" not in link]
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


def test_the_readme_leads_to_every_page_of_the_docs() -> None:
    links = re.findall(r"\]\(([^)#]+\.md)\)", PAGES["README.md"])
    assert set(links) == PAGES.keys() - {"README.md"}


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_the_files_and_functions_it_names_are_in_the_code(page: str) -> None:
    """A path in backquotes exists; `path.py: name` names a function or class that the file defines."""
    prose = re.sub(r"^```.*?^```", "", PAGES[page], flags=re.M | re.S)
    place = r"`((?:kviboard|pages|queries|tests|sample_data)/[\w/]*(?:\.\w+)?(?:: \w+)?)`"
    places = re.findall(place, prose)
    assert len(places) > 5
    assert [place for place in places if not is_in_the_code(place)] == []


def is_in_the_code(place: str) -> bool:
    path, _, name = place.partition(": ")
    if not name or not (ROOT / path).is_file():
        return not name and (ROOT / path).exists()
    nodes = ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
    return any(isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name for node in nodes)


def test_every_room_says_what_lives_there() -> None:
    rooms = {path.parent for path in (ROOT / "kviboard").rglob("*.py") if "migrations" not in path.parts}
    silent = [room.name for room in rooms if not ast.get_docstring(ast.parse((room / "__init__.py").read_text()))]
    assert silent == []


def test_every_benchmark_is_named() -> None:
    named = re.findall(r"-m tests\.benchmarks\.(\w+)", section("CONTRIBUTING.md", "Benchmarks"))
    programs = [
        path.stem for path in (ROOT / "tests" / "benchmarks").glob("*.py") if "    parser = " in path.read_text()
    ]
    assert sorted(set(named)) == sorted(programs)


def test_the_readme_compares_as_the_benchmark_prints_it_and_says_when_and_where() -> None:
    said = section("README.md", "How fast")
    heads = re.search(r"^\| \|(.+)\|$", said, re.M)
    assert heads
    assert tuple(cell.strip() for cell in heads[1].split("|")) == against.HEADS[1:]
    assert first_column("README.md", "How fast") == [against.BOARD, against.PLAIN, against.SUPERSET, against.STATIC]
    assert re.search(r"Medians of \d+ rounds; \d{4}-\d\d-\d\d, \w+ on \d+ cores, load \d+", said)
    assert "-m tests.benchmarks.against" in said


def test_ci_runs_the_readmes_test_command_in_a_new_folder_and_fails_when_it_fails(tmp_path: Path) -> None:
    if shutil.which("bash") is None:
        pytest.fail(".ci/run is a bash script; install bash to test it.")
    stand_in = tmp_path / "python3"
    stand_in.write_text("#!/bin/sh\nexit 3\n")
    stand_in.chmod(0o755)
    surroundings = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", ROOT / ".ci" / "run"], env=surroundings, capture_output=True, text=True, timeout=60)
    command = command_under("README.md", "Tests")
    folder = re.search(r"^\+ python3 -m venv (\S+)/venv ", done.stdout)
    assert folder
    assert done.stdout.strip() == "+ " + command.replace(".venv", f"{folder[1]}/venv")
    assert not Path(folder[1]).exists()
    assert done.returncode == 3


def test_the_page_of_pictures_shows_every_page() -> None:
    titles = [title for pages in SECTIONS.values() for _, title, *_ in pages]
    assert [title for title in titles if f"| {title} | ![{title} on a desk]" not in PAGES["docs/pictures.md"]] == []
