"""Our own training texts, read from the YAML files beside this module."""

from collections.abc import Iterator
from importlib.resources import files

import yaml

_INTENT_FILES = ("intents_leaving.yaml", "intents_service.yaml", "intents_talk.yaml")


def _blocks(name: str) -> dict[str, list[str]]:
    """Each key of a file with the lines of its block."""
    document = yaml.safe_load(files("analytics.language.training").joinpath(name).read_text(encoding="utf-8"))
    return {key: [line.strip() for line in block.splitlines() if line.strip()] for key, block in document.items()}


def intent_examples() -> dict[str, list[str]]:
    """Examples of every intent of the retention domain, by intent name."""
    return {intent: lines for name in _INTENT_FILES for intent, lines in _blocks(name).items()}


def sentiment_pairs() -> list[tuple[str, str]]:
    """(negative, positive) sentences that differ in little else than their feeling."""
    lines = _blocks("sentiment_pairs.yaml")["negative_positive"]
    pairs = []
    for line in lines:
        negative, positive = line.split(" | ")
        pairs.append((negative, positive))
    return pairs


def sentiment_messages() -> Iterator[tuple[str, str]]:
    """(text, sentiment) of whole messages."""
    for block, lines in _blocks("sentiment_messages.yaml").items():
        sentiment = block.removeprefix("reviews_")
        for line in lines:
            yield line, sentiment
