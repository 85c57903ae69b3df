"""Small exports as tools and people really write them, from the file to the KVI on the board: the value that hand
arithmetic gives, and the sentence that is said of it; or the refusal that names the cause."""

import io
from pathlib import Path

import pandas as pd
import pytest

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.tables import answer
from kviboard.errors import RefreshError
from kviboard.warehouse.reader import Reader
from kviboard.warehouse.refresh import refresh
from tests.warehouse.company import company, file_name, query, with_marts

BERLIN = '[company]\nname = "Test"\ncurrency = "EUR"\ntimezone = "Europe/Berlin"\n'
DAYS = [f"2026-01-{day:02}" for day in range(1, 32)]  # 31 days, so that January is complete
ANSWERS = "response_id,customer_id,responded_at,score\n"
ORDERS = "order_id,customer_id,ordered_at,amount\n"
ACTIVITY = "customer_id,occurred_at,minutes\n"


def lines(template: str, days: list[str] = DAYS) -> str:
    """A line for each day, with `n` from 0 and `day` in it."""
    return "".join(template.format(n=n, day=day) + "\n" for n, day in enumerate(days))


def tens(days: list[str] = DAYS) -> str:
    return lines("O{n},c{n},{day},10", days)


def of(folder: Path, kvi: str, toml: str = "", grain: str = "month", **files: str | bytes) -> tuple[pd.DataFrame, str]:
    """The KVI by period, and all that the refresh says."""
    workspace = company(folder, toml if "[company]" in toml else BERLIN + toml, **files)
    catalog = with_marts(workspace, "daily", "repeated_answers")  # of which all KVIs are that are asked here
    board = Board(workspace, catalog, Reader(workspace, refresh(workspace, catalog).version))
    frame = answer(board, board.kvi(kvi), View(grain))
    return frame.set_index(frame["period"].astype(str).str[:10]), "\n".join(map(str, board.reader.manifest.decisions))


def january(folder: Path, kvi: str, toml: str = "", **files: str | bytes) -> tuple[float, str]:
    frame, said = of(folder, kvi, toml, **files)
    assert frame.loc["2026-01-01", "complete"]
    return float(frame.loc["2026-01-01", "value"]), said


def test_a_survey_tool_with_three_header_lines_labels_and_previews(tmp_path: Path) -> None:
    head = 'ResponseId,Customer,EndDate,Status,Q1\nResponse ID,Customer,End Date,Response Type,"How likely is it?"\n'
    head += ",".join(f'"{{""ImportId"":""{name}""}}"' for name in ("r", "c", "e", "s", "q")) + "\n"
    text = head + "P1,c1,2026-01-03 10:00:00,Survey Preview,0 - Not at all likely\n"
    text += lines("R{n},c{n},{day} 10:00:00,IP Address,10 - Extremely likely", DAYS[:21])
    text += lines("S{n},d{n},{day} 10:00:00,IP Address,3", DAYS[21:])
    names = "ResponseId = 'response_id', Customer = 'customer_id', EndDate = 'responded_at', Q1 = 'score'"
    toml = f'[sources.responses]\nfiles = "exports/*.csv"\nrename = {{ {names} }}\n'
    value, said = january(tmp_path, "net_promoter_score", toml, q_csv=text)
    assert value == pytest.approx(100 * (21 - 10) / 31)
    for sentence in ("are header lines", "22 values of score are labels", "a preview or a test"):
        assert sentence in said


def test_a_blank_name_and_a_second_header_line(tmp_path: Path) -> None:
    text = ANSWERS.replace("score\n", "score,,why\n") + ",,,Response,,Open-Ended Response\n"
    text += lines("R{n},c{n},{day},9,,", DAYS[:20]) + lines("S{n},d{n},{day},8,,", DAYS[20:])
    value, said = january(tmp_path, "net_promoter_score", responses_csv=text)
    assert value == pytest.approx(100 * 20 / 31)
    assert "line 2 is a header line" in said


def test_comment_lines_above_and_a_total_below(tmp_path: Path) -> None:
    text = "# ---\n# Orders by day\n# ---\n\n" + ORDERS + tens() + "Grand total,,,310\n"
    value, said = january(tmp_path, "turnover", orders_csv=text)
    assert value == 31 * 10
    assert "the column names are in line 5" in said


