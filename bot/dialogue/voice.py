"""From dialogue acts to words: a brief for each act, the guarded writer, and plain sentences as a last resort."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.generation.brief import Brief, FactSheet
from bot.generation.writer import Writer
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
    "greet": "Hello. I am an automated assistant and not a person. How can I help?",
}
"""What must be said even where the wording was refused."""

LAST_RESORT = "I cannot answer that here. Would you like to talk with a person?"


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of a turn. Every part passed the guard; `findings` are those of tries that were refused."""

    text: str
    verdict: Verdict
    findings: tuple[Json, ...]


class Voice:
    """Says dialogue acts with a writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def say(self, acts: Sequence[Act], brief: Brief) -> Spoken:
        """One reply for several acts; an act that only its last resort could say counts as refused once."""
        parts: list[str] = []
        findings: list[Json] = []
        for place, (act, facts) in enumerate(acts):
            sheet = FactSheet({**brief.facts.values, **facts})
            part, refused = self._part(replace(brief, dialogue_act=act, facts=sheet, seed=brief.seed + place))
            findings += refused
            if part and part not in parts:
                parts.append(part)
        return Spoken(" ".join(parts) or LAST_RESORT, Verdict.RELEASE, tuple(findings))

    def _part(self, brief: Brief) -> tuple[str, list[Json]]:
        written = self._writer.write(brief)
        findings = [finding.as_json() for report in written.refused for finding in report.findings]
        if written.text is not None:
            return written.text, findings
        plain = PLAIN.get(brief.dialogue_act or "", LAST_RESORT)
        return plain if self._writer.check(plain, brief).released else LAST_RESORT, findings


def brief_for_chat(
    sheet: FactSheet, terms: DecisionTerms, *, topic: str | None, mood: Sentiment, seed: int, language: str = "en"
) -> Brief:
    """The brief that all acts of a turn share."""
    return Brief(
        channel=Channel.CHAT, facts=sheet, decision=terms, topic=topic, mood=mood, seed=seed, language=language
    )
