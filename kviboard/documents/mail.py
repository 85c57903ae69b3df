"""Sends digests and reminders by mail: what a letter is, who took it, each failure a sentence. Standard library only.

A letter's text is plain text and simple HTML with the same sentences; the digest with its tiles and lines is attached
as one file. Every reader of one list gets the same letter. Nothing is retried: the next run sends the next week.
"""

import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from kviboard.documents.digest.digest import Digest, digest_html
from kviboard.documents.digest.text import digest_mail_html, digest_text
from kviboard.workspace.mail_settings import Mail, parsed

SECONDS_TO_ANSWER = 30


@dataclass(frozen=True, eq=False)
class Email:
    """A mail ready to go."""

    message: EmailMessage
    recipients: tuple[str, ...]

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        return str(body.get_content()) if body else ""

    @property
    def file_name(self) -> str:
        """The name of the attached digest."""
        return next((part.get_filename() or "" for part in self.message.iter_attachments()), "")

    @property
    def size_text(self) -> str:
        """ "118 kB", as it travels."""
        return f"{len(self.message.as_bytes()) / 1000:,.0f} kB"


@dataclass(frozen=True, eq=False)
class Delivery:
    """What became of a letter: who took it, and what went wrong, a sentence each."""

    email: Email
    taken_by: tuple[str, ...]
    problems: tuple[str, ...]


def write_email(digest: Digest, mail: Mail, recipients: Sequence[str], at: datetime) -> Email:
    """The letter of a digest to these readers; `at` is when it is written."""
    message = _letter(digest.title, digest_text(digest), mail, recipients, at)
    message.add_alternative(digest_mail_html(digest), subtype="html")
    file = digest_html(digest).encode()
    message.add_attachment(
        file, maintype="text", subtype="html", filename=digest.file_name, params={"charset": "utf-8"}
    )
    return Email(message, tuple(recipients))


def write_letter(title: str, text: str, mail: Mail, recipients: Sequence[str], at: datetime) -> Email:
    """A letter in plain text alone."""
    return Email(_letter(title, text, mail, recipients, at), tuple(recipients))


def _letter(title: str, text: str, mail: Mail, recipients: Sequence[str], at: datetime) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = title
    sender = parsed(mail.sender) if mail.sender else None
    if sender:
        message["From"] = sender
        message["Message-ID"] = make_msgid(domain=sender.domain)
    if recipients:
        message["To"] = [parsed(recipient) for recipient in recipients]
    message["Date"] = format_datetime(at)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def send(mail: Mail, emails: Sequence[Email]) -> list[Delivery]:
    """Send each letter over one connection; one that fails does not keep the others back."""
    deliveries: list[Delivery] = []
    try:
        with _connection(mail) as server:
            deliveries += [_deliver(mail, server, email) for email in emails]
    except (OSError, smtplib.SMTPException) as error:  # after the last letter, only the farewell went wrong
        return deliveries or [Delivery(email, (), (_plainly(error, mail),)) for email in emails]
    return deliveries


def _connection(mail: Mail) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if mail.security == "ssl":
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.server, mail.port_used, timeout=SECONDS_TO_ANSWER, context=trusted)
    else:
        server = smtplib.SMTP(mail.server, mail.port_used, timeout=SECONDS_TO_ANSWER)
    try:
        if mail.security == "starttls":
            server.starttls(context=trusted)
        if mail.user:
            server.login(mail.user, mail.password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server


def _deliver(mail: Mail, server: smtplib.SMTP, email: Email) -> Delivery:
    try:
        refused = server.send_message(email.message)
    except smtplib.SMTPRecipientsRefused as error:
        return Delivery(email, (), _refusals(error.recipients))
    except (OSError, smtplib.SMTPException) as error:
        return Delivery(email, (), (_plainly(error, mail),))
    taken = tuple(name for name in email.recipients if parsed(name).addr_spec not in refused)
    return Delivery(email, taken, _refusals(refused))


def _refusals(refused: dict[str, tuple[int, bytes]]) -> tuple[str, ...]:
    return tuple(f"{name} was refused: {_reply(*reply)}." for name, reply in refused.items())


def _plainly(error: Exception, mail: Mail) -> str:
    """What went wrong between us and the server, and what to do about it."""
    place = f"{mail.server}, port {mail.port_used},"
    if isinstance(error, socket.gaierror):
        return f'There is no mail server called "{mail.server}"; check [mail] server.'
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{place} shows a certificate that cannot be trusted ({error.verify_message}); check [mail] server."
    if isinstance(error, ssl.SSLError):
        return f"{place} does not encrypt this way; check [mail] security and port."
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _not_supported(error, place)
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return f"{place} closed the connection; check [mail] security and port, or try again later."
    if isinstance(error, smtplib.SMTPException):
        return _refused(error, mail, place)
    if isinstance(error, TimeoutError):
        return f"{place} did not answer within {SECONDS_TO_ANSWER} seconds; check [mail] server and port."
    return f"{place} cannot be reached ({_reason(error)}); check [mail] server and port."


def _refused(error: smtplib.SMTPException, mail: Mail, place: str) -> str:
    """The server's own words, and whose settings they are about."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        reply = _reply(error.smtp_code, error.smtp_error)
        return f"{place} refused the login of {mail.user} ({reply}); check [mail] user and password."
    if isinstance(error, smtplib.SMTPSenderRefused):
        return f"{place} refused the sender {mail.sender} ({_reply(error.smtp_code, error.smtp_error)})."
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{place} refused the mail ({_reply(error.smtp_code, error.smtp_error)})."
    return f"{place} refused the mail ({error})."


def _not_supported(error: smtplib.SMTPNotSupportedError, place: str) -> str:
    reply = str(error)
    if "STARTTLS" in reply:
        return f"{place} does not encrypt by STARTTLS; set [mail] security to ssl (or to none, on this machine)."
    if "AUTH" in reply:
        return f"{place} takes no login; leave out [mail] user."
    return f"{place} cannot take this mail ({reply.rstrip('.')})."


def _reply(code: int, reply: bytes | str) -> str:
    words = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)
    return f"{code} {' '.join(words.split())}".rstrip(". ")


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).lower()
