"""Nothing grows past the size at which it does a second thing."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULE_LINES, PAGE_LINES, QUERY_LINES, FUNCTION_LINES = 250, 60, 80, 30


def longer_than(limit: int, *patterns: str) -> dict[str, int]:
    """Files with more lines than `limit`, with their number of lines."""
    sizes = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for pattern in patterns
        for path in sorted(ROOT.glob(pattern))
    }
    assert sizes, "the patterns match no file"
    return {name: lines for name, lines in sizes.items() if lines > limit}


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and lines of each function, from its `def` to its end, the docstring and inner functions not counted."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = [child for child in ast.walk(node) if child is not node]
            left_out = [child for child in inner if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)]
            if ast.get_docstring(node) is not None:
                left_out.append(node.body[0])
            yield node.name, lines_of(node) - sum(map(lines_of, left_out))


def lines_of(node: ast.AST) -> int:
    return int(node.end_lineno - node.lineno + 1)  # type: ignore[attr-defined]


def test_modules_stay_small() -> None:
    assert longer_than(MODULE_LINES, "kviboard/**/*.py", "sample_data/**/*.py") == {}


def test_pages_stay_thin() -> None:
    assert longer_than(PAGE_LINES, "app.py", "pages/*.py") == {}


def test_queries_stay_readable() -> None:
    assert longer_than(QUERY_LINES, "queries/**/*.sql") == {}


def test_functions_stay_short() -> None:
    modules = [*ROOT.glob("*.py"), *ROOT.glob("pages/*.py"), *ROOT.glob("kviboard/**/*.py")]
    long = {
        f"{path.relative_to(ROOT).as_posix()}: {name}": lines
        for path in [*modules, *ROOT.glob("sample_data/**/*.py")]
        for name, lines in functions(path)
        if lines > FUNCTION_LINES
    }
    assert long == {}


def test_every_module_says_what_it_owns() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in ROOT.glob("kviboard/**/*.py")}
    silent = [path for path, source in sources.items() if source.strip() and not ast.get_docstring(ast.parse(source))]
    assert [path.relative_to(ROOT).as_posix() for path in silent] == []
