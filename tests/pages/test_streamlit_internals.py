"""What the board needs of Streamlit's private parts is still there; if not, a sentence says what to look at."""

import asyncio
import inspect
import logging
import re
import select
import signal
import socket
from pathlib import Path
from typing import Any

import pytest
import streamlit
from google.protobuf.message import DecodeError
from h11 import LocalProtocolError
from streamlit import config, delta_generator
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.elements import html, markdown
from streamlit.navigation import page
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import CustomThemeConfig, NewSession
from streamlit.runtime import Runtime, app_session, forward_msg_cache
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import ScriptRunnerEvent
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette import (
    starlette_agent_routes,
    starlette_auth_routes,
    starlette_routes,
    starlette_server,
    starlette_server_config,
    starlette_websocket,
)
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from kviboard.ui import frontend, streamlit_internals
from kviboard.ui.streamlit_internals import (
    FRONTEND,
    HEALTH,
    LOGS,
    METRICS,
    RESERVED,
    UPLOADS,
    StreamlitPage,
    files_of_parts,
    files_of_shell,
    give_up_waiting,
    hear_out,
    is_drawing,
    keep_size,
    keep_theme,
    leave_pages_directory,
    log_briefly,
    look_for_nothing,
    send_at_once,
    send_in_groups,
    shell_with,
    take_handed_over,
    take_html_as_it_is,
)
from kviboard.ui.workers import CAN_HAND_OVER
from kviboard.workspace import APP_ROOT

CHANGED = f"Streamlit {streamlit.__version__} changed what kviboard/ui/streamlit_internals.py relies on: "


def test_uploads_name_the_session_whose_visitor_is_known() -> None:
    routes = inspect.getsource(starlette_routes)
    assert UPLOADS.strip("/") + "/{session_id}/{file_id}" in routes, CHANGED + "files are sent elsewhere."
    assert "self._user_info = user_info" in inspect.getsource(AppSession), CHANGED + "sessions know nobody."
    assert "_session_mgr.get_active_session_info(" in inspect.getsource(Runtime), CHANGED + "sessions are elsewhere."


def test_a_deep_link_as_the_first_request_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hasattr(PagesManager, "uses_pages_directory"), CHANGED + "PagesManager.uses_pages_directory is gone."
    used = inspect.getsource(inspect.getmodule(PagesManager) or PagesManager)
    assert "PagesManager.uses_pages_directory is None" in used, CHANGED + "pages/ is found in another way."
    monkeypatch.setattr(PagesManager, "uses_pages_directory", True)
    assert [leave_pages_directory(), leave_pages_directory()] == [True, False]
    assert PagesManager.uses_pages_directory is False


@pytest.mark.parametrize("error", [DecodeError("corrupt"), LocalProtocolError("closed"), "not UTF-8", OSError("ours")])
def test_what_no_browser_sends_leaves_one_line(error: Exception | str, caplog: pytest.LogCaptureFixture) -> None:
    assert starlette_websocket.__name__ in LOGS, CHANGED + "messages are read elsewhere."
    log_briefly()
    for name in LOGS:
        try:
            raise UnicodeDecodeError("utf-8", b"x", 0, 1, "invalid") if isinstance(error, str) else error
        except Exception:
            logging.getLogger(name).exception("Invalid UTF-8 sequence received from client.")
    is_ours = isinstance(error, OSError)
    assert ["Somebody sent what no browser sends" not in record.message for record in caplog.records] == [is_ours] * 2
    assert ["Traceback" in line for line in (logging.Formatter().format(record) for record in caplog.records)] == [
        is_ours
    ] * 2


def test_connections_are_of_our_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    given = getattr(starlette_server, "_get_uvicorn_config_kwargs", None)
    assert given, CHANGED + "starlette_server._get_uvicorn_config_kwargs, which sets the server up, is gone."
    uses = inspect.getsource(starlette_server).count("= _get_uvicorn_config_kwargs()")
    assert uses == 2, CHANGED + "_get_uvicorn_config_kwargs is called elsewhere."
    monkeypatch.setattr(starlette_server, "_get_uvicorn_config_kwargs", given)
    give_up_waiting()
    assert issubclass(starlette_server._get_uvicorn_config_kwargs()["http"], AutoHTTPProtocol)


