"""Forgetting a customer: no byte of them is left in the state, and no later export brings them back."""

import io
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from kviboard.board.context import open_store_of
from kviboard.board.exports.actor import Actor
from kviboard.board.exports.backup import back_up
from kviboard.board.exports.forgetting import forget
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.uploads import receive
from kviboard.board.reviews.redaction import take_out_voices
from kviboard.cli import main
from kviboard.domain.access import Person
from kviboard.errors import NotAllowedError, RefreshError, UsageError
from kviboard.store import Author, NewDecision, NewFrozenMeeting, NewReview, Store
from kviboard.warehouse.versions import list_versions
from kviboard.workspace import Workspace, load_workspace
from tests.warehouse.company import company, frame_bytes, published, refreshed, write

WHO, NAME, COMMENT, ANSWER = "zq-7731", "Quirina Zwartbol", "the vlotte bezorger whistled", "answer-zq-9"
TRACES = (WHO, NAME, COMMENT, ANSWER)
TOML = """
[refresh]
max_reject_share = 1
[sources.customers]
files = "exports/customers.csv"
[sources.orders]
files = "exports/orders.parquet"
[sources.responses]
files = "exports/responses*"
rename = { Klant = "customer_id" }
"""
CUSTOMERS = f'customer_id,name\na,Ann\n{WHO},{NAME}\n{WHO},"{NAME}, twice",too many\n'
RESPONSES = (
    f"response_id,Klant,responded_at,score,comment\nr1,a,2026-01-03,9,fine\n{ANSWER}, {WHO} ,2026-01-04,2,{COMMENT}\n"
)
ORDERS = pd.DataFrame(
    {
        "order_id": [f"o{n}" for n in range(30)],
        "customer_id": ["a", "b", WHO] * 10,
        "ordered_at": pd.to_datetime("2026-01-01") + pd.to_timedelta(range(30), "D"),
        "amount": [1.5 * n for n in range(30)],
    }
)
NOW = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
AUTHOR = Author("Ann", NOW)


