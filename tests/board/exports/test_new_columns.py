"""What is new in an export against the files that are there: renamed columns, of any source."""

from pathlib import Path

from kviboard.board.exports.new_columns import NewShape, new_shape
from kviboard.board.exports.setup import look_at
from kviboard.workspace import load_workspace

ROWS = "".join(f"{n},c{n % 3},2026-01-{n + 10},{n}.50,{'north' if n % 2 else 'south'}\n" for n in range(8))


def shape_of(folder: Path, head: str, rows: str = ROWS) -> NewShape:
    """An export of a till, which is no table of ours, against one that its source has."""
    (folder / "exports").mkdir()
    (folder / "kviboard.toml").write_text("[sources.till]\nfiles = 'exports/till*.csv'\n")
    there, new = folder / "exports" / "till.csv", folder / "till-2.csv"
    there.write_text(f"Order ID,Customer,Date,Total,Shop\n{ROWS}")
    new.write_text(f"{head}\n{rows}")
    workspace = load_workspace(folder)
    before, facts = (look_at([path], "UTC", workspace)[0] for path in (there, new))
    return new_shape(workspace, "till", facts, before)


def test_renamed_columns_are_offered_for_a_source_with_a_name_of_its_own(tmp_path: Path) -> None:
    shape = shape_of(tmp_path, "Order ID,Customer,Date,Amount,Branch")
    assert shape.renamed == (("Total", "Amount", "amount"), ("Shop", "Branch", "Shop"))
    assert not [sentence for sentence in shape.sentences if "no longer" in sentence or "nothing uses" in sentence]


def test_a_column_of_other_values_stands_for_none_that_is_gone(tmp_path: Path) -> None:
    other = ROWS.replace("north", "web").replace("south", "app")
    shape = shape_of(tmp_path, "Order ID,Customer,Date,Total,Channel", other)
    assert shape.renamed == ()
    assert shape.gone == ("Shop",)