def test_connections_send_each_message_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    bind = getattr(starlette_server, "_bind_socket", None)
    assert bind, CHANGED + "starlette_server._bind_socket, which opens the port, is gone."
    assert [*inspect.signature(bind).parameters] == ["address", "port", "backlog"], (
        CHANGED + "_bind_socket takes other arguments."
    )
    assert "_bind_socket(" in inspect.getsource(starlette_server).replace("def _bind_socket(", ""), (
        CHANGED + "_bind_socket is called by nobody."
    )
    monkeypatch.setattr(starlette_server, "_bind_socket", bind)
    send_at_once()
    listening = starlette_server._bind_socket("127.0.0.1", 0, 1)
    with listening, socket.create_connection(listening.getsockname()):
        select.select([listening], [], [], 5)
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_what_a_run_draws_is_handed_over_in_groups_and_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_call_soon_on_event_loop", "_on_scriptrunner_event", "_handle_scriptrunner_event_on_event_loop"):
        assert hasattr(AppSession, name), CHANGED + f"AppSession.{name} is gone."
        monkeypatch.setattr(AppSession, name, getattr(AppSession, name))
    for owner, name in ((AppSession, "flush_browser_queue"), (Runtime, "_send_message")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    heard: list[int] = []
    told: list[int] = []
    drawn = ScriptRunnerEvent.ENQUEUE_FORWARD_MSG

    class Hearing(AppSession):
        def __init__(self) -> None:
            self._event_loop = asyncio.get_running_loop()
            self._message_enqueued_callback = lambda: told.append(len(heard))

        def __del__(self) -> None: ...

        def _handle_scriptrunner_event_on_event_loop(self, sender: Any, event: Any, *given: Any, **named: Any) -> None:
            heard.append(given[0])

    send_in_groups()

    async def hear(events: list[ScriptRunnerEvent], count: int) -> int:
        """How often the thread that sends was woken, until it heard so many events."""
        session, loop, woken = Hearing(), asyncio.get_running_loop(), list[int]()
        wake = loop.call_soon_threadsafe
        with monkeypatch.context() as patch:
            patch.setattr(loop, "call_soon_threadsafe", lambda *given: (woken.append(1), wake(*given))[1])
            for number, event in enumerate(events):
                session._on_scriptrunner_event(None, event, number)
        await asyncio.sleep(0.05)  # what comes by itself within that time has come
        async with asyncio.timeout(30):
            while len(heard) < count:
                await asyncio.sleep(0.01)
        return len(woken)

    asyncio.run(hear([drawn] * 50, 50))
    assert heard == list(range(50))
    heard.clear()
    monkeypatch.setattr(streamlit_internals, "GROUP_SECONDS", 1000)  # nothing comes by itself
    assert asyncio.run(hear([drawn] * 50, 0)) == 1, "the thread that sends is woken for every message"
    assert heard == []
    told.clear()
    assert asyncio.run(hear([drawn] * 50 + [ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS], 51)) == 2
    assert heard == list(range(51))
    assert told == [51], "who sends is not told once, when all is there"


def test_the_end_of_a_run_is_heard_before_the_next_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the server is busy with: the message of a browser is handled before what the run has drawn comes up."""
    assert "sender is not self._scriptrunner" in inspect.getsource(AppSession), CHANGED + "no run is forgotten."
    assert "self._handle_rerun_script_request(msg.rerun_script)" in inspect.getsource(AppSession.handle_backmsg)
    for name in ("_call_soon_on_event_loop", "_on_scriptrunner_event", "flush_browser_queue"):
        monkeypatch.setattr(AppSession, name, getattr(AppSession, name))
    monkeypatch.setattr(Runtime, "_send_message", Runtime._send_message)
    heard: list[object] = []
    monkeypatch.setattr(AppSession, "_handle_rerun_script_request", lambda session, state=None: heard.append("next"))

    class Hearing(AppSession):
        def __init__(self) -> None:
            self._event_loop = asyncio.get_running_loop()
            self._message_enqueued_callback = None

        def __del__(self) -> None: ...

        def _handle_scriptrunner_event_on_event_loop(self, sender: Any, event: Any, *given: Any, **named: Any) -> None:
            heard.append(event)

    async def end_and_begin() -> None:
        session = Hearing()
        session._on_scriptrunner_event(None, ScriptRunnerEvent.ENQUEUE_FORWARD_MSG)
        session._on_scriptrunner_event(None, ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS)
        session._handle_rerun_script_request()

    send_in_groups()
    hear_out()
    asyncio.run(end_and_begin())
    drawn, ended = ScriptRunnerEvent.ENQUEUE_FORWARD_MSG, ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS
    assert heard == [drawn, ended, "next"]


def test_messages_are_sent_in_one_go_and_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = inspect.getsource(Runtime._loop_coroutine)
    assert "for msg in msg_list:" in loop, CHANGED + "messages are sent in another way."
    assert "self._send_message(active_session_info, msg)" in loop, CHANGED + "messages are sent in another way."
    sent: list[ForwardMsg] = []
    monkeypatch.setattr(AppSession, "__init__", lambda self: None)
    monkeypatch.setattr(AppSession, "__del__", lambda self: None)
    for name in ("_call_soon_on_event_loop", "_on_scriptrunner_event", "flush_browser_queue"):
        monkeypatch.setattr(AppSession, name, getattr(AppSession, name))
    monkeypatch.setattr(Runtime, "_send_message", lambda runtime, session, message: sent.append(message))
    send_in_groups()
    session, messages = AppSession(), [ForwardMsg(hash=str(number)) for number in range(450)]  # type: ignore[call-arg]
    session._browser_queue = ForwardMsgQueue()
    assert session.flush_browser_queue() == []
    for message in messages:
        session._browser_queue.enqueue(message)
    steps = session.flush_browser_queue()
    for step in steps:
        Runtime._send_message(None, None, step)
    assert sent == messages
    assert 1 < len(steps) < 10
    assert max(map(len, steps)) < starlette_server_config.WEBSOCKET_MAX_SEND_QUEUE_SIZE, "a browser is sent away"
    assert session.flush_browser_queue() == []


def test_html_is_sent_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    for place, name, uses in ((markdown, "clean_text", 3), (html, "_html_only_style_tags", 1)):
        assert hasattr(place, name), CHANGED + f"{place.__name__}.{name} is gone."
        used = inspect.getsource(place).replace(f"def {name}(", "").count(f"{name}(")
        assert used == uses, CHANGED + f"{name} is called elsewhere."
        monkeypatch.setattr(place, name, getattr(place, name))
    clean, has_only_styles = vars(markdown)["clean_text"], html._html_only_style_tags
    take_html_as_it_is()
    for text in ("<p>One</p>\n  <p>Two</p> ", "  # A title\n  and a text", "One\n  two", 3):
        assert vars(markdown)["clean_text"](text) == clean(text)
    for text in ("<style>a{}</style>", "<style>a{}</style><p>One</p>", "<p>One</p>"):
        assert html._html_only_style_tags(text) == has_only_styles(text)


def test_the_theme_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    populate = getattr(app_session, "_populate_theme_msg", None)
    assert populate, CHANGED + "app_session._populate_theme_msg, which says a page its colours, is gone."
    assert [*inspect.signature(populate).parameters] == ["msg", "section"], CHANGED + "it takes other arguments."
    used = inspect.getsource(AppSession._create_new_session_message)
    assert used.count("_populate_theme_msg(") == 6, CHANGED + "the theme is looked up elsewhere."
    looked_up = []

    def look_up(theme: CustomThemeConfig, section: str = "theme") -> None:
        looked_up.append(section)
        if section == "theme.dark":
            theme.primary_color = "#123456"
            theme.heading_font_sizes.append("28px")

    monkeypatch.setattr(app_session, "_populate_theme_msg", look_up)
    keep_theme()
    for _ in range(3):
        told = NewSession()
        app_session._populate_theme_msg(told.custom_theme)
        app_session._populate_theme_msg(told.custom_theme.dark, "theme.dark")
        app_session._populate_theme_msg(told.custom_theme.light, "theme.light")
        assert told.custom_theme.dark.primary_color == "#123456"
        assert list(told.custom_theme.dark.heading_font_sizes) == ["28px"]
        assert not told.custom_theme.HasField("light")
    assert looked_up == ["theme", "theme.dark", "theme.light"]


def test_how_large_a_kept_message_is_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    used = inspect.getsource(forward_msg_cache)
    assert used.count("config.") == used.count("config.get_option(") == 1, CHANGED + "it looks up more."
    looked_up: list[str] = []
    monkeypatch.setattr(config, "get_option", lambda key: (looked_up.append(key), "60")[1])
    monkeypatch.setattr(forward_msg_cache, "config", config)
    keep_size()
    for length in (10, 90, 90):
        message = ForwardMsg()
        message.delta.new_element.markdown.body = length * "x"
        forward_msg_cache.populate_hash_if_needed(message)
        assert message.metadata.cacheable is (length > 60)
    assert looked_up == ["global.minCachedMessageSize"]


@pytest.mark.skipif(not CAN_HAND_OVER, reason="this system cannot hand connections over")
def test_connections_that_another_process_accepted_are_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starlette_server, "_bind_socket", starlette_server._bind_socket)
    ended: list[int] = []
    monkeypatch.setattr(signal, "raise_signal", ended.append)
    ours, theirs = socket.socketpair()
    take_handed_over(theirs.detach())

    async def serve() -> bytes:
        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"hello")
            writer.close()

        handed = starlette_server._bind_socket("127.0.0.1", 0, 1)
        async with await asyncio.start_server(greet, sock=handed):
            with socket.create_server(("127.0.0.1", 0)) as listening:
                reader, writer = await asyncio.open_connection(*listening.getsockname())
                with listening.accept()[0] as accepted:
                    assert handed.gettimeout() == 0
                    socket.send_fds(ours, [b"."], [accepted.fileno()])
                said = await asyncio.wait_for(reader.read(), 5)
                writer.close()
            ours.close()
            await asyncio.sleep(0.05)
        return said

    assert asyncio.run(serve()) == b"hello"
    assert set(ended) == {signal.SIGTERM}


@pytest.mark.parametrize(("name", "path"), [("ROUTE_HEALTH", HEALTH), ("ROUTE_METRICS", METRICS)])
def test_streamlits_own_routes_are_where_they_were(name: str, path: str) -> None:
    found = getattr(starlette_routes, name, None)
    assert f"/{found}" == path, CHANGED + f"{name} is {found}."


def test_streamlits_own_addresses_are_no_pages() -> None:
    places = [starlette_routes, starlette_auth_routes, starlette_agent_routes]
    routes = [
        value
        for place in places
        for name, value in vars(place).items()
        if name.lstrip("_").startswith(("ROUTE_", "BASE_ROUTE_")) and isinstance(value, str)
    ]
    assert len(routes) > 10, CHANGED + "its routes are called otherwise."
    others = {route.partition("/")[0] for route in routes if not route.startswith("{")} - {*RESERVED}
    assert others == set(), CHANGED + f"{others} are its own, too."


def test_a_run_for_a_visitor_is_told_from_the_servers_own_work() -> None:
    def page() -> None:
        import streamlit as st

        from kviboard.ui.streamlit_internals import is_drawing

        st.text(f"drawing: {is_drawing()}")

    assert not is_drawing()
    assert AppTest.from_function(page).run().text[0].value == "drawing: True", CHANGED + "a run has no context."


def test_pages_are_of_the_class_that_is_copied_for_each_run() -> None:
    made = streamlit.Page(lambda: None, title="A page")
    assert type(made) is StreamlitPage is page.StreamlitPage, CHANGED + "st.Page makes something else."


def test_the_frontend_has_what_pages_ask_for_at_once() -> None:
    for part in {part for parts in frontend._PARTS.values() for part in parts}:
        assert files_of_parts([part]), CHANGED + f"{part} is called something else, or every page loads it."
    asked = [*files_of_shell(), *files_of_parts(["ArrowVegaLiteChart"])]
    assert len(asked) > 60, CHANGED + "index.html or manifest.json is written in another way."
    assert [file for file in asked if not (FRONTEND / file).is_file()] == []


def test_the_frontend_is_told_where_its_server_is() -> None:
    used = "".join((FRONTEND / file).read_text(encoding="utf-8") for file in files_of_shell() if "/index." in file)
    for name in ("window.__streamlit", "BACKEND_BASE_URL", "HOST_CONFIG", "allowedOrigins", "useExternalAuthToken"):
        assert name in used, CHANGED + f"it reads no {name}."
    shell = shell_with(["static/js/one.js", "static/css/one.css"], at_once=True)
    plain = (FRONTEND / "index.html").read_text(encoding="utf-8")
    told = re.search(r"<script>window\.__streamlit = .*?</script>", shell)
    assert told, CHANGED + "the shell begins in another way."
    assert told.end() < shell.index('<script type="module"'), CHANGED + "the shell begins in another way."
    link = '<link rel="modulepreload" crossorigin href="./static/js/one.js">'
    style = re.search(r'<style id="(.*?)">(.*?)</style>', shell)
    assert style, CHANGED + "the shell has no rule for what is pressed."
    assert shell.replace(told[0], "").replace(style[0], "").replace(link, "") == plain
    code = "".join((FRONTEND / file).read_text(encoding="utf-8") for file in files_of_shell() if file.endswith(".js"))
    own = re.search(rf"=`{style[1]}`,\w+=`([\w-]+)`.*?textContent=`\s*(@layer [^`]*)`", code, re.DOTALL)
    assert own, CHANGED + "what is pressed has no rule of its own, or under another name."
    rule = re.sub(r"\$\{\w+\}", own[1], own[2])
    assert re.sub(r"[\s;]", "", rule) == re.sub(r"[\s;]", "", style[2]), CHANGED + "what is pressed has another rule."


def test_a_start_searches_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "discover_and_register_components"
    assert f".{asked}()" in inspect.getsource(Runtime), CHANGED + "components are searched for elsewhere."
    assert hasattr(BidiComponentManager, asked), CHANGED + "components are searched for elsewhere."
    told = inspect.getsource(delta_generator._maybe_print_use_warning)
    assert "if not _use_warning_has_been_displayed" in told, CHANGED + "it asks at another place who draws."
    monkeypatch.setattr(BidiComponentManager, asked, getattr(BidiComponentManager, asked))
    monkeypatch.setattr(delta_generator, "_use_warning_has_been_displayed", False)
    look_for_nothing()
    found = BidiComponentManager()
    monkeypatch.setattr("streamlit.components.v2.manifest_scanner.scan_component_manifests", lambda: 1 / 0)
    found.discover_and_register_components()
    assert delta_generator._use_warning_has_been_displayed


def test_they_are_touched_in_one_module_alone() -> None:
    inner = re.compile(r"streamlit\.(runtime|web|navigation|proto)|_stcore")
    files = [*(APP_ROOT / "kviboard").rglob("*.py"), *(APP_ROOT / "pages").glob("*.py"), APP_ROOT / "app.py"]
    touching = [path.name for path in files if inner.search(path.read_text(encoding="utf-8"))]
    assert touching == ["streamlit_internals.py"]


def test_the_frontend_still_says_when_a_page_is_being_drawn() -> None:
    """page.css keeps the place of what comes while this attribute says so."""
    scripts = (Path(streamlit.__file__).parent / "static" / "static" / "js").glob("index.*.js")
    named = [script for script in scripts if "data-test-script-state" in script.read_text(encoding="utf-8")]
    assert named, CHANGED + "the attribute data-test-script-state, which kviboard/ui/page.css waits by, is gone."
    rule = (APP_ROOT / "kviboard" / "ui" / "page.css").read_text(encoding="utf-8")
    assert '[data-test-script-state="running"]' in rule
