"""Stop words of a language that nobody named are found among the words that stand out."""

import pytest

from kviboard.board.voice.stop_words import fillers_in_words

SHOP = ["prazo", "muito", "antes", "bom", "não", "um", "uma"]
"""What stood out in the comments of a real shop in Brazil, whose board knew English."""


@pytest.mark.parametrize(
    ("words", "languages", "said"),
    [
        (SHOP, ("en",), "“muito”, “antes”, “bom” and “um” say nothing by themselves in Portuguese"),
        (SHOP, ("en", "pt"), ""),
        (["storing", "de", "het", "een", "dat"], ("en",), "“de”, “het”, “een” and “dat” say nothing by them"),
        (["thank", "like", "no", "one", "fitter"], ("en",), ""),  # words of Slovenian and Norwegian, too, for all that
        ([], ("en",), ""),
    ],
    ids=["portuguese", "named", "dutch", "english", "none"],
)
def test_words_of_a_language_that_is_not_named_are_found(
    words: list[str], languages: tuple[str, ...], said: str
) -> None:
    found = fillers_in_words(words, languages)
    assert found.startswith(said)
    assert bool(found) is bool(said)
