"""What the guard hands back: findings with their place in the text, and a verdict."""

from dataclasses import dataclass

from db.vocabulary import Json, Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a text may not say: the rule, the words, their offsets in the text as written, and a sentence."""

    rule: str
    claim: str
    start: int
    end: int
    message: str

    def as_json(self) -> Json:
        """The finding as a JSON object."""
        return {
            "rule": self.rule,
            "claim": self.claim,
            "start": self.start,
            "end": self.end,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class GuardReport:
    """The verdict on a text and every finding, in the order of the text; no finding means release."""

    verdict: Verdict
    findings: tuple[Finding, ...] = ()

    @property
    def released(self) -> bool:
        """Whether the text may leave."""
        return self.verdict is Verdict.RELEASE

    def sentences(self) -> tuple[str, ...]:
        """The findings in words, each once: what a writer is told before the next try."""
        return tuple(dict.fromkeys(finding.message for finding in self.findings))