def voice(text: str, **more: Any) -> dict[str, Any]:
    return {"band": "detractor", "score": 2, "day": "2026-01-04", "text": text, **more}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A refreshed shop with a file that waits, one that was replaced, two versions, and an empty store."""
    folder = tmp_path_factory.mktemp("prepared")
    files: dict[str, str | bytes] = {
        "customers_csv": CUSTOMERS,
        "responses_csv_gz": RESPONSES,
        "orders_parquet": frame_bytes(ORDERS, folder),
    }
    here = company(folder / "shop", TOML, **files)
    refresh_now(here)
    write(here.root, "responses_more__csv", RESPONSES.replace("r1", "r2").replace(ANSWER, f"{ANSWER}b"))
    refresh_now(here)
    receive(here, "customers.csv", io.BytesIO(CUSTOMERS.encode()))
    (here.state / "replaced").mkdir()
    (here.state / "replaced" / "customers.csv").write_text(CUSTOMERS)
    open_store_of(here).close()
    return here.root


@pytest.fixture
def shop(prepared: Path, tmp_path: Path) -> Workspace:
    """A copy of it."""
    return load_workspace(shutil.copytree(prepared, tmp_path / "shop"))


@pytest.fixture
def store(shop: Workspace) -> Iterator[Store]:
    """Its store, with two frozen acts that quote the customer."""
    with closing(open_store_of(shop)) as opened:
        new = NewReview(sprint="Sprint 1", starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 14))
        review = opened.reviews.add(new, author=AUTHOR)
        others = voice("said by two", response_ids=f"r1\x1f{ANSWER}")
        acts = [voice(COMMENT), others], [voice(COMMENT, response_ids=ANSWER), voice("said by many", response_ids="")]
        for freeze, voices in zip((opened.reviews.open, opened.reviews.close), acts, strict=True):
            freeze(
                NewFrozenMeeting(review_id=review.id, document={"voices": voices, "answers": {"detractor": 1}}),
                author=AUTHOR,
            )
        yield opened


@pytest.mark.usefixtures("exports_alone")
def test_what_nobody_saved_about_them_is_dropped_and_nothing_else(shop: Workspace, store: Store) -> None:
    for form, typed in (
        (f"quote of {ANSWER}", {"sprint": "x"}),
        ("check in 4", {"comment": f'Said {NAME.upper()}: "{COMMENT}"'}),
        ("check in 5", {"comment": "Ann called"}),
    ):
        store.drafts.keep(form, typed, at=NOW, by="Ann")
    said = " ".join(forget(shop, store, WHO, take_out_voices))
    assert "2 texts that nobody saved were removed." in said
    assert "still name them, see" not in said
    assert [store.drafts.get(f"check in {number}", "Ann") is None for number in (4, 5)] == [True, False]
    store.close()
    held = b"".join(path.read_bytes() for path in shop.state.glob("board.sqlite*"))
    assert not [trace for trace in TRACES if trace.casefold().encode() in held.lower()]


OLD_ID, ODD_ID = "old-zq-1", "zq-\u200b7731"  # known by another id, and with an invisible character
ALIASED = """
[refresh]
max_reject_share = 1
[customers]
aliases = "aliases"
[sources.aliases]
files = "exports/aliases.csv"
rename = { Vroeger = "known_as" }
"""


def nasty_tables() -> dict[str, pd.DataFrame]:
    """Tables in which whatever deserves an example is said of the customer first: copies, values that cannot be read,
    rows replaced by others."""
    ids = ([WHO, OLD_ID, ODD_ID] + [WHO, "a", "b", "c"] * 10)[:40]
    theirs = [customer_id in (WHO, OLD_ID, ODD_ID) for customer_id in ids]
    days = [f"2026-01-{number % 28 + 1:02d}" for number in range(40)]

    def either(one: str, other: str) -> list[str]:
        return [f"{one if is_theirs else other}{number}" for number, is_theirs in enumerate(theirs)]

    customers = pd.DataFrame({"customer_id": [WHO, OLD_ID, ODD_ID, "a", "b"], "name": [NAME] * 3 + ["Ann", "Bo"]})
    customers["signed_up_on"] = [NAME, "2025-02-30", "2025-01-01", "2025-01-02", "2025-03-01"]
    orders = pd.DataFrame({"order_id": ids, "customer_id": ids, "ordered_at": days})
    orders["order_id"] += "-order"
    orders["amount"] = [COMMENT, *(f"{number},5" for number in range(1, 40))]
    answers = pd.DataFrame({"response_id": either(ANSWER, "r"), "customer_id": ids})
    answers["responded_at"], answers["score"] = [COMMENT, *days[1:]], [COMMENT, COMMENT, *["7"] * 38]
    answers["comment"], answers["touchpoint"] = either(COMMENT, "fine"), either(NAME, "web")
    activity = pd.DataFrame({"customer_id": ids, "occurred_at": days, "minutes": [NAME] + ["1:30"] * 39})
    return {
        "customers": customers,
        "orders": pd.concat([orders, orders.iloc[:8]]),
        "responses": pd.concat([answers, answers.iloc[2:4].assign(score="3")]),
        "activity": pd.concat([activity, activity.iloc[:8]]),
    }


def traces(folder: Path) -> set[tuple[str, str]]:
    """Files in which a trace of the customer is found: in their bytes, or in the values of a Parquet file."""
    found = set()
    for path in folder.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            if path.suffix == ".parquet":
                held += pq.read_table(path).to_pandas().to_csv().encode()
            found |= {(str(path.relative_to(folder)), trace) for trace in TRACES if trace.encode() in held}
    return found


def test_no_byte_of_a_forgotten_customer_is_left_and_none_comes_back(shop: Workspace, store: Store) -> None:
    assert {name.partition("/")[0] for name, _ in traces(shop.state)} >= {"cache", "uploads", "replaced", "warehouse"}
    assert any(name.startswith("board.sqlite") for name, _ in traces(shop.state))
    notes: list[tuple[Any, ...]] = []
    actor = Actor(note=lambda *entry: notes.append(entry))
    said = "\n".join(forget(shop, store, f" {WHO} ", take_out_voices, actor))
    assert traces(shop.state) == set()
    assert [(action, dict(what)) for action, what, *_ in notes] == [("forgot a customer", {})]
    assert "2 voices were removed from frozen reviews" in said
    assert "exports/customers.csv, exports/orders.parquet, exports/responses.csv.gz" in said
    assert len(list_versions(shop)) == 1
    assert published(shop, "select sum(amount), count(*) from orders") == [
        (sum(1.5 * n for n in range(30) if n % 3 != 2), 20)
    ]
    assert published(shop, "select response_id from responses order by 1") == [("r1",), ("r2",)]
    write(shop.root, "customers_csv", CUSTOMERS + f"c,Cem\n{WHO},{NAME}\n")
    manifest = refresh_now(shop)
    assert traces(shop.state) == set()
    assert published(shop, "select customer_id from customers order by 1") == [("a",), ("b",), ("c",)]
    left_out = {decision.where: decision.what for decision in manifest.decisions if "forgotten" in decision.what}
    assert left_out["exports/customers.csv"] == "2 rows belong to forgotten customers and are left out."
    assert left_out["exports/orders.parquet"] == "10 rows belong to forgotten customers and are left out."


@pytest.fixture(scope="module", params=["csv", "parquet", "jsonl"])
def nasty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A refreshed shop of the nasty tables in one kind of file, with an empty store, and what was said of them."""
    kind = request.param
    folder = tmp_path_factory.mktemp("nasty") / "shop"
    here = company(folder, aliases_csv=f"customer_id,Vroeger\n{WHO},{OLD_ID}\na,aa\n")
    toml = ALIASED
    for name, frame in nasty_tables().items():
        path = here.root / "exports" / f"{name}.{kind}"
        toml += f'[sources.{name}]\nfiles = "exports/{path.name}"\n'
        {
            "csv": lambda frame=frame, path=path: frame.to_csv(path, index=False),
            "parquet": lambda frame=frame, path=path: frame.to_parquet(path),
            "jsonl": lambda frame=frame, path=path: frame.to_json(path, orient="records", lines=True),
        }[kind]()
    (here.root / "kviboard.toml").write_text(toml)
    open_store_of(load_workspace(folder)).close()
    return folder, str(refresh_now(load_workspace(folder)).decisions)


