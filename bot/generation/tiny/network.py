"""The small writer's network on ONNX Runtime: scores of next tokens for many rows, keys and values kept in place."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from db.errors import ArtifactError

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
HINT = "Install mainstay again; its files must not be changed."


class Network:
    """The decoder with its weights. `room` is the most tokens of a row, header included.

    Raises ArtifactError where the files do not fit together.
    """

    def __init__(self, graph: bytes, weights: bytes, shape: dict[str, int], threads: int = 2) -> None:
        import onnxruntime

        self.layers, self.heads, self.shared = shape["layers"], shape["heads"], shape["shared_heads"]
        self.width, self.room = shape["width"], shape["room"]
        self.size = self.width // self.heads
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        constants = {name: np.ascontiguousarray(array) for name, array in self._constants(weights).items()}
        self._values = {name: onnxruntime.OrtValue.ortvalue_from_numpy(array) for name, array in constants.items()}
        options.add_external_initializers(list(self._values), list(self._values.values()))
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def _constants(self, weights: bytes) -> dict[str, Floats]:
        """Weights by the graph's names, in full precision; matrices stand as (inputs, outputs)."""
        from safetensors import SafetensorError
        from safetensors.numpy import load

        try:
            found = {name: array.astype(np.float32) for name, array in load(weights).items()}
            return self._named(found)
        except (SafetensorError, KeyError) as error:
            raise ArtifactError("the small writer's weights cannot be read", hint=HINT) from error

    def _named(self, found: dict[str, Floats]) -> dict[str, Floats]:
        embedding = found["model.embed_tokens.weight"]
        named = {"embedding": embedding, "head": embedding.T, "final.norm": found["model.norm.weight"]}
        for place in range(self.layers):
            at, ours = f"model.layers.{place}", f"layer{place}"
            parts = [found[f"{at}.self_attn.{name}_proj.weight"].T for name in "qkv"]
            named[f"{ours}.qkv"] = np.concatenate(parts, axis=1)
            named[f"{ours}.out"] = found[f"{at}.self_attn.o_proj.weight"].T
            for name in ("gate", "up", "down"):
                named[f"{ours}.{name}"] = found[f"{at}.mlp.{name}_proj.weight"].T
            named[f"{ours}.first.norm"] = found[f"{at}.input_layernorm.weight"]
            named[f"{ours}.second.norm"] = found[f"{at}.post_attention_layernorm.weight"]
        angles = np.outer(np.arange(self.room), 10_000.0 ** (-np.arange(0, self.size, 2) / self.size))
        return named | {"cos": np.cos(angles).astype(np.float32), "sin": np.sin(angles).astype(np.float32)}

    def start(self, headers: Sequence[Sequence[int]]) -> "Rows":
        """Rows that have read their headers."""
        return Rows(self, headers)

    def run(self, ids: Ints, ends: Any, last: Ints, cache: list[Any]) -> Floats:
        """Scores (n, vocabulary) of the wanted token of each row; keys and values are written into `cache`."""
        binding = self._session.io_binding()
        binding.bind_cpu_input("ids", ids)
        binding.bind_cpu_input("ends", ends)
        binding.bind_cpu_input("total", np.array(int(ends.max()) + 1, dtype=np.int32))
        binding.bind_cpu_input("last", last)
        for place, value in enumerate(cache):
            name = f"{('key', 'value')[place % 2]}.{place // 2}"
            binding.bind_ortvalue_input(name, value)
            binding.bind_ortvalue_output(f"{name}.new", value)
        binding.bind_output("scores")
        self._session.run_with_iobinding(binding)
        scores: Floats = binding.get_outputs()[-1].numpy()
        return scores


class Rows:
    """Several texts in the making: their keys and values, and the scores of what may come next."""

    def __init__(self, network: Network, headers: Sequence[Sequence[int]]) -> None:
        import onnxruntime

        if max(map(len, headers)) > network.room:
            raise ValueError(f"a header of {max(map(len, headers))} tokens has no room in {network.room}")
        self._network = network
        self.lengths = np.array([len(header) for header in headers], dtype=np.int32)
        shape = (len(headers), network.shared, network.room, network.size)
        self._arrays = [np.zeros(shape, dtype=np.float32) for _ in range(2 * network.layers)]
        self._cache = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in self._arrays]
        ids = np.zeros((len(headers), int(self.lengths.max())), dtype=np.int64)
        for row, header in enumerate(headers):
            ids[row, : len(header)] = header
        self.scores = network.run(ids, self.lengths - 1, self.lengths.astype(np.int64) - 1, self._cache)

    def add(self, tokens: Ints) -> Floats:
        """Take in one more token of each row (n,); returns the scores of the next."""
        zeros = np.zeros(len(tokens), dtype=np.int64)
        self.lengths += 1
        self.scores = self._network.run(tokens[:, None], self.lengths - 1, zeros, self._cache)
        return self.scores

    def keep(self, rows: Ints) -> None:
        """Go on with some of the rows alone."""
        import onnxruntime

        self.lengths = self.lengths[rows]
        self._cache = [onnxruntime.OrtValue.ortvalue_from_numpy(value.numpy()[rows]) for value in self._cache]
        self.scores = self.scores[rows]

    def join(self, others: "Rows") -> None:
        """Go on with others behind these."""
        import onnxruntime

        self.lengths = np.concatenate([self.lengths, others.lengths])
        pairs = zip(self._cache, others._cache, strict=True)
        both = [np.concatenate([one.numpy(), other.numpy()]) for one, other in pairs]
        self._cache = [onnxruntime.OrtValue.ortvalue_from_numpy(value) for value in both]
        self.scores = np.concatenate([self.scores, others.scores])


def shape_of(document: bytes) -> dict[str, int]:
    """The sizes of a network from its file. Raises ArtifactError where they cannot be read."""
    try:
        found = json.loads(document)
        return {name: int(found[name]) for name in ("layers", "heads", "shared_heads", "width", "room")}
    except (ValueError, KeyError, TypeError) as error:
        raise ArtifactError("the small writer's sizes cannot be read", hint=HINT) from error
