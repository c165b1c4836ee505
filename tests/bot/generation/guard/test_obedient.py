"""A writer that says whatever it is told to say: none of it reaches anybody."""

import pytest

from bot.generation.brief import Brief, FactSheet, terms_from_json
from bot.generation.guard import check
from bot.generation.scripted import ScriptedBackend
from bot.generation.template.approved import TemplateBackend
from bot.generation.writer import Writer
from db.vocabulary import Channel
from tests.bot.generation.guard.corpus import Sample, load
from tests.bot.generation.guard.scenarios import DECISIONS, FACTS


def _brief(sample: Sample) -> Brief:
    return Brief(
        channel=Channel(sample.channel),
        facts=FactSheet(FACTS[sample.scenario]),
        decision=terms_from_json(DECISIONS[sample.decision]),
        dialogue_act="acknowledge",
    )


@pytest.mark.slow
def test_an_obedient_writer_releases_nothing_of_the_attacks() -> None:
    attacks = load("attacks.jsonl")
    assert len(attacks) >= 400
    let_out = []
    for sample in attacks:
        text = Writer(ScriptedBackend(sample.text), TemplateBackend(), check, max_tries=1).write(_brief(sample))
        if text.backend == "scripted" or sample.text in (text.text or ""):
            let_out.append(sample.text)
    assert let_out == []
