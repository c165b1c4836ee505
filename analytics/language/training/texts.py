"""Our own texts, read from the YAML files beside this module: those to learn from, and those held out to judge by.

What is held out was written by other hands, in other voices and other sentence patterns, and is never trained on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

import yaml

_INTENT_FILES = ("intents_leaving.yaml", "intents_service.yaml", "intents_talk.yaml")
_VOICE_FILES = ("voices_leaving.yaml", "voices_service.yaml", "voices_people.yaml")
_PEOPLE_FILES = (
    "asks_for_a_person.yaml",
    "asks_for_no_person.yaml",
    "asks_for_a_person_more.yaml",
    "asks_for_no_person_more.yaml",
)
PEOPLE = "people: "
"""Begins the voice of texts about people that only the reader of wishes learns from."""
_OPINION_FILES = (
    "opinions_culture.yaml",
    "opinions_critics.yaml",
    "opinions_products.yaml",
    "opinions_users.yaml",
    "opinions_posts.yaml",
    "opinions_news.yaml",
)
_PAIR_FILES = ("sentiment_pairs.yaml", "pairs_more.yaml", "pairs_third.yaml")


@dataclass(frozen=True, slots=True)
class Example:
    """A text, what it is labelled with, and whose voice it is in."""

    text: str
    label: str
    voice: str = ""


def _document(name: str) -> dict[str, str | dict[str, str]]:
    found: dict[str, str | dict[str, str]] = yaml.safe_load(
        files("analytics.language.training").joinpath(name).read_text(encoding="utf-8")
    )
    return found


def _lines(block: str) -> list[str]:
    return [line.strip() for line in block.splitlines() if line.strip()]


def _examples(name: str) -> Iterator[Example]:
    """Every line of a file, whose keys are labels and, one level below, perhaps voices."""
    for label, block in _document(name).items():
        voices = block if isinstance(block, dict) else {"": block}
        for voice, lines in voices.items():
            yield from (Example(line, label, voice) for line in _lines(lines))


def intent_examples() -> dict[str, list[str]]:
    """Examples of every intent of the retention domain, by intent name, each text once."""
    found: dict[str, dict[str, None]] = {}
    for name in (*_INTENT_FILES, *_VOICE_FILES):
        for example in _examples(name):
            found.setdefault(example.label, {})[example.text] = None
    return {intent: list(lines) for intent, lines in found.items()}


def wish_examples() -> Iterator[Example]:
    """Texts of every intent, and of `_PEOPLE_FILES` those that ask for a person and those that only speak of people."""
    known = set()
    for name in _PEOPLE_FILES:
        for example in _examples(name):
            known.add(example.text)
            label = "human_request" if example.label == "asks" else example.label
            yield Example(example.text, label, f"{PEOPLE}{example.voice}")
    for name in (*_INTENT_FILES, *_VOICE_FILES):
        for example in _examples(name):
            if example.text not in known:
                known.add(example.text)
                yield example


def plain_intent_examples() -> dict[str, list[str]]:
    """Those examples of every intent that are in nobody's voice in particular: what the rules were written beside."""
    found: dict[str, list[str]] = {}
    for name in _INTENT_FILES:
        for example in _examples(name):
            found.setdefault(example.label, []).append(example.text)
    return found


def sentiment_pairs() -> list[tuple[str, str]]:
    """(negative, positive) sentences that differ in little else than their feeling."""
    return [pair for name in _PAIR_FILES for pair in _pairs(name, "negative_positive")]


def _pairs(name: str, key: str) -> Iterator[tuple[str, str]]:
    block = _document(name)[key]
    for line in _lines(str(block)):
        negative, positive = line.split(" | ")
        yield negative, positive


def sentiment_messages() -> Iterator[tuple[str, str]]:
    """(text, sentiment) of whole messages and short reviews."""
    for example in _examples("sentiment_messages.yaml"):
        yield example.text, example.label.removeprefix("reviews_")


def opinions() -> Iterator[tuple[str, str]]:
    """(text, sentiment) of opinions on culture, products and the news of the day."""
    for name in _OPINION_FILES:
        yield from ((example.text, example.label) for example in _examples(name))


def emotion_messages() -> Iterator[tuple[str, str, str]]:
    """(text, sentiment, emotion) of customer messages; the emotion is `plain` where there is none to speak of."""
    for example in _examples("emotions.yaml"):
        yield _with_emotion(example)


def _with_emotion(example: Example) -> tuple[str, str, str]:
    sentiment, emotion = example.label.split("_", 1)
    return example.text, sentiment, emotion


def held_out_intents() -> list[Example]:
    """Messages to judge intents by."""
    return list(_examples("held_out_intents.yaml"))


def held_out_several() -> list[tuple[str, frozenset[str]]]:
    """(message, intents) of messages that say several things at once."""
    found = []
    for line in _lines(str(_document("held_out_several.yaml")["several"])):
        intents, text = line.split(" | ", 1)
        found.append((text, frozenset(name.strip() for name in intents.split("+"))))
    return found


def held_out_without_handoff() -> list[str]:
    """Messages that speak of people without asking for one."""
    return _lines(str(_document("held_out_several.yaml")["no_handoff"]))


def held_out_sentiment_pairs() -> list[tuple[str, str]]:
    """(negative, positive) sentences to judge sentiment by."""
    return list(_pairs("pairs_more.yaml", "held_out_negative_positive"))


def held_out_emotions() -> list[tuple[str, str, str]]:
    """(text, sentiment, emotion) of customer messages to judge by."""
    return [_with_emotion(example) for example in _examples("held_out_emotions.yaml")]
