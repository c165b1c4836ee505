"""What ships of the starting encoder: fewer tokens that mean the same, and the same bytes from the same texts."""

import hashlib
import json

import numpy as np
import onnxruntime
import pytest
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from analytics.language.encoder import Encoder
from analytics.language.training.export import Parts, export, measured_ranges, trimmed
from analytics.language.training.graph import encoder_graph
from analytics.language.training.tuning import tokens_of
from tests.analytics.language.small_encoder import TEXTS, Starting, vocabulary

SPECIAL = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}


@pytest.fixture(scope="module")
def whole(starting: Starting) -> Tokenizer:
    return Tokenizer.from_str(starting.tokeniser_text)


@pytest.fixture(scope="module")
def cut(starting: Starting) -> Tokenizer:
    return Tokenizer.from_str(trimmed(starting.tokeniser_text)[0])


def tokens(tokeniser: Tokenizer, text: str) -> list[str]:
    """Tokens of a text without padding."""
    found: list[str] = tokeniser.encode(text).tokens
    return [token for token in found if token != "[PAD]"]


@pytest.mark.parametrize(
    "text", [*TEXTS, "Straße, ça va? naïve CAFÉ", "€45 – “quoted” (twice) #1 @you", "[SEP] [MASK]", "zzz9"]
)
def test_latin_texts_are_split_as_before(text: str, whole: Tokenizer, cut: Tokenizer) -> None:
    assert tokens(cut, text) == tokens(whole, text)


@pytest.mark.parametrize("text", ["отмена", "取消我要", "αβω", "plan ש", "कम", "ア bill"])
def test_other_scripts_become_unknown(text: str, whole: Tokenizer, cut: Tokenizer) -> None:
    before, after = tokens(whole, text), tokens(cut, text)
    assert "[UNK]" not in before
    assert "[UNK]" in after
    assert {token for token in after if token.isascii()} - SPECIAL == {
        token for token in before if token.isascii()
    } - SPECIAL


def test_every_kept_token_has_the_vector_it_had(small_parts: Parts, starting: Starting) -> None:
    new: dict[str, int] = Tokenizer.from_str(small_parts.tokeniser).get_vocab()
    old = vocabulary()
    before = load_file(starting.model)["embeddings.word_embeddings.weight"]
    after = small_parts.embedding.word_embeddings.weight
    assert len(after) == len(new) < len(old)
    assert sorted(new.values()) == list(range(len(new)))
    for token, place in new.items():
        assert torch.equal(after[place], before[old[token]])


def test_reserved_places_go_and_padding_stays_first(starting: Starting) -> None:
    text, old = trimmed(starting.tokeniser_text)
    content = json.loads(text)
    words = content["model"]["vocab"]
    assert old[0] == words["[PAD]"] == 0
    assert not any(token.startswith("[unused") for token in words)
    assert {added["content"]: added["id"] for added in content["added_tokens"]} == {
        name: words[name] for name in SPECIAL
    }
    assert content["padding"] is content["truncation"] is None


def test_trimming_twice_takes_nothing_more(starting: Starting) -> None:
    once, _ = trimmed(starting.tokeniser_text)
    again, old = trimmed(once)
    assert again == once
    assert old == list(range(len(old)))


def test_ranges_leave_out_rare_extremes(small_parts: Parts) -> None:
    graph = encoder_graph(small_parts.embedding, small_parts.shared, small_parts.tops)
    rows = tokens_of(Tokenizer.from_str(small_parts.tokeniser), TEXTS, 128)
    each = [measured_ranges(*graph, [row]) for row in rows]
    together = measured_ranges(*graph, rows)
    for name, (low, high) in together.items():
        lows, highs = zip(*(one[name] for one in each), strict=True)
        assert min(lows) - 1e-5 <= low <= np.median(lows) < np.median(highs) <= high < max(highs)


def test_the_same_texts_give_the_same_file(small_parts: Parts) -> None:
    one, two, other = (hashlib.sha256(export(small_parts, texts)).digest() for texts in (TEXTS, TEXTS, TEXTS[:2]))
    assert one == two != other


def test_the_file_runs_as_the_encoder_of_the_package(small_parts: Parts) -> None:
    encoder = Encoder(export(small_parts, TEXTS), small_parts.tokeniser, version="exported")
    found, wanted = encoder.read(TEXTS), small_parts.read(encoder.tokens(TEXTS))
    for one, other in ((found.meaning, wanted["meaning"].numpy()), (found.feeling, wanted["feeling"].numpy())):
        cosine = (one * other).sum(axis=1) / np.linalg.norm(one, axis=1) / np.linalg.norm(other, axis=1)
        assert cosine.min() > 0.98


def test_texts_of_any_number_and_length_may_be_asked(small_parts: Parts) -> None:
    session = onnxruntime.InferenceSession(export(small_parts, TEXTS), providers=["CPUExecutionProvider"])
    assert {given.name: (given.type, given.shape) for given in session.get_inputs()} == {
        "ids": ("tensor(int64)", ["n", "tokens"]),
        "lengths": ("tensor(int32)", ["n"]),
    }
    assert [(found.name, found.shape) for found in session.get_outputs()] == [
        ("meaning", ["n", 384]),
        ("feeling", ["n", 384]),
        ("shared", ["n", "tokens", 384]),
    ]
