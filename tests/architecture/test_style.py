"""Types, lint and SQL style, checked by the tools that own them."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "tool",
    [
        ("mypy",),
        ("ruff", "check", "--output-format", "concise", "."),
        ("sqlfluff", "lint", "queries", "--disable-progress-bar"),
    ],
    ids=lambda tool: str(tool[0]),
)
def test_the_code_is_clean_under(tool: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-m", *tool], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_tests_of_the_quick_check_are_there() -> None:
    pure = runpy.run_path(str(ROOT / "check"))["PURE"]
    assert len(pure) > 3
    assert [name for name in pure if not (ROOT / "tests" / name).exists()] == []
