"""`mainstay draft` and `drafts`: what to write, and what may leave."""

import os
import shlex
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bot.cli import reviewing
from bot.cli.options import (
    MODEL_HELP,
    WRITERS_HELP,
    DryRunOption,
    JsonLinesOption,
    JsonOption,
    OutOption,
    SeedOption,
    StoreOption,
    WhereOption,
    YesOption,
    confirm,
    moods_read_by,
    reading_model_of,
    services,
)
from bot.cli.output import ExitCode, progress_line, say, write_json, write_jsonl, write_line, write_table
from db.errors import InputError

if TYPE_CHECKING:
    from bot.campaigns import CampaignReport
    from db.repositories.drafts import DraftView

StateName = Literal["needs_review", "approved", "rejected", "exported", "withheld"]
FormatName = Literal["eml", "mbox", "csv", "jsonl", "listmonk"]
DraftArgument = Annotated[list[int], typer.Argument(metavar="DRAFT...", help="Ids from `mainstay drafts list`.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("draft")(draft)
    group = typer.Typer(help="Review, approve, edit and export drafts.", no_args_is_help=True)
    for name, command in (
        ("list", list_drafts),
        ("show", show),
        ("preview", reviewing.preview),
        ("variants", reviewing.variants),
        ("approve", approve),
        ("reject", reject),
        ("edit", edit),
        ("undo", undo),
        ("export", export),
    ):
        group.command(name)(command)
    app.add_typer(group, name="drafts")


def draft(
    store: StoreOption = None,
    top: Annotated[int | None, typer.Option("--top", min=1, help="At most so many, most worth keeping first.")] = None,
    where: WhereOption = "",
    backend: Annotated[str | None, typer.Option("--backend", help=WRITERS_HELP)] = None,
    model: Annotated[str | None, typer.Option("--model", help=MODEL_HELP)] = None,
    with_no_offer: Annotated[
        bool, typer.Option("--with-no-offer", help="Also write to customers for whom no offer is worth it.")
    ] = False,
    seed: SeedOption = 0,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Draft e-mails for review. A run that was stopped goes on where it was; nobody gets two drafts."""
    from bot.background.watch import stop_asked
    from bot.campaigns import CampaignPlan, draft_campaign
    from db.queries.audience import check_fields

    if top is None and not where.strip():
        top = 100
    with services(store, backend=backend, model=model) as built, progress_line("draft") as show:
        with built.store.read() as session:
            check_fields(session, where)
        plan = CampaignPlan(
            top=top, where=where, backend=built.settings.backend, seed=seed, with_no_offer=with_no_offer
        )
        report = draft_campaign(
            built.store,
            built.writer,
            plan,
            built.now(),
            reading_model=reading_model_of(built),
            dry_run=dry_run,
            progress=show,
            cancelled=stop_asked(),
        )
        company, read_by = built.company, moods_read_by(built)
    if read_by:
        say(read_by)
    if json:
        write_json({**report.as_json(), "dry_run": dry_run})
    elif dry_run:
        write_line(f"{report.wanted:,} customers would get a draft.")
    else:
        write_line(f"{report.drafted:,} drafts, {report.new:,} of them new; {report.withheld:,} without a text.")
        if company is None or not company.company:
            say("Nobody is named as the sender: say who writes with `mainstay init --company NAME`.")
    _tell_campaign(report)
    if report.withheld:
        raise typer.Exit(ExitCode.PARTIAL)


def list_drafts(
    store: StoreOption = None,
    state: Annotated[StateName | None, typer.Option("--state")] = None,
    customer: Annotated[str | None, typer.Option("--customer")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1)] = 50,
    json: JsonOption = False,
    jsonl: JsonLinesOption = False,
) -> None:
    """List drafts, oldest first."""
    from db.repositories.drafts import DraftRepository
    from db.vocabulary import DraftState

    with services(store) as built, built.store.read() as session:
        found = DraftRepository(session).find(
            state=DraftState(state) if state else None, customer_id=customer, limit=limit + 1
        )
    if len(found) > limit:
        say(f"There are more than {limit:,} drafts; a higher --limit shows them.")
        found = found[:limit]
    if jsonl:
        write_jsonl(_document(view) for view in found)
    elif json:
        write_json([_document(view) for view in found])
    else:
        rows = [(v.id, v.state.value.replace("_", " "), v.customer_id, v.customer_name, v.subject) for v in found]
        write_table(["draft", "state", "customer", "name", "subject"], rows, right=[0])


def show(
    draft_id: Annotated[int, typer.Argument(metavar="DRAFT")], store: StoreOption = None, json: JsonOption = False
) -> None:
    """Show one draft with the facts and the decision it was written from, and its history."""
    from db.repositories.drafts import DraftRepository

    with services(store) as built, built.store.read() as session:
        drafts = DraftRepository(session)
        view, steps = drafts.get(draft_id), drafts.steps(draft_id)
    trail = [{"at": s.at, "actor": s.actor, "from": s.from_state, "to": s.to_state, "reason": s.reason} for s in steps]
    if json:
        write_json({**_document(view), "history": trail})
        return
    write_line(f"To: {view.customer_name or view.customer_id} <{view.email or 'no address'}>")
    write_line(f"Subject: {view.subject}")
    if view.preheader:
        write_line(f"Preheader: {view.preheader}")
    write_line("")
    write_line(view.body)
    write_line("")
    write_line(f"State: {view.state.value.replace('_', ' ')}; written by {view.backend}, try {view.attempts}")
    terms = {key: value for key, value in view.brief.get("decision", {}).items() if key != "decision_id"}
    write_line(f"Decision {view.decision_id}: " + ", ".join(f"{key} {_shown(value)}" for key, value in terms.items()))
    for finding in view.guard.get("findings", []):
        say(f"guard: {finding['message']}")
    for step in steps:
        say(f"{step.at:%Y-%m-%d %H:%M} {step.actor}: {step.from_state.value} -> {step.to_state.value}")


def approve(
    drafts: Annotated[list[int] | None, typer.Argument(metavar="DRAFT...")] = None,
    store: StoreOption = None,
    all_open: Annotated[bool, typer.Option("--all", help="Every draft that waits for review.")] = False,
    yes: YesOption = False,
    json: JsonOption = False,
) -> None:
    """Approve drafts; the guard reads each of them once more."""
    from bot.outreach import approvals
    from db.repositories.drafts import DraftRepository
    from db.vocabulary import DraftState

    ids, refused = list(drafts or []), list[approvals.Withheld]()
    if not ids and not all_open:
        raise InputError("Name the drafts to approve, or give --all.", hint="`mainstay drafts list` shows them.")
    with services(store) as built:
        if all_open:
            with built.store.read() as session:
                waiting = DraftRepository(session).counts().get(DraftState.NEEDS_REVIEW, 0)
            if waiting and not confirm(f"Approve all {waiting:,} drafts that wait for review?", yes=yes):
                say("Nothing was approved; --yes approves without asking.")
                raise typer.Exit(ExitCode.USAGE)
            ids, refused = approvals.approve_all(built.store, built.settings.actor, built.now())
        else:
            approvals.approve(built.store, ids, built.settings.actor, built.now())
    _done("approved", ids, json=json)
    for item in refused:
        say(f"draft {item.draft_id} ({item.customer_id}) stays in the queue: {item.sentence}")
    if refused:
        raise typer.Exit(ExitCode.PARTIAL)


def reject(
    drafts: DraftArgument,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept with the draft.")] = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Reject drafts with a reason."""
    from bot.outreach.approvals import reject as run

    with services(store) as built:
        run(built.store, drafts, reason, built.settings.actor, built.now())
    _done("rejected", drafts, json=json)


def undo(
    draft_id: Annotated[int, typer.Argument(metavar="DRAFT")], store: StoreOption = None, json: JsonOption = False
) -> None:
    """Take back the last step of a draft."""
    from bot.outreach.approvals import undo as run

    with services(store) as built:
        view = run(built.store, draft_id, built.settings.actor, built.now())
    if json:
        write_json({"drafts": [draft_id], "state": view.state})
    else:
        say(f"Draft {draft_id} is back at: {view.state.value.replace('_', ' ')}.")


def edit(
    draft_id: Annotated[int, typer.Argument(metavar="DRAFT")],
    store: StoreOption = None,
    subject: Annotated[str | None, typer.Option("--subject", help="A new subject.")] = None,
    body_file: Annotated[Path | None, typer.Option("--body-file", help="The new body; - opens $EDITOR.")] = None,
    json: JsonOption = False,
) -> None:
    """Change the text of a draft, in $EDITOR unless --subject or --body-file is given; the guard reads it at once."""
    from bot.outreach.approvals import edit as run
    from db.repositories.drafts import DraftRepository

    with services(store) as built:
        with built.store.read() as session:
            view = DraftRepository(session).get(draft_id)
        new_subject, new_body = subject or view.subject, view.body
        if body_file is not None:
            new_body = _read(body_file)
        elif subject is None:
            new_subject, new_body = _in_editor(view)
        report = run(built.store, draft_id, new_subject, new_body, built.settings.actor, built.now())
    for finding in report.findings:
        say(f"guard: {finding.message}")
    if json:
        write_json({"draft": draft_id, "guard": report.verdict, "findings": [f.as_json() for f in report.findings]})
    else:
        say("The guard lets it go; it waits for review." if report.released else "It cannot be approved as it stands.")
    if not report.released:
        raise typer.Exit(ExitCode.BLOCKED)


def export(
    output: OutOption = None,
    form: Annotated[FormatName, typer.Option("--format", help="What to write.")] = "eml",
    drafts: Annotated[list[int] | None, typer.Option("--draft", help="Only these; all approved by default.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite")] = False,
    send_at: Annotated[
        str | None, typer.Option("--send-at", metavar="TIME", help="When they will be sent, for quiet hours: ISO time.")
    ] = None,
    dry_run: DryRunOption = False,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Write approved drafts as files; opt-outs, limits and the guard are asked once more."""
    from dataclasses import asdict

    from bot.outreach.approvals import export_approved
    from bot.outreach.exports import ExportFormat

    with services(store) as built:
        target = output or built.settings.exports_folder / _default_name(form, f"{built.clock():%Y%m%dT%H%M%S}")
        report = export_approved(
            built.store,
            built.policy.contact,
            ExportFormat(form),
            target,
            built.settings.actor,
            built.now(),
            draft_ids=drafts,
            overwrite=overwrite,
            dry_run=dry_run,
            send_at=_instant(send_at),
        )
    if json:
        write_json({**asdict(report), "dry_run": dry_run})
    else:
        for path in report.files[:20]:
            write_line(str(path))
        say(f"{len(report.exported):,} {'would be ' if dry_run else ''}exported, {len(report.withheld):,} kept back.")
        for item in report.withheld:
            later = f" It may leave from {item.not_before:%Y-%m-%d %H:%M} UTC." if item.not_before else ""
            say(f"draft {item.draft_id} ({item.customer_id}) kept back: {item.sentence}{later} [{item.rule}]")
    if report.withheld and not report.exported:
        raise typer.Exit(ExitCode.BLOCKED)
    if report.withheld:
        raise typer.Exit(ExitCode.PARTIAL)


def _instant(text: str | None) -> datetime | None:
    """An ISO time; one without a zone is taken as UTC."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise InputError(f"{text!r} is not a time.", hint="Such as 2026-11-02T09:00+01:00.") from error
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


def _tell_campaign(report: "CampaignReport") -> None:
    """Who was left out and why, and what went wrong with the texts."""
    for rule, count in report.left_out.items():
        say(f"left out: {count:,} ({rule.replace('_', ' ')})")
    for problem, count in report.problems.items():
        say(f"no text: {count:,} ({problem})")
    if report.spent is not None and report.spent.answers:
        say(f"The model server used {report.spent}.")
    if report.fell_back:
        say(f"{report.fell_back:,} got approved wording after the writer's own text was refused.")


def _shown(value: object) -> str:
    return "; ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _document(view: "DraftView") -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(view)


def _done(what: str, ids: list[int], *, json: bool) -> None:
    if json:
        write_json({"drafts": ids, "state": what})
    else:
        say(f"{len(ids):,} {'draft is' if len(ids) == 1 else 'drafts are'} {what}.")


def _default_name(form: str, stamp: str) -> str:
    return f"{stamp}-eml" if form == "eml" else f"{stamp}.{'csv' if form == 'listmonk' else form}"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InputError(f"it cannot be read: {problem}", path=path) from error


def _in_editor(view: "DraftView") -> tuple[str, str]:
    """Subject and body after the person's own editor has closed."""
    from bot.generation.letter import join_letter, split_letter

    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        raise InputError("No editor is set.", hint="Set EDITOR, or give --subject or --body-file.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"draft-{view.id}.txt"
        path.write_text(join_letter(view.subject, None, view.body), encoding="utf-8")
        finished = subprocess.run([*shlex.split(editor), str(path)], check=False)
        if finished.returncode != 0:
            raise InputError(f"The editor ended with code {finished.returncode}; the draft is as it was.")
        subject, _, body = split_letter(_read(path))
    return subject, body
