"""Connects to a Spark cluster, and says in words what is wrong with one.

pyspark is the extra `kviboard[spark]`: nothing here loads it before it is needed.
"""

import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kviboard.errors import RefreshError
from kviboard.workspace.settings import Engine

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_OLDEST = 4
_NOT, _ASKED = "The refresh was not published:", '[engine] kind = "spark"'
_SECONDS_TO_ANSWER = 5
_PORT_OF_CONNECT = 15002
_TRIES, _MOST_MILLISECONDS = 8, 15_000  # a minute; pyspark would go on for ten, and a session never outlives its server
_ON_THIS_MACHINE = re.compile(r"local(-cluster)?\b")
_CONNECT_ONLY = "SPARK_CONNECT_MODE_ENABLED"
"""Set by pyspark once a session is Spark Connect's: while it is, this process gets no session of a master any more."""
_RULES = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # what does not fit is an error, never another number
    "spark.sql.ansi.doubleQuotedIdentifiers": "false",
    "spark.sql.caseSensitive": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.writeLegacyFormat": "false",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
}
"""What translation relies on; no setting of a workspace changes it."""
_QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
}  # what fails is said
_LOCAL = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}

_MORE_MEMORY = 'give it more under [engine.settings], such as "spark.executor.memory" = "8g"'
_EXIT = r"([Ee]xit (status|code)|with code):?"
_WORDS = (
    (rf"OutOfMemory|GC overhead|{_EXIT} 52\b", "Spark ran out of memory", _MORE_MEMORY),
    (rf"{_EXIT} 137\b",
     "Workers of Spark were killed more often than it tries again, most likely because memory ran out",
     f"{_MORE_MEMORY}, or see what else killed them"),
    (r"ExecutorLost|executor (lost|removed)|[Ll]ost executor|worker lost|FetchFailed|"
     r"Master removed our application",
     "Spark lost its workers more often than it tries again", "see why they stop, and refresh again"),
    (r"No space left on device", "a worker of Spark has no room left on its disk", "make room there"),
    (r"Permission ?[Dd]enied|AccessControl|Mkdirs failed|FileNotFound|PATH_NOT_FOUND|No such file|NoSuchFile",
     "Spark's workers cannot reach the state folder", "let it lie in a folder that they share with this machine"),
    (r"JAVA_GATEWAY_EXITED|Java gateway process exited", "Java did not start",
     "see whether it is Java 17 or newer, and whether there is the memory that [engine.settings] asks for"),
    (r"All masters are unresponsive|UNAVAILABLE|Connection refused|UnknownHost|stopped SparkContext|[Ff]ailed to "
     r"connect|SESSION_NOT_FOUND|INVALID_HANDLE|Answer from Java side is empty|Py4JNetwork|CONNECTION_CLOSED",
     "Spark cannot be reached", "see whether it runs, and whether its address in [engine] is right"),
)  # fmt: skip


def facts_of(engine: Engine) -> str:
    """What tables depend on besides what DuckDB makes them from: "" where it makes them all."""
    return f"pyspark {_pyspark()}" if engine.kind == "spark" else ""


def check_cluster(engine: Engine) -> None:
    """Look at what is quickly seen, before a refresh begins. Raises RefreshError."""
    if not _pyspark():
        raise RefreshError(f"{_NOT} {_ASKED} needs pyspark, which is not installed: pip install 'kviboard[spark]'.")
    if engine.master and not _has_java():
        raise RefreshError(
            f"{_NOT} {_ASKED} with a master needs Java 17 or newer; install it, or name it in JAVA_HOME."
        )
    for host, port in _addresses(engine):
        try:
            socket.create_connection((host, port), _SECONDS_TO_ANSWER).close()
            return
        except OSError as error:
            reason = error.strerror or str(error)
    if _addresses(engine):
        where = f"{host}:{port} ({reason})"
        raise RefreshError(f"{_NOT} Spark cannot be reached at {where}; see whether it runs there.")


@contextmanager
def open_session(engine: Engine) -> Iterator["SparkSession"]:
    """A session on the cluster, which computes as DuckDB does. Raises RefreshError where there is none to be had."""
    warnings.filterwarnings("ignore", module="pyspark")  # of frames, old settings, tries: what fails is said
    from pyspark.sql import SparkSession

    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)  # what Spark refuses DuckDB does
    handler = signal.getsignal(signal.SIGINT)  # of this process; Spark puts its own in its place
    try:
        try:
            builder = SparkSession.builder
            session = _by_remote(builder, engine) if engine.remote else _by_master(builder, engine)
        except RefreshError:
            raise
        except Exception as error:  # pyspark, Java and gRPC have each their own
            raise RefreshError(f"{_NOT} {in_words(error)}") from error
        finally:
            if threading.current_thread() is threading.main_thread():
                signal.signal(signal.SIGINT, handler)
        try:
            yield session
        finally:
            _leave(session, engine)
    finally:
        if engine.master:
            _end_java()
        os.environ.pop(_CONNECT_ONLY, None)


