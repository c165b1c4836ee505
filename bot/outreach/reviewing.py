"""What a reviewer may ask of a draft: how it will look, what was changed in it, how else it could be said."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from bot.generation.brief_json import brief_from_json
from bot.generation.letter import join_letter, split_letter
from bot.outreach.messages import Letter, build_message
from db.vocabulary import CompanyProfile

if TYPE_CHECKING:
    from bot.generation.writer import Writer
    from db.repositories.drafts import DraftStepView, DraftView

OTHER_SEEDS = 4
WORDINGS = 3
Change = tuple[Literal["same", "gone", "new"], str]


@dataclass(frozen=True, slots=True)
class Wording:
    """Another way to say a letter, released by the guard."""

    variant: str
    backend: str
    subject: str
    body: str


def preview(draft: "DraftView", company: CompanyProfile, at: datetime) -> tuple[str, str]:
    """The message as plain text and as HTML source, as it will leave. Raises InputError for an unusable address."""
    letter = Letter(
        draft_id=draft.id,
        customer_id=draft.customer_id,
        name=draft.customer_name,
        email=draft.email or "",
        subject=draft.subject,
        preheader=draft.preheader,
        body=draft.body,
    )
    message = build_message(letter, company, at)
    headers = "\n".join(
        f"{name}: {message[name]}" for name in ("From", "To", "Subject", "List-Unsubscribe") if message[name]
    )
    parts = {part.get_content_subtype(): str(part.get_content()) for part in message.iter_parts()}
    return f"{headers}\n\n{parts.get('plain', '')}", parts.get("html", "")


def first_text(draft: "DraftView", steps: "Sequence[DraftStepView]") -> str:
    """The letter as the writer wrote it, before any person changed it."""
    subject, body = draft.subject, draft.body
    for step in reversed(steps):
        if step.subject_before is not None and step.body_before is not None:
            subject, body = step.subject_before, step.body_before
    return join_letter(subject, None, body)


def changes(before: str, after: str) -> Iterator[Change]:
    """What was kept, taken out and put in, word by word; a word has the space after it, so that runs stay whole."""
    old, new = (re.findall(r"\S+\s*|\s+", text) for text in (before, after))
    for kind, a, b, c, d in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", "".join(old[a:b])
            continue
        if b > a:
            yield "gone", "".join(old[a:b])
        if d > c:
            yield "new", "".join(new[c:d])


def other_wordings(writer: "Writer", draft: "DraftView") -> list[Wording]:
    """Other letters to the same brief: the other variant first, then other seeds; only what the guard released."""
    brief = brief_from_json({"channel": draft.channel.value, **draft.brief})
    other = "b" if brief.variant == "a" else "a"
    briefs = [
        replace(brief, variant=variant, seed=(brief.seed + 7919 * step) % 2**31, objections=())
        for variant, step in ((other, 0), *((brief.variant, step) for step in range(1, OTHER_SEEDS)))
    ]
    found: list[Wording] = []
    known = {draft.body}
    for asked, text in zip(briefs, writer.write_many(briefs), strict=True):
        if not text.released or text.text is None:
            continue
        subject, _, body = split_letter(text.text)
        if body not in known and len(found) < WORDINGS:
            known.add(body)
            found.append(Wording(asked.variant, text.backend, subject, body))
    return found
