"""The fields that choose a KVI, its periods and its customers, for key results and guardrails."""

from collections.abc import Mapping, Sequence

import streamlit as st

from kviboard.board.context import BoardContext
from kviboard.ui.forms.fields import Fields, Then
from kviboard.ui.forms.form import Form

_DIMENSION = "where_"
_SEGMENT = "of_segment"  # fills in the dimensions; what is kept are these
_IN_A_ROW = 3


def source_values(context: BoardContext, kvi: str, grain: str, where: dict[str, list[str]]) -> dict[str, object]:
    """A KVI, grain and slice as the values of a form: one per dimension."""
    slices = {f"{_DIMENSION}{name}": list(where.get(name, ())) for name in context.board.dimensions}
    return {"kvi": kvi, "grain": grain, _SEGMENT: _segment_of(context, where), **slices}


def _segment_of(context: BoardContext, where: Mapping[str, Sequence[str]]) -> str:
    """The named segment that these customers are; empty where none is."""
    chosen = {name: set(values) for name, values in where.items() if values}
    named = context.board.workspace.segments.items()
    return next((name for name, each in named if {key: set(own) for key, own in each.chosen.items()} == chosen), "")


def typed_where(form: Form) -> dict[str, list[str]]:
    """The slice that is chosen: dimension -> values."""
    chosen = {name.removeprefix(_DIMENSION): form.typed[name] for name in form.typed if name.startswith(_DIMENSION)}
    return {name: list(values) for name, values in chosen.items() if values}


def draw_source(context: BoardContext, form: Form, fields: Fields, nothing: str, then: Then) -> None:
    """Draw the choice of a KVI, then of its periods and customers. `nothing` names the choice of none."""
    kvis = context.board.kvis
    known = [form.typed["kvi"]] if form.typed["kvi"] and form.typed["kvi"] not in kvis else []

    def show(name: str) -> str:
        return kvis[name].title if name in kvis else name or nothing

    def chosen() -> None:
        _keep_grain(context, form)
        then()

    fields.one("kvi", "Measured by", ["", *known, *sorted(kvis, key=show)], show, then=chosen)
    if form.typed["kvi"] not in kvis:
        return
    grains = _grains(context, form.typed["kvi"])
    fields.choice("grain", "Read per", grains, str.capitalize, then=then, required=True)
    _draw_slice(context, form, fields, then)


def _segment_name(name: str) -> str:
    return name.replace("_", " ").capitalize() if name else "All customers, or as chosen below"


def _draw_slice(context: BoardContext, form: Form, fields: Fields, then: Then) -> None:
    """A named segment, or one choice of values per dimension, three in a row."""
    segments = context.board.workspace.segments

    def chosen() -> None:
        form.put(_SEGMENT, _segment_of(context, typed_where(form)))
        then()

    if segments:

        def fill() -> None:
            members = segments[form.typed[_SEGMENT]].chosen if form.typed[_SEGMENT] else {}
            for name in context.board.dimensions:
                form.put(f"{_DIMENSION}{name}", list(members.get(name, ())))
            then()

        fields.one(_SEGMENT, "Named segment", ["", *segments], _segment_name, then=fill)
    names = list(context.board.dimensions)
    for start in range(0, len(names), _IN_A_ROW):
        row = names[start : start + _IN_A_ROW]
        for column, name in zip(st.columns(_IN_A_ROW), row, strict=False):
            options = context.board.reader.dimension_values(name)
            with column:
                label = name.replace("_", " ").capitalize()
                fields.many(f"{_DIMENSION}{name}", label, options, then=chosen, placeholder="All")


def _keep_grain(context: BoardContext, form: Form) -> None:
    """The chosen KVI's grain: as it was where it has it, else the company's usual one."""
    if form.typed["kvi"] not in context.board.kvis:
        form.put("grain", "")
        return
    grains = _grains(context, form.typed["kvi"])
    usual = context.board.usual_grain
    if form.typed["grain"] not in grains:
        form.put("grain", usual if usual in grains else grains[0])


def _grains(context: BoardContext, kvi: str) -> list[str]:
    has_sprints = bool(context.board.calendar.sprints)
    return [grain for grain in context.board.kvis[kvi].grains if grain != "sprint" or has_sprints]
