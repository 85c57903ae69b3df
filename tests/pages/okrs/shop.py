"""A small shop with OKRs, and a visitor who fills in the forms of its page without a browser."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kviboard.board.context import open_store_of
from kviboard.store import FILE_NAME, Author, NewCheckIn, NewCycle, NewKeyResult, NewObjective, Objective, Store
from kviboard.workspace import CONFIG_NAME, WORKSPACE_VARIABLE, load_workspace
from tests.pages.visits import arrive

FEBRUARY = datetime(2026, 2, 25, 9, tzinfo=UTC)


OWNER = Author("Product owner", FEBRUARY)
COLLEAGUE = Author("Colleague", datetime(2026, 4, 2, 14, 5, tzinfo=UTC))


def store_of(workspace: Path) -> Store:
    """The store that the page of this workspace writes to."""
    return open_store_of(load_workspace(workspace))


def write_okrs(workspace: Path) -> Store:
    """One cycle of which 41 of 92 days are over on the data's day, 10 April: an active objective of two teams each, a
    draft, all typed. Numbers are given, so that statuses can be worked out by hand."""
    store = store_of(workspace)
    cycle = store.cycles.add(
        NewCycle(name="Spring", starts_on=date(2026, 3, 1), ends_on=date(2026, 5, 31)), author=OWNER
    )
    help_ = _objective(store, cycle.id, "Customers find help at once", "Care", "Care lead", promise="You ask once.")
    _key_result(store, help_, "Answered within a day", "0.40", "0.80", owner="Care lead")
    _key_result(store, help_, "Solved at first contact", "0.50", "0.70")
    pay = _objective(store, cycle.id, "Customers pay without a second thought", "Billing", "Billing lead")
    _key_result(store, pay, "Paid on time", "0.60", "0.90", owner="Billing lead")
    for objective in (help_, pay):
        store.life_cycle.activate(objective, author=OWNER)
    _objective(store, cycle.id, "Customers feel at home in their first week", "Growth", "Growth lead")
    say(store, 1, date(2026, 3, 20), "0.44", 6, "First week.")
    say(store, 1, date(2026, 4, 8), "0.60", 7, "The new rota helps.")
    say(store, 2, date(2026, 3, 10), "0.51", 5)
    say(store, 3, date(2026, 4, 9), "0.61", 4)
    return store


def put_okrs(workspace: Path) -> Store:
    """The same in a store that nobody opened yet: copying it takes a hundredth of writing."""
    (load_workspace(workspace).state / FILE_NAME).write_bytes(_written())
    return store_of(workspace)


@cache
def _written() -> bytes:
    with TemporaryDirectory() as folder:
        (Path(folder) / CONFIG_NAME).touch()
        write_okrs(Path(folder)).close()
        return (load_workspace(Path(folder)).state / FILE_NAME).read_bytes()


def say(
    store: Store, key_result: int, day: date, value: str | None, confidence: int | None = None, comment: str = ""
) -> None:
    """Check in."""
    number = None if value is None else Decimal(value)
    new = NewCheckIn(key_result_id=key_result, day=day, value=number, confidence=confidence, comment=comment)
    store.check_ins.add(new, author=OWNER)


def _objective(
    store: Store, cycle_id: int, title: str, team: str, owner: str, promise: str = "", **more: Any
) -> Objective:
    new = NewObjective(cycle_id=cycle_id, title=title, team=team, owner=owner, customer_promise=promise, **more)
    return store.objectives.add(new, author=OWNER)


def _key_result(
    store: Store, objective: Objective, title: str, baseline: str, target: str, owner: str | None = None
) -> None:
    numbers = {"baseline": Decimal(baseline), "target": Decimal(target)}
    new = NewKeyResult(objective_id=objective.id, title=title, kind="increase", unit="percent", owner=owner, **numbers)
    store.key_results.add(new, author=OWNER)


class Visitor:
    """One session on a page; each action runs the page as a browser would."""

    def __init__(self, page: str, person: str = "", **address: str) -> None:
        self.app = arrive(page)
        self.app.session_state["person"] = person
        self.go(**address)

    def go(self, **address: str) -> None:
        """Follow a link that names these choices."""
        self.app.query_params.clear()
        for name, value in address.items():
            self.app.query_params[name] = value
        self.app.run()
        assert not self.app.exception, self.app.exception[0].message

    def field(self, name: str) -> Any:
        """The widget of a form's field."""
        fields = [*self.app.text_input, *self.app.text_area, *self.app.selectbox, *self.app.checkbox]
        fields += [*self.app.button_group, *self.app.multiselect, *self.app.date_input, *self.app.number_input]
        (found,) = [field for field in fields if str(field.key).startswith("form-") and f"-{name}-" in field.key]
        return found

    def type(self, **typed: Any) -> None:
        """Fill in fields, one after the other."""
        for name, value in typed.items():
            self.field(name).set_value(value).run()
            assert not self.app.exception, self.app.exception[0].message

    def say_who(self, person: str) -> None:
        self.app.text_input(key="person-field").set_value(person).run()

    def press(self, label: str) -> None:
        (button,) = [button for button in self.app.button if button.label == label]
        button.click().run()
        assert not self.app.exception, self.app.exception[0].message

    @property
    def is_form_open(self) -> bool:
        return any(str(button.key).startswith("form-") for button in self.app.button)

    @property
    def told(self) -> str:
        """What the page says about the last save."""
        return next((unescape(str(each.value)) for each in self.app.markdown if "okr-told" in str(each.value)), "")


def visiting(monkeypatch: Any, workspace: Path) -> None:
    """Let visitors come to this workspace."""
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(workspace))
