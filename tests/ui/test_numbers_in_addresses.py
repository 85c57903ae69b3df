"""The number of a row in an address: whatever else stands there is answered with a sentence."""

import pytest

from kviboard.errors import StoreError
from kviboard.ui.forms.saving import number


def test_the_number_of_a_row_is_read() -> None:
    assert number("12") == 12
    assert number("999999999") == 999_999_999


@pytest.mark.parametrize("of", ["", "-1", "1.5", "nan", "x", "9" * 10, "9" * 25, "9" * 5_000])
def test_what_is_no_number_of_a_row_is_said(of: str) -> None:
    with pytest.raises(StoreError, match="names nothing that is there: open the form from the page"):
        number(of)
