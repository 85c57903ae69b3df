"""What is long is found, and every module says what it owns."""

import ast
from pathlib import Path

from tests.architecture.sizes import ROOT, long_files, long_functions


def test_long_files_are_found_by_their_kind(tmp_path: Path) -> None:
    for name, lines in {"kviboard/a.py": 251, "kviboard/b.py": 250, "pages/c.py": 61, "queries/kvis/d.sql": 81}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x = 1\n" * lines)
    assert long_files(tmp_path) == {"kviboard/a.py": 251, "pages/c.py": 61, "queries/kvis/d.sql": 81}


def test_of_a_function_neither_docstring_nor_inner_functions_are_counted(tmp_path: Path) -> None:
    def function(name: str, lines: int, first: str = "") -> str:
        body = "".join(f"    x = {number}\n" for number in range(lines - 1))
        return f"def {name}() -> None:\n{first}{body}"

    (tmp_path / "pages").mkdir()
    inner = "    def inner() -> None:\n        pass\n"
    said = '    """One\n    two\n    three"""\n'
    parts = [function("long", 31), function("fine", 30), function("said", 30, said), function("outer", 30, inner)]
    (tmp_path / "pages" / "page.py").write_text("\n".join(parts))
    assert long_functions(tmp_path) == {"pages/page.py: long": 31}


def test_every_module_says_what_it_owns() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in ROOT.glob("kviboard/**/*.py")}
    assert len(sources) > 200
    silent = [path for path, source in sources.items() if source.strip() and not ast.get_docstring(ast.parse(source))]
    assert [path.relative_to(ROOT).as_posix() for path in silent] == []
