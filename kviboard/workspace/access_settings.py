"""The [access] and [sign_in] settings: who may do what, and how the board knows who somebody is."""

import re
from ipaddress import ip_network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from kviboard.domain.access import EVERYONE, GROUP, Rules
from kviboard.errors import Problem
from kviboard.workspace.settings import Section

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,100}")
Names = tuple[str, ...]


class Access(Section):
    """Who has which role. Nobody but those named may do anything once people sign in."""

    viewers: Annotated[Names, Field(description="Who may look: addresses, `@domain`, `group:NAME` or `everyone`")] = ()
    editors: Annotated[Names, Field(description="Who may write OKRs, targets, notes and predictions, too")] = ()
    chairs: Annotated[Names, Field(description="Who may open and close sprint reviews, too")] = ()
    admins: Annotated[Names, Field(description="Who may refresh and change exports, too")] = ()
    customers: Annotated[Names, Field(description="Who may see customers by name, whatever the role")] = ()

    @field_validator("viewers", "editors", "chairs", "admins", "customers")
    @classmethod
    def _known_names(cls, names: Names) -> Names:
        for name in names:
            is_address = "@" in name and " " not in name and not name.endswith("@")
            if not (is_address or name == EVERYONE or (name.startswith(GROUP) and len(name) > len(GROUP))):
                raise ValueError(
                    f'"{name}" is nobody; write an address, @example.com, {GROUP}NAME or {EVERYONE}, each in quotes'
                )
        return names

    @property
    def rules(self) -> Rules:
        return Rules(**self.model_dump())


def access_problems(access: "Access", sign_in: "SignIn", file: str) -> list[Problem]:
    """Roles without a sign-in, and a sign-in without an admin."""
    if access != Access() and not sign_in.is_on:
        what = "gives roles, and without [sign_in] nobody knows who somebody is."
        return [Problem(f"{file}, [access]", what, "Add [sign_in] issuer or header, or remove [access].")]
    if sign_in.is_on and not access.admins:
        what = "names no admins, so nobody could refresh."
        return [Problem(f"{file}, [access]", what, 'Add admins = ["you@example.com"].')]
    return []


class SignIn(Section):
    """OpenID Connect by the company's own provider, or a proxy that signs people in. Neither is set on one's own
    machine, where whoever opens the board may do everything."""

    issuer: Annotated[str, Field(description="Address of the OpenID Connect provider: `https://…`")] = ""
    client_id: Annotated[str, Field(description="Under which the provider knows this board")] = ""
    client_secret: Annotated[SecretStr, Field(description="Keep it out of the file: `${SIGN_IN_SECRET:-}`")] = (
        SecretStr("")
    )
    groups: Annotated[str, Field(description="Claim that holds a person's groups")] = "groups"
    hours: Annotated[float, Field(gt=0, le=720, description="How long a sign-in lasts")] = 12.0
    header: Annotated[
        str, Field(description="Instead: the header in which a proxy says who it signed in, as `X-Forwarded-Email`")
    ] = ""
    trusted_proxies: Annotated[
        Names, Field(description="Addresses of these proxies; from no other does the header count")
    ] = _LOOPBACK[1:]

    @field_validator("header")
    @classmethod
    def _known_header(cls, value: str) -> str:
        if value and not _HEADER.fullmatch(value):
            raise ValueError("is no name of a header; write it like X-Forwarded-Email")
        return value

    @field_validator("issuer")
    @classmethod
    def _safe_issuer(cls, value: str) -> str:
        parts = urlsplit(value)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        if value and not (is_safe and parts.hostname):
            raise ValueError("is no address of a provider; write it like https://login.example.com")
        return value.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, values: Names) -> Names:
        for value in values:
            ip_network(value)  # raises ValueError with a sentence
        return values

    @model_validator(mode="after")
    def _one_way_to_sign_in(self) -> "SignIn":
        if self.header and self.issuer:
            raise ValueError("issuer and header are two ways to sign in; keep one")
        if bool(self.issuer) != bool(self.client_id):
            raise ValueError("issuer and client_id go together; give both")
        return self

    @property
    def is_on(self) -> bool:
        """Whether people sign in; else whoever opens the board may do everything."""
        return bool(self.issuer or self.header)
