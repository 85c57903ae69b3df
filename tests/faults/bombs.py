"""Files and settings that mean harm: each must be refused within 5 s and 500 MB, with a sentence.

    python -m tests.faults.bombs                 # a line for each; exit code 1 where one is not refused so

Each is read by `kviboard check`, or by the command for what it is, in a process of its own, whose time and largest
memory are measured.
"""

import gzip
import os
import resource
import shlex
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kviboard.catalog import load_catalog
from kviboard.warehouse.refresh import refresh
from kviboard.workspace import load_workspace
from tests.warehouse.company import TEN_ORDERS

ROOT = Path(__file__).parents[2]
SECONDS, MEGABYTES = 5.0, 500.0
LIMITS = "[engine]\nquery_minutes = 0.02\nmemory_gb = 0.1\n"  # what a query may take is for the company to say
KVI = """/*---
title: Bomb
customer_benefit: None.
company_value: None.
value: sum(n)
unit: number
better: up
needs: [orders]
---*/
"""
DOUBLES = "with recursive r(n, t) as (select 1, 'x' union all select n + 1, t || t from r where n < 40)"
VIEW = "/*---\ntitle: Bomb\nrow: one row per bomb\ncolumns:\n  n: number\n---*/\n"
CHECK = "-- Bomb\nselect "
SOURCE = '[sources.orders]\nfiles = "{}"\n'
HEAD = b"order_id,customer_id,ordered_at,amount\n"
Bomb = Callable[[Path], None]


def export(folder: Path, name: str, content: bytes) -> None:
    """One export, and the settings that name it."""
    (folder / "exports").mkdir()
    (folder / "exports" / name).write_bytes(content)
    (folder / "kviboard.toml").write_text(SOURCE.format(f"exports/{name}"))


def packed(folder: Path, name: str, start: bytes, block: bytes, times: int) -> None:
    """An export that is `block` over and over, packed."""
    export(folder, name, b"")
    with gzip.open(folder / "exports" / name, "wb", compresslevel=9) as file:
        file.write(start)
        for _ in range(times):
            file.write(block)


def sound(folder: Path, toml: str = "") -> None:
    """A sound workspace with more settings."""
    export(folder, "orders.csv", TEN_ORDERS.encode())
    (folder / "kviboard.toml").write_text(SOURCE.format("exports/orders.csv") + toml)


def query(folder: Path, path: str, text: str) -> None:
    sound(folder, LIMITS)
    target = folder / "queries" / path
    target.parent.mkdir(parents=True)
    target.write_text(text)


def kvi(folder: Path, body: str) -> None:
    """A KVI of the company's own, on a company whose exports are read."""
    query(folder, "kvis/bomb.sql", KVI + body)
    refresh(load_workspace(folder), load_catalog(load_workspace(folder)))


def view(folder: Path, body: str) -> None:
    query(folder, "views/bomb.sql", VIEW + body)
    refresh(load_workspace(folder), load_catalog(load_workspace(folder)))


def spreadsheet(folder: Path, sheet: bytes, times: int = 1) -> None:
    """A spreadsheet whose first sheet is these bytes, over and over."""
    export(folder, "orders.xlsx", b"")
    types = (
        b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        b'<Default Extension="xml" ContentType='
        b'"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        b'<Override PartName="/xl/workbook.xml" ContentType='
        b'"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    )
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Type="%s/%s" Target="%s"/></Relationships>'
    )
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    book = b'<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>'
    place, quick = folder / "exports" / "orders.xlsx", 1  # the usual level takes seconds more for a gigabyte
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED, compresslevel=quick) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", link % (office, b"officeDocument", b"xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", book % (main, office))
        archive.writestr("xl/_rels/workbook.xml.rels", link % (office, b"worksheet", b"worksheets/sheet1.xml"))
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(b'<worksheet xmlns="%s"><sheetData>' % main if times > 1 else b"")
            for _ in range(times):
                part.write(sheet)
            part.write(b"</sheetData></worksheet>" if times > 1 else b"")


