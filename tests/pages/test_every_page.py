"""Whatever the workspace looks like, every page opens: with its numbers, or with a sentence and a next step."""

import re
import shutil
from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.starter import start_workspace
from kviboard.errors import RefreshError
from kviboard.ui.sections import SECTIONS
from kviboard.ui.served import READ_ONLY_VARIABLE
from kviboard.workspace import load_workspace
from tests.pages.drawn import Open, notices, words
from tests.pages.small_shop import Shops, write_shop

TITLES = {file: title for pages in SECTIONS.values() for file, title, *_ in pages}
BROKEN_KVI = "/*---\ntitle: Broken\nbetter: sideways\n---*/\nselect * from daily"


@pytest.fixture(scope="session")
def shop(shops: Shops, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All five exports of a small shop, refreshed."""
    return shops(tmp_path_factory.mktemp("all") / "shop")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that was only begun."""
    folder = tmp_path_factory.mktemp("empty") / "new"
    start_workspace(folder)
    return folder


@pytest.fixture(scope="module")
def broken(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop with a KVI whose file is broken."""
    folder = Path(shutil.copytree(shop, tmp_path_factory.mktemp("broken") / "shop"))
    (folder / "queries" / "kvis").mkdir(parents=True)
    (folder / "queries" / "kvis" / "broken.sql").write_text(BROKEN_KVI, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def spoilt(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop after a refresh that was refused, because one export is no table."""
    folder = Path(shutil.copytree(shop, tmp_path_factory.mktemp("spoilt") / "shop"))
    (folder / "exports" / "orders.csv").write_bytes(b"\x00\x01\x02 no table at all")
    with pytest.raises(RefreshError, match="orders"):
        refresh_now(load_workspace(folder))
    return folder


@pytest.fixture(scope="session")
def orders_alone(shops: Shops, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that exports orders and nothing else, though its kviboard.toml names more."""
    return shops(tmp_path_factory.mktemp("orders") / "shop", exports=("orders",))


def test_it_shows_the_sample(open_page: Open, page_file: str, sample_workspace: Path) -> None:
    app = open_page(sample_workspace, page_file)
    assert not app.exception
    assert not app.error
    assert TITLES[page_file] in words(app)
    assert "Marmot &amp; Kettle" in words(app)


def test_an_empty_workspace_gets_a_sentence_and_a_next_step(open_page: Open, page_file: str, empty: Path) -> None:
    app = open_page(empty, page_file)
    assert not app.exception
    assert TITLES[page_file] in words(app)
    if page_file == "okrs":  # works without exports: a cycle comes first
        assert "do=add_cycle" in words(app)
        return
    if page_file == "my_page":  # likewise: each part says that it is empty
        assert "no check-in, decision or call is open" in words(app)
        return
    is_said = "No export has been read yet." in words(app) and 'href="exports"' in words(app)
    assert is_said or says_what_to_do(notices(app)), words(app)


def test_missing_exports_leave_the_rest_working(open_page: Open, page_file: str, orders_alone: Path) -> None:
    app = open_page(orders_alone, page_file)
    assert not app.exception
    assert TITLES[page_file] in words(app)


@pytest.mark.parametrize(("file", "export"), [("promoters", "responses"), ("voice", "responses")])
def test_a_page_that_needs_an_export_says_which(open_page: Open, orders_alone: Path, file: str, export: str) -> None:
    said = words(open_page(orders_alone, file))
    assert (
        f'This <a class="kvi-link" data-kvi-link="1" target="_self" href="exports">needs the {export} export</a>.'
        in said
    )


def test_nobody_is_said_to_gain_or_lose_where_nothing_is_judged(open_page: Open, orders_alone: Path) -> None:
    said = words(open_page(orders_alone, "outside_in"))
    assert "Too early to say whether one gains while another loses" in said
    assert "Scored revenue coverage needs the responses export." in said


def test_an_old_link_says_what_is_not_there(open_page: Open, orders_alone: Path) -> None:
    kvis = words(open_page(orders_alone, "kvis", kvi="net_promoter_score", country="Narnia", by="plan", grain="year"))
    assert "Net Promoter Score needs the responses export. This is " in kvis
    assert "it is left out&#58; “year” (length of a period), “plan” (slices), “Narnia” (country)." in kvis
    assert "“margin” is no KVI of this board. This is " in words(open_page(orders_alone, "kvis", kvi="margin"))
    customers = open_page(orders_alone, "customers", country="Narnia")
    assert "it is left out&#58; “Narnia” (country)." in words(customers)
    assert "Clear all filters" in [button.label for button in customers.button]
    no_filter = open_page(orders_alone, "kvis", grain="year")
    assert "Clear all filters" not in [button.label for button in no_filter.button]
    assert "left out" not in words(open_page(orders_alone, "kvis", kvi="turnover", grain="month"))


@pytest.mark.parametrize(
    ("file", "choices", "what"),
    [
        ("voice", {"show": "words", "theme": "moon_dust"}, "theme “moon dust”"),
        ("voice", {"show": "complaints", "topic": "Moon"}, "topic “Moon”"),
        ("voice", {"show": "asked", "touchpoint": "Moon"}, "touchpoint “Moon”"),
        ("voice", {"show": "touchpoints", "touchpoint": "Moon"}, "touchpoint “Moon”"),
        ("voice", {"show": "comments", "said_by": "martian"}, "group “martian”"),
        ("promoters", {"move": "moon_to_mars"}, "move “moon to mars”"),
        ("kvis", {"kvi": "turnover", "compare": "moon"}, "KVI “moon”"),
        ("customers", {"part": "grow", "at": "1969_07"}, "period “1969 07”"),
        ("customers", {"part": "moon"}, "part “moon”"),
        ("customers", {"part": "keep", "measure": "moon"}, "measure “moon”"),
        ("voice", {"show": "moon"}, "part “moon”"),
        ("okrs", {"cycle": "1969"}, "cycle “1969”"),
        ("okrs", {"team": "moon_crew"}, "team “moon crew”"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_an_old_link_to_a_part_of_a_page_says_what_is_not_there(
    open_page: Open, sample_workspace: Path, file: str, choices: dict[str, str], what: str
) -> None:
    app = open_page(sample_workspace, file, **choices)
    assert not app.exception
    assert f"The address asks for the {what}, which is not among those to choose from here." in words(app)


@pytest.mark.parametrize(
    ("file", "form"),
    [
        ("kvis", "add_note"),
        ("promoters", "decide_case"),
        ("voice", "settle_follow_up"),
        ("okrs", "check_in"),
        ("outside_in", "open_round"),
        ("sprint_review", "decide"),
    ],
)
def test_who_only_looks_reads_why_the_form_of_an_address_is_not_there(
    open_page: Open, sample_workspace: Path, monkeypatch: pytest.MonkeyPatch, file: str, form: str
) -> None:
    why = "The address opens a form for those who may write here."
    assert why not in words(open_page(sample_workspace, file, do=form, of="1"))
    monkeypatch.setenv(READ_ONLY_VARIABLE, "1")
    assert why in words(open_page(sample_workspace, file, do=form, of="1"))
    assert why not in words(open_page(sample_workspace, file))


def test_the_catalogue_shows_all_customers_whatever_a_kvi_is_sliced_by(open_page: Open, shop: Path) -> None:
    def catalogue(**choices: str) -> list[str]:
        drawn = words(open_page(shop, "kvis", kvi="turnover", **choices)).partition("kvi-catalogue")[2]
        return re.findall(r"<b>(.*?)</b>", drawn.partition("</nav>")[0])

    whole = catalogue()
    assert len(whole) > 10
    assert catalogue(by="country") == whole


def test_days_without_data_draw_no_empty_chart(open_page: Open, orders_alone: Path) -> None:
    app = open_page(orders_alone, "kvis", kvi="turnover", range="2030-01-01..2030-02-01")
    assert not app.exception
    assert "No period lies in the chosen days, so there is nothing to draw." in words(app)
    assert not app.get("vega_lite_chart")


def test_a_broken_kvi_file_is_named_and_the_rest_works(
    open_page: Open, page_file: str, shop: Path, broken: Path
) -> None:
    app = open_page(broken, page_file)
    assert not app.exception
    if page_file == "exports":
        assert "queries/kvis/broken.sql" in words(app)
    else:
        assert "1 query file is broken and left out; the rest works." in words(app)
        assert 'target="_self" href="exports"' in words(app)  # a box of Streamlit's would open it in a new tab
    assert len(words(app)) > len(words(open_page(shop, page_file))) / 2


def test_a_broken_export_leaves_the_version_before_in_use(open_page: Open, page_file: str, spoilt: Path) -> None:
    app = open_page(spoilt, page_file)
    assert not app.exception
    assert TITLES[page_file] in words(app)


def test_a_broken_configuration_is_named_with_its_key(open_page: Open, page_file: str, tmp_path: Path) -> None:
    workspace = write_shop(tmp_path / "shop")
    config = workspace / "kviboard.toml"
    config.write_text(config.read_text(encoding="utf-8") + '\n[surveys]\nscale = "0-7"\n', encoding="utf-8")
    app = open_page(workspace, page_file)
    assert not app.exception
    assert "[surveys] scale" in notices(app)


def test_a_folder_that_is_no_workspace_is_named(open_page: Open, page_file: str, tmp_path: Path) -> None:
    app = open_page(tmp_path, page_file)
    assert not app.exception
    assert "kviboard init" in notices(app)


def says_what_to_do(text: str) -> bool:
    """A sentence, and a link, a command or a button's name in bold as the next step."""
    return "." in text and any(sign in text for sign in ("](", "`", "**"))
