"""Every table but those of sprint reviews, the outside-in check, follow-ups and comments: each has a file of its own.
How rows may change is for the verbs.

Rows that tell what happened (APPEND_ONLY) are never changed or deleted: triggers in the database see to it.
"""

from sqlalchemy import Column, Date, ForeignKeyConstraint, Index, Integer, MetaData, Table, UniqueConstraint

from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.okrs.model import BARS, KINDS, MEASURE_NUMBERS
from kviboard.store.column_types import JsonType, PlanType, TimeType
from kviboard.store.columns import (
    amount,
    any_of,
    band,
    by_subject,
    driven_by_kvi,
    edited,
    grading,
    one_per,
    refers_to,
    rule,
    words,
    written,
)

SCHEMA_VERSION = "0010"  # the newest migration


APPEND_ONLY = (
    *("check_ins", "target_changes", "kvi_targets", "audit"),
    *("review_acts", "review_remarks", "review_addenda", "reviewers", "sprint_stories"),
    *("check_answers", "check_participants"),
)

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
}

metadata = MetaData(naming_convention=NAMES)


cycles = Table(
    "cycles",
    metadata,
    *edited(),
    words("name"),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    rule("cycle_name", "trim(name) <> ''", "A cycle needs a name."),
    rule("cycle_days", "ends_on > starts_on", "A cycle must end after it starts."),
    one_per("cycle_names", ["name"], "There is a cycle of this name already.", among="archived_at is null"),
    info={"noun": "cycle", "label": "name"},
)

objectives = Table(
    "objectives",
    metadata,
    *edited(),
    refers_to("cycle_id", "cycles"),
    words("team", optional=True),
    words("title"),
    words("customer_promise", default=""),
    words("owner", optional=True),
    amount("weight", optional=False, default="1"),
    refers_to("parent_id", "objectives", optional=True),
    refers_to("carried_from_id", "objectives", optional=True),
    words("state", default=State.DRAFT.value),
    *grading("objective"),
    rule("objective_title", "trim(title) <> ''", "An objective needs a title."),
    rule("objective_team", "trim(team) <> ''", "A team needs a name; leave it out for the whole company."),
    rule("objective_owner", "trim(owner) <> ''", "An owner needs a name; leave it out while nobody owns it."),
    rule("objective_weight", "cast(weight as numeric) > 0", "A weight must be above 0."),
    rule("objective_parent", "parent_id <> id", "An objective cannot support itself."),
    rule("objective_state", any_of("state", list(State)), "An objective is draft, active or closed."),
    rule(
        "objective_closed",
        "(state = 'Closed') = (outcome is not null) and (state <> 'Closed' or grade is not null)",
        "Closing needs a grade and a decision: keep, modify or abandon.",
    ),
    Index("ix_objectives_cycle_id", "cycle_id"),
    Index("ix_objectives_parent_id", "parent_id"),
    info={"noun": "objective", "label": "title"},
)

key_results = Table(
    "key_results",
    metadata,
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
    rule("key_result_title", "trim(title) <> ''", "A key result needs a title."),
    rule("key_result_owner", "trim(owner) <> ''", "An owner needs a name; leave it out while nobody owns it."),
    rule("key_result_unit", "trim(unit) <> ''", "A key result needs a unit."),
    rule("key_result_kind", any_of("kind", tuple(KINDS)), f"The kind is one of {', '.join(KINDS)}."),
    rule("key_result_ambition", any_of("ambition", list(BARS)), "A key result is committed or aspirational."),
    rule("key_result_weight", "cast(weight as numeric) > 0", "A weight must be above 0."),
    rule("key_result_tolerance", "cast(tolerance as numeric) > 0", "A tolerance must be above 0."),
    rule("key_result_cadence", "cadence_days > 0", "Check-ins must be at least one day apart."),
    rule("target_is_not_baseline", "target <> baseline", "The target must differ from the baseline."),
    rule(
        "target_lies_ahead",
        "(kind <> 'increase' or cast(target as numeric) >= cast(baseline as numeric))"
        " and (kind <> 'decrease' or cast(target as numeric) <= cast(baseline as numeric))",
        "An increase needs a target above its baseline, a decrease one below it.",
    ),
    rule(
        "key_result_measure",
        "(kind in ('increase', 'decrease') or target is null)"
        " and (kind = 'keep_within' or (lower is null and upper is null and tolerance is null))",
        "Only an increase or a decrease has a target, and only a key result to keep within a band has its bounds.",
    ),
    rule("key_result_driven", "kvi is null or grain is not null", "A key result driven by a KVI needs its grain."),
    Index("ix_key_results_objective_id", "objective_id"),
    Index("ix_key_results_kvi", "kvi"),
    info={"noun": "key result", "label": "title"},
)