@pytest.mark.parametrize("given", [WHO, OLD_ID])
def test_whatever_ids_a_customer_has_and_whatever_was_said_of_their_rows_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nasty: tuple[Path, str], given: str
) -> None:
    monkeypatch.setattr("tests.board.exports.test_forgetting.TRACES", (*TRACES, OLD_ID, ODD_ID))
    prepared, said = nasty
    here = load_workspace(shutil.copytree(prepared, tmp_path / "shop"))
    assert NAME in said
    assert COMMENT in said
    with closing(open_store_of(here)) as store:
        forget(here, store, given, take_out_voices)
    assert traces(here.state) == set()
    assert published(here, "select distinct customer_id from customers order by 1") == [("a",), ("b",), ("c",)]
    assert refresh_now(here)
    back_up(here, tmp_path / "b.tar", with_exports=False)
    assert not [trace for trace in TRACES if trace.encode() in (tmp_path / "b.tar").read_bytes()]


@pytest.mark.usefixtures("exports_alone")
def test_a_frozen_review_says_that_a_voice_was_removed_and_keeps_its_counts(shop: Workspace, store: Store) -> None:
    forget(shop, store, WHO, take_out_voices)
    whole = store.reviews.whole(1)
    assert whole.opening
    assert whole.closing
    first, second = whole.opening.document["voices"], whole.closing.document["voices"]
    assert [(each["text"], each.get("is_removed", False)) for each in (*first, *second)] == [
        ("", True), ("said by two", False), ("", True), ("said by many", False),
    ]  # fmt: skip
    assert whole.opening.document["answers"] == {"detractor": 1}
    assert forget(shop, store, "never seen", take_out_voices)[0].startswith("0 rows of this customer were found")


