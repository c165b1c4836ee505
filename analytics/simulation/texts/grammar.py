"""Joins sentences of the bank into messages: openings, a core, a consequence and a closing, in the customer's voice."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import product

import yaml

from analytics.simulation.company import MOODS, PRAISE, QUESTION, REASONS

FILES = ("reasons_money.yaml", "reasons_service.yaml", "reasons_life.yaml", "general.yaml")

VOICES = ("plain", "terse", "rambling", "polite", "blunt", "ironic", "second_language", "sloppy")
_VOICE_SHARES = (26, 15, 14, 15, 10, 5, 8, 7)

_TV = re.compile(r"\bTV\b|channel|\brecord|subtitle", re.IGNORECASE)
_VETERAN = re.compile(r"\{years\}")
_DEARER = re.compile(
    r"\{old_price\}|increase|price up|price rise|new price|price went up|gone up|price changed|only ever move"
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ARTICLE = re.compile(r"\b(?:the|a|an) ", re.IGNORECASE)

Lines = tuple[str, ...]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

GRAVE = "life_change"
"""The topic that nobody jokes about; it has openings and closings of its own."""


@dataclass(frozen=True, slots=True)
class Style:
    """How often a voice uses each part around the core of a message, and in mail a greeting and a name."""

    opening: float = 0.30
    more: float = 0.0
    consequence: float = 0.30
    closing: float = 0.25
    greeting: float = 0.6
    name: float = 0.7


_STYLES = {
    "plain": Style(),
    "terse": Style(opening=0.0, consequence=0.05, closing=0.12, greeting=0.0, name=0.1),
    "rambling": Style(opening=0.8, more=0.85, consequence=0.6, closing=0.5),
    "polite": Style(opening=0.45, consequence=0.25, closing=0.6, greeting=0.9, name=0.95),
    "blunt": Style(opening=0.35, consequence=0.4, closing=0.35, greeting=0.25, name=0.3),
    "ironic": Style(greeting=0.4),
    "second_language": Style(),
    "sloppy": Style(opening=0.05, consequence=0.15, closing=0.1, greeting=0.05, name=0.15),
}


@dataclass(frozen=True, slots=True)
class Bank:
    """All sentences, by use. `cores` maps (topic, mood) to sentences; the other mappings go by mood, topic or use."""

    cores: Mapping[tuple[str, str], Lines]
    cancellations: Mapping[str, Lines]
    openings: Mapping[str, Lines]
    links: Mapping[str, Lines]
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
    """What a message is about, who writes it and with which facts (all strings).

    leaving: the message cancels. voice: a number that stays with the customer. tv, veteran, dearer: the customer has
    TV, has been here for two years, pays more than at first: sentences that say so are kept for those it is true of.
    """

    topic: str
    mood: str
    channel: str
    leaving: bool
    voice: int
    tv: bool
    veteran: bool
    dearer: bool
    facts: Mapping[str, str]


def load_bank() -> Bank:
    """Read the sentence files that ship with the package."""
    folder = files("analytics.simulation.texts")
    data: dict[str, dict[str, dict[str, list[str]]]] = {}
    for name in FILES:
        data.update(yaml.load((folder / name).read_text(encoding="utf-8"), Loader=_LOADER))
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
        links=by("links"),
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
        self._luck = luck
        self._banks = {
            (tv, veteran, dearer): _suited(bank, tv=tv, veteran=veteran, dearer=dearer)
            for tv, veteran, dearer in product((False, True), repeat=3)
        }
        self._voices = tuple(name for name, share in zip(VOICES, _VOICE_SHARES, strict=True) for _ in range(share))

    def write(self, occasion: Occasion) -> str:
        """A customer's message."""
        bank = self._banks[occasion.tv, occasion.veteran, occasion.dearer]
        voice = self._voices[occasion.voice % len(self._voices)]
        if voice == "ironic" and (occasion.mood != "negative" or occasion.topic == GRAVE):
            voice = "plain"
        parts = self._leave(bank, occasion) if occasion.leaving else self._tell(bank, occasion, voice)
        text = self._dress(self._fill(_joined(parts), occasion), voice, occasion)
        return self._as_mail(bank, text, voice, occasion) if occasion.channel == "email" else text

    def reply(self, occasion: Occasion) -> str:
        """An agent's answer to that message; it promises nothing."""
        bank = self._banks[occasion.tv, occasion.veteran, occasion.dearer]
        kind = "leaving" if occasion.leaving else occasion.topic
        kind = PRAISE if occasion.mood == "positive" and not occasion.leaving else kind
        opening = "open_neutral" if occasion.leaving else f"open_{occasion.mood}"
        closing = "close_praise" if kind == PRAISE else "close"
        text = " ".join(self._one(bank.replies[part]) for part in (opening, kind, closing))
        if occasion.channel != "chat":
            text = f"Hi {{first_name}},\n\n{text}\n\n{self._one(bank.replies['agents'])}, Pellmere"
        return self._fill(text, occasion)

    def _one(self, lines: Sequence[str]) -> str:
        return lines[int(self._luck.random() * len(lines))]

    def _maybe(self, chance: float, lines: Sequence[str]) -> str:
        return self._one(lines) if self._luck.random() < chance else ""

    def _tell(self, bank: Bank, occasion: Occasion, voice: str) -> list[str]:
        """A message about something: the parts that this voice uses, in order."""
        style = _STYLES[voice]
        lines = bank.cores[occasion.topic, occasion.mood]
        core = self._one(lines)
        more = self._one(lines) if self._luck.random() < style.more else ""
        if voice == "ironic":
            irony = self._one(bank.ironies)
            return [irony, core] if self._luck.random() < 0.5 else [core, irony]
        manner = GRAVE if occasion.topic == GRAVE else f"polite_{occasion.mood}" if voice == "polite" else occasion.mood
        own_end = occasion.topic in bank.consequences and (occasion.topic, occasion.mood) != (GRAVE, "positive")
        after = bank.consequences[occasion.topic if own_end else occasion.mood]
        return [
            self._maybe(style.opening, bank.openings[manner]),
            core,
            *([] if more in ("", core) else [self._maybe(0.4, bank.links[occasion.mood]), more]),
            self._maybe(style.consequence, after),
            self._maybe(style.closing, bank.closings[manner]),
        ]

    def _leave(self, bank: Bank, occasion: Occasion) -> list[str]:
        """A cancellation: what is asked, why, and a kind word from those who part in good mood."""
        grounds = bank.cancellations
        bitter = occasion.mood == "negative"
        because = self._one(bank.cores[occasion.topic, "negative"] if bitter else grounds[occasion.topic])
        ask = self._one(grounds["any"])
        kind = self._maybe(0.8, grounds["positive"]) if occasion.mood == "positive" else ""
        order = [ask, because] if self._luck.random() < 0.6 else [because, ask]
        return [*order, kind]

    def _fill(self, text: str, occasion: Occasion) -> str:
        """The text with the occasion's facts in its slots; small numbers are drawn here."""
        if "{" not in text:
            return text
        luck = self._luck
        numbers = {
            "days": str(3 + int(luck.random() * 12)),
            "hours": str(2 + int(luck.random() * 28)),
            "calls": self._one(("two", "three", "four", "five", "six")),
            "amount": f"{6 + int(luck.random() * 40)}.{self._one(('00', '50', '90', '99'))}",
            "day": self._one(_DAYS),
        }
        return text.format(**occasion.facts, **numbers)

    def _dress(self, text: str, voice: str, occasion: Occasion) -> str:
        """The surface: case, punctuation and slips of the keyboard."""
        luck = self._luck
        if voice == "second_language":
            text = _ARTICLE.sub(lambda found: "" if luck.random() < 0.4 else found.group(), text)
            text = text[0].upper() + text[1:]
        if voice == "sloppy" or luck.random() < 0.05:
            text = slip(text, luck)
        if voice == "sloppy" or (voice == "terse" and luck.random() < 0.5):
            return text.lower().rstrip(".").replace("'", "")
        if voice == "blunt" and occasion.mood == "negative" and luck.random() < 0.35:
            return text.rstrip(".") + self._one(("!", "!!", "!!!"))
        if occasion.channel == "chat" and luck.random() < 0.35 and not text.startswith(("I ", "I'")):
            return text[0].lower() + text[1:].rstrip(".")
        return text

    def _as_mail(self, bank: Bank, text: str, voice: str, occasion: Occasion) -> str:
        """A greeting and a name where this voice uses them."""
        style = _STYLES[voice]
        first, last = occasion.facts["first_name"], occasion.facts["last_name"]
        greeting = self._maybe(style.greeting, bank.greetings)
        name = self._maybe(style.name, (first, f"{first} {last}", f"{first[0]}. {last}", f"{first} {last[0]}."))
        farewell = self._maybe(0.6, bank.farewells) if name and voice != "blunt" else ""
        ending = "\n".join(part for part in (farewell, name) if part)
        return "\n\n".join(part for part in (greeting, text, ending) if part)


def _suited(bank: Bank, *, tv: bool, veteran: bool, dearer: bool) -> Bank:
    """The bank without what a customer without TV, without years or without a higher price would not say."""
    left_out = [pattern for pattern, has in ((_TV, tv), (_VETERAN, veteran), (_DEARER, dearer)) if not has]

    def fitting(lines: Lines) -> Lines:
        return tuple(line for line in lines if not any(pattern.search(line) for pattern in left_out))

    return replace(
        bank,
        cores={key: fitting(lines) for key, lines in bank.cores.items()},
        openings={key: fitting(lines) for key, lines in bank.openings.items()},
    )


def _joined(parts: Sequence[str]) -> str:
    """The parts as one paragraph; a part without an end mark gets a full stop before the next begins."""
    said = [part for part in parts if part]
    ended = [part if part[-1] in ".!?:," else f"{part}." for part in said[:-1]]
    return " ".join([*ended, *said[-1:]])


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
