"""Make the guard's reading of conduct again: `python -m bot.generation.guard.train`."""

import argparse
import logging
import sys
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from analytics.language import encoder as encoders
from analytics.language import weights
from bot.generation.guard.conduct import FINE, HEAD, TOP
from bot.generation.guard.training import texts
from bot.generation.guard.training.texts import Example

log = logging.getLogger(__name__)

_MOST_WORDING = 6_500
_KEPT = 12
_TO_MEASURE = 1_200


def is_kept(example: Example) -> bool:
    """Whether an example is kept from learning, to judge by; both sides of a pair are, or neither."""
    name = f"pair {example.pair}" if example.pair >= 0 else example.text
    return zlib.crc32(name.encode()) % _KEPT == 0


def examples(seed: int) -> list[Example]:
    """All texts written for this, and as much of the product's wording as does not drown them; each text once."""
    found = {one.text: one for one in (*texts.pairs(), *texts.unfit(), *texts.fine())}
    plain = [one for one in {one.text: one for one in texts.wording()}.values() if one.text not in found]
    if len(plain) > _MOST_WORDING:
        chosen = np.random.default_rng(seed).choice(len(plain), _MOST_WORDING, replace=False)
        plain = [plain[place] for place in np.sort(chosen)]
    return [*found.values(), *plain]


def main(arguments: Sequence[str] | None = None) -> int:
    """Tune the top and write what ships; returns the exit code."""
    # torch and onnx are there for training alone.
    from analytics.language.training.tops import exported_top
    from bot.generation.guard.training.tuning import Recipe, tune, unsafe

    parser = argparse.ArgumentParser(prog="python -m bot.generation.guard.train", description=__doc__)
    parser.add_argument("--starting", type=Path, required=True, help="folder of the starting encoder")
    parser.add_argument("--encoder", type=Path, help="folder of the shipped encoder (default: the package's)")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "weights", help="where to write")
    parser.add_argument("--all", action="store_true", help="learn also from what is kept to judge by")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    encoder = encoders.load(options.encoder)
    facts = weights.load_bytes(encoders.MODEL, options.encoder or weights.shipped())[1]
    recipe = Recipe(shared_layers=int(facts["recipe"]["shared_layers"]))
    known = examples(recipe.seed)
    kinds = sorted({one.kind for one in known})
    learned = [one for one in known if options.all or not is_kept(one)]
    log.info("%d examples, %d of them not fine", len(learned), sum(one.kind != FINE for one in learned))
    top = tune(options.starting / "model.safetensors", encoder, learned, kinds, recipe)
    kept = [one for one in known if is_kept(one)]
    shares = unsafe(top, encoder, [one.text for one in kept], kinds.index(FINE))
    guilty = np.array([one.kind != FINE for one in kept])
    for cut in (0.3, 0.5, 0.7, 0.9):
        log.info(
            "above %.1f: %.3f of unsafe, %.3f of fine",
            cut,
            (shares[guilty] > cut).mean(),
            (shares[~guilty] > cut).mean(),
        )
    some = np.random.default_rng(recipe.seed).permutation(len(learned))[:_TO_MEASURE]
    content = exported_top(top, encoder, [learned[place].text for place in some])
    about = {"encoder": encoder.version, "examples": len(learned), "recipe": asdict(recipe)}
    weights.save_bytes(options.output, TOP, content, about)
    head = {
        "coef": top.head.weight.detach().numpy().T.astype(np.float32),
        "bias": top.head.bias.detach().numpy().astype(np.float32),
        "kinds": np.asarray(kinds, dtype=np.str_),
    }
    weights.save(options.output, HEAD, head, about)
    log.info("written to %s", options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
