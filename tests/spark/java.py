"""Finds Java 17 for the tests on a cluster, or installs Debian's where it may. They fail without, and say why.

`python3 -m tests.spark.java` says where it is; nothing but Python is needed for that.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

OLDEST = 17
INSTALL_SECONDS = 600


class NoJava(Exception):
    """No Java that Spark runs on, and none could be installed."""


def find_java() -> Path:
    """A folder for JAVA_HOME: the one named, that of the `java` on the path, or Debian's. Raises NoJava."""
    named = os.environ.get("JAVA_HOME")
    if named:
        if _version(Path(named) / "bin" / "java") < OLDEST:
            raise NoJava(f"JAVA_HOME names {named}, which is no Java {OLDEST} or newer.")
        return Path(named)
    found = _on_path() or _debians()
    if not found:
        raise NoJava(f"The tests on a cluster need Java {OLDEST} or newer: install it, or name it in JAVA_HOME.")
    return found


def _on_path() -> Path | None:
    found = shutil.which("java")
    return Path(found).resolve().parents[1] if found and _version(Path(found)) >= OLDEST else None


def _debians() -> Path | None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    _apt_get("update")
    for package in (f"openjdk-{OLDEST}-jre-headless", "default-jre-headless"):  # newer Debians lack the first
        _apt_get("install", "-y", "--no-install-recommends", package)
        if found := _on_path():
            return found
    return None


def _apt_get(*arguments: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(
        ["apt-get", *arguments], env=quiet, stdin=subprocess.DEVNULL, capture_output=True, timeout=INSTALL_SECONDS,
        check=False,
    )  # fmt: skip


def _version(java: Path) -> int:
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=True).stderr
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    try:
        print(find_java())
    except NoJava as error:
        raise SystemExit(str(error)) from error
