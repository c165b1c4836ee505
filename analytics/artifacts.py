"""Keeps fitted models on disk with their card: hashed, verified before reading, unable to execute code.

A version is a folder `ROOT/NAME/VERSION` holding `model.skops`, `card.md` and `manifest.json`. The version's name ends
in the hash of its manifest and the manifest holds the hash of every other file, so a version id kept elsewhere (in the
store's ledger) vouches for all of it.
"""

import hashlib
import importlib
import json
import os
import re
import shutil
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from db.errors import ArtifactError, NotFoundError

FORMAT = 1
MODEL_FILE, CARD_FILE, MANIFEST_FILE = "model.skops", "card.md", "manifest.json"
LIBRARIES = ("mainstay", "scikit-learn", "skops", "numpy", "scipy", "pandas")
LATEST = "latest"
TRUSTED_TYPES = (
    "analytics.churn.additive.AdditiveLogit",
    "analytics.churn.additive.SplineBasis",
    "analytics.churn.encoding.ColumnEncoding",
    "analytics.churn.encoding.TableEncoder",
    "analytics.churn.forecaster.ChurnForecaster",
    "analytics.churn.selection.Blend",
    "analytics.churn.selection.Choice",
    "analytics.churn.thin_data.Abstention",
    "analytics.churn.trees.BoostedTrees",
    "analytics.churn.trees.Capacity",
    "analytics.churn_events.EventForecaster",
    "analytics.churn_events.LoggedLogit",
    "analytics.churn_events.SmoothEventForecaster",
    "analytics.churn_events.TimeForwardForecaster",
    "analytics.decisions.uplift.calibration.EffectCalibration",
    "analytics.decisions.uplift.calibration.EffectGroup",
    "analytics.decisions.uplift.learners.SLearner",
    "analytics.decisions.uplift.outcomes.SharedOutcomes",
    "analytics.decisions.uplift.outcomes.SmoothOutcomes",
    "analytics.decisions.uplift.outcomes.TreeOutcomes",
    "analytics.decisions.uplift.programme.OfferEffect",
    "analytics.decisions.uplift.programme.ProgrammeEffects",
    "analytics.decisions.uplift.regressions.Constant",
    "analytics.decisions.uplift.regressions.Mean",
    "analytics.decisions.uplift.regressions.Smooth",
    "analytics.decisions.uplift.regressions.Trees",
    "analytics.decisions.uplift.shrinkage.ShrunkRegression",
    "analytics.evaluation.intervals.Interval",
    "analytics.survival.forecaster.SurvivalForecaster",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
)

_ARRAY_LIBRARIES = tuple(f"sklearn.externals.array_api_compat.{name}" for name in ("torch", "cupy", "dask"))
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_VERSION = re.compile(r"\d{8}T\d{12}Z-[0-9a-f]{12}")
_WINDOWS_NAMES = {"con", "prn", "aux", "nul", *(f"{port}{k}" for port in ("com", "lpt") for k in range(10))}

Model = TypeVar("Model")


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a reader must know before trusting a model; `columns` maps each input column to its kind."""

    title: str
    created_at: datetime
    purpose: str
    churn_definition: str = ""
    protocol: str = ""
    training_rows: int = 0
    churners: int = 0
    data_start: date | None = None
    data_end: date | None = None
    training_data_sha256: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    limitations: tuple[str, ...] = ()

    def markdown(self) -> str:
        """The card as Markdown."""
        window = f"{self.data_start or 'unknown'} to {self.data_end or 'unknown'}"
        lines = [
            f"# {_plain(self.title)}",
            "",
            _plain(self.purpose),
            "",
            f"- Trained: {self.created_at:%Y-%m-%d %H:%M} UTC",
        ]
        lines += [f"- Rows: {self.training_rows:,}, of which {self.churners:,} churned", f"- Data window: {window}"]
        lines += [f"- Churn: {_plain(self.churn_definition)}"] if self.churn_definition else []
        lines += [f"- Measured: {_plain(self.protocol)}"] if self.protocol else []
        if self.metrics:
            lines += ["", "## Figures", "", "| figure | value |", "|---|---|"]
            lines += [f"| {_plain(name)} | {value:.4g} |" for name, value in self.metrics.items()]
        if self.columns:
            lines += ["", "## Columns", "", "| column | read as |", "|---|---|"]
            lines += [f"| {_plain(name)} | {_plain(kind)} |" for name, kind in self.columns.items()]
        if self.limitations:
            lines += ["", "## Limits", "", *(f"- {_plain(limit)}" for limit in self.limitations)]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One stored version: where it lies, its card, the SHA-256 of its files and the libraries that made it."""

    name: str
    version: str
    path: Path
    card: ModelCard
    files: Mapping[str, str]
    libraries: Mapping[str, str]
    type_name: str


