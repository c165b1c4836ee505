"""A real encoder of random weights and few words, in the files of the one that training starts from and those it ships.

It has the layers and sizes of the true one, so that whatever works on it works on the true one, without a download.
"""

import string
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece

from analytics.language import encoder as encoders
from analytics.language import weights

if TYPE_CHECKING:
    from analytics.language.training.export import Parts

SHARED = 3
"""How many lower layers are shared."""
TEXTS = [
    "please cancel my plan",
    "great support, very fast and friendly!",
    "the router is broken and I hate it",
    "",
    "love",
    "I never got a bill, and the service is always slow " * 4,
    "my phone is slow, my price is not good, and you never help",
    "thanks :) café naïve 123 €",
]
"""Texts of several lengths in its words."""
_LAYERS, _WIDTH, _INNER, _POSITIONS = 6, 384, 1_536, 512
_SPECIAL = ("[PAD]", "[unused0]", "[unused1]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_OTHER_SCRIPTS = tuple("отменаαβω取消我要कमשア")
_WORDS = """
the a and is not my your i you we to of in for it never always very please cancel plan bill router service support
good great love happy fast friendly bad awful hate angry slow broken price money thanks outage help phone letter
##s ##ing ##ed ##ly ##er cafe naive straße
"""


@dataclass(frozen=True, slots=True)
class Starting:
    """The files that training starts from."""

    model: Path
    tokeniser: Path

    @property
    def tokeniser_text(self) -> str:
        """What the file of the tokeniser holds."""
        return self.tokeniser.read_text(encoding="utf-8")


def vocabulary() -> dict[str, int]:
    """About two hundred tokens: reserved places and other scripts stand between those that are read, as in BERT's."""
    letters = [*string.ascii_lowercase, *string.digits]
    signs = [sign for sign in string.punctuation if sign not in "[]"]
    scripts = [sign for word in _OTHER_SCRIPTS for sign in (word, f"##{word}")]
    tokens = [*_SPECIAL, *signs, *scripts, *letters, *(f"##{letter}" for letter in letters), *"ß€–", *_WORDS.split()]
    return {token: place for place, token in enumerate(dict.fromkeys(tokens))}


def tokeniser_file() -> str:
    """A tokeniser of that vocabulary as BERT's is stored, padding every text to 128 tokens as the true one does."""
    words = vocabulary()
    tokeniser = Tokenizer(WordPiece(words, unk_token="[UNK]"))
    tokeniser.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokeniser.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    ends = [(name, words[name]) for name in ("[CLS]", "[SEP]")]
    tokeniser.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ends
    )
    tokeniser.add_special_tokens([token for token in _SPECIAL if "unused" not in token])
    tokeniser.enable_truncation(128)
    tokeniser.enable_padding(length=128)
    return tokeniser.to_str()


def _random_layers(rng: np.random.Generator) -> dict[str, npt.NDArray[np.float32]]:
    shapes = {
        "attention.self.query": (_WIDTH, _WIDTH),
        "attention.self.key": (_WIDTH, _WIDTH),
        "attention.self.value": (_WIDTH, _WIDTH),
        "attention.output.dense": (_WIDTH, _WIDTH),
        "intermediate.dense": (_INNER, _WIDTH),
        "output.dense": (_WIDTH, _INNER),
    }
    tensors = {}
    for layer in range(_LAYERS):
        prefix = f"encoder.layer.{layer}"
        for name, shape in shapes.items():
            tensors[f"{prefix}.{name}.weight"] = _normal(rng, shape, 0.05)
            tensors[f"{prefix}.{name}.bias"] = _normal(rng, shape[:1], 0.02)
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            tensors |= _random_norm(rng, f"{prefix}.{name}")
    return tensors


def _random_norm(rng: np.random.Generator, name: str) -> dict[str, npt.NDArray[np.float32]]:
    return {f"{name}.weight": 1 + _normal(rng, (_WIDTH,), 0.05), f"{name}.bias": _normal(rng, (_WIDTH,), 0.05)}


def _normal(rng: np.random.Generator, shape: tuple[int, ...], spread: float) -> npt.NDArray[np.float32]:
    return rng.standard_normal(shape, dtype=np.float32) * np.float32(spread)


def write_starting(folder: Path, seed: int = 7) -> Starting:
    """Random weights, the same for the same seed, and their tokeniser, as files in a folder."""
    rng = np.random.default_rng(seed)
    tensors = {
        "embeddings.word_embeddings.weight": _normal(rng, (len(vocabulary()), _WIDTH), 0.1),
        "embeddings.position_embeddings.weight": _normal(rng, (_POSITIONS, _WIDTH), 0.02),
        "embeddings.token_type_embeddings.weight": _normal(rng, (2, _WIDTH), 0.02),
        **_random_norm(rng, "embeddings.LayerNorm"),
        **_random_layers(rng),
        "pooler.dense.bias": _normal(rng, (_WIDTH,), 0.02),
    }
    folder.mkdir(parents=True, exist_ok=True)
    found = Starting(folder / "model.safetensors", folder / "tokenizer.json")
    save_file(tensors, found.model)
    found.tokeniser.write_text(tokeniser_file(), encoding="utf-8")
    return found


def small_parts(folder: Path) -> "Parts":
    """The layers that would ship, with a feeling top that was never tuned but differs from the original."""
    # Tests that read with the encoder alone should not wait for torch.
    import torch
    from safetensors.torch import load_file
    from safetensors.torch import save_file as save_tensors

    from analytics.language.training.bert import layers_of
    from analytics.language.training.export import Parts
    from analytics.language.training.tuning import FeelingTop

    starting = write_starting(folder)
    torch.manual_seed(5)
    top = FeelingTop(layers_of(load_file(write_starting(folder / "other", seed=8).model), SHARED, _LAYERS), 4)
    save_tensors(dict(top.state_dict()), folder / "feeling.safetensors")
    return Parts(starting.model, folder / "feeling.safetensors", starting.tokeniser_text, SHARED)


def write_shipped(parts: "Parts", texts: Sequence[str], folder: Path) -> Path:
    """The folder of weights that training would write."""
    from analytics.language.training.export import export

    weights.save_bytes(folder, encoders.MODEL, export(parts, texts), {})
    weights.save_bytes(folder, encoders.TOKENISER, parts.tokeniser.encode(), {})
    return folder
