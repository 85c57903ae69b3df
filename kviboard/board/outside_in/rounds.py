"""Opening rounds of the check, answering them, and keeping the table of rewards: what is typed is checked here."""

import csv
import io
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from kviboard.apart import Caller, here
from kviboard.board.brought import MB, Brought, read_brought, read_sent
from kviboard.board.context import BoardContext
from kviboard.board.numbers import read_number
from kviboard.domain.formatting import without_formula
from kviboard.domain.outside_in.check import FEWEST, Answer, wrong_grades
from kviboard.errors import Problem, StoreError
from kviboard.store import Author, CheckRound, NewCheckRound, NewReward, Reward, refuse

LONGEST_COMMENT = 2_000
MOST_MB = 1  # of a table of rewards
MOST_REWARDS = 2_000
COLUMNS = ("role", "metric", "weight", "is_customers", "kvi")
_YES, _NO = ("yes", "true", "1", "y"), ("no", "false", "0", "n", "")


@dataclass(frozen=True, kw_only=True)
class RewardForm:
    """A reward as typed."""

    role: str = ""
    metric: str = ""
    weight: str = ""
    is_customers: bool = False
    kvi: str | None = None


def new_token() -> str:
    """A secret for a browser, to count it once."""
    return secrets.token_urlsafe(24)


def open_round(context: BoardContext, name: str, closes_on: date | None, *, author: Author) -> CheckRound:
    """Opens a round. Raises StoreError with every problem."""
    problems = [] if name.strip() else [Problem("Name", "is empty.", "Call it by its time, such as Autumn 2026.")]
    if closes_on is None or closes_on < context.board.workspace.company.today():
        problems.append(Problem("Closing day", "is missing or over.", "Give people at least a week."))
    refuse(problems)
    assert closes_on is not None
    return context.store.check_rounds.add(NewCheckRound(name=name.strip(), closes_on=closes_on), author=author)


def is_answered(context: BoardContext, asked: CheckRound) -> bool:
    """Whether a round is still open to answers."""
    return asked.closes_on >= context.board.workspace.company.today()


def answers_shown(context: BoardContext, asked: CheckRound) -> list[Answer]:
    """The answers of a round that is over. None while it runs: what the next one changes would tell whose it is."""
    return [] if is_answered(context, asked) else context.store.check_rounds.answers_of(asked.id)


def end_round(context: BoardContext, asked: CheckRound, closes_on: date, *, author: Author) -> CheckRound:
    """Moves a round's closing day. Raises StoreError where its results were seen already and it would go on,
    ConflictError where somebody was first."""
    wanted = replace(asked, closes_on=closes_on)
    if is_answered(context, wanted) and len(answers_shown(context, asked)) >= FEWEST:
        raise StoreError(f"The results of “{asked.name}” were shown: another answer would be told by what it changes. "
                         "Open a new round.")  # fmt: skip
    return context.store.check_rounds.edit(wanted, author=author)


def close_round(context: BoardContext, asked: CheckRound, *, author: Author) -> CheckRound:
    """Takes no more answers of today or later."""
    yesterday = context.board.workspace.company.today() - timedelta(days=1)
    return end_round(context, asked, min(asked.closes_on, yesterday), author=author)


def give_answer(
    context: BoardContext, round_id: int, grades: Mapping[str, int], group: str | None, comment: str, browser: str
) -> bool:
    """Adds an anonymous answer; False where this browser has answered before. Raises StoreError in words."""
    problems = [Problem("Your answer", sentence) for sentence in wrong_grades(grades)]
    if len(comment) > LONGEST_COMMENT:
        problems.append(Problem("Your comment", f"is longer than {LONGEST_COMMENT:,} characters.", "Shorten it."))
    refuse(problems)
    today = context.board.workspace.company.today()
    return context.store.check_rounds.answer(round_id, Answer(dict(grades), group, comment), browser, today)


def save_reward(context: BoardContext, typed: RewardForm, record: Reward | None, *, author: Author) -> Reward:
    """Adds or changes a reward. Raises StoreError with every problem."""
    new = _checked(context, typed)
    if record is None:
        return context.store.rewards.add(new, author=author)
    changed = {name: getattr(new, name) for name in COLUMNS}
    return context.store.rewards.edit(replace(record, **changed), author=author)


