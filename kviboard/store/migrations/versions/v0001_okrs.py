"""The first schema: cycles, objectives, key results, check-ins, guardrails, targets, notes, drafts, audit."""

from alembic import op
from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)

from kviboard.store.column_types import JsonType, PlanType, TimeType
from kviboard.store.columns import (
    amount,
    band,
    driven_by_kvi,
    edited,
    grading,
    refers_to,
    words,
    written,
)
from kviboard.store.migrations.triggers import make_append_only
from kviboard.store.schema import NAMES

revision = "0001"
down_revision = None

then = MetaData(naming_convention=NAMES)

Table(
    "cycles",
    then,
    *edited(),
    words("name"),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    CheckConstraint("trim(name) <> ''", name="cycle_name"),
    CheckConstraint("ends_on > starts_on", name="cycle_days"),
    Index(
        "cycle_names",
        "name",
        unique=True,
        sqlite_where=text("archived_at is null"),
        postgresql_where=text("archived_at is null"),
    ),
)

Table(
    "objectives",
    then,
    *edited(),
    refers_to("cycle_id", "cycles"),
    words("team", optional=True),
    words("title"),
    words("customer_promise", default=""),
    words("owner", optional=True),
    amount("weight", optional=False, default="1"),
    refers_to("parent_id", "objectives", optional=True),
    refers_to("carried_from_id", "objectives", optional=True),
    words("state", default="Draft"),
    *grading("objective"),
    CheckConstraint("trim(title) <> ''", name="objective_title"),
    CheckConstraint("trim(team) <> ''", name="objective_team"),
    CheckConstraint("trim(owner) <> ''", name="objective_owner"),
    CheckConstraint("cast(weight as numeric) > 0", name="objective_weight"),
    CheckConstraint("parent_id <> id", name="objective_parent"),
    CheckConstraint("state in ('Draft', 'Active', 'Closed')", name="objective_state"),
    CheckConstraint(
        "(state = 'Closed') = (outcome is not null) and (state <> 'Closed' or grade is not null)",
        name="objective_closed",
    ),
    Index("ix_objectives_cycle_id", "cycle_id"),
    Index("ix_objectives_parent_id", "parent_id"),
)

Table(
    "key_results",
    then,
    *edited(),
    refers_to("objective_id", "objectives"),
    words("title"),
    words("owner", optional=True),
    words("kind"),
    words("unit", default="number"),
    words("ambition", default="committed"),
    amount("weight", optional=False, default="1"),
    amount("baseline"),
    amount("target"),
    *band("key_result"),
    amount("tolerance"),
    *driven_by_kvi("key_result", optional=True),
    Column("cadence_days", Integer, nullable=False, server_default="14"),
    Column("plan", PlanType, nullable=False, server_default="[]"),
    refers_to("carried_from_id", "key_results", optional=True),
    *grading("key_result"),
    CheckConstraint("trim(title) <> ''", name="key_result_title"),
    CheckConstraint("trim(owner) <> ''", name="key_result_owner"),
    CheckConstraint("trim(unit) <> ''", name="key_result_unit"),
    CheckConstraint("kind in ('increase', 'decrease', 'keep_within', 'milestone')", name="key_result_kind"),
    CheckConstraint("ambition in ('committed', 'aspirational')", name="key_result_ambition"),
    CheckConstraint("cast(weight as numeric) > 0", name="key_result_weight"),
    CheckConstraint("cast(tolerance as numeric) > 0", name="key_result_tolerance"),
    CheckConstraint("cadence_days > 0", name="key_result_cadence"),
    CheckConstraint("target <> baseline", name="target_is_not_baseline"),
    CheckConstraint(
        "(kind <> 'increase' or cast(target as numeric) >= cast(baseline as numeric))"
        " and (kind <> 'decrease' or cast(target as numeric) <= cast(baseline as numeric))",
        name="target_lies_ahead",
    ),
    CheckConstraint(
        "(kind in ('increase', 'decrease') or target is null)"
        " and (kind = 'keep_within' or (lower is null and upper is null and tolerance is null))",
        name="key_result_measure",
    ),
    CheckConstraint("kvi is null or grain is not null", name="key_result_driven"),
    Index("ix_key_results_objective_id", "objective_id"),
    Index("ix_key_results_kvi", "kvi"),
)

Table(
    "check_ins",
    then,
    *written(),
    refers_to("key_result_id", "key_results"),
    Column("day", Date, nullable=False),
    amount("value"),
    Column("confidence", Integer),
    words("comment", default=""),
    Column("corrects_id", Integer),
    ForeignKeyConstraint(
        ["corrects_id", "key_result_id"],
        ["check_ins.id", "check_ins.key_result_id"],
        name="fk_check_ins_corrects",
        deferrable=True,
        initially="IMMEDIATE",
    ),
    UniqueConstraint("id", "key_result_id"),
    CheckConstraint("confidence between 0 and 10", name="check_in_confidence"),
    CheckConstraint(
        "value is not null or confidence is not null or trim(comment) <> ''", name="check_in_says_something"
    ),
    Index("one_correction", "corrects_id", unique=True),
    Index("ix_check_ins_latest", "key_result_id", "day", "id"),
)

Table(
    "target_changes",
    then,
    *written(),
    refers_to("key_result_id", "key_results"),
    words("reason"),
    *(
        amount(f"{name}_{moment}")
        for name in ("baseline", "target", "lower", "upper", "tolerance")
        for moment in ("before", "after")
    ),
    CheckConstraint("trim(reason) <> ''", name="target_change_reason"),
    Index("ix_target_changes_key_result_id", "key_result_id"),
)

Table(
    "guardrails",
    then,
    *edited(),
    refers_to("objective_id", "objectives"),
    *driven_by_kvi("guardrail"),
    *band("guardrail"),
    CheckConstraint("grain is not null", name="guardrail_has_grain"),
    CheckConstraint("lower is not null or upper is not null", name="guardrail_has_band"),
    Index("ix_guardrails_objective_id", "objective_id"),
)

Table(
    "kvi_targets",
    then,
    *written(),
    *driven_by_kvi("kvi_target"),
    amount("value"),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    words("reason"),
    CheckConstraint("ends_on >= starts_on", name="kvi_target_days"),
    CheckConstraint("trim(reason) <> ''", name="kvi_target_reason"),
    Index("ix_kvi_targets_kvi", "kvi"),
)

Table(
    "kvi_notes",
    then,
    *edited(),
    words("kvi"),
    Column("day", Date, nullable=False),
    words("text"),
    CheckConstraint("trim(text) <> ''", name="kvi_note_text"),
    Index("ix_kvi_notes_kvi", "kvi", "day"),
)

Table(
    "drafts",
    then,
    words("form", primary_key=True),
    words("person", primary_key=True),
    Column("kept_at", TimeType, nullable=False),
    Column("typed", JsonType, nullable=False),
)

Table(
    "audit",
    then,
    *written(),
    words("row_of"),
    Column("row_id", Integer, nullable=False),
    Column("version", Integer),
    words("action"),
    words("reason", optional=True),
    Column("before", JsonType),
    Column("after", JsonType),
    words("once", optional=True),
    Index("one_save_per_click", "once", unique=True),
    Index("ix_audit_row", "row_of", "row_id", "version"),
    Index("ix_audit_created_at", "created_at"),
)


def upgrade() -> None:
    """Makes the tables and guards those that are only added to."""
    then.create_all(op.get_bind(), checkfirst=False)
    make_append_only("check_ins", "target_changes", "kvi_targets", "audit")
