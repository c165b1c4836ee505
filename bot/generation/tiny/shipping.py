"""The small writer's files: written with a manifest of their hashes, and read only where every hash is right."""

from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from analytics.language import weights
from bot.generation.tiny.network import Network, shape_of
from bot.generation.tiny.sentences import Sentences
from bot.generation.tiny.vocabulary import Vocabulary

WEIGHTS, GRAPH, TOKENISER, SHAPE = "writer.safetensors", "writer.onnx", "tokeniser.json", "shape.json"
SENTENCES = "sentences.bin"


def save(folder: Path, files: Mapping[str, bytes], facts: Mapping[str, Any]) -> None:
    """Write the files and their manifest."""
    for name, content in files.items():
        weights.save_bytes(folder, name, content, facts)


def load(folder: Traversable | None = None, threads: int = 2) -> tuple[Network, Vocabulary, Sentences, str]:
    """Network, vocabulary, the sentences that were learned, and the name of this version.

    Raises ArtifactError where a file is not as it was shipped.
    """
    place = folder or resources.files("bot.generation.tiny") / "weights"
    network_weights, facts = weights.load_bytes(WEIGHTS, place)
    names = (GRAPH, TOKENISER, SHAPE, SENTENCES)
    graph, tokeniser, shape, known = (weights.load_bytes(name, place)[0] for name in names)
    network = Network(graph, network_weights, shape_of(shape), threads)
    return network, Vocabulary(tokeniser.decode()), Sentences(known), f"writer-{facts['sha256'][:12]}"