def rewards_csv(context: BoardContext) -> str:
    """The table of rewards, as `take_rewards` reads it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in context.store.rewards.all():
        flag = "yes" if each.is_customers else "no"
        role, metric = without_formula(each.role), without_formula(each.metric)
        writer.writerow([role, metric, f"{each.weight.normalize():f}", flag, each.kvi or ""])
    return text.getvalue()


def read_rewards(context: BoardContext, file: Path, call: Caller = here) -> list[NewReward]:
    """The rewards in a table with a header: role, metric, weight, is_customers, kvi; it is read where `call` does it.
    Raises UsageError where it is no table, StoreError with all problems, each with its line; nothing is taken then."""
    if file.stat().st_size > MOST_MB * MB:
        raise StoreError(f"The file is larger than {MOST_MB} MB: it needs a line per metric and no more.")
    table: Brought = read_sent(call, read_brought, file, {name: name for name in COLUMNS})
    if len(table.rows) > MOST_REWARDS:
        raise StoreError(f"The table has {len(table.rows):,} lines, of {MOST_REWARDS:,} at most: one for each metric.")
    missing = [name for name in COLUMNS[:3] if name not in table.columns]
    if missing:
        raise StoreError(f"The file has no column {' and no column '.join(missing)}; it needs {', '.join(COLUMNS)}.")
    found, problems = [], [Problem(f"Line {line}", f"cannot be read: {reason}.") for line, reason in table.unread]
    lines: dict[tuple[str, str], int] = {}
    for line, row in table.rows:
        try:
            new = _from_row(context, row)
            first = lines.setdefault((new.role, new.metric), line)
            if first == line:
                found.append(new)
            else:
                what = f"{new.role} has {new.metric} in line {first}, too."
                problems.append(Problem(f"Line {line}", what, "Keep one of them."))
        except StoreError as error:
            problems += [replace(problem, where=f"Line {line}, {problem.where}") for problem in error.problems]
    refuse(problems)
    return found


def take_rewards(context: BoardContext, wanted: list[NewReward], *, author: Author) -> int:
    """Adds the rewards that are not there yet and changes those that are; returns how many were touched."""
    known = {(each.role, each.metric): each for each in context.store.rewards.all()}
    for place, new in enumerate(wanted):
        own = replace(author, key=f"{author.key}-{place}" if author.key else None)
        record = known.get((new.role, new.metric))
        if record is None:
            context.store.rewards.add(new, author=own)
        else:
            changed = {name: getattr(new, name) for name in COLUMNS}
            context.store.rewards.edit(replace(record, **changed), author=own)
    return len(wanted)


def _from_row(context: BoardContext, row: Mapping[str, str]) -> NewReward:
    flag = row.get("is_customers", "").casefold()
    if flag not in (*_YES, *_NO):
        what = f"“{flag}” is neither yes nor no."
        raise StoreError(what, [Problem("is_customers", what)])
    typed = {name: row[name] for name in ("role", "metric", "weight")}
    return _checked(context, RewardForm(**typed, is_customers=flag in _YES, kvi=row.get("kvi") or None))


def _checked(context: BoardContext, typed: RewardForm) -> NewReward:
    weight, problems = read_number(typed.weight, "number", "Weight")
    if not typed.role.strip():
        problems.append(Problem("Role", "is empty.", "Name the role or function."))
    if not typed.metric.strip():
        problems.append(Problem("Metric", "is empty.", "Name what is rewarded."))
    if weight is None and not problems:
        problems.append(Problem("Weight", "is empty.", "Type the per cent of the reward that depends on it."))
    if weight is not None and not Decimal(0) <= weight <= Decimal(100):
        problems.append(Problem("Weight", f"{weight} lies outside 0 to 100 per cent."))
    known = context.board.catalog.kvis
    if typed.kvi and typed.kvi not in known:
        problems.append(Problem("KVI", f"there is no KVI {typed.kvi}.", f"Known are {', '.join(sorted(known))}."))
    refuse(problems)
    assert weight is not None
    return NewReward(
        role=typed.role.strip(),
        metric=typed.metric.strip(),
        weight=weight,
        is_customers=typed.is_customers or bool(typed.kvi and known[typed.kvi].group == "customer"),
        kvi=typed.kvi,
    )
