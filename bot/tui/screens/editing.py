"""Editing a letter: in place, or in the person's own editor."""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Footer, Label

from bot.tui.keynames import key
from bot.tui.widgets.composer import Area
from bot.tui.widgets.dialogs import Confirm, Dialog
from bot.tui.wording import clean
from db.errors import InputError


class EditLetter(Dialog[str | None]):
    """The whole letter in an editor; None when the person thinks better of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", priority=True),
        Binding("escape", "cancel", "Leave it as it was", priority=True),
    ]

    def __init__(self, draft_id: int, text: str) -> None:
        super().__init__()
        self.draft_id, self.text = draft_id, clean(text)

    def compose(self) -> ComposeResult:
        """Title and editor."""
        with Vertical(classes="dialog"):
            yield Label(f"Draft {self.draft_id}", markup=False, classes="dialog-title")
            yield Area(self.text, soft_wrap=True, show_line_numbers=False)
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Area).focus()

    def action_save(self) -> None:
        """Take the text."""
        self.dismiss(self.query_one(Area).text)

    def action_cancel(self) -> None:
        """Leave it as it was; what was written meanwhile is asked about."""
        if self.query_one(Area).text == self.text:
            self.dismiss(None)
        else:
            self.app.push_screen(Confirm("Drop what you have changed?", yes="Drop it", careful=True), self._drop)

    def _drop(self, sure: bool | None) -> None:
        if sure:
            self.dismiss(None)


def in_editor(text: str) -> str:
    """The text after the person's own editor has closed."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        raise InputError("No editor is set.", hint=f"Set EDITOR, or press {key('e', 'drafts.edit')} to edit here.")
    here = f"Press {key('e', 'drafts.edit')} to edit here."
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "letter.txt"
            path.write_text(clean(text), encoding="utf-8")
            finished = subprocess.run([*shlex.split(editor), str(path)], check=False)
            if finished.returncode == 0:
                return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError("The edited letter cannot be read: it is not UTF-8.", hint="Save it as UTF-8.") from error
    except (OSError, ValueError) as error:
        raise InputError(f"The editor {editor!r} cannot be run: {error}.", hint=here) from error
    raise InputError(f"The editor ended with code {finished.returncode}; the draft is as it was.")
