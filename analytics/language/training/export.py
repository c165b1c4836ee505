"""Makes the files that ship from the starting encoder and its tuned layers: an 8-bit ONNX graph and its tokeniser."""

import json
import logging
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

from analytics.language.training.bert import Layer, embedding_of, layers_of
from analytics.language.training.graph import POSITIONS, Ranges, encoder_graph
from analytics.language.training.tuning import FeelingTop, padded, tokens_of

log = logging.getLogger(__name__)

_LAYERS = 6
_CLIPPED = 2.0
"""Per cent of texts whose largest activation is cut off: a range for all of them would be too coarse for the rest."""
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def _kept(token: str) -> bool:
    """Whether a token can come up in the languages that are read: no reserved place, no other script."""
    if token in _SPECIAL:
        return True
    if token.startswith("[unused"):
        return False
    return all(sign.isascii() or _is_latin(sign) for sign in token)


def _is_latin(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "PSN" or "LATIN" in unicodedata.name(sign, "")


def trimmed(tokeniser: str) -> tuple[str, list[int]]:
    """The tokeniser's file without tokens that cannot come up, and the old id of each new one."""
    content: dict[str, Any] = json.loads(tokeniser)
    vocabulary: dict[str, int] = content["model"]["vocab"]
    old = sorted(place for token, place in vocabulary.items() if _kept(token))
    new_of = {place: row for row, place in enumerate(old)}
    content["model"]["vocab"] = {token: new_of[place] for token, place in vocabulary.items() if place in new_of}
    for added in content["added_tokens"]:
        added["id"] = new_of[added["id"]]
    for special in content["post_processor"]["special_tokens"].values():
        special["ids"] = [new_of[place] for place in special["ids"]]
    content["padding"] = content["truncation"] = None
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")), old


def _session(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def measured_ranges(
    model: onnx.ModelProto,
    places: Sequence[str],
    rows: Sequence[Any],
    feed: Callable[[Any], dict[str, Any]] | None = None,
) -> Ranges:
    """Smallest and largest activation at each place over texts, rare extremes cut off.

    `rows` hold the token ids of each text, or whatever `feed` turns into the model's inputs.
    """
    feed = feed or _ids_alone
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    watched.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in places)
    session = _session(watched)
    low, high = np.empty((len(rows), len(places))), np.empty((len(rows), len(places)))
    for line, row in enumerate(rows):
        found = session.run(list(places), feed(row))
        low[line], high[line] = [part.min() for part in found], [part.max() for part in found]
    lows, highs = np.percentile(low, _CLIPPED, axis=0), np.percentile(high, 100 - _CLIPPED, axis=0)
    return {name: (float(lows[place]), float(highs[place])) for place, name in enumerate(places)}


def _ids_alone(row: Sequence[int]) -> dict[str, Any]:
    return {"ids": np.array([row]), "lengths": np.array([len(row)], dtype=np.int32)}


class Parts:
    """The layers of the encoder that ships, in torch, in full precision."""

    def __init__(self, starting: Path, tuned: Path, tokeniser: str, shared: int) -> None:
        tensors = load_file(starting)
        feeling = load_file(tuned)
        tuned_layers = len({name.split(".")[1] for name in feeling if name.startswith("layers.")})
        top = FeelingTop(layers_of(tensors, shared, shared + tuned_layers), len(feeling["emotions.bias"]))
        top.load_state_dict(feeling)
        self.tokeniser, old = trimmed(tokeniser)
        words = "embeddings.word_embeddings.weight"
        self.embedding = embedding_of({**tensors, words: tensors[words][old]}).eval()
        self.shared: list[Layer] = list(layers_of(tensors, 0, shared).eval())  # type: ignore[arg-type]
        original: list[Layer] = list(layers_of(tensors, shared, _LAYERS).eval())  # type: ignore[arg-type]
        self.tops: dict[str, list[Layer]] = {"meaning": original, "feeling": list(top.layers.eval())}  # type: ignore[arg-type]

    @torch.inference_mode()
    def read(self, rows: Sequence[list[int]]) -> dict[str, Tensor]:
        """Mean states of each top for token ids, in full precision: what the 8-bit graph comes near."""
        ids, mask = padded(rows)
        states = self.embedding(ids)
        for layer in self.shared:
            states = layer(states, mask)
        found = {}
        weights = mask.to(states.dtype)[:, :, None]
        for name, layers in self.tops.items():
            last = states
            for layer in layers:
                last = layer(last, mask)
            found[name] = (last * weights).sum(1) / weights.sum(1)
        return found


def export(parts: Parts, texts: Sequence[str]) -> bytes:
    """The ONNX file, its ranges measured on texts."""
    dynamic, places = encoder_graph(parts.embedding, parts.shared, parts.tops)
    rows = tokens_of(Tokenizer.from_str(parts.tokeniser), texts, POSITIONS)
    log.info("measuring activations on %d texts", len(rows))
    model, _ = encoder_graph(parts.embedding, parts.shared, parts.tops, measured_ranges(dynamic, places, rows))
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())