check_ins = Table(
    "check_ins",
    metadata,
    *written(),
    refers_to("key_result_id", "key_results"),
    Column("day", Date, nullable=False),
    amount("value"),
    Column("confidence", Integer),
    words("comment", default=""),
    Column("corrects_id", Integer),
    # A correction belongs to the same key result, and only one names a given check-in: corrections form a chain.
    ForeignKeyConstraint(
        ["corrects_id", "key_result_id"],
        ["check_ins.id", "check_ins.key_result_id"],
        name="fk_check_ins_corrects",
        deferrable=True,
        initially="IMMEDIATE",
    ),
    UniqueConstraint("id", "key_result_id"),
    rule("check_in_confidence", "confidence between 0 and 10", "Confidence lies between 0 and 10."),
    rule(
        "check_in_says_something",
        "value is not null or confidence is not null or trim(comment) <> ''",
        "A check-in needs a value, a confidence or a comment.",
    ),
    one_per("one_correction", ["corrects_id"], "This check-in was corrected by somebody else meanwhile: look again."),
    Index("ix_check_ins_latest", "key_result_id", "day", "id"),
    info={"noun": "check-in"},
)

target_changes = Table(
    "target_changes",
    metadata,
    *written(),
    refers_to("key_result_id", "key_results"),
    words("reason"),
    *(amount(f"{name}_{moment}") for name in MEASURE_NUMBERS for moment in ("before", "after")),
    rule("target_change_reason", "trim(reason) <> ''", "Changing the target of an active key result needs a reason."),
    Index("ix_target_changes_key_result_id", "key_result_id"),
    info={"noun": "change of target"},
)

guardrails = Table(
    "guardrails",
    metadata,
    *edited(),
    refers_to("objective_id", "objectives"),
    *driven_by_kvi("guardrail"),
    *band("guardrail"),
    rule("guardrail_has_grain", "grain is not null", "A guardrail needs the grain of its KVI."),
    rule(
        "guardrail_has_band",
        "lower is not null or upper is not null",
        "A guardrail needs a lower or an upper bound.",
    ),
    Index("ix_guardrails_objective_id", "objective_id"),
    info={"noun": "guardrail", "label": "kvi"},
)

# A target of a KVI from a day on; the row added last wins where two overlap. No value: no target from that day on.
kvi_targets = Table(
    "kvi_targets",
    metadata,
    *written(),
    *driven_by_kvi("kvi_target"),
    amount("value"),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    words("reason"),
    rule("kvi_target_days", "ends_on >= starts_on", "A target cannot end before it starts."),
    rule("kvi_target_reason", "trim(reason) <> ''", "A target of a KVI needs a reason."),
    Index("ix_kvi_targets_kvi", "kvi"),
    info={"noun": "target", "label": "kvi"},
)

kvi_notes = Table(
    "kvi_notes",
    metadata,
    *edited(),
    words("kvi"),
    Column("day", Date, nullable=False),
    words("text"),
    rule("kvi_note_text", "trim(text) <> ''", "A note needs a text."),
    Index("ix_kvi_notes_kvi", "kvi", "day"),
    info={"noun": "note", "label": "text"},
)

# What somebody typed into a form and did not save yet, kept so that nothing typed is lost.
drafts = Table(
    "drafts",
    metadata,
    words("form", primary_key=True),
    words("person", primary_key=True),
    Column("kept_at", TimeType, nullable=False),
    Column("typed", JsonType, nullable=False),
)

# Who changed what, when and how; written with the change. `once` names the click that asked for it.
audit = Table(
    "audit",
    metadata,
    *written(),
    words("row_of"),
    Column("row_id", Integer, nullable=False),
    Column("version", Integer),
    words("action"),
    words("reason", optional=True),
    Column("before", JsonType),
    Column("after", JsonType),
    words("once", optional=True),
    by_subject(),
    one_per("one_save_per_click", ["once"], "This was saved already."),
    Index("ix_audit_row", "row_of", "row_id", "version"),
    Index("ix_audit_created_at", "created_at"),
)
