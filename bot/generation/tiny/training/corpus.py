"""The texts that the small writer learns from: sentences by role, chat replies among them, and whole letters."""

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.generation.tiny.granted import SAID

FOLDER = Path(__file__).parent.parent / "corpus"
_SLOT = re.compile(r"\{(\w+)\}")
_HELD_OUT = 10


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a letter: its tone, what it does, and the topic or kind of offer it belongs to (`any` for all)."""

    text: str
    tone: str
    role: str
    about: str

    @property
    def slots(self) -> frozenset[str]:
        """The slots in it."""
        return slots_in(self.text)

    @property
    def says(self) -> bool:
        """Whether it takes for granted that the customer has written."""
        return bool(SAID.search(self.text))


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole e-mail and the brief it was written for."""

    subject: str
    preheader: str
    paragraphs: tuple[str, ...]
    topic: str
    tone: str
    mood: str
    tenure: str
    kind: str
    contact: str

    @property
    def key(self) -> str:
        """What it is known by."""
        return f"{self.subject}: {self.paragraphs[0]}"

    @property
    def slots(self) -> frozenset[str]:
        """The slots in it."""
        return slots_in(" ".join((self.subject, self.preheader, *self.paragraphs)))

    @property
    def says(self) -> bool:
        """Whether it takes for granted that the customer has written."""
        return bool(SAID.search(" ".join((self.subject, self.preheader, *self.paragraphs))))


def slots_in(text: str) -> frozenset[str]:
    """The slots that stand in a text."""
    return frozenset(_SLOT.findall(text))


def is_held_out(text: str) -> bool:
    """Whether a text belongs to the tenth that is never learned; the same answer on every machine."""
    return zlib.crc32(text.encode()) % _HELD_OUT == 0


def sentences(folder: Path = FOLDER) -> Iterator[Sentence]:
    """Every sentence of the banks; those on a matter have a role that says so (`matter_opening`)."""
    for beginning, mark in (("sentences", ""), ("matters", "matter_"), ("acts", "act_")):
        for path in sorted(folder.glob(f"{beginning}_*.yaml")):
            document: Mapping[str, Mapping[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
            for about, roles in document.items():
                for role, block in roles.items():
                    for line in filter(None, map(str.strip, block.splitlines())):
                        tone, _, text = line.partition(": ")
                        yield Sentence(text, tone, f"{mark}{role}", about)


def letters(folder: Path = FOLDER) -> Iterator[Letter]:
    """Every whole e-mail."""
    for row in _rows(folder, "emails_*.jsonl"):
        yield Letter(
            subject=row["subject"],
            preheader=row["preheader"],
            paragraphs=tuple(row["body"]),
            topic=row["topic"],
            tone=row["tone"],
            mood=row["mood"],
            tenure={"veteran": "long"}.get(row["tenure"], row["tenure"]),
            kind=row["offer"],
            contact=row["contact"],
        )


def _rows(folder: Path, pattern: str) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob(pattern)):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line)
