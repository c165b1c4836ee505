"""Drafts: read, approve, edit, reject and export letters; every step can be taken back until it has left."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType

from bot.generation.letter import join_letter, split_letter
from bot.tui.keynames import keyed
from bot.tui.page import step
from bot.tui.screens.editing import EditLetter, in_editor
from bot.tui.screens.queue import DraftQueue
from bot.tui.widgets.dialogs import Ask, Choose, Confirm
from bot.tui.wording import one_line
from db.errors import InputError
from db.vocabulary import DraftState

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.tui.desk import Desk
    from bot.tui.pipeline import Asked, Report
    from db.repositories.drafts import DraftView

FORMATS = (
    ("eml", "One .eml file per letter, opens in a mail program"),
    ("mbox", "One mailbox file"),
    ("csv", "CSV, a row per letter"),
    ("jsonl", "JSON lines"),
    ("listmonk", "CSV for listmonk"),
)

NO_ADDRESS = "The customer has no e-mail address, so that it cannot leave."

HELP_TEXT = """Letters wait here until a person has read them. What the guard objects to is underlined in the letter, \
and such a letter cannot be approved; edit it or reject it.

Approve all asks first and leaves out what the guard refuses. Export hands over approved letters only, and asks \
consent, suppressions, contact limits and the guard once more. Undo takes back your last step, all of an approve-all.

