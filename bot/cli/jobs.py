"""`mainstay jobs`: long commands in the background, which the terminal UI shows too."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import JsonOption, StoreOption
from bot.cli.output import duration, say, write_json, write_line, write_table
from db.errors import InputError

if TYPE_CHECKING:
    from bot.background.folder import BackgroundJob
    from bot.settings import Settings

JobArgument = Annotated[str, typer.Argument(metavar="JOB", help="A name from `mainstay jobs list`.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(help="Begin, watch, stop and resume long work in the background.", no_args_is_help=True)
    group.command("list")(list_jobs)
    group.command("start", context_settings={"ignore_unknown_options": True})(start)
    group.command("log")(log)
    group.command("stop")(stop)
    group.command("resume")(resume)
    group.command("work", hidden=True)(work)
    app.add_typer(group, name="jobs")


def list_jobs(json: JsonOption = False) -> None:
    """List background jobs, newest first."""
    from bot.background.begin import jobs_folder
    from bot.background.folder import all_jobs

    found = [folder.look() for folder in all_jobs(jobs_folder(_settings(None)))]
    if json:
        write_json([_document(job) for job in found])
    elif found:
        rows = [
            (job.name, job.standing.value, _how_far(job), duration(job.seconds), job.request.title) for job in found
        ]
        write_table(["job", "state", "how far", "took", "what"], rows)
    else:
        say("No job has run in the background yet. Begin one with `mainstay jobs start draft --top 20`.")


def start(
    command: Annotated[list[str], typer.Argument(metavar="COMMAND...", help="Such as: draft --top 500")],
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Begin a command in the background. Options of `start` itself come before the command."""
    from bot.background.begin import begin

    kind = "".join(char for char in command[0].lower() if "a" <= char <= "z")
    if not kind or kind in {"jobs", "tui"}:
        raise InputError(f"{command[0]!r} cannot run in the background.", hint="Name a command such as draft.")
    folder = begin(_settings(store), kind, " ".join(command), [command])
    if json:
        write_json({"job": folder.name})
    else:
        write_line(folder.name)
        say(f"Watch it with `mainstay jobs log {folder.name}`, stop it with `mainstay jobs stop {folder.name}`.")


def log(name: JobArgument, lines: Annotated[int, typer.Option("--lines", min=1)] = 50) -> None:
    """Print the end of a job's log, and what it has written."""
    from bot.background.begin import find_job
    from bot.background.folder import OUTPUT

    folder = find_job(_settings(None), name)
    for line in (*folder.log_tail(lines), *folder.log_tail(lines, OUTPUT)):
        write_line(line)


def stop(name: JobArgument) -> None:
    """Ask a job to stop at its next safe point; a second time at once, a third time without tidying up."""
    from bot.background.begin import find_job

    folder = find_job(_settings(None), name)
    if not folder.look().standing.live:
        raise InputError(f"Job {name} does not run.", hint="`mainstay jobs list` shows how it ended.")
    folder.ask_to_stop()
    say(f"Job {name} was asked to stop.")


def resume(name: JobArgument, store: StoreOption = None) -> None:
    """Go on with a job that was stopped, failed or lost."""
    from bot.background.begin import go_on

    go_on(_settings(store), name)
    say(f"Job {name} goes on.")


def work(folder: Path) -> None:
    """Be the process of a job."""
    from bot.background.folder import JobFolder
    from bot.background.priority import session_steps_back
    from bot.background.worker import run_job
    from bot.cli.app import run

    session_steps_back()
    raise typer.Exit(run_job(JobFolder(folder), run))


def _settings(store: str | None) -> "Settings":
    from bot.settings import load_settings

    return load_settings(store=store)


def _how_far(job: "BackgroundJob") -> str:
    at = job.progress
    text = f"{at.label}: {at.stage} {at.done:,}" if at.stage else ""
    if at.total and text:
        text += f" of {at.total:,}"
    if at.rate and job.standing.live:
        text += f", {at.rate:,.1f}/s"
        if at.seconds_left:
            text += f", {duration(at.seconds_left)} left"
    return text


def _document(job: "BackgroundJob") -> dict[str, Any]:
    return {
        "job": job.name,
        "state": job.standing.value,
        "seconds": round(job.seconds, 1),
        "exit_code": job.code,
        "command": job.request.command,
        "store": job.request.store,
        "progress": {**asdict(job.progress), "seconds_left": job.progress.seconds_left},
    }
