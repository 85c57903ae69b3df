"""In which encoding a text file is written, and how it is opened."""

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kviboard.errors import ExportError
from kviboard.warehouse.files.limits import BoundedReader, BoundedText

SAMPLE_BYTES = 64 * 1024
_BLOCK_BYTES = 1024 * 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BROKEN = re.compile("\ufffd")
_LETTER = re.compile("[\u00c0-\u017f]")  # in other encodings a pair that no word has, as Ã¼ for ü
_JAPANESE = re.compile("[\u3041-\u30fa]|番号|金額|合計|顧客|会員|氏名|注文|日付|令和|[1-9]月[0-9]{1,2}日")
_OTHER_LETTERS = re.compile("[\u00a1-\u00ff]{4,}")  # no word of Western Europe has as many in a row
_FEWEST_WORDS = 2
_POLISH = re.compile(
    rb"[A-Za-z\xc0-\xff][\xb9\xb3\xbf][a-z\xb9\xb3\xbf\xe0-\xff]"
)  # ą, ł and ż within a word, where others have ¹, ³ and ¿
_PACKED = ((b"\x28\xb5\x2f\xfd", "zst"), (b"\xfd7zXZ\0", "xz"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!\x1a\x07", "rar"))


@contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes, unpacked where its name ends in .gz."""
    with io.BufferedReader(BoundedReader(path), _BLOCK_BYTES) as stream:
        yield stream


@contextmanager
def open_text(path: Path, encoding: str, errors: str = "strict") -> Iterator[io.TextIOWrapper]:
    """The file's text with its line ends as they are."""
    with open_bytes(path) as stream:
        yield BoundedText(stream, encoding=encoding, errors=errors, newline="")


def read_sample(path: Path) -> tuple[bytes, bool]:
    """The beginning of the file, and whether that is all of it. Raises ExportError for a packed one."""
    with open_bytes(path) as stream:
        head, is_all = stream.read(SAMPLE_BYTES), not stream.read(1)
    for mark, kind in _PACKED:
        if head.startswith(mark):
            raise ExportError(f"is packed as .{kind}, which is not read; unpack it, or pack it as .gz or .zip")
    return head, is_all


def encoding_of(head: bytes) -> str:
    """UTF-16 or UTF-8, with or without its mark."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    zeros_even, zeros_odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) >= 4 and max(zeros_even, zeros_odd) > len(head) // 8:
        return "utf-16-le" if zeros_odd > zeros_even else "utf-16-be"
    return "utf-8"


def is_utf8(path: Path) -> bool:
    """Whether the whole file is sound UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open_bytes(path) as stream:
        try:
            while block := stream.read(_BLOCK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


@dataclass(frozen=True)
class OtherEncoding:
    """How a file is read that is not plain UTF-8. `odd` of its characters are written otherwise, first in `line`, and
    `foreign` of its words hardly are in this encoding, such as `word` in that line."""

    name: str
    errors: str = "strict"
    odd: int = 0
    line: int = 0
    foreign: int = 0
    word: str = ""


def other_encoding(path: Path) -> OtherEncoding:
    """How to read a file that is not plain UTF-8.

    Where most characters beyond ASCII are sound UTF-8, a few broken bytes do not make it a Windows file: they are
    replaced and counted. Everything else is read as Windows-1252, as Latin-9 where it has that one's euro sign (a ¤ to
    others, which nobody writes) and no sign of Windows' own, or as Latin-1 where it uses bytes unknown there; as the
    Windows of Japan where that gives sound text with kana or words of exports, as that of Poland where its letters
    stand within words. Words of Russia, Greece, Korea or China are not read, but counted.
    """
    broken, letters, others, sound = _Met(), _Met(), _Met(), 0
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    is_windows, has_euro, has_windows, is_polish = True, False, False, False
    with open_bytes(path) as stream:
        while block := stream.read(_BLOCK_BYTES):
            text = decoder.decode(block)
            broken.note(text, _BROKEN)
            letters.note(text, _LETTER)
            others.note(block.decode("latin-1"), _OTHER_LETTERS)
            sound += sum(not character.isascii() for character in text) - text.count("\ufffd")
            is_windows = is_windows and not any(byte in block for byte in b"\x81\x8d\x8f\x90\x9d")
            has_euro = has_euro or b"\xa4" in block
            has_windows = has_windows or any(byte in block for byte in range(0x80, 0xA0))
            is_polish = is_polish or bool(_POLISH.search(block))
    if sound > 10 * broken.count:
        return OtherEncoding("utf-8", "replace", broken.count, broken.line)
    if _is_japanese(path):
        return OtherEncoding("cp932")
    if is_polish:
        return OtherEncoding("cp1250", "replace")
    is_latin_9 = has_euro and not has_windows
    name = "iso8859-15" if is_latin_9 else "cp1252" if is_windows else "latin-1"
    if others.count >= _FEWEST_WORDS:
        return OtherEncoding(name, "strict", 0, others.line, others.count, others.first)
    return OtherEncoding(name, "strict", letters.count, letters.line)


def _is_japanese(path: Path) -> bool:
    """Whether the whole file is sound Shift-JIS, as Windows writes it, and has kana or words of exports, which no other
    text seems to."""
    decoder, is_japanese = codecs.getincrementaldecoder("cp932")(), False
    with open_bytes(path) as stream:
        try:
            while block := stream.read(_BLOCK_BYTES):
                is_japanese = bool(_JAPANESE.search(decoder.decode(block))) or is_japanese
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return is_japanese


class _Met:
    """How many of a kind a text has that is read block by block, what the first is and in which line."""

    def __init__(self) -> None:
        self.count = self.line = self._lines = 0
        self.first = ""

    def note(self, text: str, kind: re.Pattern[str]) -> None:
        if not self.count and (first := kind.search(text)):
            self.line, self.first = self._lines + text.count("\n", 0, first.start()) + 1, first[0]
        self.count += sum(1 for _ in kind.finditer(text))
        self._lines += text.count("\n")
