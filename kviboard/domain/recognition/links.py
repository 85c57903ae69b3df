"""Exports that belong together: amounts in a file of their own, who is behind a number or an address, named orders."""

from collections.abc import Sequence
from dataclasses import replace

from kviboard.domain.contract import CONTRACT
from kviboard.domain.recognition.columns import Use, by_values, holds_addresses
from kviboard.domain.recognition.facts import ColumnFacts, Words, is_like
from kviboard.domain.recognition.plan import PAYMENTS, PERSONS, Choices, Export
from kviboard.domain.recognition.tables import NAMES_AN_ORDER, see_as

_IDS = ("id", "entityid")  # what the rows of any table of a database are numbered by


def with_amounts(
    exports: list[Export], languages: Sequence[Words], chosen: Choices
) -> tuple[list[Export], Export | None]:
    """Orders without amounts, and the export that has them: one that names the same orders and holds money. Where only
    values speak for an amount of the orders, which may be a freight, it has to be called one there."""
    for orders in exports:
        amount = next((use for use in orders.uses if use.feeds == "amount"), None)
        if orders.role != "orders" or set(orders.missing) - {"amount"} or (amount and amount.is_sure):
            continue
        for other in exports:
            by, held = _orders_named(orders, other, chosen), _money(other, languages, chosen)
            if by and held and (held.is_sure or not amount):
                named = [each for each in other.uses if each.feeds == "product" and each.is_sure]
                uses = (
                    Use(by.name, "order_id", "it names the orders"),
                    Use(held.column, "amount", "it holds money"),
                    *(named if "product" not in orders.fed else ()),
                )
                why = f"it has the amounts of {orders.file.name}"
                paid = replace(other, role=PAYMENTS, uses=uses, why=why, tool="", is_doubtful=False)
                bare = replace(orders, uses=tuple(use for use in orders.uses if use is not amount))
                return [paid if each is other else bare if each is orders else each for each in exports], paid
    return exports, None


def without_lines(exports: list[Export], chosen: Choices) -> list[Export]:
    """Orders whose amounts are there count without an export of their lines, which has no day of its own. One with
    amounts below zero may take something off them."""
    whole = [each for each in exports if each.role == "orders" and not each.missing]
    return [
        replace(other, role="", uses=(), why=f"it has the lines of {orders.file.name}, where the amounts are")
        if orders and other.role == "orders" and "ordered_at" not in other.fed and not _has_less(other)
        else other
        for other in exports
        for orders in [next((each for each in whole if _orders_named(each, other, chosen)), None)]
    ]


def _has_less(export: Export) -> bool:
    amount = export.file.column(export.fed.get("amount", ""))
    return amount is not None and (amount.lowest is None or amount.lowest < 0)


def _orders_named(orders: Export, other: Export, chosen: Choices) -> ColumnFacts | None:
    """The column in which an export that is no export of orders by itself names those of another: one of the same name,
    else one that is called the id of an order, where the orders of the other are numbered "id"."""
    is_open = other.role == PAYMENTS or f"{other.file.name}:table" not in chosen
    named = orders.file.column(orders.fed["order_id"])
    if other is orders or not is_open or named is None or not set(NAMES_AN_ORDER) - other.fed.keys():
        return None
    alike = next((each for each in other.file.columns if each.like == named.like and each.filled), None)
    use = next((use for use in other.uses if use.feeds == "order_id" and use.is_sure), None)
    by = other.file.column(use.column) if use and named.like in _IDS and named.is_unique else None
    return by if by and _lie_within(by, named) else None if named.like in _IDS else alike


def _lie_within(by: ColumnFacts, named: ColumnFacts) -> bool:
    """Whether the numbers of a column lie among those of another, as far as these are numbers."""
    if by.lowest is None or by.highest is None or named.lowest is None or named.highest is None:
        return by.kind == named.kind
    return named.lowest <= by.lowest and by.highest <= named.highest


def _money(export: Export, languages: Sequence[Words], chosen: Choices) -> Use | None:
    key = f"{export.file.name}:amount"
    if key in chosen:
        return Use(chosen[key], "amount", "chosen") if export.file.column(chosen[key]) else None
    named = see_as(export.file, "orders", languages).fed.get("amount")
    ours = next(column for column in CONTRACT["orders"].columns if column.name == "amount")
    found = None if named else by_values(export.file, ours, set())
    return named or (Use(found.name, "amount", "its values look like it", is_sure=False) if found else None)


