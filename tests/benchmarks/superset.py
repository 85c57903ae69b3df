"""The fourteen charts of `plain_page` as a dashboard of Apache Superset, made through its API, served by gunicorn.

Superset needs older libraries, so it wants an environment of its own. Version 6.1 does not name all that it imports:
`pip install apache-superset gunicorn rich cachetools "flask-caching<2.4"`. What is compared is favourable to it: the
numbers lie ready in one small table, and what it asked once it keeps.
"""

import contextlib
import json
import os
import secrets
import sqlite3
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.benchmarks import plain_page
from tests.browser.server import free_port, wait_for_answer

_CONFIG = """
SECRET_KEY = {key!r}
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"
PREVENT_UNSAFE_DB_CONNECTIONS = False  # the numbers are in SQLite
AUTH_ROLE_PUBLIC = "Admin"  # who looks does not sign in
WTF_CSRF_ENABLED = False
CACHE_CONFIG = DATA_CACHE_CONFIG = {{"CACHE_TYPE": "SimpleCache", "CACHE_DEFAULT_TIMEOUT": 86400}}
FILTER_STATE_CACHE_CONFIG = EXPLORE_FORM_DATA_CACHE_CONFIG = CACHE_CONFIG
FEATURE_FLAGS = {{"DASHBOARD_VIRTUALIZATION": False}}  # all charts are drawn, as by the others
"""
_WAIT_SECONDS = 120


@contextlib.contextmanager
def served(command: Path, exports: Path, folder: Path) -> Iterator[tuple[str, int]]:
    """The address of the dashboard and the process that answers, meanwhile. `command` is the `superset` of an
    environment that has gunicorn, too. Raises CalledProcessError, HTTPError where Superset refuses something."""
    folder.mkdir(parents=True)
    config = folder / "superset_config.py"
    config.write_text(_CONFIG.format(key=secrets.token_hex(), folder=folder), encoding="utf-8")
    told = {**os.environ, "SUPERSET_CONFIG_PATH": str(config), "FLASK_APP": "superset", "SUPERSET_HOME": str(folder)}
    told = {name: value for name, value in told.items() if not name.startswith("PYTHON")}
    password = secrets.token_hex()
    admin = ("--username", "admin", "--firstname", "A", "--lastname", "B", "--email", "a@example.com")
    database = ("--database_name", "exports", "--uri", f"sqlite:///{_table(exports, folder / 'kvis.db')}")
    steps = ("db", "upgrade"), ("fab", "create-admin", *admin, "--password", password), ("init",)
    for step in (*steps, ("set-database-uri", *database)):
        subprocess.run([command, *step], env=told, check=True, capture_output=True)
    port = free_port()
    serve = ("--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "8", "superset.app:create_app()")
    quiet = subprocess.DEVNULL
    command = command.with_name("gunicorn")
    with subprocess.Popen([command, *serve], env=told, stdout=quiet, stderr=quiet) as gunicorn:
        try:
            wait_for_answer(f"http://127.0.0.1:{port}/health")
            dashboard = _Api(f"http://127.0.0.1:{port}", password).build()
            yield f"http://127.0.0.1:{port}/superset/dashboard/{dashboard}/", _worker(gunicorn.pid)
        finally:
            gunicorn.terminate()


def _table(exports: Path, file: Path) -> Path:
    """The KVIs by week, a row for each and period."""
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("create table kvis (kvi text, period datetime, value double)")
        for name, series in plain_page.kvis(plain_page.read_exports(exports), "Week").items():
            rows = [(name, f"{period:%Y-%m-%d 00:00:00.000000}", float(value)) for period, value in series.items()]
            connection.executemany("insert into kvis values (?, ?, ?)", rows)
    return file


def _worker(gunicorn: int) -> int:
    """The process that answers: gunicorn's only child. 0 where the system does not tell it in /proc."""
    children = Path(f"/proc/{gunicorn}/task/{gunicorn}/children")
    return int(children.read_text().split()[0]) if children.is_file() else 0


class _Api:
    """Superset's own: makes what a person would click together."""

    def __init__(self, url: str, password: str) -> None:
        self._url = url
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        self._opener.open(f"{url}/login/", urlencode({"username": "admin", "password": password}).encode())

    def build(self) -> int:
        """The number of a dashboard with a line for each KVI, over the only database."""
        dataset = {"database": 1, "schema": "main", "table_name": "kvis"}
        source = self._ask("POST", "dataset/", dataset)["id"]
        dashboard: int = self._ask("POST", "dashboard/", {"dashboard_title": "KVIs", "published": True})["id"]
        charts = {title: self._chart(name, title, source, dashboard) for name, title in plain_page.TITLES.items()}
        self._ask("PUT", f"dashboard/{dashboard}", {"position_json": json.dumps(layout(charts))})
        return dashboard

    def _chart(self, name: str, title: str, source: int, dashboard: int) -> int:
        only = {"expressionType": "SIMPLE", "clause": "WHERE", "subject": "kvi", "operator": "==", "comparator": name}
        line = {
            "viz_type": "echarts_timeseries_line",
            "datasource": f"{source}__table",
            "x_axis": "period",
            "metrics": [{"expressionType": "SQL", "sqlExpression": "avg(value)", "label": "value"}],
            "adhoc_filters": [only],
            "markerEnabled": True,
            "row_limit": 10_000,
        }
        chart = {
            "slice_name": title,
            "viz_type": line["viz_type"],
            "datasource_id": source,
            "datasource_type": "table",
            "params": json.dumps(line),
            "dashboards": [dashboard],
        }
        made: int = self._ask("POST", "chart/", chart)["id"]
        return made

    def _ask(self, method: str, path: str, what: dict[str, Any]) -> Any:
        heads = {"Content-Type": "application/json"}
        asked = urllib.request.Request(f"{self._url}/api/v1/{path}", json.dumps(what).encode(), heads, method=method)
        with self._opener.open(asked, timeout=_WAIT_SECONDS) as answer:
            return json.load(answer)


def layout(charts: dict[str, int]) -> dict[str, Any]:
    """Superset's `position_json`: the charts by title, two in a row."""
    rows = [list(charts.items())[at : at + 2] for at in range(0, len(charts), 2)]
    places: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": [f"ROW-{at}" for at, _ in enumerate(rows)]},
    }
    for at, row in enumerate(rows):
        meta = {"background": "BACKGROUND_TRANSPARENT"}
        children = [f"CHART-{chart}" for _, chart in row]
        places[f"ROW-{at}"] = {"type": "ROW", "id": f"ROW-{at}", "children": children, "meta": meta}
        for title, chart in row:
            shape = {"chartId": chart, "sliceName": title, "width": 6, "height": 40}
            places[f"CHART-{chart}"] = {"type": "CHART", "id": f"CHART-{chart}", "children": [], "meta": shape}
    return places
