"""Every conversation that was recorded with a real Rasa server goes the same way with the dialogue manager."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from analytics.language.training.texts import intent_examples
from bot.conversation import Chat
from bot.dialogue.project.files import shipped, shipped_folder
from bot.wiring import Services
from tests.bot.conftest import understander
from tests.parity.company import HERE, TRANSCRIPTS, Script, changes, decide, open_company, scripts

SAME = 0.99
LEAST_CONVERSATIONS, LEAST_TURNS = 60, 400
TICKET = re.compile(r"\bT-\d+-(\d+)")
"""A ticket is named after the conversation in our store; Rasa's conversations are not in it."""

Differences = set[tuple[str, int, str]]


def recorded() -> list[dict[str, Any]]:
    return [json.loads(line) for line in TRANSCRIPTS.read_text(encoding="utf-8").splitlines()]


def explained() -> list[dict[str, Any]]:
    document = yaml.safe_load((HERE / "differences.yaml").read_text(encoding="utf-8"))
    return list(document["differences"])


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, dict[str, Script]]]:
    services = open_company(tmp_path_factory.mktemp("parity"))
    services.__dict__["understander"] = understander()
    said = scripts(services)
    decide(services, said)
    yield services, {script.name: script for script in said}
    services.close()


async def replay(services: Services, transcript: dict[str, Any]) -> Differences:
    """Where our side of a conversation differs."""
    chat = Chat(services)
    session = chat.open(transcript["customer"])
    name, slots = transcript["name"], shipped().domain.start()
    found: Differences = set()
    if session.greeting != transcript["greeting"]:
        found.add((name, 0, "reply"))
    for number, theirs in enumerate(transcript["turns"], start=1):
        reply = await chat.turn(session, theirs["says"])
        ours: dict[str, Any] = {
            "actions": [action["name"] for action in reply.actions],
            "slots": changes(slots, reply.slots),
            "reply": reply.text,
        }
        slots = {**slots, **ours["slots"]}
        found |= {(name, number, part) for part, value in ours.items() if plain(value) != plain(theirs[part])}
    return found


def plain(value: Any) -> str:
    return TICKET.sub(r"T-*-\1", json.dumps(value, ensure_ascii=False, sort_keys=True))


def test_the_transcripts_are_of_the_scripts_and_many(company: tuple[Services, dict[str, Script]]) -> None:
    _, said = company
    found = recorded()
    assert {transcript["name"]: tuple(turn["says"] for turn in transcript["turns"]) for transcript in found} == {
        script.name: script.says for script in said.values()
    }
    assert all(said[transcript["name"]].customer == transcript["customer"] for transcript in found)
    assert len(found) >= LEAST_CONVERSATIONS
    assert sum(len(transcript["turns"]) for transcript in found) >= LEAST_TURNS


def test_the_transcripts_use_what_the_project_can_do() -> None:
    done = {action for transcript in recorded() for turn in transcript["turns"] for action in turn["actions"]}
    not_recorded = {"action_listen", "action_too_long"}
    assert {entry.action for entry in shipped().entries} - done <= not_recorded


def test_every_turn_goes_as_with_rasa(company: tuple[Services, dict[str, Script]]) -> None:
    services, _ = company

    async def all_of_them() -> Differences:
        return {difference for transcript in recorded() for difference in await replay(services, transcript)}

    found = asyncio.run(all_of_them())
    listed = {(entry["conversation"], entry["turn"], entry["part"]) for entry in explained()}
    assert found == listed
    turns = sum(len(transcript["turns"]) for transcript in recorded())
    assert len({(name, number) for name, number, _ in found}) <= (1 - SAME) * turns
    assert all(entry["why"] for entry in explained())


def test_the_phrases_for_rasas_own_pipeline_are_training_texts() -> None:
    known = intent_examples()
    text = (Path(str(shipped_folder())) / "data" / "nlu.yml").read_text(encoding="utf-8")
    for entry in yaml.safe_load(text)["nlu"]:
        phrases = [line.removeprefix("- ") for line in entry["examples"].splitlines()]
        assert set(phrases) <= set(known[entry["intent"]])
        assert len(phrases) >= 20