def with_persons(exports: list[Export], chosen: Choices) -> tuple[list[Export], Export | None]:
    """Where every order has a customer number of its own: the export that says which numbers are one person's."""
    orders = next((each for each in exports if each.role == "orders" and "customer_id" in each.fed), None)
    number = orders.file.column(orders.fed["customer_id"]) if orders else None
    if orders is None or number is None or not number.is_unique or number.filled < 2:
        return exports, None
    for other in exports:
        if other is orders or other.role not in ("customers", PERSONS, ""):
            continue
        by = next((column for column in other.file.columns if column.like == number.like and column.is_unique), None)
        person = _person(other, by, chosen) if by else None
        if by and person:
            uses = (Use(by.name, "known_as", "every order has one of its own"),
                    Use(person.name, "customer_id", "it is the same for several of them"))  # fmt: skip
            why = f"it says whose {by.name} is whose"
            found = replace(other, role="customers", uses=uses, why=why, tool="", is_doubtful=False)
            return [found if each is other else each for each in exports], found
    return exports, None


def _person(export: Export, by: ColumnFacts, chosen: Choices) -> ColumnFacts | None:
    key = f"{export.file.name}:customer_id"
    if key in chosen:
        return export.file.column(chosen[key])
    likely = [
        column
        for column in export.file.columns
        if column is not by and column.filled == by.filled and by.filled / 2 < column.distinct < by.filled
        and column.kind in ("code", "number")
    ]  # fmt: skip
    return max(likely, key=lambda column: column.distinct, default=None)


def with_orders_named(exports: list[Export]) -> list[Export]:
    """Answers and contacts that name an order instead of a customer."""
    naming = {"order_id", "customer_id"}
    orders = next((each for each in exports if each.role == "orders" and naming <= each.fed.keys()), None)
    named = orders.file.column(orders.fed["order_id"]) if orders else None
    found = []
    for each in exports:
        lacks = each.role in ("responses", "tickets") and "customer_id" not in each.fed
        column = next((c for c in each.file.columns if named and c.like == named.like and c.filled), None)
        found.append(replace(each, order=column.name) if lacks and column else each)
    return found


def by_one_name(
    exports: list[Export], languages: Sequence[Words], chosen: Choices
) -> tuple[list[Export], Export | None]:
    """Where some exports name customers by their e-mail address and others by an id: the export of customers that has
    both, once each, says who is who; else those with an address wherever they have an id name them by it, too, where
    all have."""
    naming = [each for each in exports if each.role in CONTRACT and "customer_id" in each.fed]
    others = [each for each in naming if not holds_addresses(each.file.column(each.fed["customer_id"]))]
    if not others or len(others) == len(naming):
        return exports, None
    addresses = {each.file.name: _addresses(each, languages) for each in others}
    people = next((each for each in others if each.role == "customers" and addresses[each.file.name]), None)
    known_as = addresses[people.file.name] if people else None
    if people and known_as and known_as.is_unique:
        ours = next(use for use in people.uses if use.feeds == "customer_id")
        return exports, replace(
            people, uses=(ours, Use(known_as.name, "known_as", "other exports name customers by it"))
        )
    if not all(_is_beside_each_id(each, addresses[each.file.name]) for each in others):
        return exports, None
    return [_named_by(each, addresses.get(each.file.name), chosen) for each in exports], None


def _addresses(export: Export, languages: Sequence[Words]) -> ColumnFacts | None:
    """The column with the customers' addresses, by its name: a seller may have one in each row, too."""
    names = [name for words in languages for name in words.columns.get(export.role, {}).get("customer_id", ())]
    holding = (column for column in export.file.columns if holds_addresses(column))
    return next((column for column in holding if any(is_like(column.like, name) for name in names)), None)


def _is_beside_each_id(export: Export, address: ColumnFacts | None) -> bool:
    """Whether each row with an id has an address: a total below the rows has neither."""
    number = export.file.column(export.fed["customer_id"])
    return address is not None and number is not None and address.filled >= max(number.filled, 1)


def _named_by(export: Export, address: ColumnFacts | None, chosen: Choices) -> Export:
    if address is None or f"{export.file.name}:customer_id" in chosen:
        return export
    use = Use(address.name, "customer_id", "other exports name customers by it")
    return replace(export, uses=tuple(use if each.feeds == "customer_id" else each for each in export.uses))
