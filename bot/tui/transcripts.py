"""A conversation as a file to keep or hand on."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.tui.widgets.transcript import NAMES, Said
from bot.tui.wording import clean

if TYPE_CHECKING:
    from bot.tui.desk import Desk

FORMS = (
    ("txt", "Plain text"),
    ("md", "Markdown"),
    ("json", "JSON"),
)
FILE_NAMES = {**NAMES, "agent": "Agent", "colleague": "Agent"}


def written(turns: Sequence[Said], form: str, title: str, now: datetime) -> str:
    """The turns in a form; notes of the screen are left out."""
    spoken = [said for said in turns if said.who != "note"]
    if form == "json":
        rows = [{"who": FILE_NAMES[said.who].lower(), "text": said.text} for said in spoken]
        return json.dumps({"title": title, "written_at": now.isoformat(), "turns": rows}, ensure_ascii=False, indent=2)
    named = [(FILE_NAMES[said.who], clean(said.text)) for said in spoken]
    if form == "md":
        # A quotation keeps what a customer wrote from being read as markup of the page.
        parts = [f"**{name}**\n\n" + "\n".join(f">     {line}" for line in text.splitlines()) for name, text in named]
        return f"# {clean(title)}\n\n" + "\n\n".join(parts) + "\n"
    return "\n".join([clean(title), f"{now:%Y-%m-%d %H:%M}", "", *(f"{name}: {text}" for name, text in named)]) + "\n"


def write_transcript(desk: "Desk", turns: Sequence[Said], form: str, customer_id: str) -> Path:
    """Write a conversation into the exports folder."""
    from bot.outreach.exports import write_whole

    now = desk.services.now()
    safe = "".join(char if char.isascii() and char.isalnum() else "-" for char in customer_id)[:40] or "customer"
    clock = desk.services.clock()
    target = desk.settings.exports_folder / f"chat-{safe}-{clock:%Y-%m-%d-%H%M%S}.{form}"
    text = written(turns, form, f"Chat with {customer_id}", now)
    return write_whole(target, text.encode(), overwrite=True)
