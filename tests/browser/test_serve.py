"""How the server sends, seen from its own end of a connection."""

import select
import socket
from pathlib import Path

import pytest
from streamlit.web.server.starlette import starlette_server

from kviboard.board.starter import start_workspace
from kviboard.ui import serve
from tests.browser.server import serving


def test_connections_send_each_message_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starlette_server, "_bind_socket", starlette_server._bind_socket)
    serve._send_at_once()
    listening = starlette_server._bind_socket("127.0.0.1", 0, 1)
    with listening, socket.create_connection(listening.getsockname()):
        select.select([listening], [], [], 5)
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_address_is_printed_once_and_no_warning(tmp_path: Path) -> None:
    start_workspace(tmp_path)
    with serving(tmp_path) as server:
        pass
    assert server.output.count(server.url) == 1
    assert "No runtime found" not in server.output
    assert "Streamlit" not in server.output
