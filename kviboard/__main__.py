"""The `kviboard` command, also as `python -m kviboard`: loads quickly, then hands over to `cli`."""

import gc
import os
import sys
from io import TextIOWrapper

INTERRUPTED = 130  # by Ctrl+C


def main() -> int:
    """Run the command; returns its exit code."""
    gc.disable()  # what loading makes stays: to look for garbage in it again and again takes a fifth of the time
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy starts its threads at once, and nothing here needs them
    from kviboard.cli import main as run

    for stream in (sys.stdout, sys.stderr):  # what a terminal cannot show is no reason to end
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)  # what a command makes lives to its end, too
    gc.enable()
    try:
        code = run()
    finally:
        gc.unfreeze()  # or DuckDB complains at the end that it was not cleaned up
    if code == INTERRUPTED:  # what visitors' sessions still hold would make it complain, too
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


if __name__ == "__main__":
    sys.exit(main())
