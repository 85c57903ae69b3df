"""The columns of the table of OKRs: what we write, and what other tools call the same.

A row is what its column "Row" says; files of other tools have none, and a row of theirs is a key result.
"""

from collections.abc import Mapping

from kviboard.domain.okrs.model import MEASURE_NUMBERS

OBJECTIVE, KEY_RESULT, CHECK_IN = "Objective", "Key result", "Check-in"
TARGET_CHANGE, GUARDRAIL, COMMENT = "Change of target", "Guardrail", "Comment"
ROWS = (OBJECTIVE, KEY_RESULT, CHECK_IN, TARGET_CHANGE, GUARDRAIL, COMMENT)
"""What a row can be."""

BEFORE = {name: f"{name}_before" for name in MEASURE_NUMBERS}
GRADES = ("outcome", "grade", "suggested_grade", "grade_reason", "closing_note")

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "row": ("Row",),
    "cycle": ("Cycle", "Period", "Quarter", "Time period", "Zeitraum", "Quartal"),
    "starts": ("Cycle starts", "Start date", "Startdatum"),
    "ends": ("Cycle ends", "End date", "Due date", "Enddatum"),
    "objective": ("Objective", "Objective title", "Objective name", "Ziel", "Objectif", "Objetivo", "Doelstelling"),
    "promise": ("Customer promise",),
    "team": ("Team", "Group", "Department", "Équipe", "Equipo", "Abteilung"),
    "objective_owner": ("Objective owner",),
    "objective_state": ("Objective state", "State", "Status", "Objective status"),
    "parent": ("Supports", "Parent objective", "Parent", "Aligned to"),
    "title": ("Key result", "Key result title", "Key result name", "KR", "Schlüsselergebnis", "Kernresultaat"),
    "kind": ("Kind", "Type", "Key result type"),
    "owner": ("Owner", "Key result owner", "Assignee", "Verantwortlich", "Responsable", "Eigenaar"),
    "unit": ("Unit", "Metric unit", "Einheit", "Unité", "Eenheid"),
    "baseline": ("Baseline", "Start", "Start value", "Initial value", "From", "Startwert", "Ausgangswert"),
    "target": ("Target", "Target value", "Goal", "To", "Zielwert", "Cible", "Meta", "Doel"),
    "lower": ("At least",),
    "upper": ("At most",),
    "tolerance": ("Tolerance",),
    "current": ("Current", "Current value", "Actual", "Latest value", "Aktuell", "Istwert", "Actuel", "Huidig"),
    "current_on": ("Current on", "Last check-in", "Updated at", "Last updated"),
    "confidence": ("Confidence",),
    "comment": ("Comment", "Latest comment", "Last comment", "Kommentar"),
    "by": ("Said by",),
    "at": ("Said at",),
    "ambition": ("Ambition",),
    "weight": ("Weight", "Gewicht", "Poids", "Peso"),
    "kvi": ("KVI",),
    "grain": ("KVI grain",),
    "where": ("KVI customers",),
    "cadence_days": ("Cadence (days)",),
    "plan": ("Expected on the way",),
    "outcome": ("Decision on closing",),
    "grade": ("Grade",),
    "suggested_grade": ("Suggested grade",),
    "grade_reason": ("Why another grade",),
    "closing_note": ("Closing note",),
    "objective_outcome": ("Objective decision on closing",),
    "objective_grade": ("Objective grade",),
    "objective_suggested_grade": ("Objective suggested grade",),
    "objective_grade_reason": ("Objective why another grade",),
    "objective_closing_note": ("Objective closing note",),
    "objective_weight": ("Objective weight",),
    **{before: (f"{name.capitalize()} before",) for name, before in BEFORE.items()},
    "reason": ("Why the target changed",),
    "objective_no": ("Objective no.",),
    "parent_no": ("Supports no.",),
    "objective_from_no": ("Objective carried over from no.",),
    "result_no": ("Key result no.",),
    "result_from_no": ("Key result carried over from no.",),
    "check_in_no": ("Check-in no.",),
    "corrects_no": ("Corrects check-in no.",),
}
"""Our names, in the order they are written, with what columns are called; the first is what we write."""

STANDING: Mapping[str, str] = {
    "stands_at": "Stands at",
    "stands_in": "Stands so in",
    "progress": "Progress made (%)",
    "status": "Key result status",
    "status_reason": "Status reason",
}
"""What is computed: written last, for people, and not read again."""

NUMBERS = (*MEASURE_NUMBERS, *BEFORE.values(), "current", "weight", "objective_weight", "confidence", "cadence_days")
"""Those a workbook keeps as numbers."""

OF_OBJECTIVE = (
    *("cycle", "starts", "ends", "objective", "promise", "team", "objective_owner", "objective_state", "parent"),
    *(name for name in COLUMNS if name.startswith("objective_") or name == "parent_no"),
)
"""What a row takes from the one above where it names no objective."""
