"""8-bit products that overflow 16 bits come out right on every processor."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from analytics.language.sessions import eight_bit_session


def _product(weights: np.ndarray) -> bytes:
    """A model whose output is the 8-bit input times the weights."""
    constants = [
        numpy_helper.from_array(weights, "weights"),
        numpy_helper.from_array(np.ones(1, np.float32), "one"),
        numpy_helper.from_array(np.zeros(1, np.uint8), "zero"),
    ]
    inputs = ["numbers", "weights", "one", "one", "zero"]
    node = helper.make_node("MatMulIntegerToFloat", inputs, ["product"], domain="com.microsoft")
    body = helper.make_graph(
        [node],
        "product",
        [helper.make_tensor_value_info("numbers", TensorProto.UINT8, ["n", len(weights)])],
        [helper.make_tensor_value_info("product", TensorProto.FLOAT, ["n", weights.shape[1]])],
        constants,
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    return bytes(helper.make_model(body, opset_imports=opsets, ir_version=10).SerializeToString())


def test_large_products_are_exact() -> None:
    weights = np.full((64, 16), 127, dtype=np.int8)
    weights[::3] = -128
    numbers = np.full((5, 64), 255, dtype=np.uint8)
    found = eight_bit_session(_product(weights), threads=1).run(["product"], {"numbers": numbers})[0]
    assert found.tolist() == (numbers.astype(np.int64) @ weights.astype(np.int64)).tolist()
