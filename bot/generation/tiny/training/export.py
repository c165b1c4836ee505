"""Writes the small writer for shipping: weights as safetensors in half precision, and an ONNX graph that reads them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import TensorProto, helper
from safetensors.torch import save
from transformers import LlamaConfig, LlamaForCausalLM

_OWN = "com.microsoft"
_OPSETS = (("", 18), (_OWN, 1))
_IR_VERSION = 10
_NOWHERE = "given when the session is made"
Floats = npt.NDArray[np.float32]


def weights_of(model: LlamaForCausalLM) -> bytes:
    """The weights in half precision, by transformers' names; the tied output layer is left out."""
    state = {
        name: tensor.detach().to(torch.float16).contiguous()
        for name, tensor in model.state_dict().items()
        if name != "lm_head.weight"
    }
    return bytes(save(state, metadata={"format": "pt"}))


@dataclass
class _Graph:
    """Nodes and the constants that are given from outside when a session is made."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def weight(self, name: str, shape: Sequence[int]) -> str:
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape, data_location=TensorProto.EXTERNAL)
        tensor.external_data.add(key="location", value=_NOWHERE)
        self.constants.append(tensor)
        return name

    def node(self, kind: str, inputs: Sequence[str], outputs: Sequence[str], domain: str = "", **more: Any) -> str:
        self.nodes.append(helper.make_node(kind, list(inputs), list(outputs), domain=domain, name=outputs[0], **more))
        return outputs[0]


def graph_of(config: LlamaConfig) -> bytes:
    """The decoder as ONNX, for one or more new tokens of each row.

    Inputs: `ids` int64 (n, new), `ends` int32 (n,) the index of each row's last token, `total` int32 () the longest row
    with its new tokens, `last` int64 (n,) the place in `ids` whose scores are wanted, and for each layer `key.i` and
    `value.i` float (n, shared heads, room, size), which are written in place where outputs are bound to them. Outputs:
    `scores` (n, vocabulary), `key.i.new` and `value.i.new`.
    """
    graph = _Graph()
    width, inner, heads = config.hidden_size, config.intermediate_size, config.num_attention_heads
    shared = config.num_key_value_heads or heads
    size = width // heads
    room = config.max_position_embeddings
    for name in ("cos", "sin"):
        graph.weight(name, (room, size // 2))
    states = graph.node("Gather", [graph.weight("embedding", (config.vocab_size, width)), "ids"], ["embedded"])
    for place in range(config.num_hidden_layers):
        at = f"layer{place}"
        normed = _norm(graph, config, states, f"{at}.first")
        packed = graph.node(
            "MatMul", [normed, graph.weight(f"{at}.qkv", (width, width + 2 * shared * size))], [f"{at}.packed"]
        )
        mixed = graph.node(
            "GroupQueryAttention",
            [packed, "", "", f"key.{place}", f"value.{place}", "ends", "total", "cos", "sin"],
            [f"{at}.mixed", f"key.{place}.new", f"value.{place}.new"],
            _OWN,
            num_heads=heads,
            kv_num_heads=shared,
            do_rotary=1,
            rotary_interleaved=0,
        )
        out = graph.node("MatMul", [mixed, graph.weight(f"{at}.out", (width, width))], [f"{at}.attended"])
        states = graph.node("Add", [states, out], [f"{at}.middle"])
        normed = _norm(graph, config, states, f"{at}.second")
        gate = graph.node("MatMul", [normed, graph.weight(f"{at}.gate", (width, inner))], [f"{at}.gated"])
        open_ = graph.node("QuickGelu", [gate], [f"{at}.open"], _OWN, alpha=1.0)
        up = graph.node("MatMul", [normed, graph.weight(f"{at}.up", (width, inner))], [f"{at}.upper"])
        fed = graph.node("Mul", [open_, up], [f"{at}.fed"])
        down = graph.node("MatMul", [fed, graph.weight(f"{at}.down", (inner, width))], [f"{at}.lower"])
        states = graph.node("Add", [states, down], [f"{at}.end"])
    chosen = _last(graph, states)
    normed = _norm(graph, config, chosen, "final")
    graph.node("MatMul", [normed, graph.weight("head", (width, config.vocab_size))], ["scores"])
    return bytes(_model(graph, config).SerializeToString())


def _norm(graph: _Graph, config: LlamaConfig, source: str, name: str) -> str:
    weight = graph.weight(f"{name}.norm", (config.hidden_size,))
    return graph.node(
        "SimplifiedLayerNormalization", [source, weight], [f"{name}.normed"], axis=-1, epsilon=config.rms_norm_eps
    )


def _last(graph: _Graph, states: str) -> str:
    """The states of the wanted token of each row, (n, width)."""
    axes = helper.make_tensor("one", TensorProto.INT64, [1], [1])
    graph.constants.append(axes)
    column = graph.node("Unsqueeze", ["last", "one"], ["last.column"])
    return graph.node("GatherND", [states, column], ["chosen"], batch_dims=1)


def _model(graph: _Graph, config: LlamaConfig) -> onnx.ModelProto:
    shared = config.num_key_value_heads
    size = config.hidden_size // config.num_attention_heads
    cache = ["n", shared, "room", size]
    names = [f"{kind}.{place}" for place in range(config.num_hidden_layers) for kind in ("key", "value")]
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, ["n", "new"]),
        helper.make_tensor_value_info("ends", TensorProto.INT32, ["n"]),
        helper.make_tensor_value_info("total", TensorProto.INT32, []),
        helper.make_tensor_value_info("last", TensorProto.INT64, ["n"]),
        *(helper.make_tensor_value_info(name, TensorProto.FLOAT, cache) for name in names),
    ]
    outputs = [
        helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", config.vocab_size]),
        *(helper.make_tensor_value_info(f"{name}.new", TensorProto.FLOAT, cache) for name in names),
    ]
    body = helper.make_graph(graph.nodes, "writer", inputs, outputs, graph.constants)
    opsets = [helper.make_opsetid(*pair) for pair in _OPSETS]
    return helper.make_model(body, opset_imports=opsets, ir_version=_IR_VERSION, producer_name="mainstay")
