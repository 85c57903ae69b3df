"""OKRs out as a table: every objective, key result and check-in, each with what was said about it, a row each."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from kviboard.board.okrs.tables import columns
from kviboard.board.okrs.tables.cells import Cells, as_exact, moment_text, number_text, plan_text, where_text
from kviboard.domain.formatting import without_formula
from kviboard.domain.okrs import model as okr
from kviboard.errors import StoreError
from kviboard.files import write_atomically
from kviboard.store import CheckIn, Comment, Cycle, Guardrail, KeyResult, Objective, ObjectiveRow, Store, TargetChange

NOWHERE: Mapping[int, Cells] = MappingProxyType({})


@dataclass(frozen=True)
class _Said:
    """All that was said about objectives and key results, by their numbers."""

    titles: dict[int, str]
    of_objectives: list[Comment]
    of_key_results: list[Comment]


def okr_table(store: Store, stands: Mapping[int, Cells] = NOWHERE) -> pd.DataFrame:
    """Everything about objectives and key results that are not archived, as text that can be read again; `stands` is
    where key results stand (`standing`)."""
    found = [(cycle, row) for cycle in store.cycles.all() for row in store.objectives_of(cycle.id)]
    measures = [each.key_result.id for _, row in found for each in row.key_results]
    said = _Said(
        {row.objective.id: row.objective.title for _, row in found},
        store.comments.of("objective_id", [row.objective.id for _, row in found]),
        store.comments.of("key_result_id", measures),
    )
    rows = [cells for cycle, row in found for cells in _objective_rows(store, cycle, row, said)]
    for cells in rows:
        if cells["row"] == columns.KEY_RESULT:
            cells |= stands.get(int(cells["result_no"]), {})
    called = {name: names[0] for name, names in columns.COLUMNS.items()} | (dict(columns.STANDING) if stands else {})
    return pd.DataFrame(rows, columns=list(called), dtype=str).fillna("").rename(columns=called)


def write_okr_table(store: Store, file: Path, stands: Mapping[int, Cells] = NOWHERE) -> int:
    """Write the table as CSV or XLSX, by the file's name; the number of rows. Raises StoreError where it cannot be."""
    frame = okr_table(store, stands)
    try:
        with write_atomically(file) as unfinished:
            if file.suffix.lower() == ".xlsx":
                _write_workbook(frame, unfinished)
            else:
                sign = "\t" if file.suffix.lower() == ".tsv" else ","
                with unfinished.open("w", encoding="utf-8-sig", newline="") as opened:
                    frame.map(without_formula).to_csv(opened, index=False, sep=sign)
    except OSError as error:
        raise StoreError(f"{file} cannot be written: {error.strerror or error}.") from error
    return len(frame)


def _write_workbook(frame: pd.DataFrame, file: Path) -> None:
    plain = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    called = [columns.COLUMNS[name][0] for name in columns.NUMBERS]
    called += [columns.STANDING[name] for name in ("stands_at", "progress")]
    numbers = [name for name in called if name in frame.columns]
    with file.open("wb") as opened, pd.ExcelWriter(opened, engine="xlsxwriter", engine_kwargs=plain) as writer:
        frame.assign(**{name: frame[name].map(_as_number) for name in numbers}).to_excel(writer, index=False)


def okr_table_bytes(store: Store, ending: str, stands: Mapping[int, Cells] = NOWHERE) -> bytes:
    """The table as a file: "csv" or "xlsx"."""
    with tempfile.TemporaryDirectory(prefix="kviboard-okrs-") as folder:
        file = Path(folder) / f"okrs.{ending}"
        write_okr_table(store, file, stands)
        return file.read_bytes()


def _as_number(text: str) -> str | float:
    """A number a workbook can compute with, where it keeps every digit of it."""
    return float(text) if text and Decimal(repr(float(text))) == Decimal(text) else text


def _objective_rows(store: Store, cycle: Cycle, row: ObjectiveRow, said: _Said) -> Iterator[Cells]:
    head = _objective_cells(cycle, row.objective, said.titles)
    if not row.key_results:
        yield head | {"row": columns.OBJECTIVE}
    told = {name: head[name] for name in ("cycle", "objective", "team", "objective_no")}
    for each in row.key_results:
        yield head | _key_result_cells(each.key_result, each.check_ins)
        about = told | {"title": each.key_result.title, "result_no": str(each.key_result.id)}
        yield from (about | cells for cells in _history(store, each.key_result))
        yield from (about | cells for cells in _comments(said.of_key_results, "key_result_id", each.key_result.id))
    yield from (told | _guardrail_cells(each) for each in row.guardrails)
    yield from (told | cells for cells in _comments(said.of_objectives, "objective_id", row.objective.id))