{v=drafts.view} changes what is shown: the letter with the guard's marks, what people changed in the writer's \
text, the message as it will leave as plain text and as HTML source. {w=drafts.wordings} asks for other words, the \
other variant first. {/=drafts.search} shows only drafts that hold a text, and approve all then means those."""


class DraftsScreen(DraftQueue):
    """What a person may do to a draft."""

    MODE = "drafts"
    CSS_PATH = "drafts.tcss"
    HELP_TEXT = HELP_TEXT
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "approve", "Approve"),
        Binding("e", "edit", "Edit"),
        Binding("E", "editor", "Edit in $EDITOR", show=False),
        Binding("r", "reject", "Reject"),
        Binding("u", "undo", "Undo", tooltip="Undo the last step"),
        Binding("A", "approve_all", "All", tooltip="Approve all that are shown and wait for review"),
        Binding("x", "export", "Export", tooltip="Export approved letters"),
        Binding("v", "view", "View", tooltip="Letter, changes, plain text, HTML source"),
        Binding("w", "wordings", "Words", tooltip="Other wordings of this letter", show=False),
        Binding("slash", "search", "Search", tooltip="Search the drafts"),
        Binding("f", "filter", "Filter", tooltip="Choose which state is shown", show=False),
        Binding("n", "more", "New", tooltip="Draft more letters", show=False),
        Binding("c", "customer", "Open the customer", show=False),
        Binding("escape", "all", "Show all again", show=False),
        Binding("left_square_bracket,ctrl+up", "scroll_letter(-3)", "Scroll the letter up", show=False),
        Binding("right_square_bracket,ctrl+down", "scroll_letter(3)", "Scroll the letter down", show=False),
    ]

    async def act(self, call: "Callable[[Desk], object]", told: str, draft_id: int | None = None) -> None:
        """Run a step on a draft, remember it for undo, and show the queue anew."""
        self.app.clear_notifications()  # those of earlier steps lie over the queue
        done = await self.ask(lambda desk: (call(desk), True)[1])
        if done:
            if draft_id is not None:
                self.touched.append([draft_id])
            self.mainstay.tell(told)
            await self.mainstay.look_again()

    @step
    async def action_approve(self) -> None:
        """Approve the letter under the cursor."""
        draft = self.current
        if draft is not None:
            told = f"Draft {draft.id} is approved." + ("" if draft.email else f" {NO_ADDRESS}")
            await self.act(lambda desk: desk.approve([draft.id]), told, draft.id)

    @step
    async def action_reject(self) -> None:
        """Reject the letter, with a reason."""
        draft = self.current
        if draft is None:
            return
        title = f"Why is draft {draft.id} rejected?"
        reason = await self.app.push_screen_wait(Ask(title, help_text="The reason stays in the draft's history."))
        if reason is not None:
            await self.act(lambda desk: desk.reject(draft.id, reason), f"Draft {draft.id} is rejected.", draft.id)

    @step
    async def action_undo(self) -> None:
        """Take back the last step, of however many drafts, or the last step of the draft under the cursor."""
        draft = self.current
        while self.touched and not self.touched[-1] and not self.mainstay.work_line:
            self.touched.pop()  # an approve-all that the guard let nothing through
        ids = self.touched[-1] if self.touched else ([draft.id] if draft else [])
        if self.mainstay.work_line:
            self.mainstay.tell(
                keyed("Something is running; undo when it is done, or stop it with {ctrl+x=app.stop_work}.")
            )
        elif len(ids) == 1:
            del self.touched[-1:]
            await self.act(lambda desk: desk.undo(ids[0]), f"Draft {ids[0]} is as it was before.")
        elif ids and self.mainstay.start_work("Undo", partial(_undo_all, ids=ids)):
            del self.touched[-1:]

    @step
    async def action_edit(self) -> None:
        """Edit the letter in place."""
        draft = self.current
        if draft is None:
            return
        text = await self.app.push_screen_wait(EditLetter(draft.id, join_letter(draft.subject, None, draft.body)))
        if text is not None:
            await self._keep(draft, text)

    @step
    async def action_editor(self) -> None:
        """Edit the letter in the person's own editor."""
        draft = self.current
        if draft is None:
            return
        text, refused = None, None
        try:
            with self.app.suspend():
                # An error that left this block would leave the terminal to the editor that is not there.
                try:
                    text = in_editor(join_letter(draft.subject, None, draft.body))
                except InputError as error:
                    refused = error
        except SuspendNotSupported:
            refused = InputError("This terminal cannot make room for an editor.", hint="Edit the letter here instead.")
        if refused is not None:
            self.mainstay.complain(refused)
        elif text is not None:
            await self._keep(draft, text)

    async def _keep(self, draft: "DraftView", text: str) -> None:
        subject, _, body = split_letter(text)
        if (subject, body) == (draft.subject, draft.body):
            return
        if not subject or not body:
            self.mainstay.complain(InputError("A letter has a first line `Subject: …`, a blank line and a body."))
            return
        found = await self.ask(lambda desk: desk.edit(draft.id, subject, body))
        if found is not None:
            self.touched.append([draft.id])
            times = "once" if found == 1 else f"{found} times"
            verdict = f"the guard objects {times}" if found else "the guard has no objection"
            self.mainstay.tell(f"Draft {draft.id} is changed; {verdict}.")
            await self.mainstay.look_again()

    @step
    async def action_approve_all(self) -> None:
        """Approve every draft that is shown, waits for review and that the guard lets go."""
        ids = await self.ask(lambda desk: desk.draft_ids(DraftState.NEEDS_REVIEW, self.search))
        if not ids:
            self.mainstay.tell("No draft waits for review." if not self.search else "None of these waits for review.")
            return
        which = f" and hold “{one_line(self.search)}”" if self.search else ""
        question = f"Approve all {len(ids):,} drafts that wait for review{which}?\nThose the guard refuses stay."
        if await self.app.push_screen_wait(Confirm(question, yes="Approve all")):
            approved: list[int] = []
            if self.mainstay.start_work("Approve", partial(_approve_all, ids=ids, approved=approved)):
                self.touched.append(approved)

    @step
    async def action_export(self) -> None:
        """Hand over what is approved."""
        count = await self.ask(lambda desk: desk.draft_counts().get(DraftState.APPROVED, 0))
        if not count:
            self.mainstay.tell(
                keyed("Nothing is approved yet; press {a=drafts.approve} on a draft that you have read.")
            )
            return
        form = await self.app.push_screen_wait(Choose(f"Export {_drafts(count)} as", FORMATS))
        report = await self.ask(lambda desk: desk.export(form)) if form else None
        if report is None:
            return
        where = f" to {report.files[0].parent}" if report.files else ""
        kept = "".join(f"\nDraft {item.draft_id} kept back: {item.sentence}" for item in report.withheld[:5])
        self.mainstay.tell(f"{len(report.exported):,} exported{where}, {len(report.withheld):,} kept back.{kept}")
        await self.mainstay.look_again()

    @step
    async def action_more(self) -> None:
        """Draft letters for the customers whose offers are worth most."""
        help_text = "Those whose offers are worth most come first; nobody gets two open letters."
        found = await self.app.push_screen_wait(Ask("How many letters?", value="20", help_text=help_text))
        if found is not None:
            from bot.tui.errands import letters

            await self.mainstay.start_job(partial(letters, found))

    @step
    async def action_wordings(self) -> None:
        """Choose among other letters to the same brief."""
        draft = self.current
        if draft is None:
            return
        self.show_work("Looking for other words …")
        found = await self.ask(lambda desk: desk.other_wordings(draft.id))
        self.show_work("")
        if not found:
            if found is not None:
                self.mainstay.tell("The writer knows no other words that the guard lets go.")
            return
        choices = [
            (str(place), f"Variant {one.variant}, {one.subject}\n{one.body}\n") for place, one in enumerate(found)
        ]
        title = f"Other letters to {draft.customer_name or draft.customer_id}"
        chosen = await self.app.push_screen_wait(Choose(title, choices))
        if chosen is not None:
            one = found[int(chosen)]
            await self._keep(draft, join_letter(one.subject, None, one.body))

    async def action_customer(self) -> None:
        """Open the page of the customer this letter is for."""
        if self.current is not None:
            await self.mainstay.show_customer(self.current.customer_id)


def _drafts(count: int) -> str:
    return "one approved draft" if count == 1 else f"{count:,} approved drafts"


def _approve_all(desk: "Desk", progress: "Report", cancelled: "Asked", *, ids: list[int], approved: list[int]) -> str:
    from bot.tui.pipeline import approve_all

    return approve_all(desk, progress, cancelled, ids=ids, approved=approved)


def _undo_all(desk: "Desk", progress: "Report", cancelled: "Asked", *, ids: list[int]) -> str:
    from bot.tui.pipeline import undo_all

    return undo_all(desk, progress, cancelled, ids=ids)
