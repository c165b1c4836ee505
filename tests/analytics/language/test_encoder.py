"""The sentence encoder: any text has a defined answer, and the same one whatever stands beside it."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from analytics.language import encoder as encoders
from analytics.language.encoder import MAX_TOKENS, WIDTH, Encoder, Encoding, prepared, shortened
from analytics.language.linear import LinearTextClassifier
from db.errors import ArtifactError
from tests.analytics.language.small_encoder import TEXTS

CLOSE = 1e-5
BUCKETS = encoders._buckets
LENGTHS = st.lists(st.integers(2, MAX_TOKENS), max_size=300)


@pytest.fixture
def copied(small_weights: Path, tmp_path: Path) -> Path:
    """Weights of this test's own."""
    return Path(shutil.copytree(small_weights, tmp_path / "weights"))


def same(one: Encoding, other: Encoding) -> bool:
    return bool(
        np.allclose(one.meaning, other.meaning, rtol=0, atol=CLOSE)
        and np.allclose(one.feeling, other.feeling, rtol=0, atol=CLOSE)
    )


@pytest.mark.parametrize("place", range(len(TEXTS)))
def test_a_text_reads_the_same_alone_and_among_others(place: int, small_encoder: Encoder) -> None:
    together = small_encoder.read(TEXTS)
    assert same(small_encoder.read([TEXTS[place]]), together[place : place + 1])
    assert not same(small_encoder.read([TEXTS[place - 1]]), together[place : place + 1])


def test_the_order_of_many_batches_is_kept(small_encoder: Encoder) -> None:
    texts = [f"{text} bill {number}" for number in range(12) for text in TEXTS]
    assert len(BUCKETS([len(row) for row in small_encoder.tokens(texts)])) > 1
    shuffled = np.random.default_rng(3).permutation(len(texts))
    assert same(small_encoder.read([texts[place] for place in shuffled]), small_encoder.read(texts)[shuffled])


def test_meaning_has_length_one_and_differs_from_feeling(small_encoder: Encoder) -> None:
    found = small_encoder.read(TEXTS)
    assert found.meaning.shape == found.feeling.shape == (len(TEXTS), WIDTH)
    np.testing.assert_allclose(np.linalg.norm(found.meaning, axis=1), 1, atol=CLOSE)
    feeling = found.feeling / np.linalg.norm(found.feeling, axis=1, keepdims=True)
    assert np.abs((feeling * found.meaning).sum(axis=1)).max() < 0.5
    np.testing.assert_array_equal(small_encoder.encode(TEXTS), found.meaning)


def test_no_text_gives_no_rows(small_encoder: Encoder) -> None:
    found = small_encoder.read([])
    assert found.meaning.shape == found.feeling.shape == (0, WIDTH)


@pytest.mark.parametrize("text", [None, float("nan"), "", " \n ", "\x00\x07\u200b", "\ud800", "\ue000"])
def test_what_holds_nothing_counts_as_an_empty_text(text: object, small_encoder: Encoder) -> None:
    assert same(small_encoder.read([text]), small_encoder.read([""]))  # type: ignore[list-item]


@pytest.mark.parametrize(
    "text",
    [
        "😡😡 bill",
        "🏳️‍🌈",
        "我要取消",
        "отмена",
        "ألغِ اشتراكي",
        "ﷺ" * 900,
        "\u0301" * 900,
        "@" * 3_000,
        "[CLS] [SEP] [PAD]",
    ],
)
def test_any_script_has_a_defined_answer(text: str, small_encoder: Encoder) -> None:
    found = small_encoder.read([text, "good plan"])
    assert np.isfinite(found.meaning).all()
    assert np.isfinite(found.feeling).all()
    assert same(found[1:], small_encoder.read(["good plan"]))


@pytest.mark.parametrize(
    "text",
    ["a" * 1_000_000, "cancel my plan " * 70_000, "😀" * 300_000, "\n" * 1_000_000, "!" * 1_000_000, "@a" * 500_000],
)
def test_a_megabyte_is_read_in_bounded_tokens(text: str, small_encoder: Encoder) -> None:
    assert len(small_encoder.tokens([text])[0]) <= MAX_TOKENS
    assert np.isfinite(small_encoder.read([text]).meaning).all()