@pytest.mark.usefixtures("exports_alone")
def test_what_people_typed_is_named_not_changed(shop: Workspace, store: Store) -> None:
    decision = NewDecision(text=f"Call {NAME.upper()} back", owner="Ann", due_on=date(2026, 2, 2))
    made = store.decisions.add(decision, author=AUTHOR)
    (said,) = (line for line in forget(shop, store, WHO, take_out_voices) if "people typed" in line)
    assert f"decision {made.id}" in said
    assert "audit entry" in said
    assert store.decisions.get(made.id).text == f"Call {NAME.upper()} back"


@pytest.mark.usefixtures("exports_alone")
def test_files_that_name_them_are_named_not_changed(shop: Workspace, store: Store) -> None:
    with (shop.root / "kviboard.toml").open("a") as config:
        config.write('\n[review]\nstories = "stories/*.csv"\n')
    files = {
        "queries/drafts/one.sql": f"/*---\ntitle: Orders of {NAME.upper()}\n---*/select 1",
        "queries/retired/two.sql": f"select * from orders where customer_id = '{WHO}'",
        "queries/themes/three.txt": "price\n",
        "stories/sprint-1.csv": f"Key,Summary\nA-1,As {NAME} I pay\n",
    }
    for name, text in files.items():
        (shop.root / name).parent.mkdir(parents=True, exist_ok=True)
        (shop.root / name).write_text(text)
    (said,) = (
        line for line in forget(load_workspace(shop.root), store, WHO, take_out_voices) if "people typed" in line
    )
    assert said.endswith("see queries/drafts/one.sql, queries/retired/two.sql and stories/sprint-1.csv.")
    assert {name: (shop.root / name).read_text() for name in files} == files


def test_who_may_not_or_says_nobody_changes_nothing(shop: Workspace, store: Store) -> None:
    before = traces(shop.state)
    with pytest.raises(NotAllowedError, match="forget a customer"):
        forget(shop, store, WHO, take_out_voices, Actor(Person("Vera", "v", "chair")))
    with pytest.raises(UsageError, match="Say which customer"):
        forget(shop, store, " ", take_out_voices)
    assert traces(shop.state) == before


@pytest.mark.usefixtures("exports_alone")
def test_a_refresh_that_is_refused_is_said_and_the_next_one_finishes(shop: Workspace, store: Store) -> None:
    write(shop.root, "orders_parquet", b"PAR1 broken")
    with pytest.raises(RefreshError, match="still has them, because no version without them could be made"):
        forget(shop, store, WHO, take_out_voices)
    write(shop.root, "orders_parquet", frame_bytes(ORDERS, shop.root))
    refreshed(shop)
    assert {name for name, _ in traces(shop.state)} == set()


def test_a_damaged_list_brings_nobody_back(shop: Workspace, store: Store) -> None:
    (shop.state / "forgotten.json").write_text("{")
    with pytest.raises(RefreshError, match=r"list of forgotten customers, .*forgotten\.json, cannot be read"):
        refreshed(shop)


def test_the_command_forgets_and_writes_one_line_into_the_audit(
    shop: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forget", WHO, "--workspace", str(shop.root)]) == 0
    assert "no later export brings them back" in capsys.readouterr().out
    assert traces(shop.state) == set()
    with closing(open_store_of(shop)) as store:
        assert [(entry.action, entry.after) for entry in store.history.of_exports()] == [("forgot a customer", {})]
