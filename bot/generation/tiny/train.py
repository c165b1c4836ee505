"""Make the small writer again from the corpus: `python -m bot.generation.tiny.train`."""

import argparse
import json
import logging
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from bot.generation.held_out import held_out_briefs
from bot.generation.tiny import shipping
from bot.generation.tiny.sentences import packed
from bot.generation.tiny.training.composing import Example, Texts, example
from bot.generation.tiny.vocabulary import Vocabulary, learned

log = logging.getLogger(__name__)

_FOR_VOCABULARY = 12_000
_BRIEFS, _SEED_OF_BRIEFS = 1500, 77
"""Briefs in which the corpus is tried by the guard; writers are judged on those of other seeds."""


def _pieces(examples: Iterator[Example]) -> Iterator[str]:
    for one in examples:
        yield from (f" {text}" for text in (one.subject, one.preheader, *one.paragraphs) if text)


def vocabulary_file(texts: Texts, size: int, seed: int, examples: int = _FOR_VOCABULARY) -> str:
    """The tokeniser's file, learned from composed examples."""
    return learned(_pieces(example(number, texts, seed) for number in range(examples)), size)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit the writer and write what ships; returns the exit code."""
    # torch, transformers and onnx are there for training alone.
    from bot.generation.tiny.training.export import graph_of, weights_of
    from bot.generation.tiny.training.fitting import Recipe, fit
    from bot.generation.tiny.training.screening import refused_texts

    parser = argparse.ArgumentParser(prog="python -m bot.generation.tiny.train", description=__doc__)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "weights", help="where to write")
    parser.add_argument("--work", type=Path, default=Path("build/writer"), help="where unfinished training is kept")
    parser.add_argument("--steps", type=int, default=Recipe.steps, help="steps of training")
    parser.add_argument("--fast", action="store_true", help="compile the model first (needs a C++ compiler)")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    recipe = Recipe(steps=options.steps)
    refused = refused_texts(held_out_briefs(_BRIEFS, _SEED_OF_BRIEFS))
    log.info("%d texts of the corpus are left out: the guard refuses them", len(refused))
    texts, held_out = Texts(left_out=refused), Texts(held_out=True, left_out=refused)
    tokeniser = vocabulary_file(texts, recipe.vocabulary, recipe.seed)
    model = fit(recipe, Vocabulary(tokeniser), texts, held_out, options.work, fast=options.fast)
    config = recipe.config()
    shape = {
        "layers": config.num_hidden_layers,
        "heads": config.num_attention_heads,
        "shared_heads": config.num_key_value_heads,
        "width": config.hidden_size,
        "room": config.max_position_embeddings,
    }
    files = {
        shipping.WEIGHTS: weights_of(model),
        shipping.GRAPH: graph_of(config),
        shipping.TOKENISER: tokeniser.encode(),
        shipping.SHAPE: json.dumps(shape).encode(),
        shipping.SENTENCES: packed(texts.lines()),
    }
    shipping.save(options.output, files, asdict(recipe))
    log.info("written to %s", options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