@pytest.mark.parametrize("change", ["Good plan. {} The router is slow.", "I love you. {} Good plan."])
def test_a_long_text_is_read_at_both_ends(change: str, small_encoder: Encoder) -> None:
    middle = "bill " * 400
    plain = small_encoder.read([f"Good plan. {middle} Good plan."])
    assert not same(small_encoder.read([change.format(middle)]), plain)
    assert same(small_encoder.read([f"Good plan. {middle * 2} Good plan."]), plain)


@given(st.lists(st.integers(), max_size=300), st.integers(encoders._TAIL + 1, 200) | st.integers(3, 40))
@settings(derandomize=True, deadline=None)
def test_shortening_keeps_head_and_tail(ids: list[int], longest: int) -> None:
    found = shortened(ids, longest)
    head = longest - min(encoders._TAIL, longest * 2 // 3)
    assert len(found) == min(len(ids), longest)
    assert found[:head] == ids[:head]
    assert found[head:] == ids[-len(found[head:]) or len(ids) :]


@given(LENGTHS)
@settings(derandomize=True, deadline=None)
def test_batches_hold_every_text_once_and_stay_small(lengths: list[int]) -> None:
    batches = BUCKETS(lengths)
    assert sorted(place for places in batches for place in places.tolist()) == list(range(len(lengths)))
    longest = [max(lengths[place] for place in places) for places in batches]
    assert longest == sorted(longest)
    assert all(length * len(places) <= encoders._BATCH_TOKENS for length, places in zip(longest, batches, strict=True))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("see https://example.org/a?b=c now", "see http now"),
        ("write to ada@mail.example or @ada", "write to mail address or @user"),
        ("it does n't work", "it doesn't work"),
        ("it 's -lrb- not -rrb- good", "it's ( not ) good"),
        ("good 👍 bad 👎", "good :) bad :("),
        ("a\x00b\u200bc", "a b c"),
        ("don’t", "don't"),
        ("don´t", "don't"),
        ("Ｇｏｏｄ", "Good"),
    ],
)
def test_a_text_is_brought_to_one_form_before_it_is_read(text: str, line: str) -> None:
    assert " ".join(prepared(text).split()) == line


def test_reading_needs_neither_torch_nor_onnx() -> None:
    program = "import analytics.language.understanding, analytics.language.train, sys; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "analytics.language.train" in found
    assert {"torch", "onnx", "transformers"} & set(found) == set()


def test_a_bare_string_is_refused(small_encoder: Encoder) -> None:
    with pytest.raises(TypeError, match="sequence of strings"):
        small_encoder.read("cancel")


def test_threads_may_share_it(small_encoder: Encoder) -> None:
    alone = [small_encoder.read([text]) for text in TEXTS]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: small_encoder.read([text]), TEXTS * 4))
    assert all(same(one, other) for one, other in zip(found, alone * 4, strict=True))


def test_a_clone_of_a_model_reads_with_the_same_encoder(small_encoder: Encoder) -> None:
    assert clone(LinearTextClassifier(encoder=small_encoder)).encoder is small_encoder


@pytest.mark.parametrize("name", [encoders.MODEL, encoders.TOKENISER])
def test_a_changed_file_is_refused(name: str, copied: Path) -> None:
    content = bytearray((copied / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / name).write_bytes(bytes(content))
    with pytest.raises(ArtifactError, match="were changed"):
        encoders.load(copied)


@pytest.mark.parametrize("name", [encoders.MODEL, encoders.TOKENISER, "manifest.json"])
def test_a_missing_file_is_refused(name: str, copied: Path) -> None:
    (copied / name).unlink()
    with pytest.raises(ArtifactError, match="are missing"):
        encoders.load(copied)


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x08\x0a" * 40])
def test_bytes_that_are_no_model_are_refused(content: bytes, copied: Path) -> None:
    tokeniser = (copied / encoders.TOKENISER).read_text(encoding="utf-8")
    with pytest.raises(ArtifactError, match="cannot be loaded"):
        Encoder(content, tokeniser, version="none")


def test_half_a_model_is_refused(copied: Path) -> None:
    tokeniser = (copied / encoders.TOKENISER).read_text(encoding="utf-8")
    content = (copied / encoders.MODEL).read_bytes()
    with pytest.raises(ArtifactError, match="cannot be loaded"):
        Encoder(content[: len(content) // 2], tokeniser, version="half")
    assert Encoder(content, tokeniser, version="whole").version == "whole"
