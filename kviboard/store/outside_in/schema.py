"""The tables of the outside-in check and the rewards. An answer has no author, no time and no order: nobody is asked
who gave it, and nothing that is kept could tell."""

from sqlalchemy import Boolean, Column, Date, Index, Table

from kviboard.domain.outside_in.check import GROUPS
from kviboard.store.column_types import JsonType
from kviboard.store.columns import amount, any_of, edited, one_per, refers_to, rule, words
from kviboard.store.schema import metadata

check_rounds = Table(
    "check_rounds",
    metadata,
    *edited(),
    words("name"),
    Column("closes_on", Date, nullable=False),
    rule("check_round_name", "trim(name) <> ''", "A round needs a name."),
    one_per("check_round_names", ["name"], "There is a round of this name already.", among="archived_at is null"),
    info={"noun": "round", "label": "name"},
)

# Numbers would tell in which order the answers came, and so would SQLite's own row numbers: the name of a row is drawn.
check_answers = Table(
    "check_answers",
    metadata,
    words("drawn", primary_key=True),
    refers_to("round_id", "check_rounds"),
    Column("grades", JsonType, nullable=False),
    words("of_group", optional=True),
    words("comment", default=""),
    rule("check_answer_group", any_of("of_group", tuple(GROUPS)), "A group is one of those the check knows."),
    Index("ix_check_answers_round_id", "round_id"),
    sqlite_with_rowid=False,
    info={"noun": "answer"},
)

# Which browsers have answered which round, as a hash; nothing leads from here to an answer.
check_participants = Table(
    "check_participants",
    metadata,
    words("browser", primary_key=True),
    refers_to("round_id", "check_rounds"),
    Index("ix_check_participants_round_id", "round_id"),
    sqlite_with_rowid=False,
    info={"noun": "participant"},
)

rewards = Table(
    "rewards",
    metadata,
    *edited(),
    words("role"),
    words("metric"),
    amount("weight", optional=False),
    Column("is_customers", Boolean, nullable=False),
    words("kvi", optional=True),
    rule("reward_role", "trim(role) <> ''", "A reward needs its role or function."),
    rule("reward_metric", "trim(metric) <> ''", "A reward needs its metric."),
    rule("reward_weight", "cast(weight as numeric) between 0 and 100", "A weight lies between 0 % and 100 %."),
    one_per(
        "one_reward_per_metric",
        ["role", "metric"],
        "This role has this metric already.",
        among="archived_at is null",
    ),
    info={"noun": "reward", "label": "metric"},
)