def test_several_currencies_are_refused_by_name(tmp_path: Path) -> None:
    text = ORDERS + tens(DAYS[:29]) + "A,c1,2026-01-30,$100.00\nB,c2,2026-01-31,¥10000\n"
    with pytest.raises(RefreshError, match=r"(?s)but in \$ .*\$100\.00.*¥10000.*\[currency\] rates"):
        january(tmp_path, "turnover", orders_csv=text)


def test_amounts_below_a_cent_are_added_before_they_are_rounded(tmp_path: Path) -> None:
    text = ORDERS + "".join(f"O{n},c{n % 9},{DAYS[n % 31]},0.004\n" for n in range(3100))
    assert january(tmp_path, "turnover", orders_csv=text)[0] == pytest.approx(12.40)  # 3,100 × 0.004


def test_answers_only_begun_are_no_answers(tmp_path: Path) -> None:
    text = "response_id,customer_id,responded_at,finished,score\n"
    text += lines("R{n},c{n},{day},true,9") + lines("B{n},d{n},{day},false,", DAYS[:20]) + "L,e,2026-01-31,true,1\n"
    value, said = january(tmp_path, "net_promoter_score", responses_csv=text)
    assert value == pytest.approx(100 * (31 - 1) / 32)
    assert "20 lines are set aside" in said


def test_answers_without_a_customer_count_in_the_score(tmp_path: Path) -> None:
    text = ANSWERS + lines("R{n},c{n},{day},9", DAYS[:20]) + lines("A{n},,{day},2", DAYS[20:])
    value, said = january(tmp_path, "net_promoter_score", responses_csv=text)
    assert value == pytest.approx(100 * (20 - 11) / 31)
    assert "11 of 31 answers name no customer" in said


def test_days_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    text = ACTIVITY + "".join(f"c1,{46023 + n},30\n" for n in range(31))  # 46023 is 1 January 2026
    value, said = january(tmp_path, "daily_active_minutes", activity_csv=text)
    assert value == 31 * 30 / 31
    assert "days as spreadsheets count them" in said


def test_a_closing_day_of_zeros_keeps_the_complaint(tmp_path: Path) -> None:
    tickets = "ticket_id,customer_id,opened_at,closed_at,kind\nT0,c0,2026-01-02,0000-00-00 00:00:00,complaint\n"
    tickets += lines("T1{n},c{n},{day},2026-02-01,complaint")
    activity = ACTIVITY + lines("c{n},{day},5")
    customers = "customer_id,joined_on\n" + lines("c{n},2025-12-01")
    toml = "".join(f'[sources.{each}]\nfiles = "exports/{each}.csv"\n' for each in ("tickets", "activity", "customers"))
    files = {"tickets_csv": tickets, "activity_csv": activity, "customers_csv": customers}
    frame, said = of(tmp_path, "complaints_per_1000", toml, **files)
    assert frame.loc["2026-01-01", "numerator"] == 32_000  # per 1,000
    assert "1 cell of closed_at says no date and counts as empty" in said


def test_minutes_written_as_a_clock_shows_them(tmp_path: Path) -> None:
    text = ACTIVITY + lines("c{n},{day},0:12:30", DAYS[:10]) + lines("d{n},{day},12.5", DAYS[10:])
    assert january(tmp_path, "daily_active_minutes", activity_csv=text)[0] == 12.5  # one customer a day


def test_what_two_files_both_hold_counts_once(tmp_path: Path) -> None:
    first = ACTIVITY + lines("c{n},{day} 10:00:00,30", DAYS[:25])
    second = ACTIVITY + "".join(f"c{n},{DAYS[n]} 10:00:00,30\n" for n in range(20, 31))
    toml = '[sources.activity]\nfiles = "exports/activity*.csv"\n'
    files = {"activity-1_csv": first, "activity-2_csv": second}
    value, said = january(tmp_path, "daily_active_minutes", toml, **files)
    assert value == 30
    assert "5 rows are in other files as well and count once" in said


def test_a_browsers_second_download_is_the_newer_one(tmp_path: Path) -> None:
    files = {"orders_csv": ORDERS + tens(), "orders (1)_csv": ORDERS + tens().replace(",10\n", ",25\n")}
    assert file_name("orders (1)_csv") == "orders (1).csv"
    value, said = january(tmp_path, "turnover", '[sources.orders]\nfiles = "exports/orders*.csv"\n', **files)
    assert value == 31 * 25
    assert "31 rows are replaced by a row with the same order_id in a later file" in said


