"""A visitor without a browser: speaks Streamlit's web socket protocol to a running server and times its answers."""

import contextlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

_RERUNS = ForwardMsg.FINISHED_EARLY_FOR_RERUN
_FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass(frozen=True)
class Answer:
    """What one run of the script sent, and how long it took from the request to its end."""

    seconds: float
    messages: list[ForwardMsg]

    @classmethod
    def of(cls, frames: Iterable[bytes]) -> Self:
        """What was received by somebody else; nobody took the time."""
        return cls(0, [_message(frame) for frame in frames])

    @property
    def menu(self) -> list[str]:
        """Titles of the pages in the menu, as last sent; of several passes the last counts."""
        menus = [message.navigation for message in self.messages if message.HasField("navigation")]
        return [page.page_name for page in menus[-1].app_pages] if menus else []

    @property
    def texts(self) -> str:
        """Everything written as Markdown, HTML or heading."""
        elements = [message.delta.new_element for message in self.messages if message.HasField("delta")]
        bodies = [(element.markdown.body, element.html.body, element.heading.body) for element in elements]
        return "\n".join(body for element in bodies for body in element if body)

    @property
    def exceptions(self) -> list[str]:
        elements = [message.delta.new_element for message in self.messages if message.HasField("delta")]
        return [element.exception.message for element in elements if element.HasField("exception")]


class Session:
    """One connected visitor on one page. Each `run` is a rerun of that page with the given choices."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._page = ""

    def run(self, path: str = "", query: str = "") -> Answer:
        """Ask for the page at `path` with the choices in `query`, as the browser's address would say them."""
        request = BackMsg()
        request.rerun_script.query_string = query
        if self._page:
            request.rerun_script.page_script_hash = self._page
        else:
            request.rerun_script.page_name = path
        started = time.perf_counter()
        self._connection.send(request.SerializeToString())
        return self._receive(started)

    def _receive(self, started: float) -> Answer:
        messages: list[ForwardMsg] = []
        while True:
            frame = self._connection.recv(timeout=60)
            message = _message(frame if isinstance(frame, bytes) else frame.encode())
            messages.append(message)
            if message.HasField("navigation"):  # a new session names app.py, which would open the first page again
                self._page = message.navigation.page_script_hash
            if message.WhichOneof("type") == "script_finished" and message.script_finished != _RERUNS:
                assert message.script_finished in _FINISHED, "the script has a syntax error"
                return Answer(time.perf_counter() - started, messages)


def _message(frame: bytes) -> ForwardMsg:
    message = ForwardMsg()
    message.ParseFromString(frame)
    return message


@contextlib.contextmanager
def connected(url: str) -> Iterator[Session]:
    """A session with the server at `url`."""
    address = f"ws://{urlsplit(url).netloc}/_stcore/stream"
    with connect(address, subprotocols=[Subprotocol("streamlit")], max_size=None) as connection:
        yield Session(connection)
