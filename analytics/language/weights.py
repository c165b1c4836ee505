"""Shipped weights: compact arrays whose sha256 is checked before a byte of them is read."""

import hashlib
import io
import json
import os
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from db.errors import ArtifactError

_MANIFEST = "manifest.json"
_LEVELS = 127
_MAX_BYTES = 32 * 1024 * 1024
HINT = "Install mainstay again, or make the weights anew with their training command."
Arrays = dict[str, npt.NDArray[Any]]


def shipped() -> Traversable:
    """The folder of weights inside the package."""
    return files("analytics.language").joinpath("weights")


def shipped_version() -> str:
    """A short name for the shipped weights, another for every change of them."""
    return f"language-{hashlib.sha256(shipped().joinpath(_MANIFEST).read_bytes()).hexdigest()[:12]}"


def quantise(coef: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Columns of coefficients as int8 on a square-root scale, and the largest magnitude of each column.

    The square root spends the 127 levels on small coefficients, of which a text sums hundreds.
    """
    largest = np.maximum(np.abs(coef).max(axis=0), np.float32(1e-12)).astype(np.float32)
    levels = np.sqrt(np.abs(coef) / largest) * _LEVELS
    return (np.sign(coef) * np.rint(levels)).astype(np.int8), largest


def dequantise(levels: npt.NDArray[np.int8], largest: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The coefficients of `quantise`, to within half a level."""
    share = np.arange(256, dtype=np.uint8).view(np.int8).astype(np.float32) / _LEVELS
    value_of_byte = np.sign(share) * share**2
    return np.ascontiguousarray(value_of_byte[levels.view(np.uint8)] * largest)


def save(folder: Path, name: str, arrays: Arrays, facts: Mapping[str, Any]) -> None:
    """Write `name`.npz into a folder and enter its sha256, size and facts in the folder's manifest."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    save_bytes(folder, f"{name}.npz", buffer.getvalue(), facts)


def save_bytes(folder: Path, name: str, content: bytes, facts: Mapping[str, Any]) -> None:
    """Write a file into a folder and enter its sha256, size and facts in the folder's manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    manifest[name] = {**facts, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    _replace(folder / name, content)
    _replace(path, (json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode())


def _replace(path: Path, content: bytes) -> None:
    """Write beside and rename, so that a reader sees the old file or the new one."""
    beside = path.with_name(path.name + ".part")
    beside.write_bytes(content)
    os.replace(beside, path)


def load(name: str, folder: Traversable | None = None) -> tuple[Arrays, dict[str, Any]]:
    """The arrays of `name`.npz and its facts. Raises ArtifactError where the file is missing or was changed."""
    content, facts = load_bytes(f"{name}.npz", folder)
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        return {key: archive[key] for key in archive.files}, facts


def load_head(name: str, encoder: str, folder: Traversable | None = None) -> Arrays:
    """The arrays of a head. Raises ArtifactError also where it was fitted on another encoder than `encoder` beside it.

    What an encoder says is numbers to a head: of another one they would be read without a complaint, and wrongly.
    """
    arrays, facts = load(name, folder)
    wanted = facts.get("encoder")
    if wanted is not None and wanted != version(_facts(shipped() if folder is None else folder, encoder)):
        raise ArtifactError(f"the weights {name!r} belong to another encoder", hint=HINT)
    return arrays


def encoder_of(name: str, folder: Traversable | None = None) -> str:
    """The encoder that a head was fitted on, by its version. Raises ArtifactError where the head is not there."""
    return str(_facts(shipped() if folder is None else folder, f"{name}.npz").get("encoder"))


def version(facts: Mapping[str, Any]) -> str:
    """The name of an encoder by the hash of its file."""
    return f"encoder-{facts['sha256'][:12]}"


def load_bytes(name: str, folder: Traversable | None = None) -> tuple[bytes, dict[str, Any]]:
    """A file and its facts. Raises ArtifactError where the file is missing or was changed."""
    place = shipped() if folder is None else folder
    facts = _facts(place, name)
    try:
        content = place.joinpath(name).read_bytes()
    except OSError as error:
        raise ArtifactError(f"the weights {name!r} are missing or unreadable", hint=HINT) from error
    if hashlib.sha256(content).hexdigest() != facts["sha256"] or len(content) > _MAX_BYTES:
        raise ArtifactError(f"the weights {name!r} were changed after they were made", hint=HINT)
    return content, facts


def _facts(folder: Traversable, name: str) -> dict[str, Any]:
    """What the manifest says of a file, its hash included."""
    try:
        facts = dict(json.loads(folder.joinpath(_MANIFEST).read_text(encoding="utf-8"))[name])
        facts["sha256"] = str(facts["sha256"])
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ArtifactError(f"the weights {name!r} are missing or unreadable", hint=HINT) from error
    return facts
