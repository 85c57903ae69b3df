"""constraints.txt pins what pyproject.toml asks for, to versions that it allows."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LINES = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PINS = [Requirement(line) for line in LINES if line and not line.startswith("#")]


def asked() -> list[Requirement]:
    """What the board and all of its extras ask for, the board itself left out."""
    extras = PROJECT["optional-dependencies"].values()
    found = [Requirement(text) for group in [PROJECT["dependencies"], *extras] for text in group]
    return [requirement for requirement in found if requirement.name != PROJECT["name"]]


def test_every_dependency_is_pinned_to_a_version_that_is_allowed() -> None:
    pinned: dict[str, list[str]] = {}
    for pin in PINS:
        (version,) = [specifier.version for specifier in pin.specifier if specifier.operator == "=="]
        pinned.setdefault(canonicalize_name(pin.name), []).append(version)
    assert len(asked()) > 30
    for requirement in asked():
        versions = pinned.get(canonicalize_name(requirement.name), [])
        assert versions, f"{requirement.name} is not in constraints.txt: run .ci/lock."
        assert all(map(requirement.specifier.contains, versions)), f"{requirement} does not allow {versions}."


def test_it_says_nothing_of_where_packages_come_from() -> None:
    assert [line for line in LINES if re.search(r"://|^-|@|\.\w+/", line) and not line.startswith("#")] == []
