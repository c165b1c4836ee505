"""`mainstay serve-model`: one of our writers as an OpenAI-compatible server."""

import os
from typing import Annotated

import typer

from bot.cli.options import MODEL_HELP, WRITERS_HELP
from bot.cli.output import say


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("serve-model")(serve_model)


def serve_model(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 is any free port.")] = 8417,
    backend: Annotated[str | None, typer.Option("--backend", help=WRITERS_HELP)] = None,
    model: Annotated[str | None, typer.Option("--model", help=MODEL_HELP)] = None,
    api_key_env: Annotated[
        str, typer.Option("--api-key-env", help="Variable with the key to ask for; a must for other machines.")
    ] = "MAINSTAY_SERVE_KEY",
) -> None:
    """Serve a writer to other programs by the OpenAI API, until interrupted.

    Texts are as the writer gives them; whoever asks has them read by the guard. Only a transformers writer answers
    free prompts; the others answer briefs in the field `mainstay_brief`.
    """
    from bot.generation.serving.completions import model_name
    from bot.generation.serving.server import ModelServer
    from bot.settings import load_settings
    from bot.wiring import build_served

    writer = build_served(load_settings(backend=backend, model=model))
    with ModelServer(writer, host, port, key=os.environ.get(api_key_env, "").strip() or None) as server:
        say(f"{model_name(writer)} is served at {server.url}; Ctrl-C ends it.")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("Stopped.")
