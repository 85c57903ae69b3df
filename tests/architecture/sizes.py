"""Advice on what grew so long that it may do a second thing: `python -m tests.architecture.sizes`. Never a failure."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE_LINES = {  # the most lines that a file needs for one thing, by pattern
    "kviboard/**/*.py": 250,
    "sample_data/**/*.py": 250,
    "app.py": 60,
    "pages/*.py": 60,
    "queries/**/*.sql": 80,
}
FUNCTION_LINES = 30


def long_files(root: Path) -> dict[str, int]:
    """Files with more lines than they need, with their number of lines."""
    return {
        path.relative_to(root).as_posix(): lines
        for pattern, most in FILE_LINES.items()
        for path in sorted(root.glob(pattern))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > most
    }


def long_functions(root: Path) -> dict[str, int]:
    """Functions with more lines than they need, as `path: name`, with their number of lines."""
    modules = [path for pattern in FILE_LINES if pattern.endswith(".py") for path in sorted(root.glob(pattern))]
    return {
        f"{path.relative_to(root).as_posix()}: {name}": lines
        for path in modules
        for name, lines in functions(path)
        if lines > FUNCTION_LINES
    }


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and lines of each function, from its `def` to its end, the docstring and inner functions not counted."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = [child for child in ast.walk(node) if child is not node]
            left_out: list[ast.stmt] = [c for c in inner if isinstance(c, ast.FunctionDef | ast.AsyncFunctionDef)]
            if ast.get_docstring(node) is not None:
                left_out.append(node.body[0])
            yield node.name, _lines_of(node) - sum(map(_lines_of, left_out))


def _lines_of(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def main() -> None:
    long = long_files(ROOT) | long_functions(ROOT)
    for name, lines in long.items():
        print(f"advice  {name} has {lines} lines: does it do one thing?")


if __name__ == "__main__":
    main()
