"""Lists of sales people hold who may become a customer: that these count as new customers is said."""

from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from tests.warehouse.company import TEN_ORDERS, company, query
from tests.warehouse.staged import published, refreshed


def doubts(folder: Path, listed: str) -> list[str]:
    said = refreshed(company(folder, orders_csv=TEN_ORDERS, customers_csv=listed)).decisions
    return [str(each) for each in said if "count as new customers" in each.what and each.should_be_confirmed]


def contacts(column: str, *values: str) -> str:
    rows = "".join(f"x{n},2026-01-{n + 1:02},{value}\n" for n, value in enumerate(values))
    return f"customer_id,signed_up_on,{column}\n{rows}"


def test_leads_among_customers_are_warned_of_with_the_query_that_empties_their_day(tmp_path: Path) -> None:
    listed = contacts("Lifecycle Stage", "customer", "lead", "marketingqualifiedlead", "lead", "subscriber", "customer")
    (said,) = doubts(tmp_path, listed)
    assert said.startswith(
        'The customers export: lifecycle stage is "lead", "marketingqualifiedlead" or "subscriber" in 4 rows, which '
        "count as new customers on their signed_up_on."
    )
    query(tmp_path, "staging/customers.sql", said.partition("staging/customers.sql: ")[2])
    assert doubts(tmp_path, listed) == []
    frame = pd.read_csv(StringIO(listed))
    known = published(company(tmp_path), "select count(signed_up_on), count(*) from customers")
    assert known == [(int((frame["Lifecycle Stage"] == "customer").sum()), len(frame) + 3)]  # three more in the orders


@pytest.mark.parametrize(
    ("column", "values", "is_doubt"),
    [
        ("Type", ["Customer - Direct", "Prospect", "Partner"], True),
        ("Kontaktart", ["Kunde", "Interessent"], True),
        ("Statut", ["Client", "Prospect"], True),
        ("Tipo", ["Cliente", "Cliente potencial"], True),
        ("Plan type", ["subscriber", "trial"], False),
        ("Lead source", ["Lead ads", "Web"], False),
        ("Status", ["Active", "Leaden", "Leadership"], False),
    ],
)
def test_what_is_called_a_lead_or_a_prospect_in_a_stage_or_type_is_a_doubt(
    tmp_path: Path, column: str, values: list[str], is_doubt: bool
) -> None:
    assert len(doubts(tmp_path, contacts(column, *values))) == is_doubt