class ModelStore:
    """Versions of named models under one folder; `trusted` lists the only types that a stored model may hold."""

    def __init__(self, root: Path | str, *, trusted: tuple[str, ...] = TRUSTED_TYPES) -> None:
        self.root = Path(root)
        self.trusted = trusted

    def save(self, name: str, model: Any, card: ModelCard) -> ModelVersion:
        """Write a new version; it appears whole or not at all. Raises ArtifactError for types that are not trusted."""
        folder = self._folder(name)
        try:
            content = skops_io().dumps(model, compression=zipfile.ZIP_DEFLATED, compresslevel=6)
        except skops_io().exceptions.UnsupportedTypeException as error:
            raise ArtifactError(f"the model {name!r} cannot be stored: {error}") from error
        self._refuse_untrusted(content, name)
        files = {MODEL_FILE: content, CARD_FILE: card.markdown().encode()}
        manifest = {
            "format": FORMAT,
            "name": name,
            "type": _type_name(type(model)),
            "files": {file: hashlib.sha256(data).hexdigest() for file, data in files.items()},
            "libraries": library_versions(),
            "card": _card_as_json(card),
        }
        files[MANIFEST_FILE] = json.dumps(manifest, indent=1, sort_keys=True, allow_nan=True).encode()
        stamp = card.created_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        final = folder / f"{stamp}-{_short_hash(files[MANIFEST_FILE])}"
        if not final.exists():
            _write_folder(final, files)
        return self.describe(name, final.name)

    def versions(self, name: str) -> list[str]:
        """Version ids of a model, oldest first."""
        folder = self._folder(name)
        if not folder.is_dir():
            return []
        return sorted(entry.name for entry in folder.iterdir() if _VERSION.fullmatch(entry.name) and entry.is_dir())

    def describe(self, name: str, version: str = LATEST) -> ModelVersion:
        """Read and verify the manifest of a version, without reading the model."""
        path = self._path(name, version)
        data = _read(path / MANIFEST_FILE)
        if _short_hash(data) != path.name.rsplit("-", 1)[1]:
            raise ArtifactError(f"the manifest of {name!r} {path.name} was changed after it was written")
        try:
            manifest = json.loads(data)
            if manifest["format"] != FORMAT or manifest["name"] != name:
                raise ArtifactError(f"{name!r} {path.name} was written for another name or in another format")
            card = _card_from_json(manifest["card"])
            files, libraries = dict(manifest["files"]), dict(manifest["libraries"])
            return ModelVersion(name, path.name, path, card, files, libraries, str(manifest["type"]))
        except (ValueError, KeyError, TypeError) as error:
            raise ArtifactError(f"the manifest of {name!r} {path.name} cannot be read: {error}") from error

    def load(self, name: str, expected: type[Model], version: str = LATEST) -> tuple[Model, ModelVersion]:
        """The fitted model and its version, after checking hashes, library version and every type it holds."""
        stored = self.describe(name, version)
        content = b""
        for file, digest in stored.files.items():
            if file not in (MODEL_FILE, CARD_FILE):
                raise ArtifactError(f"{name!r} {stored.version} lists a file that does not belong to it")
            data = _read(stored.path / file)
            if hashlib.sha256(data).hexdigest() != digest:
                raise ArtifactError(f"{file} of {name!r} {stored.version} was changed after it was written")
            content = data if file == MODEL_FILE else content
        here, there = library_versions()["scikit-learn"], stored.libraries.get("scikit-learn")
        if here != there:
            raise ArtifactError(f"{name!r} was trained with scikit-learn {there}; this is {here}")
        if stored.type_name != _type_name(expected):
            raise ArtifactError(f"{name!r} holds a {stored.type_name}, not a {_type_name(expected)}")
        self._refuse_untrusted(content, name)
        model = skops_io().loads(content, trusted=list(self.trusted))
        if not isinstance(model, expected):
            raise ArtifactError(f"{name!r} does not hold a {_type_name(expected)}")
        return model, stored

    def prune(self, name: str, keep: int) -> list[str]:
        """Delete all but the newest `keep` versions (at least one); returns what was deleted."""
        doomed = self.versions(name)[: -max(keep, 1)]
        for entry in doomed:
            shutil.rmtree(self._folder(name) / entry)
        return doomed

    def _folder(self, name: str) -> Path:
        if not _NAME.fullmatch(name) or name in _WINDOWS_NAMES:
            raise ArtifactError(
                f"{name!r} cannot name a model", hint="Use lower-case letters, digits, '-' and '_', letter first."
            )
        return self.root / name

    def _path(self, name: str, version: str) -> Path:
        folder = self._folder(name)
        if version == LATEST:
            stored = self.versions(name)
            if not stored:
                raise NotFoundError(
                    f"no model named {name!r} has been trained", hint="Train one with `mainstay train`."
                )
            version = stored[-1]
        if not _VERSION.fullmatch(version):
            raise ArtifactError(f"{version!r} is no version id")
        if not (folder / version).is_dir():
            raise NotFoundError(f"model {name!r} has no version {version}", hint="Train again with `mainstay train`.")
        return folder / version

    def _refuse_untrusted(self, content: bytes, name: str) -> None:
        skops = skops_io()
        try:
            unknown = sorted(set(skops.get_untrusted_types(data=content)) - set(self.trusted))
        except (zipfile.BadZipFile, KeyError, ValueError, skops.exceptions.UntrustedTypesFoundException) as error:
            raise ArtifactError(f"the model file of {name!r} cannot be read: {error}") from error
        if unknown:
            raise ArtifactError(f"the model {name!r} holds types that are not trusted: {', '.join(unknown[:5])}")