def laughs(depth: int, many: int, entity: str) -> bytes:
    lines = ['<!DOCTYPE w [<!ENTITY e0 "ha">']
    lines += [f'<!ENTITY e{n} "{f"&e{n - 1};" * many}">' for n in range(1, depth)]
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>&{entity};</t></is></c></row>'
    return ("".join(lines) + f']><worksheet xmlns="{main}"><sheetData>{cell}</sheetData></worksheet>').encode()


def archive(folder: Path) -> None:
    """A zip of one table that is almost nothing when packed."""
    export(folder, "orders.csv.zip", b"")
    with (
        zipfile.ZipFile(folder / "exports" / "orders.csv.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as whole,
        whole.open("orders.csv", "w", force_zip64=True) as part,
    ):
        part.write(HEAD)
        for _ in range(40):
            part.write(b"1,c,2026-01-01,5\n" * 1_000_000)


def sheet_row(folder: Path) -> None:
    """A row of cells that say not where they are, wider than any spreadsheet, and many short ones below it."""
    wide = b"".join(b"<c><v>%d</v></c>" % (number * 7919 % 99_991) for number in range(2_000_000))
    spreadsheet(folder, b"<row>" + wide + b"</row>" + b"<row><c><v>1</v></c></row>" * 5_000, 2)


def repeated_cells(folder: Path) -> None:
    """An OpenDocument sheet of one cell that says it stands in every place of it."""
    export(folder, "orders.ods", b"")
    office = "urn:oasis:names:tc:opendocument:xmlns"
    names = " ".join(f'xmlns:{name}="{office}:{name}:1.0"' for name in ("office", "table", "text"))
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>a</text:p>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-cell></table:table-row>'
    body = f'<office:body><office:spreadsheet><table:table table:name="A">{row}</table:table>'
    whole = f"<office:document-content {names}>{body}</office:spreadsheet></office:body></office:document-content>"
    with zipfile.ZipFile(folder / "exports" / "orders.ods", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", whole)


def keys(count: int) -> bytes:
    return b",".join(b'"k%d":1' % number for number in range(count))


def parquet_columns(folder: Path) -> None:
    export(folder, "orders.parquet", b"")
    table = pa.table({f"c{number}": [1] for number in range(200_000)})
    pq.write_table(table, folder / "exports" / "orders.parquet")


def parquet_texts(folder: Path, beside: int = 0) -> None:
    """One long text that stands once in the file and in every row, beside as many bytes that do not pack."""
    export(folder, "orders.parquet", b"")
    text = pa.DictionaryArray.from_arrays(pa.array(bytes(5_000), pa.int8()), pa.array(["a" * 1_000_000]))
    rest = pa.array([os.urandom(beside // 5_000) for _ in range(5_000)], pa.binary())
    table = pa.table({"order_id": range(5_000), "customer_id": text, "ordered_at": text, "amount": text, "rest": rest})
    pq.write_table(table, folder / "exports" / "orders.parquet", compression="zstd")


def parquet_rows(folder: Path) -> None:
    """Texts as long as a comment that stand once in the file and in half a million rows."""
    export(folder, "orders.parquet", b"")
    text = pa.DictionaryArray.from_arrays(pa.array(bytes(500_000), pa.int8()), pa.array(["a" * 1_000]))
    table = pa.table(dict.fromkeys(("order_id", "customer_id", "ordered_at", "amount"), text))
    pq.write_table(table, folder / "exports" / "orders.parquet", compression="zstd")


def long_list(folder: Path) -> None:
    """A back-up that is little but for its list."""
    with tarfile.open(folder / "board.tar.gz", "w:gz") as archive, tempfile.TemporaryFile() as blanks:
        head = tarfile.TarInfo("kviboard-backup.json")
        head.size = 1_500_000_000
        blanks.truncate(head.size)
        archive.addfile(head, blanks)


def long_description(folder: Path, kind: bytes) -> None:
    """A back-up whose first entry is described at length: by facts of PAX, by a long name."""
    with gzip.open(folder / "board.tar.gz", "wb", compresslevel=1) as file:
        head = tarfile.TarInfo("facts")
        head.type, head.size = kind, 1_500_000_000
        file.write(head.tobuf(tarfile.GNU_FORMAT))
        for _ in range(1_500):
            file.write(b"0" * 1_000_000)


def long_lists(folder: Path) -> None:
    """A back-up whose list is of lists."""
    with tarfile.open(folder / "board.tar.gz", "w:gz") as archive:
        head, text = tarfile.TarInfo("kviboard-backup.json"), b"[" + b"[]," * 10_000_000 + b"[]]"
        head.size = len(text)
        archive.addfile(head, BytesIO(text))


def many_rows(folder: Path) -> None:
    sound(folder)
    rows = ",".join(['{"a":1}'] * 5_000_000)
    (folder / "board.json").write_text(f'{{"kind":"kviboard export","schema":"0010","tables":{{"cycles":[{rows}]}}}}')


def one_cell(folder: Path) -> None:
    sound(folder)
    (folder / "okrs.csv").write_bytes(b"Objective\n" + b"x" * 60_000_000)


def yaml_laughs(folder: Path) -> None:
    levels = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))
    query(folder, "kvis/bomb.sql", f"/*---\na0: &a0 [x, x]\n{levels}\ntitle: *a11\n---*/select 1")


def links(folder: Path) -> None:
    """Folders that lead into themselves, and a pattern that follows them."""
    sound(folder)
    here = folder / "exports" / "loop"
    here.mkdir()
    for name in "abcdefgh":
        (here / name).symlink_to(here)
    (folder / "kviboard.toml").write_text(SOURCE.format("exports/**/*.csv"))


def endless_pattern(folder: Path) -> None:
    sound(folder)
    (folder / "kviboard.toml").write_text(SOURCE.format("/**/*.no_such_kind"))


BOMBS: dict[str, Bomb] = {
    "gz: rows": lambda folder: packed(folder, "orders.csv.gz", HEAD, b"1,c,2026-01-01,5\n" * 100_000, 400),
    "gz: one line": lambda folder: packed(folder, "orders.csv.gz", HEAD, b"x" * 1_000_000, 1_500),
    "gz: JSON text": lambda folder: packed(folder, "orders.json.gz", b"[1", b',{"a":1}' * 100_000, 800),
    "gz: JSON lines": lambda folder: packed(folder, "orders.jsonl.gz", b"", b'{"order_id":1}\n' * 100_000, 400),
    "gz: long values": lambda folder: packed(
        folder, "orders.csv.gz", HEAD, b"1,c,2026-01-01," + b"x" * 9_975 + b"\n", 1_600
    ),
    "zip: rows": archive,
    "xlsx: rows": lambda folder: spreadsheet(
        folder, b'<row><c t="inlineStr"><is><t>a</t></is></c></row>' * 10_000, 3_000
    ),
    "xlsx: no rows": lambda folder: spreadsheet(folder, b" " * 1_000_000, 1_500),
    "xml: a billion laughs": lambda folder: spreadsheet(folder, laughs(10, 10, "e9")),
    "xml: quadratic": lambda folder: spreadsheet(folder, laughs(2, 40_000_000, "e1")),
    "xml: a file of the system": lambda folder: spreadsheet(
        folder, b'<!DOCTYPE w [<!ENTITY e0 SYSTEM "file:///etc/hostname">]><w>&e0;</w>'
    ),
    "json: depth": lambda folder: export(folder, "orders.json", b"[" * 5_000_000),
    "json: digits": lambda folder: export(folder, "orders.json", b'[{"order_id": ' + b"9" * 3_000_000 + b"}]"),
    "yaml: aliases": yaml_laughs,
    "yaml: depth": lambda folder: query(folder, "kvis/b.sql", "/*---\ntitle: " + "[" * 200_000 + "\n---*/select 1"),
    "toml: depth": lambda folder: sound(folder, "x = " + "[" * 200_000),
    "toml: dots": lambda folder: sound(folder, "a" + ".a" * 100_000 + " = 1\n"),
    "toml: size": lambda folder: sound(folder, "# " + "x" * 50_000_000),
    "sql: depth": lambda folder: query(folder, "checks/bomb.sql", CHECK + "(" * 100_000 + "1" + ")" * 100_000),
    "sql: many": lambda folder: query(folder, "checks/bomb.sql", CHECK + " + ".join("1" * 200_000)),
    "sql: rows": lambda folder: query(
        folder, "staging/orders.sql", "select o.* from source.orders o, range(100000000) a, range(100000000) b"
    ),
    "sql: recursion": lambda folder: query(
        folder,
        "checks/bomb.sql",
        "-- Bomb\nwith recursive r(n) as (select 1 union all select n + 1 from r) select * from r",
    ),
    "sql: one long text": lambda folder: query(
        folder, "staging/orders.sql", "select * replace (repeat('x', 4000000000) as order_id) from source.orders"
    ),
    "sql: one long list": lambda folder: query(folder, "checks/bomb.sql", CHECK + "len(range(1000000000)) as many"),
    "sql: a text that doubles": lambda folder: query(
        folder,
        "checks/bomb.sql",
        "-- Bomb\nwith recursive r(n, t) as (select 1, 'xxxxxxxxxx' union all select n + 1, t || t from r where n < 40)"
        " select max(length(t)) as most from r",
    ),
    "sql: texts that grow": lambda folder: query(
        folder,
        "staging/orders.sql",
        "select o.* replace (replace(replace(repeat('x', 1000), 'x', repeat('x', 1000)), 'x', repeat('y', 1000)) "
        "as order_id) from source.orders o",
    ),
    "sql: size": lambda folder: query(folder, "checks/bomb.sql", CHECK + "1 -- " + "x" * 30_000_000),
    "sql: a file of the system": lambda folder: query(
        folder, "staging/orders.sql", "select o.*, content from source.orders o, read_text('/etc/passwd')"
    ),
    "kvi: a text that doubles": lambda folder: kvi(folder, f"{DOUBLES} select o.day, length(t) as n from orders o, r"),
    "kvi: a list that doubles": lambda folder: kvi(
        folder,
        "with recursive r(n, t) as (select 1, [1, 2] union all select n + 1, list_concat(t, t) from r where n < 40) "
        "select o.day, len(t) as n from orders o, r",
    ),
    "kvi: texts that grow": lambda folder: kvi(
        folder,
        "select day, length(replace(replace(repeat('x', 1000), 'x', repeat('x', 1000)), 'x', repeat('y', 1000))) as n "
        "from orders",
    ),
    "kvi: texts of many rows": lambda folder: kvi(
        folder,
        "select day, (select length(string_agg(repeat('x', 1000), '')) from range(100000), range(1000)) as n "
        "from orders",
    ),
    "kvi: a list of many rows": lambda folder: kvi(
        folder, "select day, (select len(list(a.range)) from range(100000) a, range(10000)) as n from orders"
    ),
    "kvi: rows": lambda folder: kvi(folder, "select o.day, 1 as n from orders o, range(1000000000), range(1000000000)"),
    "kvi: different values": lambda folder: kvi(
        folder, "select o.day, count(distinct a.range) as n from orders o, range(1000000000) a group by 1"
    ),
    "kvi: recursion": lambda folder: kvi(
        folder,
        "with recursive r(n) as (select 1 union all select n + 1 from r) select o.day, r.n from orders o, r",
    ),
    "view: a text that doubles": lambda folder: view(folder, f"{DOUBLES} select length(t) as n from r"),
    "glob: links": links,
    "glob: everything": endless_pattern,
    "csv: one line": lambda folder: export(folder, "orders.csv", HEAD + b"x" * 200_000_000),
    "csv: a long line": lambda folder: export(folder, "orders.csv", HEAD + b"x" * 60_000_000),
    "csv: a long value": lambda folder: export(
        folder, "orders.csv", HEAD + b'1,c,2026-01-01,"' + b"x" * 60_000_000 + b'"'
    ),
    "csv: columns": lambda folder: export(folder, "orders.csv", b"a," * 2_000_000 + b"\n"),
    "csv: wide rows": lambda folder: export(folder, "orders.csv", HEAD + (b"ab," * 2_000_000 + b"\n") * 30),
    "csv: one row over lines": lambda folder: export(folder, "orders.csv", HEAD + b'"a\n",' * 20_000_000),
    "tsv: columns": lambda folder: export(folder, "orders.tsv", b"a\t" * 2_000_000 + b"\n"),
    "gz: columns": lambda folder: packed(folder, "orders.csv.gz", b"", b"a," * 1_000_000, 6),
    "xlsx: columns": sheet_row,
    "ods: repeated": repeated_cells,
    "json: keys": lambda folder: export(folder, "orders.json", b"[{" + keys(2_000_000) + b"}]"),
    "json: keys a line": lambda folder: export(folder, "orders.jsonl", (b"{" + keys(2_000_000) + b"}\n") * 2),
    "json: other keys in each line": lambda folder: export(
        folder, "orders.jsonl", b"".join(b'{"k%d":1}\n' % number for number in range(2_000_000))
    ),
    "json: values": lambda folder: export(folder, "orders.json", b"[{}" + b",{}" * 42_000_000 + b"]"),
    "json: values in a line": lambda folder: export(
        folder, "orders.jsonl", (b'{"a":[1' + b",1" * 30_000_000 + b"]}\n") * 2
    ),
    "parquet: columns": parquet_columns,
    "parquet: one long text": parquet_texts,
    "parquet: one long text beside much": lambda folder: parquet_texts(folder, beside=70_000_000),
    "parquet: many equal texts": parquet_rows,
    "backup: list": long_list,
    "backup: lists": long_lists,
    "backup: facts": lambda folder: long_description(folder, tarfile.XHDTYPE),
    "backup: name": lambda folder: long_description(folder, tarfile.GNUTYPE_LONGNAME),
    "okrs: rows": many_rows,
    "okrs: one line": one_cell,
    "csv: quote": lambda folder: export(folder, "orders.csv", HEAD + b'"' + b"x,\n" * 20_000_000),
}
COMMANDS = {  # {0}: the folder
    **dict.fromkeys(
        ("backup: list", "backup: lists", "backup: facts", "backup: name"),
        "restore {0}/board.tar.gz --workspace {0}/there",
    ),
    **{name: "kvi bomb --workspace {0}" for name in BOMBS if name.startswith("kvi:")},
    "view: a text that doubles": "view bomb --workspace {0}",
    "okrs: rows": "okrs import {0}/board.json --workspace {0}",
    "okrs: one line": "okrs import {0}/okrs.csv --workspace {0}",
}
ALLOWED = {"glob: links"}  # harmless in the end: what matters is that it takes no time


# A new program counts the memory of the one that starts it as its own: here that is a small one.
_MEASURED = """
import os, sys
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(pid, 0)
with open(sys.argv[1], "w", encoding="utf-8") as report:
    print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss, file=report)
"""


def explode(name: str, folder: Path) -> tuple[int, float, float, str]:
    """Exit code, seconds, megabytes and last words of the command that reads a bomb."""
    maker = os.fork()  # else its memory would count as that of the command
    if not maker:
        BOMBS[name](folder)
        os._exit(0)
    os.waitpid(maker, 0)
    asked = COMMANDS.get(name, "check --workspace {0}").format(shlex.quote(str(folder)))
    command = [sys.executable, "-m", "kviboard", *shlex.split(asked)]
    start = time.monotonic()
    report = folder / "usage"
    run = [sys.executable, "-S", "-c", _MEASURED, str(report), *command]
    said = subprocess.run(
        run, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    ).stdout
    code, spent, kilobytes = report.read_text(encoding="utf-8").split()
    return int(code), min(time.monotonic() - start, float(spent)), int(kilobytes) / 1_000, said.strip()


def main() -> int:
    """Try each bomb, or those whose names begin as given."""
    resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
    wrong = 0
    for name in (name for name in BOMBS if name.startswith(tuple(sys.argv[1:] or [""]))):
        with tempfile.TemporaryDirectory() as folder:
            code, seconds, megabytes, said = explode(name, Path(folder))
        is_refused = (code in (1, 2) or name in ALLOWED) and "Traceback" not in said
        is_well = is_refused and seconds <= SECONDS and megabytes <= MEGABYTES
        wrong += not is_well
        words = next((line for line in said.splitlines() if line.startswith(("problem", "kviboard"))), said[-120:])
        mark = "✓" if is_well else "✗"
        print(f"{mark} {name:26} exit {code:3} {seconds:5.1f} s {megabytes:5.0f} MB  {words[:110]}", flush=True)
    return min(wrong, 1)


if __name__ == "__main__":
    raise SystemExit(main())
