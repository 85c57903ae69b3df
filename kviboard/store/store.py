"""The store as the rest of the program sees it: one object, its verbs grouped by what they are about."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from pathlib import Path

from kviboard.domain.people import Signature
from kviboard.store.comments.comments import Comments
from kviboard.store.database import Database, Permit
from kviboard.store.drafts import Drafts
from kviboard.store.exchange import export_board, import_board, mentions
from kviboard.store.follow_ups.follow_ups import FollowUps
from kviboard.store.history import History
from kviboard.store.kvis import KviNotes, KviTargets, naming
from kviboard.store.migrate import migrate
from kviboard.store.okrs.check_ins import CheckIns
from kviboard.store.okrs.imports import Imports
from kviboard.store.okrs.incoming import Incoming, take_in
from kviboard.store.okrs.key_results import KeyResults
from kviboard.store.okrs.life_cycle import LifeCycle
from kviboard.store.okrs.okrs import Cycles, Guardrails, Objectives
from kviboard.store.okrs.quarter import objectives_of
from kviboard.store.outside_in.rounds import CheckRounds, Rewards
from kviboard.store.people import people, signatures
from kviboard.store.records import ObjectiveRow
from kviboard.store.reviews.polls import Polls
from kviboard.store.reviews.quotes import Quotes
from kviboard.store.reviews.reviews import Decisions, Predictions, Reviews
from kviboard.store.reviews.stories import SprintStories
from kviboard.store.saving import Author

FILE_NAME = "board.sqlite"  # the store in a workspace's state folder, where no other is named


class Store:
    """OKRs, targets, notes, reviews, stories, follow-ups, comments, the outside-in check, drafts, who changed them.

    Safe to share between threads.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.where = database.where  # the store's name in sentences
        self.cycles = Cycles(database)
        self.objectives = Objectives(database)
        self.key_results = KeyResults(database)
        self.life_cycle = LifeCycle(database)
        self.imports = Imports(database)
        self.check_ins = CheckIns(database)
        self.guardrails = Guardrails(database)
        self.kvi_targets = KviTargets(database)
        self.kvi_notes = KviNotes(database)
        self.reviews = Reviews(database)
        self.predictions = Predictions(database)
        self.polls = Polls(database)
        self.decisions = Decisions(database)
        self.quotes = Quotes(database)
        self.stories = SprintStories(database)
        self.follow_ups = FollowUps(database)
        self.comments = Comments(database)
        self.check_rounds = CheckRounds(database)
        self.rewards = Rewards(database)
        self.drafts = Drafts(database)
        self.history = History(database)

    def objectives_of(
        self, cycle_id: int, newest: int = 2, until: datetime | None = None, through: date | None = None
    ) -> list[ObjectiveRow]:
        """A cycle's page: see quarter.objectives_of."""
        with self._database.reading() as connection:
            return objectives_of(connection, cycle_id, newest, until, through)

    def export_json(self, file: Path) -> int:
        """The whole board to one JSON file; returns the number of rows."""
        return export_board(self._database, file)

    def import_json(self, file: Path) -> int:
        """The whole board from one JSON file, into an empty store; returns the number of rows."""
        return import_board(self._database, file)

    def take_in(self, rows: Sequence[Incoming], *, author: Author) -> int:
        """Rows of another board or tool, all or none; returns their number. StoreError where a rule refuses one."""
        with self._database.saving(author) as save:
            return len(take_in(save, rows))

    def naming(self, kvi: str) -> dict[str, int]:
        """What names a KVI: see kvis.naming."""
        with self._database.reading() as connection:
            return naming(connection, kvi)

    def mentions(self, words: Collection[str]) -> list[str]:
        """Where what people typed has one of these words: "decision 12", with the numbers of the store's rows."""
        with self._database.reading() as connection:
            return mentions(connection, words)

    def scrub(self) -> None:
        """Leave nothing on the disk of what was deleted; may take seconds, in which nobody can save."""
        self._database.scrub()

    def people(self) -> list[str]:
        """Everybody known by name: see people.people."""
        with self._database.reading() as connection:
            return people(connection)

    def signatures(self) -> list[Signature]:
        """Who saved under which names: see people.signatures."""
        with self._database.reading() as connection:
            return signatures(connection)

    def guard(self, permit: Permit) -> None:
        """From now on every write asks `permit`, which raises NotAllowedError where whoever acts may not."""
        self._database.permit = permit

    def close(self) -> None:
        """Lets go of all connections."""
        self._database.close()


def open_store(place: str | Path, currency: str = "EUR") -> Store:
    """Opens a store, making it or bringing it to the newest schema where needed.

    `place` is the path of an SQLite file or a URL (postgresql://…), `currency` that of the amounts in it, to say them
    in sentences. StoreError with a sentence where that fails.
    """
    database = Database(place, currency)
    migrate(database)
    return Store(database)


def reach(place: str | Path) -> None:
    """Asks the store at a place, a path or URL as of `open_store`, whether it is there; makes no table. StoreError."""
    database = Database(place)
    try:
        with database.reading() as connection:
            connection.exec_driver_sql("select 1")
    finally:
        database.close()
