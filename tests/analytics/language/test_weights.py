"""Shipped weights: small, refused where they were changed, and stored at little cost."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analytics.language import intents, sentiment, weights
from analytics.language.intents import IntentRecogniser
from analytics.language.wishes import WISHES_TOP
from db.errors import ArtifactError

LIMIT, LIMIT_OF_A_TOP = 30_000_000, 8_000_000
"""Bytes of the encoder with its heads, and of a further top beside it."""


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(str(weights.shipped()), tmp_path / "weights")
    return tmp_path / "weights"


def test_shipped_weights_are_small() -> None:
    sizes = {path.name: len(path.read_bytes()) for path in weights.shipped().iterdir()}
    assert sizes.pop(WISHES_TOP) <= LIMIT_OF_A_TOP
    assert sum(sizes.values()) <= LIMIT


def test_a_flipped_bit_is_refused(copied: Path) -> None:
    path = copied / "sentiment.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(ArtifactError, match="were changed"):
        sentiment.load_default(copied)


@pytest.mark.parametrize("name", ["manifest.json", "intents.npz"])
def test_a_missing_file_is_named(name: str, copied: Path) -> None:
    (copied / name).unlink()
    with pytest.raises(ArtifactError, match=r"'intents\.npz' are missing"):
        intents.load_default(copied)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"intents.npz": 3}', b"\xff"])
def test_a_broken_manifest_is_refused(content: bytes, copied: Path) -> None:
    (copied / "manifest.json").write_bytes(content)
    with pytest.raises(ArtifactError):
        intents.load_default(copied)


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="allow_pickle"):
        weights.save(tmp_path, "bad", {"x": np.array([object()], dtype=object)}, {})


def test_rounding_costs_little() -> None:
    coef = np.random.default_rng(1).normal(size=(500, 3)).astype(np.float32) ** 3
    back = weights.dequantise(*weights.quantise(coef))
    np.testing.assert_allclose(back, coef, atol=0.02 * np.abs(coef).max())


def test_a_saved_model_answers_as_before(tmp_path: Path) -> None:
    texts, labels = ["cancel my plan", "hello there", "thank you"] * 6, ["cancel", "greeting", "thanks"] * 6
    model = IntentRecogniser(word_bits=10, letter_bits=10, vectors=(), rules=True).fit(texts, labels)
    model.save(tmp_path, {"examples": {"own": len(texts)}})
    loaded = intents.load_default(tmp_path)
    np.testing.assert_allclose(loaded.predict_proba(texts), model.predict_proba(texts), atol=0.02)


@pytest.mark.parametrize(
    ("head", "load"), [("sentiment.npz", sentiment.load_default), ("intents.npz", intents.load_default)]
)
def test_a_head_of_another_encoder_is_refused(head: str, load: Callable[[Path], object], copied: Path) -> None:
    path = copied / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    assert manifest[head]["encoder"] == f"encoder-{manifest['encoder.onnx']['sha256'][:12]}"
    manifest[head]["encoder"] = "encoder-of-yesterday"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ArtifactError, match="belong to another encoder"):
        load(copied)
