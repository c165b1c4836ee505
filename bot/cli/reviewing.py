"""`mainstay drafts preview` and `variants`: how a letter will look, what was changed in it, how else to say it."""

from typing import Annotated, Literal

import typer

from bot.cli.options import JsonOption, StoreOption, services
from bot.cli.output import say, write_json, write_line
from db.errors import InputError

DraftId = Annotated[int, typer.Argument(metavar="DRAFT", help="An id from `mainstay drafts list`.")]
ViewName = Literal["plain", "html", "changes"]
MARKS = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}


def preview(
    draft_id: DraftId,
    view: Annotated[ViewName, typer.Option("--as", help="The message as plain text or HTML, or what was changed.")] = (
        "plain"
    ),
    store: StoreOption = None,
) -> None:
    """Print a letter as it will leave, or what people changed in the writer's text."""
    from bot.generation.letter import join_letter
    from bot.outreach.reviewing import changes, first_text
    from bot.outreach.reviewing import preview as run
    from db.repositories.drafts import DraftRepository
    from db.vocabulary import CompanyProfile

    with services(store) as built:
        with built.store.read() as session:
            drafts = DraftRepository(session)
            draft, steps = drafts.get(draft_id), drafts.steps(draft_id)
        if view == "changes":
            before, after = first_text(draft, steps), join_letter(draft.subject, None, draft.body)
            write_line("".join(MARKS[kind].format(text) for kind, text in changes(before, after)))
            return
        plain, html = run(draft, built.company or CompanyProfile(company=""), built.now())
    write_line(plain if view == "plain" else html)


def variants(
    draft_id: DraftId,
    take: Annotated[int | None, typer.Option("--take", min=1, help="Put this one in the place of the letter.")] = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Write other letters to the same brief; --take puts one in the letter's place, to be reviewed anew."""
    from dataclasses import asdict

    from bot.outreach.approvals import edit
    from bot.outreach.reviewing import other_wordings
    from db.repositories.drafts import DraftRepository

    with services(store) as built:
        with built.store.read() as session:
            draft = DraftRepository(session).get(draft_id)
        found = other_wordings(built.writer, draft)
        if take is not None:
            if take > len(found):
                raise InputError(f"There are {len(found)} other wordings, so not number {take}.", hint="Look first.")
            one = found[take - 1]
            edit(built.store, draft_id, one.subject, one.body, built.settings.actor, built.now())
    if json:
        write_json([asdict(one) for one in found])
        return
    for place, one in enumerate(found, 1):
        write_line(f"{place}. variant {one.variant}, {one.backend}\nSubject: {one.subject}\n\n{one.body}\n")
    say(f"Draft {draft_id} has wording {take} now." if take else f"{len(found)} other wordings.")
