"""The coach on the board: the company's language decides, another that is known is heard, one without a file is not."""

from pathlib import Path

import pytest

from kviboard.board.board import board_without_data
from kviboard.board.context import BoardContext, open_store_of
from kviboard.board.wording.coaching import coached_key_result, coached_objective, coached_vision
from kviboard.workspace import load_workspace


@pytest.fixture
def speaking(tmp_path: Path):
    """A board of a company that speaks a language."""

    def board(code: str) -> BoardContext:
        (tmp_path / "kviboard.toml").write_text(f'[company]\nlanguage = "{code}"\n', encoding="utf-8")
        workspace = load_workspace(tmp_path)
        return BoardContext(board_without_data(workspace), open_store_of(workspace))

    return board


def test_the_company_s_language_is_the_one_that_is_coached(speaking) -> None:
    dutch = speaking("nl")
    assert coached_objective(dutch, "Nieuwe app lanceren").rewrite == "Klanten kunnen …"
    assert coached_key_result(dutch, "Nieuwe app lanceren").rewrite == "Aandeel van de klanten dat …"
    assert [
        each.rule for each in coached_vision(dutch.board.workspace.company, "Wij zijn de beste op de markt").findings
    ] == ["customer_is_subject"]
    assert coached_objective(dutch, "Launch the new app for our customers").rewrite == "Customers can …"
    assert coached_objective(speaking("de"), "Neue App einführen").rewrite == "Kunden können …"


def test_in_a_language_without_a_file_the_coach_says_so_and_keeps_silent(speaking) -> None:
    french = speaking("fr")
    said = coached_objective(french, "Lancer la nouvelle application")
    assert (said.findings, said.rewrite) == ((), "")
    assert said.silence == (
        "The coach knows Danish, German, English and Dutch, not the company's language (fr), and keeps silent."
    )
    assert coached_objective(french, "").silence == ""
    assert coached_key_result(french, "Lancer la nouvelle application").silence
