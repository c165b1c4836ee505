"""A real Rasa server over our action server, for side-by-side runs: both are started, used and stopped in one process.

Rasa lives in an environment of its own (Python 3.10, `pip install rasa==3.6.21 "setuptools<70.4"`); `rasa` is the path
of its command.
"""

import asyncio
import os
import secrets
import signal
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from sanic import Sanic

from bot.dialogue.hardened import MOST_BYTES
from bot.dialogue.project.files import export
from bot.dialogue.server import build_app
from bot.wiring import Services

START_SECONDS = 600
PAUSE_SECONDS = 0.5
ANSWER_SECONDS = 120


@dataclass(frozen=True, slots=True)
class RasaServer:
    """A running Rasa server."""

    client: httpx2.AsyncClient

    async def say(self, customer: str, text: str) -> list[str]:
        """The texts that come back for a message."""
        answer = await self.client.post("/webhooks/rest/webhook", json={"sender": customer, "message": text})
        answer.raise_for_status()
        return [str(message.get("text") or "") for message in answer.json()]

    async def tracker(self, customer: str) -> dict[str, Any]:
        """The conversation as Rasa keeps it."""
        answer = await self.client.get(f"/conversations/{customer}/tracker", params={"include_events": "ALL"})
        answer.raise_for_status()
        return dict(answer.json())


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@asynccontextmanager
async def action_server(services: Services, most_bytes: int = MOST_BYTES) -> AsyncIterator[tuple[str, str]]:
    """The address and the token of an action server that runs in this loop."""
    token = secrets.token_urlsafe(16)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        app = build_app(services, token, most_bytes=most_bytes)
        server: Any = await app.create_server(sock=listening, return_asyncio_server=True)
        await server.startup()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}", token
        finally:
            server.close()
            await server.wait_closed()
            Sanic.unregister_app(app)


@asynccontextmanager
async def rasa_server(rasa: Path, actions_url: str, token: str) -> AsyncIterator[RasaServer]:
    """The shipped project, trained and run. Raises RuntimeError, with the end of the log, where Rasa fails."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        export(folder)
        address = f"action_endpoint:\n  url: {actions_url}/webhook\n  token: ${{MAINSTAY_ACTIONS_TOKEN}}\n"
        (folder / "endpoints.yml").write_text(address, encoding="utf-8")
        environment = {
            **os.environ,
            "MAINSTAY_ACTIONS_URL": actions_url,
            "MAINSTAY_ACTIONS_TOKEN": token,
            "PYTHONPATH": "",
            "RASA_TELEMETRY_ENABLED": "false",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        }
        train = await _start(rasa, folder, environment, "train", "--fixed-model-name", "mainstay")
        if await train.wait():
            raise RuntimeError(f"rasa train failed:\n{_log(folder, 'train')}")
        port = free_port()
        options = ("--enable-api", "--interface", "127.0.0.1", "--port", str(port), "--endpoints", "endpoints.yml")
        server = await _start(rasa, folder, environment, "run", *options, "--credentials", "credentials.yml")
        try:
            async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=ANSWER_SECONDS) as client:
                await _ready(client, server, folder)
                yield RasaServer(client)
        finally:
            if server.returncode is None:
                server.send_signal(signal.SIGTERM)
                await server.wait()


async def _start(
    rasa: Path, folder: Path, environment: dict[str, str], command: str, *options: str
) -> asyncio.subprocess.Process:
    with (folder / f"{command}.log").open("wb") as log:
        return await asyncio.create_subprocess_exec(
            rasa, command, *options, cwd=folder, env=environment, stdout=log, stderr=log
        )


async def _ready(client: httpx2.AsyncClient, server: asyncio.subprocess.Process, folder: Path) -> None:
    for _ in range(int(START_SECONDS / PAUSE_SECONDS)):
        if server.returncode is not None:
            break
        try:
            if (await client.get("/status")).status_code == httpx2.codes.OK:
                return
        except httpx2.TransportError:
            pass
        await asyncio.sleep(PAUSE_SECONDS)
    raise RuntimeError(f"rasa run did not start:\n{_log(folder, 'run')}")


def _log(folder: Path, command: str) -> str:
    return (folder / f"{command}.log").read_text(encoding="utf-8", errors="replace")[-4_000:]
