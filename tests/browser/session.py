"""A visitor without a browser: speaks Streamlit's web socket protocol to a running server and times its answers."""

import contextlib
import http.client
import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self
from urllib.parse import urlsplit

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState
from streamlit.proto.Element_pb2 import Element
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
        return [page.page_name for page in menus[-1].app_pages if not page.is_hidden] if menus else []

    @property
    def texts(self) -> str:
        """Everything written as Markdown, HTML or heading."""
        elements = [message.delta.new_element for message in self.messages if message.HasField("delta")]
        bodies = [(element.markdown.body, element.html.body, element.heading.body) for element in elements]
        return "\n".join(body for element in bodies for body in element if body)

    def button(self, label: str) -> str:
        """The id of the button with this label; empty where there is none."""
        found = (e.button for e in self._elements if e.HasField("button") and e.button.label == label)
        return next((button.id for button in found), "")

    def field(self, label: str) -> str:
        """The id of the line to write in with this label; empty where there is none."""
        found = (e.text_input for e in self._elements if e.HasField("text_input") and e.text_input.label == label)
        return next((field.id for field in found), "")

    def area(self, label: str) -> tuple[str, str]:
        """The id of the field of several lines with this label, and what stands in it; empty where there is none."""
        found = (e.text_area for e in self._elements if e.HasField("text_area") and e.text_area.label == label)
        return next(((field.id, field.default) for field in found), ("", ""))

    @property
    def uploader(self) -> str:
        """The id of the first place to drop files; empty where there is none."""
        return next((e.file_uploader.id for e in self._elements if e.HasField("file_uploader")), "")

    def fold(self, label: str) -> str:
        """The id of the fold with this label that the server is asked to open; empty where there is none."""
        blocks = (m.delta.add_block for m in self.messages if m.HasField("delta") and m.delta.HasField("add_block"))
        return next((block.expandable.id for block in blocks if block.expandable.label == label), "")

    @property
    def session_id(self) -> str:
        """Under which the server knows the visitor's session."""
        return next(m for m in self.messages if m.HasField("new_session")).new_session.initialize.session_id

    @property
    def choices(self) -> list[str]:
        """The ids of all rows of buttons of which one is chosen."""
        return [element.button_group.id for element in self._elements if element.HasField("button_group")]

    @property
    def component(self) -> str:
        """The id of the page's own component that was drawn last; empty where there is none."""
        found = [e.bidi_component.id for e in self._elements if e.HasField("bidi_component")]
        return found[-1] if found else ""

    @property
    def component_data(self) -> str:
        """What the server told that component, as JSON."""
        found = [e.bidi_component for e in self._elements if e.HasField("bidi_component")]
        return str(found[-1].json) if found else ""

    @property
    def _elements(self) -> list[Element]:
        return [message.delta.new_element for message in self.messages if message.HasField("delta")]

    @property
    def exceptions(self) -> list[str]:
        elements = [message.delta.new_element for message in self.messages if message.HasField("delta")]
        return [element.exception.message for element in elements if element.HasField("exception")]


class Session:
    """One connected visitor on one page. Each `run` is a rerun of that page with the given choices."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._page = self._query = ""
        self._files = 0
        self._held: dict[str, tuple[str, object]] = {}  # what stays as it is with every message: open folds, files

    def run(self, path: str = "", query: str = "") -> Answer:
        """Ask for the page at `path` with the choices in `query`, as the browser's address would say them."""
        request = BackMsg()
        request.rerun_script.query_string = self._query = query
        if self._page:
            request.rerun_script.page_script_hash = self._page
        else:
            request.rerun_script.page_name = path
        started = time.perf_counter()
        self._connection.send(request.SerializeToString())
        return self._receive(started)

    def press(self, button: str) -> Answer:
        """Press a button by its id, as its page would."""
        return self._send(button, "trigger_value", True)

    def write(self, field: str, text: str) -> Answer:
        """Write a line into a field by its id."""
        return self._send(field, "string_value", text)

    def unfold(self, fold: str) -> Answer:
        """Open a fold by its id."""
        return self._send(fold, "bool_value", True, stays=True)

    def drop(self, answer: Answer, name: str, content: bytes) -> Answer:
        """Drop a file into the place that an answer drew for it."""
        address = self._connection.remote_address
        self._files += 1
        put_file(f"{address[0]}:{address[1]}", answer.session_id, str(self._files), name, content)
        info = FileUploaderState()
        info.uploaded_file_info.add(name=name, size=len(content), file_id=str(self._files))
        return self._send(answer.uploader, "file_uploader_state_value", info, stays=True)

    def say(self, component: str, event: str, value: object) -> Answer:
        """Have a component of the page say something to the server."""
        message = json.dumps([{"event": event, "value": value}])
        return self._send(f"$$STREAMLIT_INTERNAL_KEY_{component}__events", "json_trigger_value", message)

    def submit(self, button: str, chosen: dict[str, str]) -> Answer:
        """Send a form by its button, with what is chosen in its rows of buttons."""
        return self._send(button, "trigger_value", True, chosen)

    def _send(
        self,
        widget: str,
        kind: str,
        value: object,
        chosen: Mapping[str, str] = MappingProxyType({}),
        stays: bool = False,
    ) -> Answer:
        assert widget, "the page has not drawn it"
        request = BackMsg()
        request.rerun_script.page_script_hash = self._page
        request.rerun_script.query_string = self._query
        for row, choice in chosen.items():
            request.rerun_script.widget_states.widgets.add(id=row).string_array_value.data.append(choice)
        for each, (its_kind, its_value) in {**self._held, widget: (kind, value)}.items():
            state = request.rerun_script.widget_states.widgets.add(id=each)
            if isinstance(its_value, Message):
                getattr(state, its_kind).CopyFrom(its_value)
            else:
                setattr(state, its_kind, its_value)
        if stays:
            self._held[widget] = (kind, value)
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


def put_file(netloc: str, session_id: str, file_id: str, name: str, content: bytes) -> int:
    """Send a file's content as a page does before it says that the file is there; the status of the answer."""
    with contextlib.closing(http.client.HTTPConnection(netloc, timeout=60)) as connection:
        connection.request("GET", "/_stcore/health")
        health = connection.getresponse()
        health.read()
        token = re.search(r"_streamlit_xsrf=([^;]+)", health.getheader("set-cookie") or "")
        kept = token[1] if token else ""
        head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        sent = {
            "X-Xsrftoken": kept,
            "Cookie": f"_streamlit_xsrf={kept}",
            "Content-Type": "multipart/form-data; boundary=x",
        }
        path = f"/_stcore/upload_file/{session_id}/{file_id}"
        connection.request("PUT", path, head + content + b"\r\n--x--\r\n", sent)
        return connection.getresponse().status


def _message(frame: bytes) -> ForwardMsg:
    message = ForwardMsg()
    message.ParseFromString(frame)
    return message


@contextlib.contextmanager
def connected(url: str, source: str = "127.0.0.1", **headers: str) -> Iterator[Session]:
    """A session with the server at `url`; `headers` are sent as a proxy at the address `source` does, "_" for "-"."""
    address = f"ws://{urlsplit(url).netloc}/_stcore/stream"
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    protocol = [Subprotocol("streamlit")]
    way = {"max_size": None, "additional_headers": more, "source_address": (source, 0)}
    with connect(address, subprotocols=protocol, **way) as connection:
        yield Session(connection)