def skops_io() -> Any:
    """The module `skops.io`, imported on first use and without torch.

    To list scikit-learn's estimators skops walks through all its packages, and some of them import torch where it is
    installed: seconds and 200 MB that no table needs.
    """
    kept_out = [name for name in _ARRAY_LIBRARIES if name not in sys.modules]
    modules: dict[str, Any] = sys.modules
    try:
        modules.update(dict.fromkeys(kept_out))
        return importlib.import_module("skops.io")
    finally:
        for name in kept_out:
            modules.pop(name, None)


def library_versions() -> dict[str, str]:
    """Versions of the libraries that a stored model depends on."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def table_fingerprint(X: pd.DataFrame, y: Any = None) -> str:
    """SHA-256 of a training table: its column names, cells and target, in order."""
    digest = hashlib.sha256(json.dumps([str(column) for column in X.columns]).encode())
    digest.update(pd.util.hash_pandas_object(X.reset_index(drop=True), index=True).to_numpy().tobytes())
    if y is not None:
        digest.update(np.ascontiguousarray(np.asarray(y, dtype=np.float64)).tobytes())
    return digest.hexdigest()


def _plain(text: str) -> str:
    """Text from a user's table as one line that Markdown does not read as markup."""
    return re.sub(r"([\\`*_{}\[\]<>#|!])", r"\\\1", " ".join(str(text).split()))


def _type_name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _short_hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def _card_as_json(card: ModelCard) -> dict[str, Any]:
    found = asdict(card)
    for name in ("created_at", "data_start", "data_end"):
        found[name] = found[name].isoformat() if found[name] is not None else None
    return found | {"columns": list(card.columns.items()), "metrics": {k: float(v) for k, v in card.metrics.items()}}


def _card_from_json(found: dict[str, Any]) -> ModelCard:
    dates = {name: date.fromisoformat(found[name]) if found[name] else None for name in ("data_start", "data_end")}
    rest = {
        "created_at": datetime.fromisoformat(found["created_at"]),
        "columns": dict(found["columns"]),
        "limitations": tuple(found["limitations"]),
    }
    return ModelCard(**(found | dates | rest))


def _read(path: Path) -> bytes:
    try:
        if path.is_symlink():
            raise ArtifactError(f"{path.name} is a link, not a file of this model")
        return path.read_bytes()
    except OSError as error:
        raise ArtifactError(f"{path.name} of a stored model cannot be read: {error.strerror}") from error


def _write_folder(final: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a temporary sibling, flush them to disk, and rename it into place."""
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        temporary = final.parent / f".{final.name}.{os.getpid()}.partial"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        for name, data in files.items():
            with (temporary / name).open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        temporary.rename(final)
        _flush_folder(final.parent)
    except OSError as error:
        message = f"the model cannot be written to {final.parent}: {error.strerror}"
        raise ArtifactError(message, hint="Check free space and permissions of the models folder.") from error


def _flush_folder(folder: Path) -> None:
    """Make a rename durable where folders can be flushed (not on Windows)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
