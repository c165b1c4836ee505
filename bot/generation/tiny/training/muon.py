"""Muon: updates of a matrix made orthogonal, in bfloat16 only where the device multiplies in it."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

_STEPS = 5
_COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def has_bfloat16(device: str) -> bool:
    """Whether the device multiplies in bfloat16 itself; where it does not, that is fifty times slower."""
    return device == "cuda" or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def orthogonal(matrix: Tensor) -> Tensor:
    """The orthogonal matrix (m, n) nearest to one of that shape, to about .3 of every singular value.

    Newton-Schulz iteration of fifth order with the coefficients of Jordan et al. 2024,
    https://kellerjordan.github.io/posts/muon/.
    """
    first, second, third = _COEFFICIENTS
    is_tall = matrix.shape[0] > matrix.shape[1]
    found: Tensor = matrix.T if is_tall else matrix
    found = found / (found.norm() + 1e-7)
    if has_bfloat16(matrix.device.type):
        found = found.bfloat16()
    for _ in range(_STEPS):
        square = found @ found.T
        found = torch.addmm(found, torch.addmm(square, square, square, beta=second, alpha=third), found, beta=first)
    return (found.T if is_tall else found).to(matrix.dtype)


class Muon(torch.optim.Optimizer):
    """Momentum whose update is made orthogonal and as large as AdamW's, so that one learning rate serves both.

    The scale is of Liu et al. 2025, arXiv:2502.16982. `torch.optim.Muon` iterates in bfloat16 whatever the device.
    """

    def __init__(self, parts: Iterable[Tensor], lr: float, weight_decay: float, momentum: float = 0.95) -> None:
        super().__init__(parts, {"lr": lr, "weight_decay": weight_decay, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """Take a step along the gradients there are."""
        for group in self.param_groups:
            for part in group["params"]:
                if part.grad is None:
                    continue
                mean = self.state[part].setdefault("mean", torch.zeros_like(part))
                mean.lerp_(part.grad, 1 - group["momentum"])
                update = orthogonal(part.grad.lerp(mean, group["momentum"]))
                part.mul_(1 - group["lr"] * group["weight_decay"])
                part.add_(update, alpha=-group["lr"] * 0.2 * max(part.shape) ** 0.5)
