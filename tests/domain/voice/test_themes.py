"""Words told apart: by hand, and on comments in which nothing differs."""

import math
import random

import numpy as np
import pytest

from kviboard.domain.voice.themes import find_themes, log_odds, terms_of

STOP = {"the", "was", "and", "to", "i"}


def test_terms_are_words_that_say_something_and_pairs_side_by_side():
    found = terms_of(" the new price was not fair . cheap hours and 24 to i . ", STOP)
    assert found == {"new", "price", "new price", "not", "fair", "not fair", "cheap", "hours", "cheap hours"}


def test_a_pair_does_not_reach_over_the_end_of_a_clause():
    assert "price fitter" not in terms_of(" price . fitter late ", STOP)


def test_log_odds_by_hand():
    """10 of 100 against 30 of 200 words, 50 of 400 in all: the prior counts 500 × 50 / 400 = 62.5 of 500 words."""
    (z,) = log_odds(np.array([10.0]), np.array([30.0]), np.array([50.0]), (100, 200, 400))
    ours = math.log((10 + 62.5) / (100 + 500 - 10 - 62.5))
    theirs = math.log((30 + 62.5) / (200 + 500 - 30 - 62.5))
    assert z == pytest.approx((ours - theirs) / math.sqrt(1 / 72.5 + 1 / 92.5))


def test_a_word_that_one_band_uses_is_found_with_its_counts():
    comments = [("promoter", f" thanks {word} ") for word in "abcdefgh" * 20]
    comments += [("detractor", " late parcel ")] * 100 + [("passive", " late parcel ")] * 3
    found, compared = find_themes(comments, STOP)
    by_words = {theme.words: theme for theme in found}
    assert by_words["late parcel"].z < -1.96
    assert (by_words["late parcel"].detractors, by_words["late parcel"].passives) == (100, 3)
    assert by_words["thanks"].z > 1.96
    assert by_words["thanks"].promoters == 160
    assert "late" not in by_words  # never without "parcel"
    assert compared >= 3


def test_a_word_in_fewer_than_five_comments_is_left_out():
    found, compared = find_themes([("promoter", " wonderful ")] * 4 + [("detractor", " late ")] * 200, STOP)
    assert compared == 1
    assert "wonderful" not in [theme.words for theme in found]


def test_where_nothing_differs_hardly_any_word_is_shown():
    chance = random.Random(7)
    words = [f"word{number}" for number in range(200)]
    comments = [
        (band, f" {' . '.join(chance.sample(words, 8))} ")
        for band in ("promoter", "passive", "detractor")
        for _ in range(400)
    ]
    found, compared = find_themes(comments, STOP)
    assert compared == 200
    assert len(found) <= 0.05 * compared + 3


def test_no_comments_are_no_error():
    assert find_themes([], STOP) == ([], 0)
