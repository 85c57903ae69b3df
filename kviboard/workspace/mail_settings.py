"""The [mail] settings: by which server digests and reminders go out, from whom, to whom, and what each reader gets."""

from collections.abc import Sequence
from datetime import date
from email.headerregistry import Address
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from kviboard.domain.periods import GRAINS
from kviboard.workspace.settings import THIS_MACHINE, Section, is_private_address, is_web_address

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PORTS = {"starttls": 587, "ssl": 465, "none": 25}


def parsed(address: str) -> Address:
    """A mail address, with the name before it or without. Raises ValueError with a sentence."""
    name, bracket, rest = address.rpartition("<")
    plain = rest.removesuffix(">") if bracket else address
    local, at, domain = plain.strip().rpartition("@")
    odd = [char for char in address if not char.isprintable()] or [char for char in plain.strip() if char in " ,;<>"]
    if not (local and at and domain) or odd or (bracket and not rest.endswith(">")):
        raise ValueError(f'"{address}" is no mail address; write it like name@example.com')
    return Address(name.strip().strip('"'), local, domain)


def _known_addresses(addresses: tuple[str, ...]) -> tuple[str, ...]:
    for address in addresses:
        parsed(address)
    return addresses


class Receiver(Section):
    """Where something is sent: to mail addresses, or to a webhook instead."""

    recipients: Annotated[tuple[str, ...], Field(description="Who gets it; those of [mail] unless given")] = ()
    webhook: Annotated[
        SecretStr, Field(description="Where it is posted instead, for Slack, Teams and the like: `${TEAMS_URL}`")
    ] = SecretStr("")

    _addresses = field_validator("recipients")(_known_addresses)

    @field_validator("webhook")
    @classmethod
    def _safe_address(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not is_private_address(value.get_secret_value()):
            raise ValueError("is no address that nobody can listen to; write it like https://hooks.example.com/…")
        return value

    @property
    def is_posted(self) -> bool:
        """Whether it goes to a webhook, and not by mail."""
        return bool(self.webhook.get_secret_value())


class ReminderSettings(Receiver):
    """Reminders of what fell due, of some people or of all."""

    people: Annotated[tuple[str, ...], Field(description="Of whom, by name; of everybody unless given")] = ()
    on: Annotated[
        Literal[*WEEKDAYS],  # type: ignore[valid-type]
        Field(description="The day of the week on which they go out"),
    ] = "monday"

    def go_out_on(self, day: date) -> bool:
        """Whether they go out on a day."""
        return day.weekday() == WEEKDAYS.index(self.on)


class DigestSettings(Receiver):
    """A digest for some readers: with their filters, in their grain."""

    name: Annotated[str, Field(description="What the mail's subject calls it")] = ""
    where: Annotated[
        dict[str, str | tuple[str, ...]], Field(description="Only customers with these values, by dimension")
    ] = {}  # noqa: RUF012 (pydantic copies it)
    segment: Annotated[str, Field(description="Only customers of this segment, `[segments.NAME]`")] = ""
    by: Annotated[str | None, Field(description="A part for each value of this dimension")] = None
    grain: Annotated[
        Literal[*GRAINS] | None,  # type: ignore[valid-type]
        Field(description="Length of a period; sprints where there are any, else months, unless given"),
    ] = None

    only: Annotated[
        Literal["everything", "new signals"], Field(description="When it goes out: always, or with a new signal")
    ] = "everything"

    @property
    def filters(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Dimension and chosen values."""
        return tuple((name, (value,) if isinstance(value, str) else value) for name, value in self.where.items())


class Mail(Section):
    """How the digest is sent. Nothing is sent while server, sender or recipients are missing."""

    server: Annotated[str, Field(pattern=r"^[^\s/@]*$", description="Name of the mail server (SMTP)")] = ""
    security: Annotated[Literal["starttls", "ssl", "none"], Field(description="How the connection is encrypted")] = (
        "starttls"
    )
    port: Annotated[int | None, Field(gt=0, lt=65536, description="587, 465 with ssl, 25 with none, unless given")] = (
        None
    )
    sender: Annotated[str, Field(description="From whom the mail comes, such as KVI Board <board@example.com>")] = ""
    recipients: Annotated[tuple[str, ...], Field(description="Who gets the digest, in one mail")] = ()
    user: Annotated[str, Field(description="To log in with; no login unless given")] = ""
    password: Annotated[SecretStr, Field(description="Keep it out of the file: ${MAIL_PASSWORD:-}")] = SecretStr("")
    board_address: Annotated[str, Field(description="Where readers open the board, for links: https://…")] = ""
    digests: tuple[DigestSettings, ...] = ()
    reminders: tuple[ReminderSettings, ...] = ()

    _addresses = field_validator("recipients")(_known_addresses)

    @field_validator("sender")
    @classmethod
    def _known_sender(cls, value: str) -> str:
        if value:
            parsed(value)
        return value

    @field_validator("board_address")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not is_web_address(value, "http", "https"):
            raise ValueError("is no address of a page; write it like https://board.example.com")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _no_password_in_the_open(self) -> "Mail":
        if self.user and self.security == "none" and self.server not in THIS_MACHINE:
            raise ValueError("the password would travel unencrypted; set security to starttls or ssl")
        return self

    @property
    def port_used(self) -> int:
        return self.port or _PORTS[self.security]

    @property
    def missing(self) -> tuple[str, ...]:
        """The settings without which the digests cannot be sent."""
        return self.missing_for(self.all_digests)

    def missing_for(self, receivers: Sequence[Receiver]) -> tuple[str, ...]:
        """The settings without which nothing can be sent to these."""
        mailed = [receiver for receiver in receivers if not receiver.is_posted]
        if not mailed:
            return ()
        needed = {"server": self.server, "sender": self.sender}
        lacking = [f"[mail] {name}" for name, value in needed.items() if not value]
        lacking += ["[mail] password"] if self.user and not self.password.get_secret_value() else []
        nobody = any(not receiver.recipients for receiver in mailed)
        return (*lacking, *(["[mail] recipients"] if nobody else []))

    @property
    def all_reminders(self) -> tuple[ReminderSettings, ...]:
        """The reminders to send, each with its recipients."""
        return tuple(
            each.model_copy(update={"recipients": each.recipients or self.recipients}) for each in self.reminders
        )

    @property
    def all_digests(self) -> tuple[DigestSettings, ...]:
        """The digests to send, each with its recipients; one of everything where none is set up."""
        wanted = self.digests or (DigestSettings(),)
        return tuple(
            digest.model_copy(update={"recipients": digest.recipients or self.recipients}) for digest in wanted
        )
