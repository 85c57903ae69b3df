"""This week without a browser: what is new stands out, decisions are due, words of people stay words."""

import re
from datetime import timedelta
from pathlib import Path

from kviboard.board.board import open_board
from kviboard.board.context import open_store_of
from kviboard.store import NewDecision
from kviboard.ui.session import targets_set
from kviboard.workspace import load_workspace
from tests.board.okrs.given import an_author
from tests.pages.drawn import Open, words


def decide(workspace: Path, text: str, days: int) -> None:
    """An open decision, due `days` after the data's last day."""
    here = load_workspace(workspace)
    today, store = open_board(here).today, open_store_of(here)
    new = NewDecision(text=text, owner="Product owner", due_on=today + timedelta(days=days))
    store.decisions.add(new, author=an_author(today))
    store.close()


def test_the_gist_is_one_line_above_the_parts_in_their_order(open_page: Open, sample_workspace: Path) -> None:
    said = words(open_page(sample_workspace, "this_week"))
    heads = [
        "kvi-gist",
        "What is unusual",
        "Open decisions",
        "OKRs that changed",
        "Usual ups and downs",
        "Too early to say",
    ]
    places = [said.index(f"<h2>{head}" if head != "kvi-gist" else head) for head in [*heads, "What arrived"]]
    assert places == sorted(places)
    gist = said[said.index('class="kvi-gist"') :].splitlines()[0]
    assert "new problem" in gist
    assert "data to 31 Oct 2026" in said


def test_a_signal_that_is_still_there_says_that_it_continues(open_page: Open, sample_workspace: Path) -> None:
    """Among customers whose prices were raised, promoters' turnover has fallen for some sprints, and nothing is new;
    that new ones come first stands in tests/board/week."""
    said = words(open_page(sample_workspace, "this_week", segment="Small business"))
    assert "kvi-age-new" not in said
    assert said.index("Less turnover than usual comes from customers who recommend us") > said.index(
        "kvi-age-continuing"
    )


def test_a_fact_that_two_kvis_tell_is_told_once(open_page: Open, sample_workspace: Path) -> None:
    """Dissatisfied customers are those who are not satisfied: the same fact as customer satisfaction."""
    said = words(open_page(sample_workspace, "this_week"))
    assert said.count("kvi-age-new") == 1
    assert "Customer satisfaction" in said
    assert "Dissatisfied customers" not in said


def test_a_decision_past_due_is_shown_as_soon_as_it_is_saved(open_page: Open, own_sample: Path) -> None:
    before = words(open_page(own_sample, "this_week"))
    decide(own_sample, "Call twenty who left", -5)
    decide(own_sample, "Show <script>alert(1)</script> **bold** :red[x]", 2)
    said = words(open_page(own_sample, "this_week"))
    assert "Call twenty who left" not in before
    assert "5 days past due" in said
    assert "Product owner · due 26 Oct 2026" in said
    assert "due in 2 days" in said
    assert "<script>" not in said
    gist = said[said.index('class="kvi-gist"') :].splitlines()[0]
    assert re.search(r"\d decisions? past due, \d due soon", gist)


def test_a_store_out_of_reach_is_said_where_its_parts_would_stand(open_page: Open, own_sample: Path) -> None:
    config = own_sample / "kviboard.toml"
    broken = '\n[store]\nurl = "postgresql+psycopg://127.0.0.1:1/board"\n'
    config.write_text(config.read_text(encoding="utf-8") + broken, encoding="utf-8")
    targets_set.clear()  # kept for seconds, and tests change workspaces faster than people do
    app = open_page(own_sample, "this_week")
    assert not app.exception
    said = words(app)
    assert said.count("cannot") >= 2
    assert "What is unusual" in said
    assert "Usual ups and downs" in said
