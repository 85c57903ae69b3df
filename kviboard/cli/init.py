"""`kviboard init`: a workspace to start from, or one set up from export files; what was found and what is asked."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from kviboard.board.board import open_board
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.new_columns import file_before, keep_renames, new_shape, slice_by, take_in_known
from kviboard.board.exports.setup import build, find_exports, look_at, plan_for, source_of, tell_outcomes
from kviboard.board.exports.setup_files import Company, started_config
from kviboard.board.exports.starter import start_workspace
from kviboard.board.kvis.tables import catalogue
from kviboard.cli.options import FINE, PROBLEM, at_terminal, choose, show_progress, typed
from kviboard.domain.formatting import counted, listed
from kviboard.domain.recognition.facts import FileFacts
from kviboard.domain.recognition.plan import Export, Plan, Question, described
from kviboard.domain.recognition.slicing import TELLING
from kviboard.errors import RefreshError, UsageError
from kviboard.workspace import CONFIG_NAME, Workspace, load_workspace

_SLICE = "slice"
_NO_FOLDER = (
    "Name the folder that your workspace is to be, and behind it the exports (CSV, XLSX, Parquet, JSON) to set it up "
    "from, if you have them at hand: kviboard init our-board orders.csv survey.xlsx"
)


def add_init(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """The command `init`."""
    what = "start a workspace of your own in DIR, set up from export files where some are named"
    init = commands.add_parser(
        "init", help=what, description=f"S{what[1:]}.", usage="kviboard init DIR [FILE ...] [options]",
        epilog="With files, each is recognised: what it is, which column feeds what, how values are read. Only what "
        "the data cannot decide is asked; --answer answers it, as --answer 'orders.csv:dates=%d/%m/%Y'. Run it "
        "again with a new file of the same name: what changed in its columns is said, and nothing you wrote is lost.",
    )  # fmt: skip
    init.add_argument(
        "folder", metavar="DIR", type=Path, nargs="?",
        help="folder to write kviboard.toml into; made if it is not there",
    )  # fmt: skip
    init.add_argument("files", metavar="FILE", type=Path, nargs="*", help="export files, or folders with them")
    init.add_argument("--name", default=Company.name, help="the company's name")
    init.add_argument("--currency", default="", metavar="CODE", help="of amounts; what the exports say unless given")
    init.add_argument("--timezone", default="UTC", metavar="ZONE", help="of your days, as Europe/Amsterdam")
    init.add_argument("--answer", action="append", default=[], metavar="KEY=VALUE", help="answer to a question")
    init.set_defaults(run=run_init)


def run_init(options: argparse.Namespace) -> int:
    if options.folder is None:
        raise UsageError(_NO_FOLDER)
    company = Company(options.name, "", options.currency, options.timezone)
    if not options.files:
        return _start(options.folder, company)
    answers = _answers(options.answer)
    paths = find_exports(options.files)
    workspace = load_workspace(options.folder) if (options.folder / CONFIG_NAME).exists() else None
    known = {path: source for path in paths if workspace and (source := source_of(workspace, path))}
    new = [path for path in paths if path not in known]
    if workspace:
        for path, source in known.items():
            _take_in(workspace, path, source, answers)
    if new:
        _set_up(options.folder, new, answers, company, workspace)
    return _refresh(options.folder)


def _start(folder: Path, company: Company) -> int:
    for path in start_workspace(folder, started_config(company)):
        print(f"wrote {path}")
    load_workspace(folder)  # what was given may be no currency or no zone
    print(f"Next: run `kviboard init {folder} FILE…` with your exports, or put them into {folder / 'exports'},")
    print("name them in kviboard.toml, and run")
    print(f"  kviboard check --workspace {folder}      # what is wrong, each problem with its place")
    print(f"  kviboard refresh --workspace {folder}    # read, build, check, publish")
    print(f"  kviboard --workspace {folder}            # look")
    return FINE


def _set_up(
    folder: Path, paths: Sequence[Path], answers: dict[str, str], company: Company, workspace: Workspace | None
) -> None:
    """Recognise files, ask what is open and write it all down. Raises UsageError while something is open."""
    facts = look_at(paths, company.timezone, workspace)
    plan = plan_for(facts, answers, workspace)
    for question in plan.open_questions:
        if sys.stdin.isatty():
            answers[question.key] = choose(f"{question.text} ({question.why})", dict(question.options))
    plan = plan_for(facts, answers, workspace)
    _refuse_no_slices(plan, answers)
    for export in plan.exports:
        _tell(plan, export)
    for question in plan.questions:
        _tell_question(question)
    _refuse_open(plan)
    for path in build(folder, plan, paths, company):
        print(f"wrote {path}")


def _tell(plan: Plan, export: Export) -> None:
    rows = "" if export.file.problem else f" ({counted(export.file.rows, 'row')})"
    print(f"{export.file.name}{rows}: {described(plan, export)}.")
    for use in export.uses:
        print(f"    {use.column} → {use.feeds}: {use.why}")
    if export.void:
        none = f"{listed(list(export.void))}: {export.are_void}"
        print(f"    {export.state} = {none} [--answer '{export.file.name}:void=…']")
    if export.dimensions:
        print(f"    KVIs are sliced by {listed([name for _, name in export.dimensions])}")
    others = [column for column, name in export.candidates if (column, name) not in export.dimensions]
    if others:
        of_whom = f" (of a customer's rows, the latest {TELLING[export.role][0]})" if export.role in TELLING else ""
        key = f"--answer '{export.file.name}:dimensions={','.join(others)}'"
        print(f"    KVIs can be sliced by {listed(others)}{of_whom}: {key}")


def _tell_question(question: Question) -> None:
    taken = next((meaning for value, meaning in question.options if value == question.answer), question.answer)
    print(f"{'asked' if question.is_open else 'taken'}: {question.text}")
    print(f"    {taken or 'not answered'}; {question.why}")
    for value, meaning in question.options:
        if value != question.answer:
            print(f"    {meaning}: --answer '{question.key}={value}'")


def _refuse_open(plan: Plan) -> None:
    lacking = [f"{export.file.name} is taken for {export.role} and has no {name}" for export, name in plan.lacking]
    ways = [f"--answer '{export.file.name}:{name}=COLUMN'" for export, name in plan.lacking]
    ways += [f"--answer '{question.key}={question.options[0][0]}'" for question in plan.open_questions]
    if not any(export.role for export in plan.exports):
        raise UsageError("None of these files is an export that the board knows; nothing was written. Say what one is, "
                         f"as --answer '{plan.exports[0].file.name}:table=orders'.")  # fmt: skip
    if ways:
        what = "; ".join([*lacking, *(question.text for question in plan.open_questions)])
        raise UsageError(f"{what.rstrip('?')}. Nothing was written; answer it: {' '.join(ways)}")


def _refuse_no_slices(plan: Plan, answers: Mapping[str, str]) -> None:
    for export in plan.exports:
        wanted = [name for name in answers.get(f"{export.file.name}:dimensions", "").split("\n") if name]
        columns = [column for column, _ in export.candidates]
        if strange := [name for name in wanted if name not in columns]:
            some = f"KVIs can be sliced by {listed(columns, 'or')}" if columns else "no column of it can slice KVIs"
            raise UsageError(f"--answer: {export.file.name} is not sliced by {listed(strange)}; {some}.")


def _take_in(workspace: Workspace, path: Path, source: str, answers: Mapping[str, str]) -> None:
    """A file of a source that is known: say what changed in its columns, and take it in."""
    facts: FileFacts = look_at([path], workspace.company.timezone, workspace)[0]
    if facts.problem:
        raise UsageError(f"{path.name} is not taken in: {facts.problem.rstrip('.')}.")
    there = file_before(workspace, source)
    before = look_at([there], workspace.company.timezone, workspace)[0] if there else None
    shape = new_shape(workspace, source, facts, before)
    target = take_in_known(workspace, source, path)
    print(f"{path.name}: a file of {source}, taken in as {target}")
    for sentence in shape.sentences:
        print(f"    {sentence}")
    for column, name in shape.slices:
        key = f"{path.name}:{_SLICE}"
        if answers.get(key) in (column, name) or (sys.stdin.isatty() and _yes(f"slice by {name}?")):
            for written in slice_by(workspace, shape, column):
                print(f"wrote {written}")
        else:
            print(f"    yes: --answer '{key}={column}'")
    if shape.renamed:
        print(f"wrote {keep_renames(workspace, shape, target)}")


def _yes(text: str) -> bool:
    return typed(f"{text} (y/n) ").lower().startswith("y")


def _refresh(folder: Path) -> int:
    """Build the board, and show what became of the rows and the first KVIs."""
    workspace = load_workspace(folder)
    try:
        with at_terminal(workspace):
            upkeep = refresh_now(workspace, show_progress)
    except RefreshError as error:
        print(f"kviboard: {error}", file=sys.stderr)
        print(f"Correct it in {folder / CONFIG_NAME}, then run kviboard check --workspace {folder}.", file=sys.stderr)
        return PROBLEM
    board = open_board(workspace)
    for file, fate in tell_outcomes(board.reader.manifest):
        print(f"{file}: {fate}")
    for said in (*upkeep.problems, *upkeep.warnings, *upkeep.decisions):
        print(f"note: {said}", file=sys.stderr)
    known = catalogue(board)
    known = known[known["period"] != ""]
    for row in known.itertuples():
        print(f"{row.title}: {row.value} in {row.period}")
    if known.empty:
        print("No KVI has a complete month yet; days and weeks are on the board.")
    print(f"Look: kviboard --workspace {folder}")
    return FINE


def _answers(typed: Sequence[str]) -> dict[str, str]:
    """Raises UsageError for one that is not KEY=VALUE; a list is written with commas."""
    answers = {}
    for text in typed:
        key, equals, value = text.partition("=")
        if not equals or (":" not in key and key not in ("activity", "back_days")):
            raise UsageError(f"--answer {text} is not KEY=VALUE, as orders.csv:dates=%d/%m/%Y.")
        is_list = key.endswith((":void", ":dimensions"))
        answers[key] = "\n".join(part.strip() for part in value.split(",")) if is_list else value
    return answers
