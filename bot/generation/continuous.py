"""Continuous batches on a GPU: a row that ends makes room for the next, and keys and values lie in pages."""

from collections.abc import Callable
from typing import Any

from db.errors import BackendError

CONTINUOUS_BATCH = 64
"""Texts that are handed over at once; the scheduler of transformers decides how many run side by side."""

_POLL_S = 0.2
_MEMORY_SHARE = 0.6
"""Of the free memory of the GPU, for keys and values: texts that a schema binds need some beside it."""


class ContinuousError(BackendError):
    """This model or this machine does not take continuous batches."""


def takes_continuous_batches(model: Any, device: str) -> bool:
    """Whether to try: paged attention pays on a GPU only, and older versions of transformers have none."""
    return device.startswith("cuda") and hasattr(model, "continuous_batching_context_manager")


def continuous_rows(
    model: Any, prompts: list[list[int]], config: Any, seed: int, cancelled: Callable[[], bool], **sizes: Any
) -> list[list[int]]:
    """The new tokens for each prompt (token ids), in order; what was generated so far where `cancelled` says yes.

    This is `generate_batch` with a way out. `sizes` (num_blocks, max_batch_tokens ...) overrule what transformers
    derives from the memory of the device. Raises ContinuousError where a row has no answer.
    """
    import transformers

    make: Any = transformers.ContinuousBatchingConfig
    try:
        settings = make(seed=seed, max_memory_percent=_MEMORY_SHARE, **sizes)
        with model.continuous_batching_context_manager(
            generation_config=config, continuous_batching_config=settings, warmup=False
        ) as manager:
            names = manager.add_requests(inputs=prompts, max_new_tokens=config.max_new_tokens)
            found = _collected(manager, set(names), cancelled)
    except (RuntimeError, ValueError, TypeError, AttributeError, ImportError) as error:
        raise ContinuousError(" ".join(str(error).split())[:200]) from error
    return [found.get(name, []) for name in names]


def _collected(manager: Any, open_names: set[str], cancelled: Callable[[], bool]) -> dict[str, list[int]]:
    """The tokens by request as they are finished; every request is at an end when this returns."""
    found: dict[str, list[int]] = {}
    while open_names:
        if cancelled():
            for name in open_names:
                manager.cancel_request(name)
            return found
        result = manager.get_result(timeout=_POLL_S)
        if result is None:
            if not manager.is_running():
                raise ContinuousError("its generation thread ended early")
        elif result.is_finished():
            if result.error is not None:
                raise ContinuousError(" ".join(str(result.error).split())[:200])
            open_names.discard(result.request_id)
            found[result.request_id] = list(result.generated_tokens)
    return found
