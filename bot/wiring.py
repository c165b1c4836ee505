"""Builds what the settings ask for, once and when first needed: store, models, writer, policies, clock."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Settings
from db.errors import InputError
from db.vocabulary import CompanyProfile

if TYPE_CHECKING:
    from analytics.artifacts import ModelStore
    from analytics.decisions.offers import Catalogue
    from analytics.decisions.policy import DecisionPolicy
    from analytics.language.understanding import Understander
    from bot.generation.backend import Backend
    from bot.generation.openai_compatible.backend import OpenAICompatibleBackend
    from bot.generation.writer import Writer
    from db.session import Store


def system_clock() -> datetime:
    """The time it is."""
    return datetime.now(UTC)


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage is looked for while models are loaded.

    They bring some 200,000 objects that stay, and Python would look through all of them again and again: a tenth of
    the time, in which no other thread runs.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Services:
    """What the front ends share. Each part is built on first use and then kept."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = system_clock) -> None:
        self.settings = settings
        self.clock = clock

    @cached_property
    def store(self) -> "Store":
        """The open store."""
        from db.session import open_store

        return open_store(self.settings.store_location)

    @cached_property
    def models(self) -> "ModelStore":
        """The folder of fitted models."""
        from analytics.artifacts import ModelStore

        return ModelStore(self.settings.models_folder)

    @cached_property
    def understander(self) -> "Understander":
        """What reads customers' messages."""
        company = self.company
        with uncollected():
            from analytics.language.understanding import Understander

            return Understander.load_default(
                products=company.products if company else (), competitors=company.competitors if company else ()
            )

    @cached_property
    def backend(self) -> "Backend":
        """The writer that the settings name."""
        with uncollected():
            return build_backend(self.settings)

    @cached_property
    def writer(self) -> "Writer":
        """The writer behind its guard, with approved wording as the fallback."""
        with uncollected():
            return build_writer(self.backend)

    @cached_property
    def policy(self) -> "DecisionPolicy":
        """Contact rules and the standing experiment: `policy.yaml` in the home folder, else the defaults."""
        from analytics.decisions.policy import DecisionPolicy, parse_policy

        path = self.settings.home / "policy.yaml"
        if not path.exists():
            return DecisionPolicy(holdout_share=self.settings.holdout_share)
        return parse_policy(_read_text(path), path.name)

    @cached_property
    def catalogue(self) -> "Catalogue":
        """The offers: `offers.yaml` in the home folder, else the shipped ones that fit the store."""
        from analytics.decisions.offers import parse_catalogue
        from analytics.jobs.deciding import shipped_catalogue

        path = self.settings.home / "offers.yaml"
        if path.exists():
            return parse_catalogue(_read_text(path), path.name)
        return shipped_catalogue(self.store)

    @property
    def company(self) -> CompanyProfile | None:
        """Who writes to the customers."""
        from db.repositories.settings import SettingsRepository

        with self.store.read() as session:
            return SettingsRepository(session).company()

    def now(self) -> datetime:
        """The time it is in the store: the demo company's clock stands at its own day."""
        real = self.clock()
        day = self.today()
        return real if day == real.date() else datetime.combine(day, real.timetz())

    def today(self) -> date:
        """The day it is in the store."""
        from db.repositories.settings import SettingsRepository

        with self.store.read() as session:
            return SettingsRepository(session).today(self.clock().date())

    def close(self) -> None:
        """Let go of the store, and of a writer that has a process or a connection of its own."""
        from bot.generation.backend import Closing

        backend = self.__dict__.get("backend")
        if isinstance(backend, Closing):
            backend.close()
        if "store" in self.__dict__:
            self.store.close()


BACKENDS = ("embedded", "template", "transformers", "openai_compatible")
"""The writers that settings and commands may name."""


def build_backend(settings: Settings, name: str | None = None) -> "Backend":
    """The writer of that name, the one in the settings by default."""
    chosen = name or settings.backend
    if chosen == "transformers":
        return _transformers(settings)
    if chosen == "openai_compatible":
        return openai_compatible(settings)
    if chosen not in BACKENDS:
        raise InputError(f"There is no writer {name!r}.", hint=f"Writers are {', '.join(BACKENDS)}.")
    from bot.generation.template.approved import TemplateBackend

    return TemplateBackend() if chosen == "template" else _embedded(TemplateBackend())


def _embedded(rest: "Backend") -> "Backend":
    from analytics.language import encoder
    from bot.generation.guard import check
    from bot.generation.tiny import backend

    return backend.load(rest, check, encoder.load_default())


def _transformers(settings: Settings) -> "Backend":
    from bot.generation.child.backend import ChildBackend, ModelOptions

    if not settings.model:
        raise InputError(
            "The transformers writer needs a model.",
            hint="Set MAINSTAY_MODEL to a folder or hub id, or `model` in config.toml.",
        )
    return ChildBackend(ModelOptions(settings.model, allow_download=settings.allow_download))


def build_served(settings: Settings) -> "Backend":
    """The writer of the settings for a server: a local model runs in the server's own process and takes any prompt."""
    if settings.backend != "transformers" or not settings.model:
        return build_backend(settings)
    from bot.generation.transformers_local import TransformersBackend

    return TransformersBackend(settings.model, allow_download=settings.allow_download)


def openai_compatible(settings: Settings) -> "OpenAICompatibleBackend":
    """The writer behind a model server; raises InputError where the settings name none. Nothing is asked yet."""
    from bot.generation.openai_compatible.address import Server
    from bot.generation.openai_compatible.backend import OpenAICompatibleBackend
    from bot.generation.spending import Prices

    if not settings.base_url:
        raise InputError(
            "The openai_compatible writer needs a server.",
            hint="Set MAINSTAY_BASE_URL, or `base_url` in config.toml, such as http://127.0.0.1:8000/v1.",
        )
    server = Server(
        base_url=settings.base_url,
        model=settings.model,
        api_key_env=settings.api_key_env,
        api_version=settings.api_version,
        requests_per_minute=settings.requests_per_minute,
        concurrency=settings.concurrency,
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        prices=Prices(settings.price_in, settings.price_out),
        is_mainstay=settings.server_is_mainstay,
    )
    return OpenAICompatibleBackend(server)


def build_writer(backend: "Backend") -> "Writer":
    """A writer whose every text passes the guard."""
    from bot.generation.guard import check, check_approved
    from bot.generation.template.approved import TemplateBackend
    from bot.generation.writer import Writer

    approved = backend if isinstance(backend, TemplateBackend) else TemplateBackend()
    return Writer(backend, approved, check, check_approved=check_approved)


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"it cannot be read: {error}", path=path) from error
