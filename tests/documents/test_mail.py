"""Letters to a real mail server on this machine: what arrives, and what is said when something is refused."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from kviboard.board.kvis.reading import View
from kviboard.documents.digest.digest import Digest, make_digest
from kviboard.documents.digest.text import digest_text
from kviboard.documents.mail import Delivery, send, write_email
from kviboard.workspace.mail_settings import Mail
from tests.board.conftest import context, tiny_board, warehouses  # noqa: F401 (fixtures)
from tests.browser.server import free_port

AT = datetime(2026, 3, 13, 7, tzinfo=UTC)
READERS = ("ann@example.com", "Product Owner <po@example.com>")
Serve = Callable[..., "Server"]


class Box:
    """Keeps what arrives; refuses readers called nobody, and mails about refusals."""

    def __init__(self) -> None:
        self.arrived: list[tuple[list[str], bytes]] = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 5.1.1 no such reader here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if b"Refuse" in envelope.content[:2000]:
            return "554 5.7.1 not this one"
        self.arrived.append((list(envelope.rcpt_tos), envelope.content))
        return "250 taken"


class Curt(Box):
    """Takes all and says no good-bye."""

    async def handle_QUIT(self, server, session, envelope):
        return "421 4.3.2 closing"


class Server:
    """A running mail server: its box, its port, the settings that reach it."""

    def __init__(self, box: Box, port: int) -> None:
        self.box, self.port = box, port

    def mail(self, **more: object) -> Mail:
        wanted = {"server": "127.0.0.1", "security": "none", "sender": "KVI Board <board@example.com>"}
        return Mail.model_validate({**wanted, "port": self.port, "recipients": READERS, **more})


def knows(server, session, envelope, mechanism, data) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"board", b"secret")
    return AuthResult(success=good, handled=good)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts mail servers; other keyword arguments are aiosmtpd's."""
    running: list[Controller] = []

    def start(kind: type[Box] = Box, **options: object) -> Server:
        box, port = kind(), free_port()
        controller = Controller(box, hostname="127.0.0.1", port=port, **options)
        controller.start()
        running.append(controller)
        return Server(box, port)

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def authority(tmp_path, monkeypatch) -> trustme.CA:
    """An authority for certificates that this machine trusts."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return ca


def encrypted(ca: trustme.CA) -> ssl.SSLContext:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(tls)
    return tls


@pytest.fixture
def digest(context) -> Digest:  # noqa: F811
    return make_digest(context, View("month"))


def sent(digest: Digest, mail: Mail, *lists: tuple[str, ...]) -> list[Delivery]:
    return send(mail, [write_email(digest, mail, readers, AT) for readers in lists or (mail.recipients,)])


def problems(deliveries: list[Delivery]) -> str:
    return " ".join(problem for delivery in deliveries for problem in delivery.problems)


def test_one_mail_reaches_everybody_on_the_list_with_text_and_file(serve, digest):
    server = serve()
    (delivery,) = sent(digest, server.mail())
    assert (delivery.taken_by, delivery.problems) == (READERS, ())
    ((to, raw),) = server.box.arrived
    assert to == ["ann@example.com", "po@example.com"]
    arrived = message_from_bytes(raw, policy=policy.default)
    assert arrived["Subject"] == "Tiny: this week, data to 12 Mar 2026"
    assert arrived["From"] == "KVI Board <board@example.com>"
    assert arrived["To"] == "ann@example.com, Product Owner <po@example.com>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    plain, html = arrived.get_body(("plain",)), arrived.get_body(("html",))
    assert plain.get_content().split() == digest_text(digest).split()
    assert "No KVI can be judged yet" in html.get_content().replace("&#58;", ":")
    (file,) = arrived.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("this-week-2026-03-12.html", "text/html")
    assert file.get_content().startswith("<!doctype html>")


def test_one_refused_reader_is_named_and_the_others_get_it(serve, digest):
    server = serve()
    (delivery,) = sent(digest, server.mail(), ("nobody@example.com", "ann@example.com"))
    assert delivery.taken_by == ("ann@example.com",)
    assert delivery.problems == ("nobody@example.com was refused: 550 5.1.1 no such reader here.",)
    assert server.box.arrived[0][0] == ["ann@example.com"]


def test_a_letter_that_nobody_takes_does_not_keep_the_next_back(serve, digest):
    server = serve()
    first, second = sent(digest, server.mail(), ("nobody@example.com",), ("ann@example.com",))
    assert (first.taken_by, second.taken_by) == ((), ("ann@example.com",))
    assert len(first.problems) == 1


def test_what_was_taken_is_sent_however_the_server_takes_its_leave(serve, digest):
    server = serve(Curt)
    (delivery,) = sent(digest, server.mail())
    assert len(server.box.arrived) == 1
    assert (delivery.taken_by, delivery.problems) == (READERS, ())


def test_a_letter_that_is_refused_as_a_whole_says_so(serve, context):  # noqa: F811
    server = serve()
    mail = server.mail()
    digests = [make_digest(context, View("month"), name) for name in ("Refuse me", "")]
    first, second = send(mail, [write_email(digest, mail, ("ann@example.com",), AT) for digest in digests])
    assert first.taken_by == ()
    assert "refused the mail (554 5.7.1 not this one)" in first.problems[0]
    assert second.taken_by == ("ann@example.com",)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # with ssl all of it is encrypted
@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_it_logs_in_over_an_encrypted_connection(serve, digest, authority, security):
    kind = {"starttls": "tls_context", "ssl": "ssl_context"}[security]
    server = serve(**{kind: encrypted(authority)}, authenticator=knows, auth_required=True,
                   auth_require_tls=security == "starttls")  # fmt: skip
    (delivery,) = sent(digest, server.mail(security=security, user="board", password="secret"))
    assert (delivery.taken_by, delivery.problems) == (READERS, ())


def test_a_refused_login_names_the_user_and_not_the_password(serve, digest, authority):
    server = serve(tls_context=encrypted(authority), authenticator=knows, auth_required=True)
    deliveries = sent(digest, server.mail(security="starttls", user="board", password="wrong-one"))
    assert "refused the login of board (535 5.7.8" in problems(deliveries)
    assert "check [mail] user and password" in problems(deliveries)
    assert "wrong-one" not in problems(deliveries)
    assert server.box.arrived == []


def test_a_certificate_that_cannot_be_trusted_is_refused(serve, digest):
    server = serve(tls_context=encrypted(trustme.CA()))
    assert "shows a certificate that cannot be trusted" in problems(sent(digest, server.mail(security="starttls")))
    assert server.box.arrived == []


def test_a_server_that_does_not_encrypt_gets_nothing(serve, digest):
    server = serve()
    reply = problems(sent(digest, server.mail(security="starttls")))
    assert "does not encrypt by STARTTLS; set [mail] security" in reply
    reply = problems(sent(digest, server.mail(security="ssl")))
    assert "does not encrypt this way; check [mail] security and port" in reply
    assert server.box.arrived == []


def test_a_server_that_is_not_there_is_named(digest):
    port = free_port()
    silent = Mail(server="127.0.0.1", port=port, security="none", sender="b@example.com", recipients=READERS)
    deliveries = sent(digest, silent, ("ann@example.com",), ("po@example.com",))
    assert len(deliveries) == 2
    assert f"127.0.0.1, port {port}, cannot be reached" in deliveries[0].problems[0]


def test_a_server_name_that_does_not_exist_is_named(digest):
    unknown = Mail(server="mail.invalid", sender="b@example.com", recipients=READERS)
    assert problems(sent(digest, unknown)) == 'There is no mail server called "mail.invalid"; check [mail] server.'


def test_names_cannot_add_headers(serve, context):  # noqa: F811
    server = serve()
    digest = make_digest(context, View("month"), name="Ours\r\nBcc: everybody@example.com")
    sent(digest, server.mail())
    ((to, raw),) = server.box.arrived
    assert to == ["ann@example.com", "po@example.com"]
    assert message_from_bytes(raw, policy=policy.default)["Bcc"] is None


@pytest.mark.parametrize("address", ["ann", "ann@", "@example.com", "a b@example.com", "a@example.com, b@example.com",
                                     "a@example.com\nBcc: b@example.com", "Ann <a@example.com"])  # fmt: skip
def test_what_is_no_address_is_refused_in_the_settings(address):
    with pytest.raises(ValueError, match="is no mail address; write it like"):
        Mail(recipients=(address,))


def test_a_password_is_not_sent_in_the_open_and_never_shown():
    with pytest.raises(ValueError, match="would travel unencrypted"):
        Mail(server="smtp.example.com", security="none", user="board", password="secret")
    assert "secret" not in repr(Mail(server="smtp.example.com", user="board", password="secret"))


def test_what_is_missing_is_listed():
    assert Mail().missing == ("[mail] server", "[mail] sender", "[mail] recipients")
    assert Mail(server="s", sender="a@b.c", user="u", recipients=("a@b.c",)).missing == ("[mail] password",)
    own = {"server": "s", "sender": "a@b.c", "digests": [{"recipients": ["a@b.c"]}]}
    assert Mail.model_validate(own).missing == ()
    own["digests"] = [{"recipients": ["a@b.c"]}, {"name": "Ours"}]
    assert Mail.model_validate(own).missing == ("[mail] recipients",)
