"""Joins sentences of the bank into messages: openings, a core, a consequence and a closing, in the customer's voice."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import yaml

from analytics.simulation.company import MOODS, PRAISE, QUESTION, REASONS

FILES = ("reasons_money.yaml", "reasons_service.yaml", "reasons_life.yaml", "general.yaml")

VOICES = ("plain", "terse", "rambling", "polite", "blunt", "ironic", "second_language", "sloppy")
_VOICE_SHARES = (26, 15, 14, 15, 10, 5, 8, 7)

_TV = re.compile(r"\bTV\b|channel|record|subtitle|box set|match\b", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:the|a|an) ", re.IGNORECASE)

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bank:
    """All sentences, by use. `cores` maps (topic, mood) to sentences; the other mappings go by mood, topic or use."""

    cores: Mapping[tuple[str, str], Lines]
    cancellations: Mapping[str, Lines]
    openings: Mapping[str, Lines]
    consequences: Mapping[str, Lines]
    closings: Mapping[str, Lines]
    ironies: Lines
    greetings: Lines
    farewells: Lines
    replies: Mapping[str, Lines]

    def sentences(self) -> list[str]:
        """Every core sentence a customer may write."""
        return [line for lines in self.cores.values() for line in lines]


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a message is about, who writes it and with which facts (all strings)."""

    topic: str
    mood: str
    channel: str
    leaving: bool
    voice: int
    tv: bool
    facts: Mapping[str, str]


def load_bank() -> Bank:
    """Read the sentence files that ship with the package."""
    folder = files("analytics.simulation.texts")
    data: dict[str, dict[str, dict[str, list[str]]]] = {}
    for name in FILES:
        data.update(yaml.safe_load((folder / name).read_text(encoding="utf-8")))
    cores = {(reason, str(mood)): tuple(data[reason][str(mood)]) for reason in REASONS for mood in MOODS}
    cores[PRAISE, "positive"] = tuple(data["general"][PRAISE])
    cores[QUESTION, "neutral"] = tuple(data["general"][QUESTION])

    def by(section: str) -> dict[str, Lines]:
        return {key: tuple(lines) for key, lines in data[section].items()}

    general = data["general"]
    return Bank(
        cores=cores,
        cancellations=by("cancellations"),
        openings=by("openings"),
        consequences=by("consequences"),
        closings=by("closings"),
        ironies=tuple(general["ironies"]),
        greetings=tuple(general["greetings"]),
        farewells=tuple(general["farewells"]),
        replies=by("replies"),
    )


