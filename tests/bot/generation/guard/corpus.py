"""Loads the corpora of texts to release and to refuse; those named unseen were never learned from."""

import json
from pathlib import Path
from typing import NamedTuple

from bot.generation.guard import check_json
from tests.bot.generation.guard.scenarios import DECISIONS, FACTS

DATA = Path(__file__).parent / "data"

HOST = """Subject: A word from us

Hello,

thank you for your message. We have read it with care.

{claim}

If you have a question, just reply to this e-mail.

Kind regards
{company}"""


class Sample(NamedTuple):
    """A text with the names of its facts and its decision."""

    scenario: str
    decision: str
    channel: str
    text: str
    kind: str = ""

    def refused_by(self) -> list[str]:
        """The rules that refuse the text."""
        return rules(self.text, self.scenario, self.decision, self.channel)

    def inside_a_letter(self) -> "Sample":
        """The same words as one paragraph of an e-mail that is otherwise in order."""
        text = HOST.format(claim=self.text, company=FACTS[self.scenario]["company"])
        return self._replace(channel="email", text=text)


def rules(text: str, scenario: str = "lumen", decision: str = "lumen20", channel: str = "chat") -> list[str]:
    """The rules that refuse a text, in its order."""
    line = {"facts": FACTS[scenario], "decision": DECISIONS[decision], "text": text, "channel": channel}
    return [found["rule"] for found in check_json(line)["findings"]]


def load(name: str) -> list[Sample]:
    """The samples of a corpus file."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [Sample(**json.loads(line)) for line in lines if line]
