"""Records the conversations with a real Rasa 3.6.21 server: `python -m tests.parity.record --rasa VENV/bin/rasa`.

Starts our action server on a demo store, trains and runs the shipped Rasa project over it, says every line of
conversations.yaml, and writes transcripts.jsonl beside this file: per turn the actions that Rasa ran, the slots that
changed, and the reply. Nothing else of the machine is in there.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.rasa_server import RasaServer, action_server, rasa_server
from bot.dialogue.project.files import shipped
from bot.dialogue.project.rules import LISTEN
from db.vocabulary import Json
from tests.parity.company import TRANSCRIPTS, Script, changes, decide, open_company, scripts


async def record(rasa: Path, folder: Path, target: Path) -> int:
    """Record all conversations into a file; returns how many turns there were."""
    services = open_company(folder)
    said = scripts(services)
    decide(services, said)
    _ = services.understander
    lines: list[str] = []
    turns = 0
    async with action_server(services) as (url, token), rasa_server(rasa, url, token) as server:
        for script in said:
            found = await _conversation(server, script)
            turns += len(found["turns"])
            lines.append(json.dumps(found, ensure_ascii=False, sort_keys=True))
            sys.stderr.write(f"{len(lines)}/{len(said)} {script.name}\n")
    services.close()
    target.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return turns


async def _conversation(server: RasaServer, script: Script) -> Json:
    slots = shipped().domain.start()
    turns: list[Json] = []
    greeting = ""
    for text in script.says:
        await server.say(script.customer, text)
        tracker = await server.tracker(script.customer)
        events = tracker["events"]
        heard = [place for place, event in enumerate(events) if event["event"] == "user"]
        greeting = " ".join(event["text"] for event in events[: heard[0]] if event["event"] == "bot")
        after = events[heard[-1] :]
        done = [event["name"] for event in after if event["event"] == "action" and event["name"] != LISTEN]
        turn: Json = {
            "says": text,
            "actions": [*tracker["slots"]["at_once"], *done],
            "slots": changes(slots, tracker["slots"]),
            "reply": " ".join(event["text"] for event in after if event["event"] == "bot"),
        }
        slots = {**slots, **turn["slots"]}
        turns.append(turn)
    return {
        "name": script.name,
        "offer": script.offer,
        "customer": script.customer,
        "greeting": greeting,
        "turns": turns,
    }


def main() -> None:
    """Record and say how much it was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rasa", type=Path, required=True, help="the rasa command of an environment with Rasa 3.6.21")
    parser.add_argument("--to", type=Path, default=TRANSCRIPTS, metavar="FILE")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        turns = asyncio.run(record(options.rasa, Path(folder), options.to))
    sys.stderr.write(f"{turns} turns are in {options.to}.\n")


if __name__ == "__main__":
    main()
