"""HTML is written as f-strings of small pieces; what comes from data passes `components.markup.text` on its way in.

A builder would escape for HTML alone: pages are Markdown too, whose directives begin with a colon or a dollar sign.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CODE = Path(__file__).parents[2] / "kviboard"
_TAG = re.compile(r"</?[a-z][a-z0-9]*[ >\"/]")
# Words of ours and numbers: tones and states, places in a drawing, ids and lines, names of groups and outcomes.
HARMLESS = {
    "ICONS[of]", "places[-1][0]", "places[-1][1]", "tile.tone", "figure.tone", "block.tone", "cell.tone",
    "TONES[view.status]", "_TONES[move.direction]", "view.record.id", "fate.line", "row['band']", "ROW_OUTCOMES[name]",
    "file.change", "prediction.confidence", "GROUPS[group]",
}  # fmt: skip


def unescaped(source: str) -> set[str]:
    """Fields and items that an f-string with a tag in it takes as they are."""
    tree = ast.parse(source)
    return {
        ast.unparse(value)
        for string in ast.walk(tree)
        if isinstance(string, ast.JoinedStr) and _TAG.search("".join(_constants(string)))
        for part in string.values
        if isinstance(part, ast.FormattedValue) and part.format_spec is None
        for value in _values(part.value)
        if isinstance(value, ast.Attribute | ast.Subscript)
    }


def _constants(string: ast.JoinedStr) -> Iterator[str]:
    return (str(part.value) for part in string.values if isinstance(part, ast.Constant))


def _values(expression: ast.expr) -> Iterator[ast.expr]:
    """What an expression may come to: both sides of `or`, `+` and `if`."""
    match expression:
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            yield from (*_values(one), *_values(other))
        case ast.BoolOp(values=values):
            for value in values:
                yield from _values(value)
        case _:
            yield expression


def test_no_field_enters_html_unescaped() -> None:
    found = {path: unescaped(path.read_text(encoding="utf-8")) - HARMLESS for path in CODE.rglob("*.py")}
    of_stories = {"self.role", "self.want", "self.benefit"}  # a pattern in words, whose blanks are <role> and the like
    assert {path.name: fields - of_stories for path, fields in found.items() if fields - of_stories} == {}


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        ("f'<p>{text(tile.title)}</p>'", set()),
        ("f'<p>{tile.title}</p>'", {"tile.title"}),
        ("f'<b>{name or tile.title}</b>'", {"tile.title"}),
        ("f'<b>{row[0] if row else row[1]}</b>'", {"row[0]", "row[1]"}),
        ("f'{tile.title}: {tile.value}'", set()),
        ("f'<i>{grade.value:.1f}</i>'", set()),
    ],
)
def test_fields_are_found_where_they_stand(source: str, fields: set[str]) -> None:
    assert unescaped(source) == fields
