"""The only SQLAlchemy in the program: OKRs, check-ins, targets, notes, audit. Everything goes in and out as records."""

from kviboard.store.drafts import Draft
from kviboard.store.history import AuditEntry
from kviboard.store.records import (
    CheckIn,
    Cycle,
    Grade,
    Guardrail,
    KeyResult,
    KeyResultRow,
    KviNote,
    KviTarget,
    NewCheckIn,
    NewCycle,
    NewGuardrail,
    NewKeyResult,
    NewKviNote,
    NewKviTarget,
    NewObjective,
    Objective,
    ObjectiveRow,
    TargetChange,
    TargetValues,
)
from kviboard.store.rules import as_rules_see
from kviboard.store.store import FILE_NAME, Store, open_store

__all__ = [
    "FILE_NAME",
    "AuditEntry",
    "CheckIn",
    "Cycle",
    "Draft",
    "Grade",
    "Guardrail",
    "KeyResult",
    "KeyResultRow",
    "KviNote",
    "KviTarget",
    "NewCheckIn",
    "NewCycle",
    "NewGuardrail",
    "NewKeyResult",
    "NewKviNote",
    "NewKviTarget",
    "NewObjective",
    "Objective",
    "ObjectiveRow",
    "Store",
    "TargetChange",
    "TargetValues",
    "as_rules_see",
    "open_store",
]
