"""How customers score each touchpoint, how one moved, and which groups pull the score down or up."""

from dataclasses import replace

import pandas as pd

from kviboard.charts.scores import nps_over_time
from kviboard.charts.voice import dots_chart, matrix_chart
from kviboard.components.markup import link, quiet, text
from kviboard.components.rows import BY_CHANCE, Columns, rows_table
from kviboard.domain.kvis.intervals import CHANCE, FEW, MANY
from kviboard.domain.voice.words import KINDS, aspects_in_words, change_in_words, lift_in_words
from kviboard.ui.draw import draw_chart, unseen_message
from kviboard.ui.page import Page, href, warn_of_gone
from kviboard.ui.style import draw_html, draw_section
from kviboard.ui.url_state import choice
from kviboard.ui.views import draw_csv, is_lacking, period_names, rows_of

_MOST = 12
_COLUMNS: Columns = {
    "touchpoint": ("Touchpoint", "text"),
    "responses": ("Answers", "number"),
    "nps": ("NPS", "score"),
    ("low", "high"): (BY_CHANCE, "score"),
    "asked": ("Asked", "number"),
    "response_rate": ("Response rate", "share"),
    "nps_before": ("NPS before", "score"),
    "said": ("Change", "text"),
}
_BEFORE, _ASKED = ("nps_before", "said"), ("asked", "response_rate")
_ASPECTS: Columns = {
    "aspect": ("Aspect", "text"),
    "responses": ("Answers", "number"),
    "importance": ("Weight", "share"),
    ("low", "high"): (BY_CHANCE, "share"),
    "mean": ("Average rating", "number"),
    ("mean_low", "mean_high"): (BY_CHANCE, "number"),
}


def draw_touchpoints(page: Page) -> None:
    """NPS of each touchpoint with its interval and change; the one chosen over time."""
    if is_lacking("touchpoints"):
        return
    view = replace(page.view, by=None)
    found = rows_of("touchpoints", view)
    note = f"Net Promoter Score of all answers at a touchpoint; lines show {CHANCE}. A name opens its trend."
    if found.empty:
        sentence = "No answer of this range names a touchpoint: add the column touchpoint to the responses export."
        draw_section("How each touchpoint is scored", "", "", sentence)
        return
    draw_section("How each touchpoint is scored", note, " ")
    draw_chart(dots_chart(found["touchpoint"].tolist(), found, "nps", "Net Promoter Score"), key="touchpoints")
    columns = zip(*(found[name] for name in ("verdict", "change", "change_low", "change_high")), strict=True)
    said = [change_in_words(*row) for row in columns]
    addresses = [href("voice", touchpoint=name) for name in found["touchpoint"]]
    knows_before = bool(found["nps_before"].notna().any())
    hidden = (*(() if knows_before else _BEFORE), *(() if found["asked"].notna().any() else _ASKED))
    shown = {name: each for name, each in _COLUMNS.items() if name not in hidden}
    table = rows_table(found.assign(said=said), shown, "EUR", "Touchpoints and their change", addresses)
    draw_html(table + (quiet(f"Before: as many days before the range. Of {MANY}.") if knows_before else ""))
    draw_csv("touchpoints", view)
    chosen = choice("touchpoint", found["touchpoint"].tolist(), "")
    warn_of_gone(touchpoint="touchpoint")
    if chosen:
        _draw_trend(page, chosen)


def _draw_trend(page: Page, touchpoint: str) -> None:
    view = replace(page.view, by=None)
    rows = rows_of("touchpoint_trend", view, touchpoint=touchpoint)
    behind = link(f"Comments at {touchpoint}", href("voice", show="comments", q="", said_by="", theme=""))
    close = link("Close", href("voice", touchpoint=""))
    chart = nps_over_time(rows, period_names(page, rows["period"], view.grain), view.grain)
    links = f'<p class="kvi-quiet">{behind} · {close}</p>'
    draw_section(f"{touchpoint} over time", "", f"{links}{unseen_message(chart)}")
    draw_chart(chart, key="touchpoint-trend", alt=f"{touchpoint} over time, described above")
    draw_csv("touchpoint_trend", view, touchpoint=touchpoint)


def draw_drivers(page: Page) -> None:
    """By kind of group: how many points the score would gain if it scored like the rest."""
    if is_lacking("drivers"):
        return
    note = (
        "Points that the score would gain if the group scored like the rest of its kind: its share times the "
        f"difference; lines show {CHANCE}. It says where the score is lost, not what causes it; of {MANY}."
    )
    view = replace(page.view, by=None)
    found = rows_of("drivers", view)
    if found.empty:
        draw_section("What pulls the score", "", "", "Nobody answered in this range.")
        return
    _draw_aspects(page)
    draw_section("What pulls the score", note, " ")
    for kind, rows in found.groupby("kind", sort=False):
        _draw_kind(page, str(kind), rows)
    draw_csv("drivers", view)


def _draw_aspects(page: Page) -> None:
    """What matters and how good we are at it; nothing where no answer rates single aspects."""
    view = replace(page.view, by=None)
    found = rows_of("aspects", view)
    if found.empty:
        return
    first = found.iloc[0]
    said = aspects_in_words(found["aspect"].tolist(), float(first["explained"]), int(first["responses"]))
    note = f"Up: its weight for the score, to the right: its average rating; lines show {CHANCE}."
    draw_section("What matters, and how good we are at it", note, f"<p>{text(said)}</p>")
    if found["importance"].notna().all():
        draw_chart(matrix_chart(found), key="aspects")
    shown = found.assign(aspect=[name.replace("_", " ").capitalize() for name in found["aspect"]])
    draw_html(rows_table(shown, _ASPECTS, "EUR", "Aspects by weight"))
    draw_csv("aspects", view)


def _draw_kind(page: Page, kind: str, rows: pd.DataFrame) -> None:
    title = f'<h3 class="kvi-question">{text(KINDS[kind])}</h3>'
    known = rows[(rows["responses"] >= FEW) & rows["lift"].notna()]
    if known.empty:
        draw_html(title + quiet(f"No two groups with {FEW} answers to compare."))
        return
    first = known.iloc[0]
    said = lift_in_words(str(first["name"]), float(first["lift"]), float(first["low"]), float(first["high"]))
    left_out = len(rows) - len(known)
    few = f" {left_out} with fewer than {FEW} answers left out." if left_out else ""
    sentence = f"{said or 'None is shown to pull it down.'}{few}"
    draw_html(f"{title}{quiet(sentence)}")
    shown = known if len(known) <= _MOST else pd.concat([known.head(_MOST // 2), known.tail(_MOST // 2)])
    draw_chart(dots_chart(shown["name"].tolist(), shown, "lift", "Points to gain"), key=f"drivers-{kind}")
    behind = [link(name, address) for name in shown["name"] if (address := _behind(page, kind, name))]
    if behind:
        what = "Complaints about" if kind == "topic" else "What they say"
        draw_html(f'<p class="kvi-quiet">{what}: {" · ".join(behind)}</p>')


def _behind(page: Page, kind: str, name: str) -> str:
    """Where what is behind a group stands; empty where nothing does."""
    cleared = {"q": "", "said_by": "", "touchpoint": "", "theme": ""}
    if kind == "touchpoint":
        return href("voice", **{**cleared, "show": "comments", "touchpoint": name})
    if kind == "topic":
        return href("voice", show="complaints", topic=name)
    dimension, _, value = name.partition(": ")
    named = next((each for each in page.board.dimensions if each.replace("_", " ") == dimension), "")
    return href("voice", **{**cleared, "show": "comments", named: value}) if kind == "dimension" and named else ""
