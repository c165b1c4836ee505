"""ONNX Runtime sessions for 8-bit models: the same figures on every processor, memory given back, no spinning threads."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def eight_bit_session(model: bytes, threads: int) -> "InferenceSession":
    """A session on the processor. Raises what ONNX Runtime raises for a file that it cannot run.

    Processors without 8-bit dot products add pairs of products in 16 bits, which overflow: vectors come out with a
    cosine of .98 to those of other processors. The precise mode takes exact arithmetic there, a third slower, and
    changes nothing elsewhere. It is one of the extended optimisations; the others find nothing in these graphs but
    the norm that follows a sum, whose fused form is slower.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.add_session_config_entry("session.x64quantprecision", "1")
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Memory is asked for by batch: an arena would keep the largest one for ever.
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(
        model, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )
