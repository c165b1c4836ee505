"""Which server is asked, on what terms, and where its key is found; the key itself is never kept here."""

import ipaddress
import os
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import urlsplit

from bot.generation.spending import Prices
from db.errors import BackendUnavailableError

KEYRING_SERVICE = "mainstay"
"""The name under which the keyring holds keys; the user name is the host of the server."""


@dataclass(frozen=True, slots=True)
class Server:
    """A chat completions server.

    `base_url` is what the endpoint `/chat/completions` is added to, such as http://127.0.0.1:8000/v1, or an Azure
    deployment together with its `api_version`. `api_key_env` names the environment variable that holds the key.
    An empty `model` means the only one that the server has. Times are in seconds; `requests_per_minute` 0 means no
    limit. `is_mainstay` lets the whole brief be sent beside the prompt, to a server that is `mainstay serve-model`.
    """

    base_url: str
    model: str = ""
    api_key_env: str = ""
    api_version: str = ""
    requests_per_minute: int = 0
    concurrency: int = 4
    connect_timeout: float = 10.0
    read_timeout: float = 120.0
    prices: Prices = field(default_factory=Prices)
    is_mainstay: bool = False

    @property
    def host(self) -> str:
        """The host of the address."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def is_local(self) -> bool:
        """Whether the server runs on this machine."""
        return is_loopback(self.host)

    @property
    def is_readable_by_others(self) -> bool:
        """Whether facts of customers and the key cross a network without encryption."""
        return not self.is_local and urlsplit(self.base_url).scheme != "https"

    def url(self, endpoint: str) -> str:
        """The address of an endpoint such as `chat/completions`."""
        return f"{self.base_url.rstrip('/')}/{endpoint}"

    def headers(self, key: str | None) -> dict[str, str]:
        """What says who we are: Azure has a header of its own for the key."""
        if key is None:
            return {}
        return {"api-key": key} if self.api_version else {"Authorization": f"Bearer {key}"}


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def key_for(server: Server) -> str | None:
    """The key from the variable that the settings name, else from the keyring; None where a server needs none.

    Raises BackendUnavailableError where a key was named and is not there, or cannot stand in a header.
    """
    name = server.api_key_env
    if not name and server.is_local:
        return None
    key = (os.environ.get(name, "").strip() if name else "") or _from_keyring(server.host)
    if key is None and name:
        raise BackendUnavailableError(
            f"the environment variable {name} holds no key for {server.host}",
            hint=f"Set {name}, or keep the key in the keyring: keyring set {KEYRING_SERVICE} {server.host}",
        )
    if key is not None and not (key.isascii() and key.isprintable() and " " not in key):
        raise BackendUnavailableError(
            f"the key for {server.host} holds characters that no key has", hint="Was a line break copied with it?"
        )
    return key


def _from_keyring(host: str) -> str | None:
    """The key that the system's keyring holds for a host; None where there is none or no keyring."""
    if find_spec("keyring") is None:
        return None
    keyring, errors = import_module("keyring"), import_module("keyring.errors")
    try:
        found = keyring.get_password(KEYRING_SERVICE, host)
    except errors.KeyringError as error:
        raise BackendUnavailableError(
            f"the keyring cannot be read: {type(error).__name__}", hint="Unlock it, or name a variable in api_key_env."
        ) from error
    return str(found).strip() or None if found else None
