"""`mainstay evaluate writing`: writers on the same briefs, as figures, as a page, and as pairs for a blind reader."""

import json as encoder
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import JsonOption, SeedOption, StoreOption, services
from bot.cli.output import progress_line, say, write_json, write_line, write_table
from db.errors import InputError

if TYPE_CHECKING:
    from bot.generation.brief import Brief
    from bot.generation.evaluation.runs import Run
    from bot.wiring import Services
    from db.vocabulary import Json

HELD_OUT = 2000
_FROM_STORE = 200


def evaluate_writing(
    store: StoreOption = None,
    briefs: Annotated[int | None, typer.Option("--briefs", min=1, help="Customers of the store to write to.")] = None,
    held_out: Annotated[
        int | None,
        typer.Option("--held-out", min=1, help=f"Made-up briefs to write for; {HELD_OUT:,} where no store is named."),
    ] = None,
    backend: Annotated[
        list[str] | None,
        typer.Option("--backend", help="embedded, template, transformers ...; several times to compare."),
    ] = None,
    model: Annotated[str | None, typer.Option("--model", help="Folder or hub id for transformers.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="A page with drafts side by side.")] = None,
    blind: Annotated[Path | None, typer.Option("--blind", help="Pairs in hidden order, as JSON lines.")] = None,
    key: Annotated[Path | None, typer.Option("--key", help="Whose text is whose in --blind.")] = None,
    pairs: Annotated[int, typer.Option("--pairs", min=1, help="E-mails and chat replies in --blind, each.")] = 40,
    seed: SeedOption = 0,
    json: JsonOption = False,
) -> None:
    """Write for held-out briefs, or for customers of a store, and count what the guard, the texts and the clock say."""
    from bot.generation.evaluation.measures import evaluation
    from bot.generation.evaluation.memorisation import shipped_corpus

    if held_out is not None and briefs is not None:
        raise InputError("--held-out makes briefs up and --briefs takes them from the store.", hint="Give one of them.")
    names = list(dict.fromkeys(backend or []))
    _check_files(names, html, blind, key)
    with services(store, model=model) as built:
        if held_out is None and (briefs or store):
            source, wanted = "customers of the store", _of_store(built, briefs or _FROM_STORE, seed)
        else:
            source, wanted = "held-out briefs", _held_out(held_out or HELD_OUT, seed)
        runs = _runs(built, names or [built.settings.backend], wanted)
    document = evaluation(runs, source, seed, shipped_corpus())
    _write_files(runs, document, html, blind, key, pairs)
    if json:
        write_json(document)
    else:
        _show(document)


def _check_files(names: Sequence[str], html: Path | None, blind: Path | None, key: Path | None) -> None:
    """Refuse before the work what cannot be written after it."""
    if (blind is None) != (key is None):
        raise InputError("A blind comparison needs --blind and --key.", hint="The key says whose text is whose.")
    if blind is not None and len(names) != 2:
        raise InputError("A blind comparison needs two backends.", hint="Give --backend twice.")
    paths = [path.resolve() for path in (html, blind, key) if path is not None]
    if len(set(paths)) < len(paths):
        raise InputError("--html, --blind and --key need a file each.")


def _of_store(built: "Services", count: int, seed: int) -> "list[Brief]":
    from bot.campaigns import sample_briefs
    from bot.cli.forecasting import read_messages

    reading_model = read_messages(built)
    return sample_briefs(built.store, count, seed, built.now(), reading_model=reading_model)


def _held_out(count: int, seed: int) -> "list[Brief]":
    from bot.generation.held_out import held_out_briefs

    return held_out_briefs(count, seed)


def _runs(built: "Services", names: Sequence[str], wanted: "Sequence[Brief]") -> "list[Run]":
    from bot.generation.evaluation.runs import run_writer
    from bot.wiring import build_backend, build_writer

    writers = [build_writer(build_backend(built.settings, name)) for name in names]
    with progress_line("write") as show:
        return [run_writer(writer, wanted, show) for writer in writers]


def _write_files(
    runs: "Sequence[Run]", document: "Json", html: Path | None, blind: Path | None, key: Path | None, pairs: int
) -> None:
    from bot.outreach.exports import write_whole

    if html is not None:
        from bot.generation.evaluation.page import render_page

        write_whole(html, render_page(runs, document).encode(), overwrite=True)
        say(f"Wrote {html}.")
    if blind is not None and key is not None:
        from bot.generation.evaluation.blind import blind_pairs

        found, origins = blind_pairs(runs[0], runs[1], pairs, document["seed"])
        for path, lines in ((blind, found), (key, origins)):
            write_whole(path, _lines(lines), overwrite=True)
        say(f"Wrote {len(found)} pairs to {blind}, whose text is whose to {key}.")


def _lines(documents: "Sequence[Json]") -> bytes:
    return "".join(encoder.dumps(one, ensure_ascii=False) + "\n" for one in documents).encode()


def _show(document: "Json") -> None:
    from bot.generation.evaluation.table import figure_rows

    writers = document["writers"]
    counts = document["briefs"]
    write_line(f"{counts['n']:,} {document['source']}: {counts['email']:,} e-mails, {counts['chat']:,} chat replies")
    write_table(["figure", *(writer["backend"] for writer in writers)], figure_rows(writers))
    for writer in writers:
        refused = ", ".join(f"{rule} {count}" for rule, count in list(writer["refused_by"].items())[:5])
        write_line(f"{writer['backend']} was refused for: {refused or 'nothing'}")
    for writer in writers:
        for channel in ("email", "chat"):
            reason = writer.get(channel, {}).get("memorisation", {}).get("left_out")
            if reason:
                say(f"Memorisation is left out: {reason}.")
                return
