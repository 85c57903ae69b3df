"""The KVIs of a review: a step for each that needs attention, tables of those to leave alone."""

from collections.abc import Sequence
from functools import partial

from kviboard.board.reviews.document import KviRecord, PredictionRecord, ReviewDocument
from kviboard.documents.blocks import Cell, Figure, Paragraph, Step, Table, Tone
from kviboard.documents.review.tables import prediction_text, table_steps
from kviboard.domain.formatting import format_change
from kviboard.domain.kvis.signals import DOWN, UP, WITHIN
from kviboard.domain.kvis.verdict_words import in_plain_words


def kvi_steps(document: ReviewDocument, rows: int | None) -> list[Step]:
    """A step for each KVI that needs attention, then tables of the others; a mirror of another only where something
    was predicted of it."""
    predicted = {each.kvi: each for each in document.predictions}
    told = [kvi for kvi in document.kvis if not kvi.is_mirror or kvi.name in predicted]
    large = [kvi for kvi in told if kvi.verdict in (UP, DOWN) or kvi.name in predicted]
    rest = [kvi for kvi in told if kvi not in large]
    steps = [_kvi_step(document, kvi, predicted.get(kvi.name)) for kvi in large]
    below = [kvi for kvi in rest if kvi.verdict == WITHIN and kvi.meets_target is False]
    normal = [kvi for kvi in rest if kvi.verdict == WITHIN and kvi not in below]
    unjudged = [kvi for kvi in rest if kvi not in below and kvi not in normal]
    for name, title, kvis in (
        ("below", "Below target, and effort alone won't fix it: change how we work", below),
        ("normal", "Usual ups and downs: no action", normal),
        ("unjudged", "Too early to say", unjudged),
    ):
        steps += table_steps(name, title, kvis, rows, partial(_kvi_table, document, title))
    return steps or [Step("kvis", "KVIs", (Paragraph("No KVI can be computed yet.", "quiet"),))]


def _kvi_step(document: ReviewDocument, kvi: KviRecord, predicted: PredictionRecord | None) -> Step:
    facts = [("Opened at", _opened(kvi)), ("Since the opening", _since(document, kvi))]
    facts += [("Predicted", prediction_text(predicted))] if predicted else []
    facts += [("Target", kvi.target_text)] if kvi.target_text else []
    facts += [("To be read with care", f"◌ {kvi.caution}")] if kvi.caution else []
    figure = Figure(
        name=kvi.name,
        title=kvi.title,
        value=kvi.value_text,
        change=kvi.change_text,
        verdict=kvi.verdict,
        tone=_tone(kvi),
        sentence=kvi.sentence,
        unit=kvi.unit,
        currency=document.currency,
        grain=kvi.grain,
        facts=tuple(fact for fact in facts if fact[1]),
        history=kvi.history,
        releases=tuple((release.day.isoformat(), release.title) for release in document.releases),
        large=True,
    )
    return Step(f"kvi-{kvi.name}", kvi.title, (figure,), note=kvi.customer_benefit)


def _tone(kvi: KviRecord) -> Tone | None:
    return kvi.signal if kvi.signal in ("good", "bad", "neutral") else None  # type: ignore[return-value]


def _opened(kvi: KviRecord) -> str:
    return f"{kvi.opened_text} ({kvi.opened_period}){_corrected(kvi)}" if kvi.opened_period else ""


def _corrected(kvi: KviRecord) -> str:
    return f", as corrected now {kvi.corrected_text}" if kvi.corrected_text else ""


def _since(document: ReviewDocument, kvi: KviRecord) -> str:
    """The change since the opening, or why there is none."""
    if not kvi.opened_period:
        return ""
    if not kvi.moved_on:
        return f"no newer complete {kvi.grain}"
    return format_change(kvi.value, kvi.began_at, kvi.unit, document.currency)


def _kvi_table(document: ReviewDocument, caption: str, kvis: Sequence[KviRecord]) -> Table:
    opened = document.act == "closing"
    columns = ("KVI", *(("Opened at",) if opened else ()), "Now", "Period", "Change", "Target", "Verdict")
    rows = tuple(
        (
            Cell(f"{kvi.title} (◌ {kvi.caution})" if kvi.caution else kvi.title),
            *((Cell(f"{kvi.opened_text or '–'}{_corrected(kvi)}"),) if opened else ()),
            Cell(kvi.value_text),
            Cell(kvi.period),
            Cell(_since(document, kvi) or kvi.change_text),
            Cell(kvi.target_text or "–", "caution" if kvi.meets_target is False else None),
            Cell(in_plain_words(kvi.verdict, kvi.signal), _tone(kvi)),
        )
        for kvi in kvis
    )
    return Table(caption, columns, rows, (1, 2) if opened else (1,))
