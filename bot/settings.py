"""Everything a user can set about a machine: where things lie, which writer writes, how patient we are.

Order of precedence: flag, environment (`MAINSTAY_...`), `config.toml` in the home folder, default. What belongs to
the data (company, churn definition, mapping) lives in the store instead.
"""

import difflib
import logging
import os
import re
import tomllib
from datetime import timedelta
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from db.errors import SettingsError
from db.vocabulary import Patience

STORE_NAME = "mainstay.db"


def home_folder() -> Path:
    """Where configuration, models, exports and logs live: `MAINSTAY_HOME` or the platform's data folder."""
    chosen = os.environ.get("MAINSTAY_HOME")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir("mainstay", appauthor=False))


class Settings(BaseSettings):
    """The settings in force."""

    model_config = SettingsConfigDict(env_prefix="MAINSTAY_", extra="forbid", frozen=True, hide_input_in_errors=True)

    home: Path = Field(default_factory=home_folder)
    """Configuration, models, exports and logs."""

    store: str = ""
    """Path or SQLAlchemy URL of the store; empty means `mainstay.db` in the home folder."""

    backend: Literal["embedded", "template", "transformers", "openai_compatible"] = "embedded"
    """Which writer drafts texts; approved wording is always the fallback."""

    model: str = ""
    """For the transformers writer a folder with a causal language model, or a hub id; for the openai_compatible one
    the name of the model on the server, which may be left out where it has only one."""

    allow_download: bool = False
    """Whether a hub id may be fetched over the network."""

    base_url: str = ""
    """For the openai_compatible writer: where the API is, such as http://127.0.0.1:8000/v1; no key belongs here."""

    api_key_env: str = ""
    """Name of the environment variable that holds the server's key; the key itself belongs in no file."""

    api_version: str = Field(default="", pattern=r"^[A-Za-z0-9.-]*$")
    """For Azure: the API version; `base_url` then names the deployment."""

    server_is_mainstay: bool = False
    """Whether the server is `mainstay serve-model`, which may see the whole brief."""

    requests_per_minute: int = Field(default=0, ge=0)
    """At most so many requests to the server; 0 is no limit."""

    concurrency: int = Field(default=4, ge=1, le=64)
    """Requests to the server at a time."""

    connect_timeout: float = Field(default=10.0, gt=0, le=600)
    """Seconds to wait for a connection to the server."""

    read_timeout: float = Field(default=120.0, gt=0, le=3600)
    """Seconds to wait for an answer of the server to begin or go on."""

    price_in: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    """Money for a million tokens that the server reads."""

    price_out: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    """Money for a million tokens that the server writes."""

    theme: str = "mainstay-dark"
    """Theme of the terminal UI; one chosen there is remembered unless this names one."""

    keys: dict[str, str] = Field(default_factory=dict)
    """Other keys for the terminal UI: names from `mainstay config keys`, such as "drafts.approve" = "ctrl+a"."""

    holdout_share: float = Field(default=0.1, ge=0, lt=1)
    """Share of customers who never get an offer, so that its effect can be measured."""

    handoff_minutes: float = Field(default=15.0, gt=0, le=10_000)
    """How long a customer waits for a person before the bot offers a call back."""

    handoff_hours: float = Field(default=8.0, gt=0, le=10_000)
    """How long a person who took a conversation may write nothing before it waits for somebody again."""

    actor: str = Field(default_factory=lambda: os.environ.get("USER") or os.environ.get("USERNAME") or "someone")
    """Who approves and edits, for the audit trail."""

    @field_validator("base_url")
    @classmethod
    def _plain_address(cls, value: str) -> str:
        """An http address without anything secret in it: it is shown by `config show` and in messages."""
        if not value:
            return value
        parts = urlsplit(value)
        if parts.port == 0 or parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("it is not an address such as http://127.0.0.1:8000/v1")
        if "@" in parts.netloc or parts.query or parts.fragment:
            raise ValueError("it holds more than scheme, host, port and path; a key belongs in api_key_env's variable")
        return value.rstrip("/")

    @field_validator("api_key_env")
    @classmethod
    def _name_of_a_variable(cls, value: str) -> str:
        """Refuse what looks like a key: it would be shown and kept."""
        if value and not re.fullmatch("[A-Z_][A-Z0-9_]{0,63}", value):
            raise ValueError("it names an environment variable in capitals, such as OPENAI_API_KEY, and is not the key")
        return value

    @property
    def patience(self) -> Patience:
        """How long conversations wait for a person."""
        return Patience(timedelta(minutes=self.handoff_minutes), timedelta(hours=self.handoff_hours))

    @property
    def store_location(self) -> str:
        """The store to open."""
        return self.store or str(self.home / STORE_NAME)

    @property
    def models_folder(self) -> Path:
        """Where fitted models lie."""
        return self.home / "models"

    @property
    def exports_folder(self) -> Path:
        """Where exports go unless told otherwise."""
        return self.home / "exports"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags before environment; the file is merged in by `load_settings`."""
        return (init_settings, env_settings)


def without_password(location: str) -> str:
    """The address of a store as it may be shown: a password in it is covered."""
    return re.sub(r"(://[^:/@]*):[^/]*@", r"\1:***@", location)


def log_to_file(settings: Settings) -> Path | None:
    """Send the log of this process to `logs/mainstay.log` in the home folder; None where it cannot be written.

    A terminal UI owns the screen, so what it has to say of its own troubles goes to a file of at most 3 MB.
    """
    path = settings.home / "logs" / "mainstay.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True)
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    if not any(isinstance(known, RotatingFileHandler) for known in root.handlers):
        root.addHandler(handler)
    return path


def config_path() -> Path:
    """The configuration file, whether it exists or not."""
    return home_folder() / "config.toml"


def load_settings(**flags: Any) -> Settings:
    """The settings in force; flags that are None count as not given. Raises SettingsError naming file and key."""
    path = config_path()
    from_file = _read_file(path)
    given = {name: value for name, value in flags.items() if value is not None}
    environment = {name[9:].lower() for name in os.environ if name.startswith("MAINSTAY_")}
    merged = {name: value for name, value in from_file.items() if name not in environment} | given
    try:
        return Settings(**merged)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"The setting {name!r} cannot be used: {first['msg']}.") from error


def origins(settings: Settings) -> dict[str, tuple[Any, str]]:
    """Each setting with its value and where it comes from: flag, environment, file or default."""
    from_file = _read_file(config_path())
    found: dict[str, tuple[Any, str]] = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        variable = f"MAINSTAY_{name.upper()}"
        overruled = name == "store" and os.environ.get(variable) != value
        if variable in os.environ and not overruled:
            origin = f"environment {variable}"
        elif name in from_file and from_file[name] == (str(value) if isinstance(value, Path) else value):
            origin = str(config_path())
        else:
            origin = "flag" if name in settings.model_fields_set else "default"
        found[name] = (without_password(value) if name == "store" else value, origin)
    return found


def _read_file(path: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.", hint="Mend the file or move it away.") from error
    known = set(Settings.model_fields) - {"home"}
    for key in found.keys() - known:
        near = difflib.get_close_matches(key, known, n=1)
        guess = f" Did you mean {near[0]!r}?" if near else f" Known settings: {', '.join(sorted(known))}."
        raise SettingsError(f"{path} holds the unknown setting {key!r}.{guess}")
    return found
