"""`mainstay handoffs`: the queue of conversations that a person is to take over."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import JsonOption, StoreOption, reading_model_of, services
from bot.cli.output import say, write_json, write_line, write_table
from db.vocabulary import HandoffOutcome

if TYPE_CHECKING:
    from bot.dialogue.handoffs import HandoffDossier
    from db.repositories.handoffs import HandoffView

NumberArgument = Annotated[int, typer.Argument(metavar="N", help="The number of the hand-off.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(help="Conversations that wait for a person: take them, answer, end them.", no_args_is_help=True)
    group.command("list")(list_handoffs)
    group.command("show")(show)
    group.command("take")(take)
    group.command("reply")(reply)
    group.command("close")(close)
    app.add_typer(group, name="handoffs")


def list_handoffs(
    store: StoreOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 200,
    skip: Annotated[int, typer.Option("--skip", min=0, help="Leave out so many at the beginning.")] = 0,
    json: JsonOption = False,
) -> None:
    """List what waits for a person, longest wait first."""
    from db.repositories.handoffs import HandoffRepository
    from db.vocabulary import HandoffState
    from db.waiting import overdue

    with services(store) as built:
        now = built.now()
        overdue(built.store, now, built.settings.patience)
        states = tuple(HandoffState) if everything else tuple(one for one in HandoffState if one != HandoffState.DONE)
        with built.store.read() as session:
            found = HandoffRepository(session).find(states, limit=limit, offset=skip)
            size = HandoffRepository(session).count(states)
    if len(found) < size:
        say(f"{len(found):,} of {size:,} shown; --limit and --skip show others.")
    if json:
        write_json([_document(one) for one in found])
        return
    rows = [
        (
            one.id,
            one.state.value.replace("_", " "),
            one.customer_id,
            one.reason.replace("_", " "),
            _ago(one.asked_at, now),
            one.taken_by or (f"({one.was_with} fell silent)" if one.was_with else ""),
            one.outcome.value.replace("_", " ") if one.outcome else "",
        )
        for one in found
    ]
    write_table(["n", "state", "customer", "why", "since", "with", "outcome"], rows, right=[0])
    if any(one.state is not HandoffState.DONE and one.taken_by is None for one in found):
        say("Next: `mainstay handoffs show N`, then `mainstay handoffs take N`.")


def show(number: NumberArgument, store: StoreOption = None, json: JsonOption = False) -> None:
    """Show the dossier: who, risk, value, reasons, mood, what was said, what was offered and may still be."""
    from bot.dialogue.handoffs import handoff_dossier
    from bot.dossier import dossier

    with services(store) as built:
        now = built.now()
        found = handoff_dossier(built.store, number, now)
        model = reading_model_of(built)
        person = dossier(built.store, built.models, found.handoff.customer_id, now, reading_model=model)
    if json:
        write_json({**found.as_json(), "customer": person.as_json()})
        return
    for line in _lines(found):
        write_line(line)
    write_line()
    for line in person.lines():
        write_line(line)


def take(number: NumberArgument, store: StoreOption = None, json: JsonOption = False) -> None:
    """Take a conversation over: the bot is silent in it until you close the hand-off."""
    from bot.dialogue.handoffs import take as run

    with services(store) as built:
        taken = run(built.store, number, built.settings.actor, built.now())
    if json:
        write_json(_document(taken))
    else:
        write_line(f"Hand-off {number} is with {taken.taken_by}; the bot is silent in it.")
        say(f"Next: `mainstay handoffs reply {number} TEXT`, then `mainstay handoffs close {number} --outcome ...`.")


def reply(
    number: NumberArgument,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What the customer reads.")],
    store: StoreOption = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Send what the guard refuses; you answer for it.")] = False,
    json: JsonOption = False,
) -> None:
    """Write to the customer of a hand-off that you have taken; the guard reads it first."""
    from bot.dialogue.answering import answer

    with services(store) as built:
        sent = answer(built, number, text, anyway=anyway)
    if json:
        write_json({"id": number, "turn": sent.turn, "findings": list(sent.findings)})
    else:
        write_line(f"Sent as turn {sent.turn}.")


def close(
    number: NumberArgument,
    outcome: Annotated[HandoffOutcome, typer.Option("--outcome", help="What came of it.")],
    note: Annotated[str, typer.Option("--note", help="A sentence for the record.")] = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """End a hand-off. `lost` ends the contract, `opt_out` ends contact, `accepted` and `declined` answer the offer."""
    from bot.dialogue.handoffs import close as run

    with services(store) as built:
        closed = run(built.store, number, outcome, built.settings.actor, built.now(), note=note or None)
    if json:
        write_json(_document(closed))
    else:
        write_line(f"Hand-off {number} is over: {outcome.value.replace('_', ' ')}.")
        if outcome is HandoffOutcome.SAVED:
            say("Whether it was a save is observed after the horizon: `mainstay outcomes observe`.")


def _document(one: "HandoffView") -> dict[str, Any]:
    return {
        "id": one.id,
        "state": one.state.value,
        "customer_id": one.customer_id,
        "conversation_id": one.conversation_id,
        "reason": one.reason,
        "asked_at": one.asked_at,
        "waits_until": one.waits_until,
        "taken_by": one.taken_by,
        "taken_at": one.taken_at,
        "was_with": one.was_with,
        "ended_at": one.ended_at,
        "outcome": one.outcome.value if one.outcome else None,
        "note": one.note,
    }


NOTED = {
    "wants_to_cancel": "wants to cancel",
    "cancelled": "has cancelled",
    "opted_out": "wants no more messages",
    "erasure_requested": "wants to be forgotten: `mainstay customers requests`",
}
MARKS = {"negative": "-", "neutral": "o", "positive": "+"}


def _lines(found: "HandoffDossier") -> Iterator[str]:
    """The part of the dossier that the conversation gave."""
    handoff = found.handoff
    yield f"Hand-off {handoff.id}, {handoff.state.value.replace('_', ' ')}: {handoff.reason.replace('_', ' ')}"
    yield f"  asked {handoff.asked_at:%Y-%m-%d %H:%M}, waits until {handoff.waits_until:%H:%M} (UTC)"
    if handoff.taken_by:
        yield f"  with {handoff.taken_by}"
    if handoff.was_with:
        yield f"  back in the queue: {handoff.was_with} had taken it and fell silent"
    if handoff.outcome:
        yield f"  outcome {handoff.outcome.value.replace('_', ' ')}{': ' + handoff.note if handoff.note else ''}"
    noted = found.noted
    if noted.get("topic"):
        yield f"  about: {str(noted['topic']).replace('_', ' ')}"
    yield from (f"  {label}" for name, label in NOTED.items() if noted.get(name))
    for ticket in noted.get("tickets") or ():
        yield f"  ticket {ticket}"
    if noted.get("callback"):
        yield f"  wants a call: {noted['callback']}"
    curve = "".join(MARKS.get(mood, "?") for _, mood in found.moods)
    yield f"  mood by message (- unhappy, o neutral, + happy): {curve}"
    tried = noted.get("offer") or "none"
    yield f"  offer in this conversation: {tried}"
    if found.still_allowed:
        terms = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in found.still_allowed.items())
        yield f"  still allowed: {terms}"
    else:
        yield f"  no offer is allowed now: {(found.no_offer_because or '').replace('_', ' ')}"
    yield "What the customer said"
    for number, text in found.quotes:
        yield f"  {number:>3}  “{' '.join(text.split())}”"


def _ago(moment: datetime, now: datetime) -> str:
    minutes = max(0, int((now - moment).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes < 48 * 60 else f"{minutes // 1440} days"
