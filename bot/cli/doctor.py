"""What `mainstay doctor` looks at: versions, folders, SQLite, the store, the model, the writer, the company."""

import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Literal

from db.errors import ArtifactError, MainstayError

if TYPE_CHECKING:
    from bot.wiring import Services

State = Literal["good", "note", "bad"]
LEAST_FREE_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `mend` says what to do where something is to be done."""

    what: str
    state: State
    found: str
    mend: str = ""

    def as_json(self) -> dict[str, Any]:
        """The finding as a JSON object."""
        return asdict(self)


def examine(services: "Services") -> list[Finding]:
    """Everything worth telling, in the order a person would ask."""
    return [*_machine(), *_folders(services), *_store(services), *_writer(services), *_company(services)]


def _machine() -> Iterator[Finding]:
    yield Finding("Python", "good", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    for package in ("mainstay", "rasa-sdk", "scikit-learn", "transformers", "sqlalchemy", "textual"):
        try:
            yield Finding(package, "good", version(package))
        except PackageNotFoundError:
            yield Finding(package, "bad", "not installed", "Install mainstay again with `python -m pip install .`")
    yield Finding("processor cores", "good", str(os.cpu_count() or 1))


def _folders(services: "Services") -> Iterator[Finding]:
    home = services.settings.home
    existing = next(parent for parent in (home, *home.parents) if parent.exists())
    writable = os.access(existing, os.W_OK)
    mend = "" if writable else "Set MAINSTAY_HOME to a folder that you may write to."
    yield Finding("home folder", "good" if writable else "bad", str(home), mend)
    free = shutil.disk_usage(existing).free
    enough = free >= LEAST_FREE_BYTES
    yield Finding(
        "free disk space",
        "good" if enough else "note",
        f"{free / 1024**3:.1f} GB",
        "" if enough else "Backups and reports may fail for want of space.",
    )


def _store(services: "Services") -> Iterator[Finding]:
    from db.maintenance import check_store
    from db.session import sqlite_module, wal_is_safe

    library = sqlite_module()
    safe = wal_is_safe(library.sqlite_version_info)
    yield Finding(
        "SQLite",
        "good" if safe else "note",
        f"{library.sqlite_version} ({library.__name__.split('.')[0]})",
        "" if safe else "This version can damage a store that two programs write to; a slower journal is used instead.",
    )
    try:
        report = check_store(services.store)
    except MainstayError as error:
        yield Finding("store", "bad", str(error), error.hint)
        return
    yield Finding(
        "store",
        "good" if report.healthy else "bad",
        f"{report.location}: {report.rows['customer']:,} customers, {report.rows['draft']:,} drafts",
        "" if report.healthy else "Restore the newest backup.",
    )
    if not report.rows["customer"]:
        yield Finding(
            "customers", "note", "none yet", "Run `mainstay demo` or `mainstay import customers FILE --infer`."
        )
        return
    yield from _model(services)


def _model(services: "Services") -> Iterator[Finding]:
    from db.repositories.model_versions import ModelVersionRepository

    with services.store.read() as session:
        newest = ModelVersionRepository(session).latest("churn")
    if newest is None:
        yield Finding("churn model", "note", "none yet", "Run `mainstay train`, then `mainstay score`.")
    else:
        auc = newest.metrics.get("auc")
        measured = f", AUC {auc:.3f}" if isinstance(auc, float) else ""
        yield Finding("churn model", "good", f"{newest.version} of {newest.created_at:%d %B %Y}{measured}")


def _writer(services: "Services") -> Iterator[Finding]:
    settings = services.settings
    if settings.backend == "template":
        yield Finding("writer", "good", "template (approved wording)")
        return
    if settings.backend == "embedded":
        yield _embedded()
        return
    if settings.backend == "openai_compatible":
        yield _model_server(services)
        return
    torch = importlib.util.find_spec("torch") is not None
    mend = "" if torch else f"{sys.executable} -m pip install 'mainstay[llm]'"
    yield Finding("writer", "good" if torch else "bad", f"transformers, {settings.model or 'no model set'}", mend)


def _embedded() -> Finding:
    """Whether the small writer that ships is whole."""
    from bot.generation.tiny import shipping

    try:
        shipping.load(threads=1)
    except ArtifactError as error:
        return Finding("writer", "bad", f"embedded: {error.message}", error.hint or "")
    return Finding("writer", "good", "embedded (the small model that ships), approved wording behind it")


def _model_server(services: "Services") -> Finding:
    """Whether the model server answers, has the model and is not overheard; asked once, without patience."""
    from bot.generation.prompts import line
    from bot.wiring import openai_compatible

    settings = services.settings
    quick = {"connect_timeout": min(settings.connect_timeout, 5.0), "read_timeout": min(settings.read_timeout, 10.0)}
    shown = f"openai_compatible, {settings.base_url or 'no server set'}"
    try:
        backend = openai_compatible(settings.model_copy(update=quick))
        with closing(backend):
            # An Azure deployment lists no models at its address.
            known = [] if settings.api_version else backend.models(most_tries=1)
    except MainstayError as error:
        return Finding("writer", "bad", f"{shown}: {error}", error.hint)
    if backend.server.is_readable_by_others:
        return Finding("writer", "note", shown, "Customers' facts cross the network unencrypted; use an https address.")
    if settings.model and known and settings.model not in known:
        mend = f"Set `model` to one of {line(', '.join(known), 200)}."
        return Finding("writer", "note", f"{shown}: it does not list {settings.model}", mend)
    return Finding("writer", "good", f"{shown}, {settings.model or line(', '.join(known), 80) or 'its own model'}")


def _company(services: "Services") -> Iterator[Finding]:
    try:
        company = services.company
    except MainstayError:
        return
    if company is None or not company.company:
        yield Finding(
            "company", "note", "unknown", "Say who writes: `mainstay init --company NAME --support-email ...`"
        )
        return
    missing = [name for name in ("support_email", "postal_address", "unsubscribe_url") if not getattr(company, name)]
    mend = f"Bulk mail needs {', '.join(missing)}; set them with `mainstay init`." if missing else ""
    yield Finding("company", "note" if missing else "good", company.company, mend)
