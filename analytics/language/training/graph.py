"""Writes the encoder as an ONNX graph of 8-bit weights: shared lower layers, then a top for meaning, one for feeling.

The graph is built operator by operator, so that each layer is five fused operators and its ranges are fixed: a text
gets the same vector whatever stands beside it in a batch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from analytics.language.training.bert import EPSILON, HEADS, WIDTH, Embedding, Layer

Floats = npt.NDArray[np.float32]
_OWN = "com.microsoft"
_OPSETS = (("", 18), (_OWN, 1))
_IR_VERSION = 10
POSITIONS = 128
"""The longest text in tokens; what is longer must be cut before."""

Ranges = Mapping[str, tuple[float, float]]
"""Smallest and largest activation at each quantised place, by name."""


def quantised_columns(weight: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """A matrix (inputs, outputs) as int8 and the scale of each output."""
    scale = np.maximum(np.abs(weight).max(axis=0), 1e-8) / 127
    return np.rint(weight / scale).astype(np.int8), scale.astype(np.float32)


@dataclass
class _Graph:
    """Nodes and constants of a graph in the making. Without `ranges`, activations are quantised as they come."""

    ranges: Ranges | None
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def constant(self, name: str, value: npt.NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, list(inputs), [output], domain=domain, name=output, **attributes))
        return output

    def quantised(self, name: str) -> tuple[str, str, str]:
        """The names of a float activation as uint8, its scale and its zero point."""
        outputs = f"{name}.q", f"{name}.scale", f"{name}.zero"
        if name in self.places:
            return outputs
        self.places.append(name)
        if self.ranges is None:
            self.nodes.append(helper.make_node("DynamicQuantizeLinear", [name], list(outputs), name=outputs[0]))
            return outputs
        low, high = self.ranges[name]
        low, high = min(low, 0.0), max(high, 0.0)
        scale = max((high - low) / 255, 1e-8)
        self.constant(outputs[1], np.array(scale, dtype=np.float32))
        self.constant(outputs[2], np.array(np.clip(np.rint(-low / scale), 0, 255), dtype=np.uint8))
        self.node("QuantizeLinear", [name, outputs[1], outputs[2]], outputs[0])
        return outputs

    def product(self, source: str, linear: nn.Linear, name: str, *, bias: bool = True) -> str:
        """A linear layer of a float activation, computed in 8 bits."""
        activation, scale, zero = self.quantised(source)
        weight, scales = quantised_columns(_array(linear.weight).T)
        inputs = [activation, self.constant(f"{name}.w", weight), scale, self.constant(f"{name}.s", scales), zero]
        inputs += ["", self.constant(f"{name}.b", _array(linear.bias))] if bias else []
        return self.node("MatMulIntegerToFloat", inputs, name, _OWN)

    def norm(self, norm: nn.LayerNorm, name: str, source: str, skip: str) -> str:
        """The normalised sum of two activations."""
        gamma, beta = self.constant(f"{name}.g", _array(norm.weight)), self.constant(f"{name}.c", _array(norm.bias))
        # Two operators on purpose: SkipLayerNormalization does both and takes five times as long.
        total = self.node("Add", [source, skip], f"{name}.sum")
        return self.node("LayerNormalization", [total, gamma, beta], name, axis=-1, epsilon=EPSILON)


def _array(tensor: object) -> Floats:
    return np.asarray(tensor.detach().numpy(), dtype=np.float32)  # type: ignore[attr-defined]


def _embed(graph: _Graph, embedding: Embedding) -> str:
    """Token vectors from a table of 8-bit rows, plus their places."""
    words = _array(embedding.word_embeddings.weight)
    scale = np.maximum(np.abs(words).max(axis=1, keepdims=True), 1e-8) / 127
    places = (
        _array(embedding.position_embeddings.weight)[:POSITIONS] + _array(embedding.token_type_embeddings.weight)[0]
    )
    graph.constant("words", np.rint(words / scale).astype(np.int8))
    graph.constant("words.scale", scale.astype(np.float32))
    graph.constant("places", places.astype(np.float16))
    graph.node("Gather", ["words", "ids"], "words.found")
    graph.node("Cast", ["words.found"], "words.float", to=TensorProto.FLOAT)
    graph.node("Gather", ["words.scale", "ids"], "words.by")
    graph.node("Mul", ["words.float", "words.by"], "words.vectors")
    graph.node("Shape", ["ids"], "ids.tokens", start=1, end=2)
    graph.constant("from", np.array([0], dtype=np.int64))
    graph.node("Slice", ["places", "from", "ids.tokens", "from"], "places.half")
    graph.node("Cast", ["places.half"], "places.float", to=TensorProto.FLOAT)
    graph.node("Unsqueeze", ["places.float", "from"], "places.vectors")
    return graph.norm(embedding.LayerNorm, "embedded", "words.vectors", "places.vectors")


def _attend(graph: _Graph, layer: Layer, name: str, source: str) -> str:
    """Self-attention with query, key and value in one 8-bit matrix."""
    activation, scale, zero = graph.quantised(source)
    parts = layer.query, layer.key, layer.value
    weight, scales = quantised_columns(np.concatenate([_array(part.weight).T for part in parts], axis=1))
    bias = np.concatenate([_array(part.bias) for part in parts])
    inputs = [activation, graph.constant(f"{name}.w", weight), graph.constant(f"{name}.b", bias), scale]
    inputs += [
        graph.constant(f"{name}.s", scales),
        "lengths",
        zero,
        graph.constant(f"{name}.z", np.zeros(1_152, np.int8)),
    ]
    return graph.node("QAttention", inputs, name, _OWN, num_heads=HEADS, unidirectional=0)


def _layer(graph: _Graph, layer: Layer, name: str, source: str) -> str:
    """One layer; returns the name of its states."""
    mixed = graph.product(_attend(graph, layer, f"{name}.attention", source), layer.attended, f"{name}.attended")
    states = graph.norm(layer.first_norm, f"{name}.first", mixed, source)
    inner = graph.product(states, layer.inner, f"{name}.inner", bias=False)
    bias = graph.constant(f"{name}.inner.b", _array(layer.inner.bias))
    active = graph.node("FastGelu", [inner, bias], f"{name}.active", _OWN)
    outer = graph.product(active, layer.outer, f"{name}.outer")
    return graph.norm(layer.second_norm, f"{name}.second", outer, states)


def _pool(graph: _Graph, source: str, output: str) -> str:
    """The mean of the states that count, shape (n, 384)."""
    graph.node("Mul", [source, "counts"], f"{output}.counted")
    graph.node("ReduceSum", [f"{output}.counted", "tokens.axis"], f"{output}.sum", keepdims=0)
    return graph.node("Div", [f"{output}.sum", "lengths.float"], output)


def _counts(graph: _Graph, source: str = "ids") -> None:
    """One where a token counts and zero where a text has ended, shape (n, tokens, 1); `source` is (n, tokens, ...)."""
    graph.constant("zero", np.array(0, dtype=np.int64))
    graph.constant("one", np.array(1, dtype=np.int64))
    graph.constant("tokens.axis", np.array([1], dtype=np.int64))
    graph.constant("last.axis", np.array([2], dtype=np.int64))
    graph.constant("squeezed", np.array([0], dtype=np.int64))
    graph.node("Squeeze", [f"{source}.tokens", "squeezed"], "longest")
    graph.node("Range", ["zero", "longest", "one"], "steps")
    graph.node("Cast", ["lengths"], "lengths.long", to=TensorProto.INT64)
    graph.node("Unsqueeze", ["lengths.long", "tokens.axis"], "lengths.column")
    graph.node("Less", ["steps", "lengths.column"], "within")
    graph.node("Cast", ["within"], "within.float", to=TensorProto.FLOAT)
    graph.node("Unsqueeze", ["within.float", "last.axis"], "counts")
    graph.node("Cast", ["lengths.column"], "lengths.float", to=TensorProto.FLOAT)


def encoder_graph(
    embedding: Embedding,
    shared: Sequence[Layer],
    tops: Mapping[str, Sequence[Layer]],
    ranges: Ranges | None = None,
) -> tuple[onnx.ModelProto, list[str]]:
    """The model, and the names of the activations that are quantised.

    Inputs: `ids` int64 (n, tokens) and `lengths` int32 (n,). One output (n, 384) for each of `tops`: the mean of its
    last states; and `shared`, the states (n, tokens, 384) that further tops may go on from. Without `ranges`
    activations are quantised by what each batch holds, which is for measuring them.
    """
    graph = _Graph(ranges)
    states = _embed(graph, embedding)
    _counts(graph)
    for place, layer in enumerate(shared):
        states = _layer(graph, layer, f"shared{place}", states)
    graph.node("Identity", [states], "shared")
    for name, layers in tops.items():
        _top(graph, layers, name, states)
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, ["n", "tokens"]),
        helper.make_tensor_value_info("lengths", TensorProto.INT32, ["n"]),
    ]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", WIDTH]) for name in tops]
    outputs.append(helper.make_tensor_value_info("shared", TensorProto.FLOAT, ["n", "tokens", WIDTH]))
    return _model(graph, "encoder", inputs, outputs), graph.places


def top_graph(layers: Sequence[Layer], ranges: Ranges | None = None) -> tuple[onnx.ModelProto, list[str]]:
    """A further top as a model of its own, and the names of the activations that are quantised.

    Inputs: `shared` float (n, tokens, 384), as `encoder_graph` gives it, and `lengths` int32 (n,). Output: `vectors`
    (n, 384), the mean of the last states.
    """
    graph = _Graph(ranges)
    graph.node("Shape", ["shared"], "shared.tokens", start=1, end=2)
    _counts(graph, "shared")
    _top(graph, layers, "vectors", "shared")
    inputs = [
        helper.make_tensor_value_info("shared", TensorProto.FLOAT, ["n", "tokens", WIDTH]),
        helper.make_tensor_value_info("lengths", TensorProto.INT32, ["n"]),
    ]
    outputs = [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", WIDTH])]
    return _model(graph, "top", inputs, outputs), graph.places


def _top(graph: _Graph, layers: Sequence[Layer], name: str, states: str) -> None:
    """Layers over the shared states, and the mean of what the last one gives."""
    for place, layer in enumerate(layers):
        states = _layer(graph, layer, f"{name}{place}", states)
    _pool(graph, states, name)


def _model(
    graph: _Graph, name: str, inputs: Sequence[onnx.ValueInfoProto], outputs: Sequence[onnx.ValueInfoProto]
) -> onnx.ModelProto:
    opsets = [helper.make_opsetid(*pair) for pair in _OPSETS]
    body = helper.make_graph(graph.nodes, name, inputs, outputs, graph.constants)
    return helper.make_model(body, opset_imports=opsets, ir_version=_IR_VERSION, producer_name="mainstay")
