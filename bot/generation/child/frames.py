"""What mainstay and a writer's process say to one another: JSON objects, each with its length in front."""

import json
import struct
from typing import Protocol

from db.errors import BackendError
from db.vocabulary import Json

MOST_BYTES = 64 * 1024 * 1024
"""A longer frame is a fault of one side, and reading it would only use up memory."""

_LENGTH = struct.Struct(">I")


class Source(Protocol):
    """What frames are read from; raw streams may give less than they are asked for."""

    def read(self, size: int, /) -> bytes | None:
        """At most `size` bytes; none at the end."""
        ...


def encoded(document: Json) -> bytes:
    """One frame; raises BackendError for one that is too long. Only ASCII, so that half a surrogate gets through."""
    content = json.dumps(document, ensure_ascii=True, allow_nan=False).encode("ascii")
    if len(content) > MOST_BYTES:
        raise BackendError("the writer was asked for too much at once")
    return _LENGTH.pack(len(content)) + content


def read_frame(source: Source) -> Json | None:
    """The next document, None at the end of the stream (or where it breaks off in the middle of a frame).

    Raises BackendError for bytes that are no frame.
    """
    head = _exactly(source, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MOST_BYTES:
        raise BackendError("the writer's process cannot be understood")
    content = _exactly(source, length)
    if content is None:
        return None
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BackendError("the writer's process cannot be understood") from error
    if not isinstance(document, dict):
        raise BackendError("the writer's process cannot be understood")
    return document


def _exactly(source: Source, size: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        part = source.read(size - len(parts))
        if not part:
            return None
        parts += part
    return bytes(parts)
