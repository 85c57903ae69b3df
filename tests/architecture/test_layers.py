"""Who may import whom, and where SQL may stand: the rooms of docs/architecture.md as failing tests."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]
PACKAGE = sorted((ROOT / "kviboard").rglob("*.py"))
MAY_HOLD_SQL = ("kviboard/warehouse/", "kviboard/board/kvis/sql.py")
BELOW_PAGES = ("duckdb", "sqlalchemy", "pandas", "numpy", "altair", "pyarrow", "kviboard.warehouse", "kviboard.catalog")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported(path: Path) -> tuple[str, ...]:
    names: list[str] = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += (f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(names)


def imports_any(path: Path, modules: tuple[str, ...]) -> list[str]:
    return [name for name in imported(path) if name in modules or name.startswith(tuple(f"{m}." for m in modules))]


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of every string in the code; of an f-string its fixed parts; docstrings left out."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, " … ".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def is_sql(text: str) -> bool:
    words = text.split()
    starts = bool(words) and words[0].lower() in ("select", "with") and "from" in (word.lower() for word in words)
    return starts or ("select" in words and "from" in words[words.index("select") :])


def test_imports_point_one_way() -> None:
    # In a process of its own: the linter sets up logging and silences every logger it finds.
    lint = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"
    done = subprocess.run([sys.executable, "-c", lint], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_streamlit_is_imported_by_the_ui_alone() -> None:
    below = [path for path in PACKAGE if not name_of(path).startswith("kviboard/ui/")]
    assert {name_of(path): found for path in below if (found := imports_any(path, ("streamlit",)))} == {}


def test_the_store_alone_knows_sqlalchemy_and_the_warehouse_alone_duckdb() -> None:
    homes = {"sqlalchemy": "kviboard/store/", "alembic": "kviboard/store/", "duckdb": "kviboard/warehouse/"}
    strays = [
        f"{name_of(path)} imports {library}"
        for path in PACKAGE
        for library, home in homes.items()
        if not name_of(path).startswith(home) and imports_any(path, (library,))
    ]
    assert strays == []


def test_pages_ask_place_and_label_but_never_compute_or_query() -> None:
    assert {name_of(path): found for path in PAGES if (found := imports_any(path, BELOW_PAGES))} == {}


def test_sql_stands_in_queries_and_not_in_python() -> None:
    elsewhere = [path for path in [*PAGES, *PACKAGE] if not name_of(path).startswith(MAY_HOLD_SQL)]
    found = [
        f"{name_of(path)}:{line}: {' '.join(text.split())[:60]}"
        for path in elsewhere
        for line, text in texts(tree_of(path))
        if is_sql(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("select day from daily", True),
        ("WITH x AS (SELECT 1) SELECT * FROM x", True),
        ("-- one row per day\nselect day\nfrom daily", True),
        ("Keep exactly one SELECT.", False),
        ("Choose another period from the list, or select a slice.", False),
    ],
)
def test_sql_is_told_from_prose(text: str, sql: bool) -> None:
    assert is_sql(text) is sql
