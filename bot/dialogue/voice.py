"""From dialogue acts to words: a brief for each act, the guarded writer, and plain sentences as a last resort."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.generation.brief import NO_OFFER, Brief, FactSheet
from bot.generation.guard import GuardReport
from bot.generation.writer import Text, Try, Writer
from db.vocabulary import Channel, DecisionTerms, Json, Sentiment, Verdict

Act = tuple[str, Json]

PLAIN = {
    "cancelled": "Your cancellation is recorded.",
    "already_cancelled": "Your cancellation is on record already.",
    "confirm_cancel": "Do you want to cancel your plan? Please answer yes or no.",
    "cancel_aside": "To cancel instead, just write “cancel”.",
    "opt_out_done": "You are off our list for marketing messages.",
    "erase_request": "Your request for erasure is recorded.",
    "handoff": "I am passing you to a human colleague.",
    "offer_accepted": "Thank you, your answer is noted.",
    "open_ticket": "I have written this down for our team.",
    "known_answer": "I have no answer to that here that I could rely on.",
    "greet": "Hello. I am an automated assistant and not a person. How can I help?",
}
"""What must be said even where the wording was refused."""

ACTS_WITH_TERMS = frozenset({"present_offer", "offer_accepted", "change_plan", "pause"})
"""Only these may see the decided terms; every other act is written, and guarded, as if nothing had been decided."""

FREE_ACTS = frozenset(
    {
        "acknowledge",
        "ask_reason",
        "bereavement",
        "change_plan",
        "clarify",
        "explain_bill",
        "goodbye",
        "no_offer",
        "offer_accepted",
        "pause",
        "present_offer",
        "report_problem",
        "show_account",
        "smalltalk",
    }
)
"""Acts whose words a model may find. The others say who writes, what was done and how to leave: approved wording only,
for the guard can tell that something untrue was said, not that something due was left out."""

STATEMENTS = frozenset({"acknowledge"})
"""Acts that only take something in: what is asked is left to the act that follows."""

QUESTIONS = frozenset({"what_next"})
"""Acts that only ask, and are left out after another question."""

_SENTENCES = re.compile(r"(?<=[.!?])\s+")

MOST_SEEDS = 4
"""How many wordings are tried for one that is released and that the customer has not just read."""

PLAIN_BACKEND = "plain"
"""The writer of the sentences in `PLAIN`, for the records."""

LAST_RESORT = "I cannot answer that here. Would you like to talk with a person?"


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of a turn. Every part passed the guard; `written` is every text that was asked of a writer for them."""

    text: str
    verdict: Verdict
    written: tuple[Text, ...] = ()

    @property
    def findings(self) -> tuple[Json, ...]:
        """What the guard found in tries that it refused."""
        return tuple(
            finding.as_json() for text in self.written for report in text.refused for finding in report.findings
        )


class Voice:
    """Says dialogue acts with a writer, and with approved wording what must not be left to one."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._approved = Writer(
            writer.approved, writer.approved, writer.check, max_tries=1, check_approved=writer.check_approved
        )

    def say(
        self,
        acts: Sequence[Act],
        brief: Brief,
        before: Sequence[str] = (),
        already: Sequence[str] = (),
        *,
        asks_later: bool = False,
    ) -> Spoken:
        """One reply for several acts, in other words than the replies `before` where there are any.

        What was said `already` in this turn is not said again, and a reply asks one question: with `asks_later` none
        of these acts does. The verdict is refuse only where even the last resort was refused.
        """
        parts: list[str] = []
        written: list[Text] = []
        released = True
        for place, (act, facts) in enumerate(acts):
            if act in QUESTIONS and any("?" in text for text in (*already, *parts)):
                continue
            told = replace(
                brief,
                dialogue_act=act,
                facts=FactSheet({**brief.facts.values, **facts}),
                decision=brief.decision if act in ACTS_WITH_TERMS else NO_OFFER,
                seed=brief.seed + place,
            )
            part, texts, fine = self._part(told, before, asks=not asks_later and act not in STATEMENTS)
            written += texts
            released = released and fine
            part = self._without_said(part, [*already, *parts], told)
            if part and part not in parts and not any(part in earlier for earlier in already):
                parts.append(part)
        return Spoken(" ".join(parts), Verdict.RELEASE if released else Verdict.REFUSE, tuple(written))

    def check(self, text: str, brief: Brief) -> GuardReport:
        """What the guard says of a text that is not the writer's."""
        return self._writer.check(text, brief)

    def _part(self, brief: Brief, before: Sequence[str], *, asks: bool) -> tuple[str, list[Text], bool]:
        """The words for one act, the texts on the way, and whether the guard released them."""
        texts: list[Text] = []
        text = None
        writer = self._writer if brief.dialogue_act in FREE_ACTS else self._approved
        for turn in range(MOST_SEEDS):
            texts.append(writer.write(replace(brief, seed=brief.seed + 1000 * turn)))
            if (given := texts[-1].text) is not None and not names_terms(given, brief.decision):
                texts.append(self._approved.write(brief))
            given = texts[-1].text
            if given is not None and not asks and "?" in given:
                given = self._without_question(given, brief)
            text = given or text
            if text is not None and not any(text in earlier for earlier in before):
                break
        if text is not None:
            return text, texts, True
        for plain in dict.fromkeys((PLAIN.get(brief.dialogue_act or "", LAST_RESORT), LAST_RESORT)):
            texts.append(self._checked(plain, brief))
            if texts[-1].released:
                return plain, texts, True
        return LAST_RESORT, texts, False

    def _without_said(self, text: str, earlier: Sequence[str], brief: Brief) -> str:
        """The text without the sentences that were said in this turn, where the guard releases what is left."""
        said = {sentence for part in earlier for sentence in _SENTENCES.split(part)}
        sentences = _SENTENCES.split(text)
        kept = " ".join(sentence for sentence in sentences if sentence not in said)
        if kept in ("", text):
            return text
        return kept if self._writer.check(kept, brief).released else text

    def _without_question(self, text: str, brief: Brief) -> str | None:
        """The text without the sentences that ask, where the guard releases what is left."""
        kept = " ".join(part for part in _SENTENCES.split(text) if not part.rstrip('”"').endswith("?"))
        return kept if kept and self._writer.check(kept, brief).released else None

    def _checked(self, plain: str, brief: Brief) -> Text:
        """A plain sentence as a text that stands in where a writer and approved wording failed."""
        report = self._writer.check(plain, brief)
        tries = (Try(1, PLAIN_BACKEND, report),)
        text, released = (plain, report) if report.released else (None, None)
        return Text(text, PLAIN_BACKEND, 1, released, fell_back=True, tries=tries)


def names_terms(text: str, terms: DecisionTerms) -> bool:
    """Whether a text names the figure of the offer it is about: nobody can say yes to what was not said."""
    figures = [f"{figure:g}" for figure in (terms.value, terms.price_during, terms.duration_months) if figure]
    return not figures or any(figure in text.replace(",", "") for figure in figures)


def brief_for_chat(
    sheet: FactSheet,
    terms: DecisionTerms,
    *,
    topic: str | None,
    mood: Sentiment,
    seed: int,
    intent: str | None = None,
    language: str = "en",
) -> Brief:
    """The brief that all acts of a turn share; `intent` is that of the last message where it was read surely."""
    return Brief(
        channel=Channel.CHAT,
        facts=sheet,
        decision=terms,
        topic=topic,
        intent=intent,
        mood=mood,
        seed=seed,
        language=language,
    )
