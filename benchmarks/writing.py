"""Writing: drafts a second of the embedded writer beside transformers on the same weights, and what bounds it."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.language import encoder as encoders
from analytics.language import weights
from benchmarks.report import parse_arguments, say, show_table, write_json
from bot.generation.guard import check
from bot.generation.held_out import held_out_briefs
from bot.generation.template.approved import TemplateBackend
from bot.generation.tiny import shipping
from bot.generation.tiny.backend import EmbeddedBackend
from bot.generation.tiny.decoding import USUAL, Decoder
from bot.generation.tiny.header import Header
from bot.generation.tiny.network import Rows
from bot.generation.tiny.situation import Task, task_of
from bot.generation.tiny.vocabulary import Vocabulary
from db.vocabulary import Channel

Row = dict[str, Any]
_FOLDER = Path(shipping.__file__).parent / "weights"
_REPEATS = 3


def _tasks(channel: Channel, count: int) -> list[Task]:
    found = (task_of(brief) for brief in held_out_briefs(6 * count) if brief.channel is channel)
    return [task for task in found if task is not None][:count]


def _in_transformers(threads: int) -> Any:
    """The shipped weights as transformers runs them."""
    import torch
    from safetensors.torch import load
    from transformers import LlamaForCausalLM

    from bot.generation.tiny.training.fitting import Recipe

    content, facts = weights.load_bytes(shipping.WEIGHTS, _FOLDER)
    recipe = {name: facts[name] for name in Recipe.__dataclass_fields__ if name in facts}
    model = LlamaForCausalLM(Recipe(**recipe).config())
    model.load_state_dict({name: part.float() for name, part in load(content).items()}, strict=False)
    model.tie_weights()
    torch.set_num_threads(threads)
    model.train(mode=False)
    return model


def _generate(model: Any, ids: Sequence[int], vocabulary: Vocabulary, most: int) -> int:
    """One text by `generate`, drawn as the embedded writer draws but without its constraints; its length in tokens."""
    import torch

    given = torch.tensor([list(ids)])
    with torch.inference_mode():
        found = model.generate(
            given,
            attention_mask=torch.ones_like(given),
            do_sample=True,
            temperature=USUAL.temperature,
            top_p=USUAL.share,
            max_new_tokens=most,
            eos_token_id=vocabulary.end,
            pad_token_id=vocabulary.pad,
        )
    return int(found.shape[1] - given.shape[1])


def _timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def drafts(count: int) -> list[Row]:
    """Drafts a second: the embedded writer in batches, one at a time, whole with guard, and `generate`."""
    network, vocabulary, known, _ = shipping.load(threads=2)
    decoder = Decoder(network, vocabulary, known)
    tasks = _tasks(Channel.EMAIL, count)
    headers: list[Header] = [task.header for task in tasks]
    seeds = [task.seed(0) for task in tasks]
    alone = max(8, count // 16)
    model = _in_transformers(2)

    def one_by_one() -> list[int]:
        return [
            _generate(model, vocabulary.header(header), vocabulary, USUAL.most_tokens) for header in headers[:alone]
        ]

    backend = EmbeddedBackend(decoder, vocabulary, TemplateBackend(), check, encoders.load_default())
    briefs = [task.brief for task in tasks]
    decoder.draw(headers[:4], seeds[:4])
    timings = {
        "generate, one at a time": (alone, _timed(one_by_one)),
        "embedded, one at a time": (alone, _timed(lambda: [decoder.draw([header], [1]) for header in headers[:alone]])),
        "embedded, batches of 32": (count, min(_timed(lambda: decoder.draw(headers, seeds)) for _ in range(_REPEATS))),
        "embedded, two tries and guard": (count, _timed(lambda: list(backend.write(briefs)))),
    }
    base = timings["generate, one at a time"]
    per_draft = base[1] / base[0]
    return [
        {"writer": name, "drafts/s": done / seconds, "times generate": per_draft * done / seconds}
        for name, (done, seconds) in timings.items()
    ]


def chat(count: int) -> list[Row]:
    """Milliseconds to the first token and to the whole reply, medians."""
    network, vocabulary, known, _ = shipping.load(threads=2)
    decoder = Decoder(network, vocabulary, known)
    tasks = _tasks(Channel.CHAT, count)
    model = _in_transformers(2)
    rows: dict[str, tuple[list[float], list[float]]] = {"embedded": ([], []), "generate": ([], [])}
    for task in tasks:
        stream = decoder.stream(task.header, task.seed(0))
        start = time.perf_counter()
        next(stream, None)
        rows["embedded"][0].append(time.perf_counter() - start)
        for _ in stream:
            pass
        rows["embedded"][1].append(time.perf_counter() - start)
        ids = vocabulary.header(task.header)
        rows["generate"][0].append(_timed(lambda ids=ids: _generate(model, ids, vocabulary, 1)))  # type: ignore[misc]
        rows["generate"][1].append(_timed(lambda ids=ids: _generate(model, ids, vocabulary, 80)))  # type: ignore[misc]
    return [
        {"writer": name, "first token ms": 1e3 * median(first), "whole reply ms": 1e3 * median(whole)}
        for name, (first, whole) in rows.items()
    ]


def limits() -> list[Row]:
    """What decoding reaches of the machine: products and bytes a second beside the most measured in this run."""
    network, vocabulary, *_ = shipping.load(threads=2)
    content, _ = weights.load_bytes(shipping.WEIGHTS, _FOLDER)
    parameters = len(content) / 2
    square = np.random.default_rng(0).random((1_536, 1_536), dtype=np.float32)
    products = 2 * 1_536**3 / min(_timed(lambda: square @ square) for _ in range(5))
    block, target = np.ones(64_000_000, dtype=np.float32), np.empty(64_000_000, dtype=np.float32)
    bandwidth = 2 * block.nbytes / min(_timed(lambda: np.copyto(target, block)) for _ in range(5))
    header = vocabulary.header(_tasks(Channel.EMAIL, 1)[0].header)
    table = []
    for rows in (1, 8, 32, 64):
        state = network.start([header] * rows)
        seconds = _step(state, np.full(rows, 300))
        table.append(
            {
                "rows": rows,
                "ms a step": 1e3 * seconds,
                "tokens/s": rows / seconds,
                "share of products": 2 * parameters * rows / seconds / products,
                "share of bandwidth": 4 * parameters / seconds / bandwidth,
            }
        )
    say(f"\nthe machine: {products / 1e9:,.0f} GFLOP/s in a product of 1536 x 1536, {bandwidth / 1e9:,.1f} GB/s copied")
    return table


def _step(state: Rows, ids: npt.NDArray[np.int64], steps: int = 40) -> float:
    """Seconds of one more token of every row."""
    return _timed(lambda: [state.add(ids) for _ in range(steps)]) / steps


def main() -> int:
    """Run the measurements, show and keep every table as soon as it is there."""
    options = parse_arguments(__doc__ or "")
    count = 32 if options.quick else 128
    results: dict[str, list[Row]] = {}
    steps: dict[str, Callable[[], list[Row]]] = {
        "drafts": lambda: drafts(count),
        "chat": lambda: chat(count // 4),
        "limits": limits,
    }
    for title, step in steps.items():
        results[title] = step()
        show_table(title, results[title])
        write_json(options.json, "writing", results)
    say(json.dumps({"briefs": count}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
