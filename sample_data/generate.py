"""Make the sample company's exports, OKRs and reviews: `python sample_data/generate.py`, or with --check only compare.

One seed, the same bytes everywhere. A .gz that already holds the right content is left alone, because builds of zlib
compress the same content to different bytes.
"""

import argparse
import gzip
import json
from pathlib import Path

from generator.company import Company, live_through
from generator.exports import make_exports
from generator.okr_script import play
from generator.okrs_fourth_quarter import fourth_quarter
from generator.okrs_third_quarter import third_quarter
from generator.outside_in import outside_in
from generator.responses_to_signals import responses_to_signals
from generator.reviews_fourth_quarter import reviews_of_the_fourth_quarter
from generator.reviews_third_quarter import reviews_of_the_third_quarter
from generator.story import tell

HERE = Path(__file__).resolve().parent


def make_files(company: Company) -> dict[str, bytes]:
    """Path inside this folder -> content; a .gz stands for its uncompressed content."""
    files, flaws = {}, {}
    exports = make_exports(*company.rows())
    for export in exports:
        content, found = export.write()
        files[f"exports/{export.name}"] = content
        flaws[export.name] = (len(export.rows), found)
    story = json.dumps(tell(flaws), indent=2, ensure_ascii=False) + "\n"
    reviews = [*reviews_of_the_third_quarter(), *reviews_of_the_fourth_quarter()]
    okrs = play([*third_quarter(), *fourth_quarter(), *reviews, *responses_to_signals(exports), *outside_in()], exports)
    return {**files, "expected/story.json": story.encode(), "okrs.json": okrs}


def is_current(path: Path, content: bytes) -> bool:
    if not path.exists():
        return False
    found = path.read_bytes()
    return (gzip.decompress(found) if path.suffix == ".gz" else found) == content


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(content, compresslevel=9, mtime=0))
    else:
        path.write_bytes(content)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; fail when a file differs")
    only_check = parser.parse_args().check
    files = make_files(live_through())
    changed = [name for name, content in files.items() if not is_current(HERE / name, content)]
    unknown = [path.name for path in sorted((HERE / "exports").glob("*")) if f"exports/{path.name}" not in files]
    for name in changed:
        print(f"{'differs' if only_check else 'written'}: {name}")
        if not only_check:
            write(HERE / name, files[name])
    for name in unknown:
        print(f"not ours: exports/{name}")
    return 1 if only_check and (changed or unknown) else 0


if __name__ == "__main__":
    raise SystemExit(main())
