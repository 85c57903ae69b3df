"""A file that somebody sends to be read and not kept."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kviboard.board.exports.names import plain_name
from kviboard.ui.streamlit_internals import UploadedFile


@contextmanager
def kept_for_now(sent: UploadedFile) -> Iterator[Path]:
    """What was sent, as a file under its own name as far as a file can have it; gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="kviboard-sent-") as folder:
        file = Path(folder) / (plain_name(sent.name) or "sent")
        file.write_bytes(sent.getbuffer())
        yield file
