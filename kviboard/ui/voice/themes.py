"""What promoters and detractors say unlike one another, and how often each theme of the workspace comes up."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from kviboard.board.kvis.reading import View
from kviboard.board.voice.stop_words import fillers_in_words
from kviboard.charts.theme import Chart
from kviboard.charts.trend import trend_chart
from kviboard.components.markup import link, quiet, text
from kviboard.domain.formatting import counted, format_value
from kviboard.domain.kvis.intervals import CHANCE
from kviboard.domain.kvis.signals import DOWN, UP
from kviboard.domain.voice.words import chance_in_words, theme_in_words
from kviboard.ui.draw import draw_chart, unseen_message
from kviboard.ui.page import Page, href, warn_of_gone
from kviboard.ui.style import draw_html, draw_section
from kviboard.ui.url_state import choice
from kviboard.ui.views import draw_csv, folded_on_phone, is_lacking, period_names, rows_of

_MOST_WORDS = 15
_HEIGHT = 240
_ORDER = "The clearest difference stands first; figures count comments, and so do the bars."


def draw_themes(page: Page) -> None:
    """The words found, side by side; the named themes below."""
    if is_lacking("themes"):
        return
    view = replace(page.view, by=None)
    found = rows_of("themes", view)
    if found.empty:
        sentence = "No word sets promoters and detractors apart in the comments of this range."
        draw_section("Words that set them apart", "", "", sentence)
    else:
        draw_section("Words that set them apart", f"{chance_in_words(int(found['compared'].iloc[0]))} {_ORDER}", " ")
        _draw_fillers(page, found)
        ours, theirs = st.columns(2, gap="large")
        with ours:
            _draw_words(found[found["z"] > 0], "Promoters say", "promoters")
        with theirs:
            _draw_words(found[found["z"] < 0], "Detractors say", "detractors")
        draw_csv("themes", view)
    folded_on_phone("Themes to follow", draw_named_themes)(page)


def _draw_fillers(page: Page, found: pd.DataFrame) -> None:
    """Where what is shown is in a language whose stop words are not left out."""
    shown = [word for _, rows in found.groupby(found["z"] > 0) for word in rows["theme"].head(_MOST_WORDS)]
    if said := fillers_in_words(shown, page.board.workspace.company.languages):
        draw_html(quiet(said))


def _draw_words(rows: pd.DataFrame, title: str, band: str) -> None:
    shown = rows.head(_MOST_WORDS)
    most = max(1, int(shown[band].max())) if len(shown) else 1
    lines = "".join(_line(row, most, band) for row in shown.to_dict("records"))
    label = text(title)
    head = '<th scope="col">Word</th><th scope="col"></th>' + "".join(
        f'<th scope="col" class="kvi-figure">{name}</th>' for name in ("promoters", "passives", "detractors")
    )
    body = (
        f'<div class="kvi-wide" role="region" tabindex="0" aria-label="{label}"><table class="kvi-rows kvi-said">'
        f"<caption>{label}</caption><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>"
    )
    draw_html(f'<h3 class="kvi-question">{label}</h3>{body if lines else quiet("Nothing of their own.")}')


def _line(row: Mapping[Any, Any], most: int, band: str) -> str:
    address = href("voice", show="comments", q=f'"{row["theme"]}"', said_by="", touchpoint="", theme="")
    width = round(100 * int(row[band]) / most)
    figures = "".join(
        f'<td class="kvi-figure">{int(row[name]):,}</td>' for name in ("promoters", "passives", "detractors")
    )
    return (
        f'<tr><th scope="row">{link(row["theme"], address)}</th>'
        f'<td class="kvi-bar kvi-bar-{band}"><i aria-hidden="true" style="width:{width}%"></i></td>{figures}</tr>'
    )


def draw_named_themes(page: Page) -> None:
    """The share of comments that speak of each theme, and the one chosen over time."""
    view = replace(page.view, by=None)
    found = rows_of("named_themes", view)
    usual = ", the band what is usual" if found["centre"].notna().any() else ""
    unusual = ", a triangle what is not" if found["verdict"].isin((UP, DOWN)).any() else ""
    note = f"Share of the comments that use one of the theme's words; upright lines show {CHANCE}{usual}{unusual}."
    if found.empty:
        hint = "None yet: a list of words in queries/themes/price.txt makes price a theme to follow."
        draw_section("Themes to follow", "", "", hint)
        return
    draw_section("Themes to follow", note, " ")
    counts = rows_of("comment_counts", view)
    about = counts[counts["kind"] == "theme"].set_index("name")["comments"]
    comments = int(counts.loc[counts["kind"] == "band", "comments"].sum())
    themes = list(dict.fromkeys(found["theme"]))
    chosen = choice("theme", themes, "")
    warn_of_gone(theme="theme")
    shown = [chosen] if chosen else themes
    said = _verdicts(page, view, found)
    for start in range(0, len(shown), 2):
        for place, theme in zip(st.columns(2, gap="large"), shown[start : start + 2], strict=False):
            with place:
                rows = found[found["theme"] == theme]
                _draw_theme(page, theme, rows, said.get(theme, ""), int(about.get(theme, 0)), comments)
    if chosen:
        draw_html(f'<p class="kvi-quiet">{link("All themes", href("voice", theme=""))}</p>')
    draw_csv("named_themes", view)


def _verdicts(page: Page, view: View, found: pd.DataFrame) -> dict[str, str]:
    """By theme what the last complete period says of those that it is judged in, whichever are looked at."""
    judged = page.board.usual_grain
    rows = found if view.grain == judged else rows_of("named_themes", replace(view, grain=judged))
    last = rows[rows["complete"]].groupby("theme").tail(1)
    labels = period_names(page, last["period"], judged)
    columns = last.assign(label=labels)[["theme", "label", "share", "verdict", "reason"]].to_numpy()
    where = "" if view.grain == judged else f"Judged per {judged}. "
    return {theme: f"{where}{theme_in_words(*said)}" for theme, *said in columns}


def _draw_theme(page: Page, theme: str, rows: pd.DataFrame, said: str, about: int, comments: int) -> None:
    name = theme.replace("_", " ")
    share = format_value(about / comments if comments else None, "percent")
    behind = link(
        f"{about:,} of {counted(comments, 'comment')}",
        href("voice", show="comments", theme=theme, q="", said_by="", touchpoint=""),
    )
    grain = page.view.grain
    labels = period_names(page, rows["period"], grain)
    head = f"{text(name.capitalize())}: {text(share)} <small>{behind}</small>"
    chart = _trend(rows, labels, grain, name)
    draw_html(f'<h3 class="kvi-question">{head}</h3>{quiet(said) if said else ""}{unseen_message(chart)}')
    draw_chart(chart, key=f"theme-{theme}", alt=f"Trend of comments about {name}, described above")


def _trend(rows: pd.DataFrame, labels: list[str], grain: str, name: str) -> Chart:
    frame = rows.assign(
        label=labels,
        value=rows["share"],
        value_text=[format_value(share, "percent") for share in rows["share"]],
        n=rows["comments"],
        n_text=[f"{comments:,}" for comments in rows["comments"]],
    )
    frame["signal"] = rows["verdict"].map({UP: "neutral", DOWN: "neutral"})
    return trend_chart(frame, f"Comments about {name}", "percent", "EUR", grain, height=_HEIGHT)
