"""The writer of approved wording: always at hand, the same for the same brief, and the fallback of every other."""

import time
from collections.abc import Iterator, Sequence

from bot.generation.backend import Written, pieces
from bot.generation.brief import Brief
from bot.generation.template import summaries
from bot.generation.template.bank import Bank, shipped
from bot.generation.template.letters import letter
from bot.generation.template.replies import reply
from bot.generation.template.situation import read
from db.vocabulary import Channel


class TemplateBackend:
    """Letters and replies from the wording bank, chosen by the brief's seed, customer and variant.

    `languages` are those that have wording; a brief in another language gets English.
    """

    name = "template"
    languages: tuple[str, ...] = ("en",)

    def __init__(self, bank: Bank | None = None) -> None:
        self._bank = bank

    def write(self, briefs: Sequence[Brief]) -> Iterator[Written]:
        """A text for each brief, in order; approved wording cannot fail."""
        for brief in briefs:
            started = time.perf_counter()
            text = self.compose(brief)
            yield Written(text, tokens=len(text.split()), seconds=time.perf_counter() - started)

    def stream(self, brief: Brief) -> Iterator[str]:
        """The same text word by word."""
        yield from pieces(self.compose(brief))

    def compose(self, brief: Brief) -> str:
        """A summary of customers' voices, a letter for the e-mail channel, a reply for every other."""
        bank = self._bank if self._bank is not None else shipped()
        if brief.purpose == summaries.PURPOSE:
            return summaries.summary(bank, brief)
        reading = read(brief)
        return letter(bank, reading) if brief.channel is Channel.EMAIL else reply(bank, reading)