def test_a_file_of_no_bytes_is_a_period_without_rows(tmp_path: Path) -> None:
    files = {"orders-1_csv": ORDERS + tens(), "orders-2_csv": ""}
    value, said = january(tmp_path, "turnover", '[sources.orders]\nfiles = "exports/orders*.csv"\n', **files)
    assert value == 310
    assert "exports/orders-2.csv: has no row: a period with nothing in it." in said


def test_sprints_without_days_yet_are_set_aside(tmp_path: Path) -> None:
    sprints = "name,starts_on,ends_on\nOne,2026-01-01,2026-01-14\nTwo,2026-01-15,2026-01-28\nThree,,\nFour,,\n"
    frame, said = of(tmp_path, "turnover", grain="sprint", orders_csv=ORDERS + tens(), sprints_csv=sprints)
    assert frame["value"].to_list()[:2] == [140, 140]  # 14 days of 10 each
    assert "2 lines are set aside: the sprint has no starts_on yet" in said


def test_the_list_in_a_json_document_is_the_table(tmp_path: Path) -> None:
    rows = [f'{{"response_id": "R{n}", "customer_id": "c", "responded_at": "{d}", "score": 9}}'
            for n, d in enumerate(DAYS)]  # fmt: skip
    text = '{\n  "total": 31,\n  "items": [\n    ' + ",\n    ".join(rows) + "\n  ]\n}\n"
    value, said = january(tmp_path, "net_promoter_score", responses_json=text)
    assert value == 100
    assert 'the rows are the list "items"' in said


def test_all_sheets_of_a_workbook_are_read(tmp_path: Path) -> None:
    book = io.BytesIO()
    with pd.ExcelWriter(book) as writer:
        for sheet, days in (("Early", DAYS[:15]), ("Late", DAYS[15:])):
            rows = [(f"{sheet}{n}", "c1", day, 10) for n, day in enumerate(days)]
            pd.DataFrame(rows, columns=ORDERS.strip().split(",")).to_excel(writer, sheet_name=sheet, index=False)
    value, said = january(tmp_path, "turnover", orders_xlsx=book.getvalue())
    assert value == 310
    assert "sheets Early and Late are read" in said


def test_a_zone_in_a_columns_name_moves_the_day(tmp_path: Path) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders.csv"\nrename = { "Created (UTC)" = "ordered_at" }\n'
    text = ORDERS.replace("ordered_at", "Created (UTC)") + lines("O{n},c{n},{day} 12:00,10")
    text += "L,c1,2026-01-31 23:30,500\n"  # 00:30 on 1 February in Berlin
    value, said = january(tmp_path, "turnover", toml, orders_csv=text)
    assert value == 310
    assert "its times are read as UTC" in said


def test_sprints_of_one_name_are_several(tmp_path: Path) -> None:
    starts = [1, 8, 15, 22]
    sprints = "name,starts_on,ends_on\n"
    sprints += "".join(f"Iteration {n % 2},2026-01-{day:02},2026-01-{day + 6:02}\n" for n, day in enumerate(starts))
    frame, _ = of(tmp_path, "turnover", grain="sprint", orders_csv=ORDERS + tens(), sprints_csv=sprints)
    assert frame["value"].to_list()[:4] == [70, 70, 70, 70]


def test_a_refund_under_its_orders_number_is_taken_off(tmp_path: Path) -> None:
    value, said = january(tmp_path, "turnover", orders_csv=ORDERS + tens() + "O3,c3,2026-01-30,-4\n")
    assert value == 310 - 4
    assert "1 row is a further line of 1 order" in said


def test_lines_of_an_order_add_up(tmp_path: Path) -> None:
    value, said = january(tmp_path, "turnover", orders_csv=ORDERS + lines("O{n},c{n},{day},10\nO{n},c{n},{day},20"))
    assert value == 31 * 30
    assert "31 rows are further lines of 31 orders" in said


