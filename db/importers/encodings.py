"""Which encoding a text file is in: decided over the whole file, with the reason, before a single row is read."""

import codecs
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from db.errors import InputError
from db.importers.rows import MAX_LINE_CHARACTERS

UNREADABLE = "\udcff"
"""Stands for bytes that the encoding cannot read; a row that holds it is refused."""
MARK_UNREADABLE = "mainstay.mark"
"""The name of the error handler that puts `UNREADABLE` where bytes cannot be decoded."""

_CHUNK = 1 << 20
_SAMPLE = 1 << 16
_LONGEST_LINE_BYTES = 4 * MAX_LINE_CHARACTERS
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook", "Unpack it, or give a workbook its ending .xlsx."),
    (b"PAR1", "a Parquet file", "Give it its ending .parquet."),
    (b"SQLite format 3\x00", "a SQLite database", "Import from it with `sqlite:///PATH` and a query in the mapping."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "Save it as .xlsx or CSV."),
    (b"%PDF", "a PDF document", "Export the table behind it as CSV."),
    (b"\x1f\x8b", "a gzip archive", "Give it its ending .gz."),
    (b"\x28\xb5\x2f\xfd", "a zstandard archive", "Unpack it."),
    (b"BZh", "a bzip2 archive", "Unpack it."),
    (b"\x7fELF", "a program", "Import a table instead."),
    (b"\x89PNG", "an image", "Import a table instead."),
)
_TEXT_CONTROLS = frozenset(b"\t\n\r\x0b\x0c\x1a")


@dataclass(frozen=True, slots=True)
class EncodingDecision:
    """How a file is decoded and why; with what the scan over its bytes saw besides."""

    encoding: str
    reason: str
    lines: int
    sha256: str


def mark_unreadable() -> str:
    """Make the error handler known to `codecs` and return its name."""
    codecs.register_error(MARK_UNREADABLE, _mark)
    return MARK_UNREADABLE


def decide_encoding(open_bytes: Callable[[], BinaryIO], name: str, declared: str | None = None) -> EncodingDecision:
    """The encoding of the file behind `open_bytes`: as declared, by its mark, UTF-8, UTF-16, or guessed last.

    Raises:
        InputError: the file is empty, binary, has a line beyond the limit, or `declared` is no encoding.
    """
    with open_bytes() as stream:
        start = stream.read(_SAMPLE)
        if not start:
            raise InputError("the file is empty.", path=name)
        _refuse_binary(start, name, declared)
        scan = _Scan(name)
        scan.feed(start)
        while chunk := stream.read(_CHUNK):
            scan.feed(chunk)
    scan.finish()
    encoding, reason = _decide(start, scan, name, declared)
    return EncodingDecision(encoding, reason, scan.lines, scan.digest.hexdigest())


