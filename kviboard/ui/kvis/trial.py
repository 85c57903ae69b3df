"""A KVI as it would be, drawn beside the form that makes it."""

import streamlit as st

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.tiles import change_text
from kviboard.board.kvis.trial import KviTrial, coach, signals_text
from kviboard.charts.alt_text import explain_marks
from kviboard.charts.trend import trend_chart
from kviboard.components.markup import text
from kviboard.components.tiles import verdict
from kviboard.domain.formatting import format_value
from kviboard.ui.draw import draw_chart
from kviboard.ui.kvis.page import basis_in_words
from kviboard.ui.markdown import plain


def draw_trial(board: Board, trial: KviTrial) -> None:
    """The KVI as it would be, and what a coach asks."""
    for problem in trial.problems:
        st.warning(plain(str(problem), code=True), icon="⚠️")
    reading = trial.reading
    if reading is None:
        return
    kvi, currency = reading.kvi, board.workspace.company.currency
    period, value = reading.stands_at
    number = text(format_value(value, kvi.unit, currency))
    basis = basis_in_words(reading, View(reading.grain))
    notes = " · ".join(filter(None, (change_text(reading, currency), basis)))
    st.markdown(
        f'<section class="kvi-headline"><p class="kvi-value">{number} <small>{text(period)}</small></p>'
        f"<p>{verdict(reading.verdict, reading.signal)}</p>"  # type: ignore[arg-type]
        f'<p class="kvi-notes">{text(notes)}</p></section>',
        unsafe_allow_html=True,
    )
    chart = trend_chart(reading.drawn, kvi.title, kvi.unit, currency, reading.grain)
    draw_chart(chart, key="kvi-trial")
    st.markdown(f'<p class="kvi-key">{text(explain_marks(chart.frame.to_pydict()))}</p>', unsafe_allow_html=True)
    st.markdown(plain(signals_text(trial)))
    questions = "".join(f"<li>{text(sentence)}</li>" for sentence in coach(board, trial))
    st.markdown(f"<p>Suggestions (you can save anyway)</p><ul>{questions}</ul>", unsafe_allow_html=True)
