"""The BERT layers of the starting encoder in torch, so that its upper layers can be tuned apart from the lower ones."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

HEADS = 12
WIDTH = 384
INNER = 1_536
EPSILON = 1e-12


class Embedding(nn.Module):
    """Token, position and segment vectors of a batch of token ids (n, tokens), normalised: (n, tokens, 384)."""

    def __init__(self, vocabulary: int, positions: int = 512) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(vocabulary, WIDTH, padding_idx=0)
        self.position_embeddings = nn.Embedding(positions, WIDTH)
        self.token_type_embeddings = nn.Embedding(2, WIDTH)
        self.LayerNorm = nn.LayerNorm(WIDTH, eps=EPSILON)

    def forward(self, ids: Tensor) -> Tensor:
        """Vectors of token ids."""
        places = torch.arange(ids.shape[1], device=ids.device)
        total = self.word_embeddings(ids) + self.position_embeddings(places) + self.token_type_embeddings.weight[0]
        return torch.as_tensor(self.LayerNorm(total))


class Layer(nn.Module):
    """One layer of self-attention and feed-forward, post-norm as in BERT."""

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.query, self.key, self.value = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.attended, self.first_norm = nn.Linear(WIDTH, WIDTH), nn.LayerNorm(WIDTH, eps=EPSILON)
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.second_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """States (n, tokens, 384) after this layer; `mask` (n, tokens) is True at tokens that count."""
        rows, tokens, _ = states.shape
        shape = rows, tokens, HEADS, WIDTH // HEADS
        query, key, value = (part(states).view(shape).transpose(1, 2) for part in (self.query, self.key, self.value))
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :])
        mixed = self.attended(mixed.transpose(1, 2).reshape(rows, tokens, WIDTH))
        states = self.first_norm(states + self.dropout(mixed))
        fed = self.outer(functional.gelu(self.inner(states)))
        return torch.as_tensor(self.second_norm(states + self.dropout(fed)))


_NAMES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "first_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "second_norm": "output.LayerNorm",
}


def embedding_of(tensors: Mapping[str, Tensor]) -> Embedding:
    """The embedding of a BERT state dictionary."""
    embedding = Embedding(len(tensors["embeddings.word_embeddings.weight"]))
    prefix = "embeddings."
    known = embedding.state_dict()
    embedding.load_state_dict({name: tensors[prefix + name] for name in known})
    return embedding


def layers_of(tensors: Mapping[str, Tensor], first: int, last: int, dropout: float = 0.0) -> nn.ModuleList:
    """Layers `first` to `last` (exclusive) of a BERT state dictionary."""
    layers = []
    for place in range(first, last):
        layer = Layer(dropout)
        state = {
            f"{ours}.{part}": tensors[f"encoder.layer.{place}.{theirs}.{part}"]
            for ours, theirs in _NAMES.items()
            for part in ("weight", "bias")
        }
        layer.load_state_dict(state)
        layers.append(layer)
    return nn.ModuleList(layers)


def run(layers: nn.ModuleList, states: Tensor, mask: Tensor) -> Tensor:
    """States after all layers."""
    for layer in layers:
        states = layer(states, mask)
    return states


def pooled(states: Tensor, mask: Tensor) -> Tensor:
    """Mean of the states that count, shape (n, 384)."""
    weights = mask.to(states.dtype)[:, :, None]
    return (states * weights).sum(1) / weights.sum(1)
