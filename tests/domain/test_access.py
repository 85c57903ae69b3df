"""The table of rights, row by row, and which role an address has."""

import pytest

from kviboard.domain.access import PERMISSIONS, ROLES, Person, Rules, allowed, may_do, refusal

RULES = Rules(
    viewers=("everyone",),
    editors=("@product.example", "Ann@Example.com"),
    chairs=("group:leadership",),
    admins=("root@example.com",),
    customers=("group:care", "ann@example.com"),
)


@pytest.mark.parametrize(
    ("act", "may"),
    [
        ("read", {"viewer", "editor", "chair", "admin"}),
        ("answer", {"viewer", "editor", "chair", "admin"}),
        ("write", {"editor", "chair", "admin"}),
        ("follow_up", {"editor", "chair", "admin"}),
        ("review", {"chair", "admin"}),
        ("data", {"admin"}),
    ],
)
def test_each_act_is_for_these_roles_and_no_other(act, may):
    assert {role for role in ROLES if allowed(role, act)} == may
    assert not allowed(None, act)


def test_every_act_has_its_row_above():
    assert list(PERMISSIONS) == ["read", "answer", "write", "follow_up", "review", "data"]


@pytest.mark.parametrize("role", [*ROLES, None])
@pytest.mark.parametrize("sees_customers", [True, False])
def test_what_one_customer_said_is_followed_up_only_by_those_who_may_see_customers(role, sees_customers):
    person = Person("Bo", "bo", role, sees_customers)
    assert may_do(person, "follow_up") is (sees_customers and role in ("editor", "chair", "admin"))
    assert may_do(person, "write") is (role in ("editor", "chair", "admin"))


@pytest.mark.parametrize(
    ("address", "groups", "role"),
    [
        ("bo@elsewhere.example", (), "viewer"),
        ("bo@product.example", (), "editor"),
        ("BO@PRODUCT.EXAMPLE", (), "editor"),
        ("bo@sub.product.example", (), "viewer"),
        ("bo@notproduct.example", (), "viewer"),
        ("ann@example.com", (), "editor"),
        ("ann@example.com.evil.example", (), "viewer"),
        ("bo@product.example", ("leadership",), "chair"),
        ("bo@elsewhere.example", ("Leadership", "care"), "chair"),
        ("root@example.com", ("leadership",), "admin"),
        ("@product.example", (), "viewer"),
        ("group:leadership", (), "viewer"),  # an address is no group, whatever it says
        ("", (), "viewer"),
    ],
)
def test_an_address_has_the_highest_role_that_is_given_to_it(address, groups, role):
    assert RULES.role_of(address, groups) == role


def test_who_is_named_nowhere_has_no_role():
    rules = Rules(admins=("root@example.com",))
    assert rules.role_of("bo@example.com") is None
    assert Rules().role_of("root@example.com") is None


def test_customers_are_shown_by_name_only_to_those_named_for_it():
    assert RULES.sees_customers("ann@example.com")
    assert RULES.sees_customers("bo@elsewhere.example", ["care"])
    assert not RULES.sees_customers("root@example.com")


def test_a_refusal_says_who_may_and_who_one_is():
    assert refusal(Person("Bo", "bo", "viewer"), "write") == (
        "Not done: only an editor may write OKRs, check-ins, comments, targets, notes, predictions and decisions, "
        "and make and publish KVIs by answering the questions of New KVI. "
        "Bo is viewer: ask an admin."
    )
    assert refusal(Person("Bo", "bo", "editor"), "follow_up") == (
        "Not done: only people who may see customers by name may follow up what a customer answered, "
        "and quote it in a review: ask an admin."
    )