class Writer:
    """Writes messages with one source of luck; the same bank, seed and occasions give the same texts."""

    def __init__(self, bank: Bank, luck: random.Random) -> None:
        self._bank = bank
        self._luck = luck
        self._without_tv = {key: tuple(x for x in lines if not _TV.search(x)) for key, lines in bank.cores.items()}
        self._voices = tuple(name for name, share in zip(VOICES, _VOICE_SHARES, strict=True) for _ in range(share))

    def write(self, occasion: Occasion) -> str:
        """A customer's message."""
        voice = self._voices[occasion.voice % len(self._voices)]
        core = self._core(occasion)
        if voice == "ironic" and occasion.mood != "negative":
            voice = "plain"
        parts = _PLANS[voice](self, occasion, core)
        text = self._fill(" ".join(part for part in parts if part), occasion)
        text = self._dress(text, voice, occasion)
        return text if occasion.channel != "email" else self._as_mail(text, voice, occasion)

    def reply(self, occasion: Occasion) -> str:
        """An agent's answer to that message; it promises nothing."""
        replies = self._bank.replies
        topic = occasion.topic if occasion.topic in replies else "other"
        opening = self._one(replies[f"open_{occasion.mood}"])
        body = self._one(replies["leaving"] if occasion.leaving else replies[topic])
        text = " ".join([opening, body, self._one(replies["close"])])
        if occasion.channel != "chat":
            text = f"Hi {{first_name}},\n\n{text}\n\n{self._one(replies['agents'])}, Pellmere"
        return self._fill(text, occasion)

    def _one(self, lines: Sequence[str]) -> str:
        return lines[int(self._luck.random() * len(lines))]

    def _maybe(self, chance: float, lines: Sequence[str]) -> str:
        return self._one(lines) if self._luck.random() < chance else ""

    def _core(self, occasion: Occasion) -> str:
        bank = self._bank.cores if occasion.tv else self._without_tv
        core = self._one(bank[occasion.topic, occasion.mood])
        if not occasion.leaving:
            return core
        grounds = self._bank.cancellations
        because = core if occasion.mood == "negative" else self._one(grounds[occasion.topic])
        kind = self._maybe(0.8, grounds["positive"]) if occasion.mood == "positive" else ""
        asked = [self._one(grounds["any"]), because]
        return " ".join(part for part in (*(asked if self._luck.random() < 0.6 else asked[::-1]), kind) if part)

    def _second(self, occasion: Occasion, core: str) -> str:
        """Another sentence on the same matter, if it differs."""
        bank = self._bank.cores if occasion.tv else self._without_tv
        other = self._one(bank[occasion.topic, occasion.mood])
        return "" if other in core else other

    def _fill(self, text: str, occasion: Occasion) -> str:
        if "{" not in text:
            return text
        luck = self._luck
        numbers = {
            "days": str(3 + int(luck.random() * 12)),
            "hours": str(2 + int(luck.random() * 28)),
            "calls": str(2 + int(luck.random() * 5)),
            "amount": f"{6 + int(luck.random() * 40)}.{self._one(('00', '50', '90', '99'))}",
            "years": str(2 + int(luck.random() * 6)),
            "day": self._one(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")),
        }
        return text.format(**occasion.facts, **numbers)

    def _dress(self, text: str, voice: str, occasion: Occasion) -> str:
        """The surface: case, punctuation and slips of the keyboard."""
        luck = self._luck
        if voice == "second_language":
            text = _ARTICLE.sub(lambda found: "" if luck.random() < 0.4 else found.group(), text)
        if voice == "sloppy" or (luck.random() < 0.06):
            text = slip(text, luck)
        if voice == "sloppy" or (voice == "terse" and luck.random() < 0.5):
            text = text.lower().rstrip(".").replace("'", "")
        elif occasion.channel == "chat" and luck.random() < 0.35:
            text = text[0].lower() + text[1:].rstrip(".")
        if voice == "blunt" and occasion.mood == "negative" and luck.random() < 0.35:
            text = text.rstrip(".") + self._one(("!", "!!", " !!!", "."))
        if text[:1].islower() and voice == "second_language":
            text = text[0].upper() + text[1:]
        return text

    def _as_mail(self, text: str, voice: str, occasion: Occasion) -> str:
        """A greeting and a name where this voice uses them."""
        first = occasion.facts["first_name"]
        last = occasion.facts["last_name"]
        greeting = "" if voice in ("terse", "sloppy") else self._maybe(0.6, self._bank.greetings)
        chance = {"terse": 0.1, "sloppy": 0.15, "blunt": 0.4}.get(voice, 0.7)
        farewell = self._maybe(chance if voice != "blunt" else 0.15, self._bank.farewells)
        name = self._maybe(chance, (first, f"{first} {last}", f"{first[0]}. {last}", f"{first} {last[0]}."))
        ending = "\n".join(part for part in (farewell, name) if part)
        return "\n\n".join(part for part in (greeting, text, ending) if part)


def slip(text: str, luck: random.Random) -> str:
    """The text with one or two slips: swapped, dropped or doubled letters inside words."""
    for _ in range(1 + int(luck.random() * 2)):
        place = 1 + int(luck.random() * max(len(text) - 3, 1))
        pair = text[place : place + 2]
        if not (len(pair) == 2 and pair.isalpha() and pair.isascii()):
            continue
        kind = int(luck.random() * 3)
        changed = (pair[::-1], pair[0], pair[0] + pair)[kind]
        text = text[:place] + changed + text[place + 2 :]
    return text


_Plan = Callable[[Writer, Occasion, str], list[str]]


def _plain(writer: Writer, occasion: Occasion, core: str) -> list[str]:
    bank, mood = writer._bank, occasion.mood
    return [
        writer._maybe(0.30, bank.openings[mood]),
        core,
        writer._maybe(0.0 if occasion.leaving else 0.30, _after(bank, occasion)),
        writer._maybe(0.25, bank.closings[mood]),
    ]


def _terse(writer: Writer, occasion: Occasion, core: str) -> list[str]:
    return [core, writer._maybe(0.12, writer._bank.closings[occasion.mood])]


def _rambling(writer: Writer, occasion: Occasion, core: str) -> list[str]:
    bank, mood = writer._bank, occasion.mood
    return [
        writer._maybe(0.8, bank.openings[mood]),
        core,
        writer._second(occasion, core),
        writer._maybe(0.0 if occasion.leaving else 0.6, _after(bank, occasion)),
        writer._maybe(0.5, bank.closings[mood]),
    ]


def _polite(writer: Writer, occasion: Occasion, core: str) -> list[str]:
    bank = writer._bank
    return [
        writer._maybe(0.45, bank.openings["polite"]),
        core,
        writer._maybe(0.0 if occasion.leaving else 0.25, _after(bank, occasion)),
        writer._maybe(0.6, bank.closings["polite"]),
    ]


def _ironic(writer: Writer, occasion: Occasion, core: str) -> list[str]:
    irony = writer._one(writer._bank.ironies)
    return [irony, core] if writer._luck.random() < 0.5 else [core, irony]


def _after(bank: Bank, occasion: Occasion) -> Lines:
    """What may follow the core: praise and questions end otherwise than complaints."""
    return bank.consequences.get(occasion.topic, bank.consequences[occasion.mood])


_PLANS: Mapping[str, _Plan] = {
    "plain": _plain,
    "terse": _terse,
    "rambling": _rambling,
    "polite": _polite,
    "blunt": _plain,
    "ironic": _ironic,
    "second_language": _plain,
    "sloppy": _terse,
}