def cancel_all(session: "SparkSession", engine: Engine) -> None:
    """Take back what a session asked of its cluster; nothing may be asked of it afterwards."""
    with suppress(Exception):
        if engine.remote:
            _try_once(session)
            session.interruptAll()
        else:
            session.sparkContext.cancelAllJobs()


def keep_rules(session: "SparkSession") -> "SparkSession":
    """The session, which computes as DuckDB does from now on."""
    for key, value in _RULES.items():
        session.conf.set(key, value)
    return session


def _by_master(builder: Any, engine: Engine) -> "SparkSession":
    local = _LOCAL if _ON_THIS_MACHINE.match(engine.master) else {}
    if local:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # with the packages that are installed for it
    settings = {**_QUIET, **local, **engine.settings, "spark.app.name": "KVI Board", "spark.master": engine.master}
    _begin_java(settings)
    session: SparkSession = builder.config(map=settings).getOrCreate()
    _refuse_old(session.version)
    return keep_rules(session)


def _by_remote(builder: Any, engine: Engine) -> "SparkSession":
    from pyspark.sql.connect.client.retries import DefaultPolicy

    session: SparkSession = builder.remote(engine.remote.get_secret_value()).getOrCreate()  # asks nothing yet
    session.client.set_retry_policies([DefaultPolicy(max_retries=_TRIES, max_backoff=_MOST_MILLISECONDS)])
    try:
        _refuse_old(session.version)
        for key, value in engine.settings.items():
            with suppress(Exception):  # a cluster that runs keeps what it has begun with
                session.conf.set(key, value)
        return keep_rules(session)
    except BaseException:
        _leave(session, engine)
        raise


def _leave(session: "SparkSession", engine: Engine) -> None:
    with suppress(Exception):
        if engine.remote:
            _try_once(session)
        session.stop()


def _try_once(session: "SparkSession") -> None:
    """Ask Spark Connect once from now on: whoever ends does not wait minutes for a server that is gone."""
    session.client.set_retry_policies([])


def in_words(error: BaseException) -> str:
    """An error of Spark's as a sentence: what, and what to do."""
    text = _text(error)
    for pattern, what, hint in _WORDS:
        if re.search(pattern, text):
            return f"{what}; {hint}."
    line = next((line.strip() for line in text.splitlines() if line.strip()), type(error).__name__)
    return f"Spark says: {line[:300].rstrip('.')}."


def is_of_query(error: BaseException) -> bool:
    """Whether an error is about what was asked and not about the cluster."""
    return not any(re.search(pattern, _text(error)) for pattern, *_ in _WORDS)


def is_of_spark(error: BaseException) -> bool:
    """Whether an error is one of pyspark's or of what it speaks through."""
    return type(error).__module__.partition(".")[0] in ("pyspark", "py4j", "grpc") or isinstance(error, ConnectionError)


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # the text of an error of Java's is asked of Java, which may be gone
        return "CONNECTION_CLOSED"


def _pyspark() -> str:
    """The version of pyspark; "" where it is not installed."""
    for name in ("pyspark", "pyspark-client"):
        with suppress(PackageNotFoundError):
            return version(name)
    return ""


def _has_java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return bool(shutil.which("java", path=os.path.join(home, "bin")) if home else shutil.which("java"))


def _addresses(engine: Engine) -> list[tuple[str, int]]:
    """Host and port of each machine that may answer; none where the address does not say one."""
    if engine.remote:
        found = urlsplit(engine.remote.get_secret_value().split(";")[0])
        return [(found.hostname or "", found.port or _PORT_OF_CONNECT)]
    if engine.master.startswith("spark://"):
        hosts = engine.master.removeprefix("spark://").split(",")
        return [(host.rpartition(":")[0], int(host.rpartition(":")[2])) for host in hosts]
    return []


def _refuse_old(found: str) -> None:
    if int(found.split(".")[0]) < _OLDEST:
        raise RefreshError(f"{_NOT} the cluster runs Spark {found}; the board needs Spark {_OLDEST} or newer.")


def _begin_java(settings: Mapping[str, str]) -> None:
    """Begin the Java process that pyspark would begin, which says on the terminal what it tries and sets: what fails
    is said."""
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway

    conf = SparkConf(loadDefaults=False).setAll(list(settings.items()))
    unseen = dict.fromkeys(("stdout", "stderr"), subprocess.DEVNULL)
    with _interrupted_later():
        SparkContext._ensure_initialized(gateway=launch_gateway(conf, unseen))


@contextmanager
def _interrupted_later() -> Iterator[None]:
    """Ctrl+C meanwhile counts at the end: a Java that is left when it has half begun runs for ever."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
    if pressed:
        raise KeyboardInterrupt


def _end_java() -> None:
    """End the Java process that pyspark leaves behind: it would hold its memory as long as this process runs."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    if gateway is not None:
        with suppress(Exception):
            gateway.shutdown()
        if process := getattr(gateway, "proc", None):
            process.stdin.close()
            try:
                process.wait(_SECONDS_TO_ANSWER * 2)
            except subprocess.TimeoutExpired:
                process.kill()
        SparkContext._gateway = SparkContext._jvm = None