def test_newest_first_names_the_column_that_decides(tmp_path: Path) -> None:
    text = "customer_id,joined_on,plan,changed_at\nc1,2026-01-05,Pro,2026-03-01\n"
    text += "c2,2026-01-06,Basic,2026-01-06\nc1,2026-01-05,Basic,2026-01-05\n"
    files = {"customers_csv": text, "activity_csv": ACTIVITY + lines("c{n},{day},5")}
    toml = 'dimensions = ["plan"]\n' + BERLIN
    toml += "".join(f'[sources.{each}]\nfiles = "exports/{each}.csv"\n' for each in ("customers", "activity"))
    said = of(tmp_path, "daily_active_users", toml, **files)[1]
    assert "plan Pro, now Basic" in said
    assert '"changed_at" = "updated_at"' in said


def test_stars_on_the_default_scale_are_doubted(tmp_path: Path) -> None:
    value, said = january(tmp_path, "net_promoter_score", responses_csv=ANSWERS + lines("R{n},c{n},{day},5"))
    assert value == -100  # and therefore:
    assert "All 31 answers are 5" in said
    assert 'scale = "1-5"' in said


def test_a_customer_rejected_once_is_nowhere(tmp_path: Path) -> None:
    case = "case when email like '%@own.example' then 'test account' end"
    query(tmp_path, "staging/customers.sql", f"select *, {case} as reject_reason from source.customers\n")
    customers = "customer_id,joined_on,email\nt,2025-12-01,t@own.example\n" + lines("c{n},2025-12-01,c{n}@b.example")
    files = {"customers_csv": customers, "orders_csv": ORDERS + tens() + "T,t,2026-01-09,99999\n"}
    toml = "".join(f'[sources.{each}]\nfiles = "exports/{each}.csv"\n' for each in ("customers", "orders"))
    value, said = january(tmp_path, "turnover", toml, **files)
    assert value == 310
    assert "exports/orders.csv: 1 line is set aside: the customer is left out of all tables" in said


def test_a_zone_behind_a_time_moves_the_day(tmp_path: Path) -> None:
    text = (
        ACTIVITY.replace(",minutes", "") + "a,2026-01-04 23:30:00 PST\nb,2026-01-02 10:00:00\nb,2026-01-06 10:00:00\n"
    )
    frame, said = of(tmp_path, "daily_active_users", grain="day", activity_csv=text)
    assert frame["value"].to_dict() == {f"2026-01-0{day}": float(day != 3 and day != 4) for day in range(2, 7)}
    assert "1 time of occurred_at ends in PST" in said


def test_points_that_may_group_thousands_are_refused(tmp_path: Path) -> None:
    text = ORDERS + lines("O{n},c{n},{day},1.500", DAYS[:30]) + "L,c1,2026-01-31,950\n"
    with pytest.raises(RefreshError, match=r'"1\.500".*Set decimal = '):
        january(tmp_path, "turnover", orders_csv=text)


def test_a_currency_below_the_name_of_the_column_is_warned_of(tmp_path: Path) -> None:
    value, said = january(tmp_path, "turnover", orders_csv=ORDERS + ",,,USD\n" + tens())
    assert value == 310  # as if in euro, and therefore:
    assert 'exports/orders.csv: line 2 says "USD" of amount, and that is not read' in said


def test_three_capitals_that_are_no_currency_are_no_doubt(tmp_path: Path) -> None:
    assert "not read; it counts" not in january(tmp_path, "turnover", orders_csv=ORDERS + ",,,PCS\n" + tens())[1]


@pytest.mark.parametrize(("minutes", "words"), [
    (750_000, "31 values of minutes are longer than a day, read as minutes, of 31: they may be seconds or less."),
    (1440, ""),
])  # fmt: skip
def test_minutes_that_no_day_has_are_doubted(tmp_path: Path, minutes: int, words: str) -> None:
    value, said = january(tmp_path, "daily_active_minutes", activity_csv=ACTIVITY + lines(f"c{{n}},{{day}},{minutes}"))
    assert value == minutes  # and therefore:
    assert words in said
    assert ("longer than a day" in said) == bool(words)


def test_the_id_0_of_buyers_without_an_account_is_doubted(tmp_path: Path) -> None:
    text = ORDERS + lines("O{n},c{n},{day},10") + lines("G{n},0,{day},10", DAYS[:20])
    assert "20 rows have a word for nobody as customer_id" in january(tmp_path, "turnover", orders_csv=text)[1]