def _objective_cells(cycle: Cycle, objective: Objective, titles: dict[int, str]) -> Cells:
    return {
        "cycle": cycle.name, "starts": cycle.starts_on.isoformat(), "ends": cycle.ends_on.isoformat(),
        "objective": objective.title, "promise": objective.customer_promise, "team": objective.team or "",
        "objective_owner": objective.owner or "", "objective_state": str(objective.state),
        "parent": titles.get(objective.parent_id or 0, ""),
        "objective_weight": number_text(objective.weight, "number"), "objective_no": str(objective.id),
        "parent_no": _no(objective.parent_id), "objective_from_no": _no(objective.carried_from_id),
        **{f"objective_{name}": text for name, text in _grade_cells(objective).items()},
    }  # fmt: skip


def _key_result_cells(key_result: KeyResult, newest: Iterable[CheckIn]) -> Cells:
    """The key result with what was said last, for people; all that was said has rows of its own."""
    said = list(newest)
    value = next((each.value for each in said if each.value is not None), None)
    confidence = next((each.confidence for each in said if each.confidence is not None), None)
    return {
        "row": columns.KEY_RESULT, "title": key_result.title, "kind": key_result.kind, "owner": key_result.owner or "",
        "unit": key_result.unit, **_numbers(key_result, {name: name for name in okr.MEASURE_NUMBERS}, key_result.unit),
        "ambition": key_result.ambition, "weight": number_text(key_result.weight, "number"),
        "kvi": key_result.kvi or "", "grain": key_result.grain or "", "where": where_text(key_result.where),
        "cadence_days": str(key_result.cadence_days), "plan": plan_text(key_result.plan),
        "current": number_text(value, key_result.unit),
        "current_on": said[0].day.isoformat() if said else "",
        "confidence": "" if confidence is None else str(confidence), "comment": said[0].comment if said else "",
        "result_no": str(key_result.id), "result_from_no": _no(key_result.carried_from_id),
        **_grade_cells(key_result),
    }  # fmt: skip


def _history(store: Store, key_result: KeyResult) -> Iterator[Cells]:
    """Every check-in and every move of the target, in the order they were said."""
    unit = key_result.unit
    yield from (_check_in_cells(each, unit) for each in store.check_ins.of(key_result.id))
    yield from (_change_cells(each, unit) for each in store.key_results.target_changes(key_result.id))


def _check_in_cells(check_in: CheckIn, unit: str) -> Cells:
    return {
        "row": columns.CHECK_IN, "current": number_text(check_in.value, unit), "current_on": check_in.day.isoformat(),
        "confidence": "" if check_in.confidence is None else str(check_in.confidence), "comment": check_in.comment,
        "by": check_in.created_by, "at": moment_text(check_in.created_at), "check_in_no": str(check_in.id),
        "corrects_no": _no(check_in.corrects_id),
    }  # fmt: skip


def _change_cells(change: TargetChange, unit: str) -> Cells:
    moments = {f"{name}_after": name for name in okr.MEASURE_NUMBERS} | {name: name for name in columns.BEFORE.values()}
    return {
        "row": columns.TARGET_CHANGE, **_numbers(change, moments, unit), "reason": change.reason,
        "by": change.created_by, "at": moment_text(change.created_at),
    }  # fmt: skip


def _guardrail_cells(guardrail: Guardrail) -> Cells:
    return {
        "row": columns.GUARDRAIL, "kvi": guardrail.kvi, "grain": guardrail.grain, "unit": "number",
        "where": where_text(guardrail.where), **_numbers(guardrail, {"lower": "lower", "upper": "upper"}, "number"),
    }  # fmt: skip


def _comments(all_of_them: Iterable[Comment], about: str, row_id: int) -> Iterator[Cells]:
    for each in all_of_them:
        if getattr(each, about) == row_id:
            said = {"by": each.created_by, "at": moment_text(each.created_at)}
            yield {"row": columns.COMMENT, "comment": each.text, **said}


def _grade_cells(graded: Objective | KeyResult) -> Cells:
    texts = {name: getattr(graded, name) for name in columns.GRADES}
    return {
        name: number_text(value, "number") if isinstance(value, Decimal) else value or ""
        for name, value in texts.items()
    }


def _numbers(record: object, names: dict[str, str], unit: str) -> Cells:
    """The numbers of a record under our names."""
    found = {ours: getattr(record, theirs) for theirs, ours in names.items()}
    return {name: "" if value is None else number_text(as_exact(value), unit) for name, value in found.items()}


def _no(row_id: int | None) -> str:
    return str(row_id or "")
