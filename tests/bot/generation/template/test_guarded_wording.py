"""Approved wording about a topic passes the guard where nothing was decided: a refused line withholds a letter."""

from dataclasses import replace

import pytest

from bot.generation.brief import NO_OFFER
from bot.generation.guard import check_approved
from bot.generation.template.bank import SLOT, shipped, spoken
from bot.generation.template.situation import TOPICS
from db.vocabulary import Channel
from tests.bot.generation.briefs import brief

LINES = sorted(
    {
        form
        for slot, groups in shipped().groups.items()
        if slot.startswith("letter.") and slot.rpartition(".")[2] in (*TOPICS, "unknown")
        for group in groups
        if all("none" in group.when.get(name, {"none"}) for name in ("offer", "kind"))
        for text in group.say
        if not SLOT.search(text)
        for form in (text, spoken(text))
    }
)


def test_there_are_many_lines() -> None:
    assert len(LINES) > 700


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_approved_wording_passes(line: str) -> None:
    findings = check_approved(line, replace(brief(1, Channel.CHAT), decision=NO_OFFER)).findings
    assert [(found.rule, line[found.start : found.end]) for found in findings] == []
