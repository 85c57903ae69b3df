"""Rounds of the outside-in check with their anonymous answers, and the rewards."""

from datetime import date
from hashlib import sha256
from uuid import uuid4

from sqlalchemy import func, insert, select

from kviboard.domain.formatting import format_day
from kviboard.domain.outside_in.check import Answer
from kviboard.errors import StoreError
from kviboard.store.outside_in.records import CheckRound, NewCheckRound, NewReward, Reward
from kviboard.store.outside_in.schema import check_answers, check_participants, check_rounds, rewards
from kviboard.store.rows import Editable, one, records, selection


class CheckRounds(Editable[NewCheckRound, CheckRound]):
    """The rounds of the check. An answer is added without a name, a time or an entry of who did what."""

    table, new_kind, kind = check_rounds, NewCheckRound, CheckRound

    def all(self) -> list[CheckRound]:
        """The rounds that are not archived, the newest first."""
        found = selection(CheckRound, check_rounds).where(check_rounds.c.archived_at.is_(None))
        with self._database.reading() as connection:
            return records(CheckRound, connection.execute(found.order_by(check_rounds.c.id.desc())))

    def answer(self, round_id: int, answer: Answer, browser: str, today: date) -> bool:
        """Adds an answer; False where this browser has answered the round before.

        `browser` is a secret of the browser, kept as a hash. StoreError where the round is over.
        """
        token = sha256(f"{round_id} {browser}".encode()).hexdigest()
        with self._database.writing("answer") as connection:
            asked = one(connection, CheckRound, check_rounds, round_id)
            if asked.archived_at is not None or today > asked.closes_on:
                raise StoreError(f"The round “{asked.name}” closed on {format_day(asked.closes_on)}.")
            known = select(check_participants.c.browser).where(check_participants.c.browser == token)
            if connection.execute(known).first():
                return False
            connection.execute(insert(check_participants).values(browser=token, round_id=round_id))
            connection.execute(
                insert(check_answers).values(
                    drawn=uuid4().hex,
                    round_id=round_id,
                    grades=dict(sorted(answer.grades.items())),
                    of_group=answer.group,
                    comment=answer.comment.strip(),
                )
            )
        return True

    def answers_of(self, round_id: int) -> list[Answer]:
        """The answers of a round, in no order that means anything."""
        wanted = select(check_answers.c.grades, check_answers.c.of_group, check_answers.c.comment)
        with self._database.reading() as connection:
            rows = connection.execute(
                wanted.where(check_answers.c.round_id == round_id).order_by(check_answers.c.drawn)
            )
            return [Answer(row.grades, row.of_group, row.comment) for row in rows]

    def answered(self) -> int:
        """How many answers there are in all: changes whenever one is given."""
        with self._database.reading() as connection:
            return connection.execute(select(func.count()).select_from(check_answers)).scalar_one()


class Rewards(Editable[NewReward, Reward]):
    """What people are paid for."""

    table, new_kind, kind = rewards, NewReward, Reward

    def all(self) -> list[Reward]:
        """The rewards that are not archived, by role, the heaviest first."""
        found = selection(Reward, rewards).where(rewards.c.archived_at.is_(None))
        with self._database.reading() as connection:
            known = records(Reward, connection.execute(found))
        return sorted(known, key=lambda reward: (reward.role.casefold(), -reward.weight, reward.metric.casefold()))