class _Scan:
    """One pass over the bytes: is it UTF-8, how many lines, is a line too long, its sha256."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.digest = hashlib.sha256()
        self.lines = 0
        self.valid = 0
        self.bad = 0
        self.bad_sample = b""
        self._open_line = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")(mark_unreadable())

    def feed(self, chunk: bytes) -> None:
        """Look at the next bytes."""
        self.digest.update(chunk)
        self._count_lines(chunk)
        if chunk.isascii():
            self._judge(self._decoder.decode(chunk), chunk)
        else:
            text = self._decoder.decode(chunk)
            self._judge(text, chunk)

    def finish(self) -> None:
        """Count a character that the end of the file cuts off, and a last line without its end."""
        self._judge(self._decoder.decode(b"", final=True), b"")
        self.lines += 1 if self._open_line else 0

    def _judge(self, text: str, chunk: bytes) -> None:
        if text.isascii():
            return
        bad = text.count(UNREADABLE)
        self.bad += bad
        self.valid += len(text) - len(text.encode("ascii", "ignore")) - bad
        if bad and not self.bad_sample:
            self.bad_sample = _around_first_high_byte(chunk)

    def _count_lines(self, chunk: bytes) -> None:
        ends = chunk.count(b"\n") or chunk.count(b"\r")
        if not ends:
            self._open_line += len(chunk)
        else:
            self._open_line = len(chunk) - 1 - max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        if self._open_line > _LONGEST_LINE_BYTES:
            raise InputError(
                f"the line is longer than {MAX_LINE_CHARACTERS:,} characters.",
                path=self.name,
                line=self.lines + ends + 1,
                hint="Is it a table with one row per line? A quote that is never closed also makes such lines.",
            )
        self.lines += ends


def _around_first_high_byte(chunk: bytes) -> bytes:
    first = next((place for place, byte in enumerate(chunk) if byte > 0x7F), 0)
    return chunk[max(0, first - _SAMPLE // 4) : first + _SAMPLE]


def _decide(start: bytes, scan: _Scan, name: str, declared: str | None) -> tuple[str, str]:
    if declared is not None:
        return _checked(declared, name), f"Read as {declared}, as the mapping says."
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            shown = encoding.removesuffix("-sig")
            return encoding, f"Read as {shown}: the file begins with its byte order mark."
    wide = _utf16_without_mark(start)
    if wide is not None:
        return wide, f"Read as {wide}: every other byte is zero."
    if not scan.bad:
        return "utf-8", "Read as utf-8: every byte fits."
    if scan.valid > scan.bad:
        return "utf-8", f"Read as utf-8, with {scan.bad:,} unreadable places: their rows are refused."
    return _guessed(scan.bad_sample)


def _guessed(sample: bytes) -> tuple[str, str]:
    advice = "write `encoding` under `source` in the mapping if letters look wrong."
    if _reads_as_western(sample):
        return "cp1252", f"Read as cp1252 (Western European): it is not utf-8; {advice}"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    encoding = best.encoding if best is not None else "cp1252"
    return encoding, f"Read as {encoding}, a guess from its letters: it is not utf-8; {advice}"


def _reads_as_western(sample: bytes) -> bool:
    try:
        high = [sign for sign in sample.decode("cp1252") if ord(sign) > 0x7F]
    except UnicodeDecodeError:
        return False
    # In Western text accented letters stand among plain ones; in Cyrillic or Greek code pages whole words are high.
    letters = sum(1 for byte in sample if chr(byte).isalpha() and byte < 0x80)
    common = sum(
        1 for sign in high if sign in "äöüÄÖÜßéèêëàâáãåçñíìîïóòôõøæœúùûÉÈÀÁÂÃÅÇÑÍÓÔÕØÆŒÚ€£§°’‘“”–—…«»¿¡ºª·´©®™½¼\xa0"
    )
    return common >= 0.9 * len(high) and len(high) <= 0.4 * max(letters, 1)


def _utf16_without_mark(start: bytes) -> str | None:
    half = max(len(start) // 2, 1)
    even, odd = start[0::2].count(0) / half, start[1::2].count(0) / half
    if odd > 0.3 and even < 0.05:
        return "utf-16-le"
    if even > 0.3 and odd < 0.05:
        return "utf-16-be"
    return None


def _refuse_binary(start: bytes, name: str, declared: str | None) -> None:
    for magic, what, hint in _MAGIC:
        if start.startswith(magic):
            raise InputError(f"this is {what}, not a text table.", path=name, hint=hint)
    wide = start.startswith(tuple(mark for mark, _ in _BOMS)) or _utf16_without_mark(start) is not None
    if wide or (declared is not None and declared.lower().replace("_", "-").startswith(("utf-16", "utf-32"))):
        return
    controls = sum(1 for byte in start if byte < 0x20 and byte not in _TEXT_CONTROLS)
    if controls > 0.1 * len(start):
        raise InputError(
            "this is not a text table: it is full of bytes that are no letters.",
            path=name,
            hint="Export the table as CSV, Excel or Parquet.",
        )


def _checked(declared: str, name: str) -> str:
    try:
        info = codecs.lookup(declared)
    except (LookupError, ValueError) as error:
        raise InputError(
            f"there is no encoding {declared!r}.", path=name, hint="Common ones: utf-8, utf-16, cp1252, latin-1."
        ) from error
    if not getattr(info, "_is_text_encoding", True):
        raise InputError(f"{declared!r} is no encoding of text.", path=name, hint="Common ones: utf-8, cp1252.")
    return "utf-8-sig" if info.name == "utf-8" else info.name


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNREADABLE, max(error.end, error.start + 1)
