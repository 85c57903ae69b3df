"""Who may do what on a board that several people share: one table, which every door asks.

Who somebody is belongs to the sign-in; which role an address has stands in kviboard.toml, [access].
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

Role = Literal["viewer", "editor", "chair", "admin"]
ROLES: tuple[Role, ...] = ("viewer", "editor", "chair", "admin")
"""Each may do what those before it may."""

Permission = Literal["read", "answer", "write", "follow_up", "review", "data"]
PERMISSIONS: dict[Permission, tuple[str, Role]] = {
    "read": ("see every page", "viewer"),
    "answer": ("answer the outside-in check and what a meeting asks", "viewer"),
    "write": (
        "write OKRs, check-ins, comments, targets, notes, predictions and decisions, and make and publish KVIs by "
        "answering the questions of New KVI",
        "editor",
    ),
    "follow_up": ("follow up what a customer answered, and quote it in a review", "editor"),
    "review": ("open and close a sprint review", "chair"),
    "data": (
        "refresh, go back to a version, take in or discard exports, forget a customer, import OKRs, "
        "write KVIs by hand, change and retire them",
        "admin",
    ),
}
"""What can be done, as a sentence goes on after "may", and the first role that may do it."""

PERSONAL: frozenset[Permission] = frozenset({"follow_up"})
"""What only those may do, besides, who may see customers by name."""

GROUP = "group:"
EVERYONE = "everyone"


@dataclass(frozen=True)
class Person:
    """Who acts. `key` tells them from all others: the provider's subject, a verified address, or the name they gave.

    `role` is None for somebody who may not even look; `sees_customers` says whether they may see customers by name.
    `address` is what a sign-in proves; empty where nobody signs in.
    """

    name: str
    key: str
    role: Role | None
    sees_customers: bool = False
    address: str = ""

    @property
    def subject(self) -> str | None:
        """The key, where a sign-in proves it."""
        return self.key if self.address else None


@dataclass(frozen=True)
class Rules:
    """Who has which role: addresses, "@domain" for all addresses there, "group:NAME", or "everyone" who signs in."""

    viewers: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    chairs: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()

    def role_of(self, address: str, groups: Collection[str] = ()) -> Role | None:
        """The highest role that an address or one of its groups has; None for nobody's."""
        held = (self.viewers, self.editors, self.chairs, self.admins)
        found = [role for role, names in zip(ROLES, held, strict=True) if _named(names, address, groups)]
        return found[-1] if found else None

    def sees_customers(self, address: str, groups: Collection[str] = ()) -> bool:
        """Whether customers may be shown by name to this address."""
        return _named(self.customers, address, groups)


OWNER = Person("", "", "admin", sees_customers=True)
"""Whoever runs the program on their own machine: the files are theirs anyway."""


def allowed(role: Role | None, permission: Permission) -> bool:
    """Whether a role may do something; without a role nothing is allowed."""
    return role is not None and ROLES.index(role) >= ROLES.index(PERMISSIONS[permission][1])


def may_do(person: Person, permission: Permission) -> bool:
    """Whether a person may do something."""
    return allowed(person.role, permission) and (permission not in PERSONAL or person.sees_customers)


def refusal(person: Person, permission: Permission) -> str:
    """Why a person may not do something, and whom to ask."""
    what, role = PERMISSIONS[permission]
    if allowed(person.role, permission):
        return f"Not done: only people who may see customers by name may {what}: ask an admin."
    who = person.name or "You"
    has = f"is {person.role}" if person.name else f"are {person.role}"
    return f"Not done: only {'an' if role[0] in 'ae' else 'a'} {role} may {what}. {who} {has}: ask an admin."


def _named(names: Iterable[str], address: str, groups: Collection[str]) -> bool:
    own = address.strip().casefold()
    local, at, domain = own.rpartition("@")
    known = {EVERYONE} | {f"{GROUP}{group}".casefold() for group in groups}
    if local and at and not own.startswith(GROUP):  # an address, and not a word of ours
        known |= {own, f"@{domain}"}
    return any(name.strip().casefold() in known for name in names)
