"""The difference of two shares with an interval that holds for small groups too."""

import math

Z95 = 1.959964


def wilson_interval(hits: int, total: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927). Raises ValueError for an empty group."""
    if total <= 0 or not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total} is no share")
    rate, z2 = hits / total, Z95 * Z95
    centre = (rate + z2 / (2 * total)) / (1 + z2 / total)
    spread = Z95 / (1 + z2 / total) * math.sqrt(rate * (1 - rate) / total + z2 / (4 * total * total))
    return (centre - spread if hits else 0.0), (centre + spread if hits < total else 1.0)


def difference_interval(hits: int, total: int, other_hits: int, other_total: int) -> tuple[float, float]:
    """The 95 % interval of the first share less the other: Newcombe 1998, method 10, from two score intervals."""
    rate, other = hits / total, other_hits / other_total
    (low, high), (other_low, other_high) = wilson_interval(hits, total), wilson_interval(other_hits, other_total)
    difference = rate - other
    return (
        difference - math.sqrt((rate - low) ** 2 + (other_high - other) ** 2),
        difference + math.sqrt((high - rate) ** 2 + (other - other_low) ** 2),
    )
