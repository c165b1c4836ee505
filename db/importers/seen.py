"""Which keys a file has shown so far: 24 bytes a row, so that a file of any size can be checked for doubles."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_MASK = (1 << 64) - 1


class FirstSight(NamedTuple):
    """Where a key stood first, and a hash of what stood there."""

    line: int
    content: int


class SeenKeys:
    """Sorted runs of (key, content, line) that are merged as they grow, as in a log-structured tree.

    Keys and contents are 64-bit hashes.
    """

    def __init__(self) -> None:
        self._runs: list[npt.NDArray[np.uint64]] = []

    def add(self, keys: Sequence[int], contents: Sequence[int], lines: Sequence[int]) -> list[FirstSight | None]:
        """For each key where it stood first, None where that is here; then remember the new ones."""
        if not keys:
            return []
        before = self._found(np.array([key & _MASK for key in keys], dtype=np.uint64))
        here: dict[int, FirstSight] = {}
        sights: list[FirstSight | None] = []
        for place, (key, content, line) in enumerate(zip(keys, contents, lines, strict=True)):
            known = before.get(place) or here.get(key)
            sights.append(known)
            if known is None:
                here[key] = FirstSight(line, content & _MASK)
        if here:
            self._remember(here)
        return sights

    def _found(self, keys: npt.NDArray[np.uint64]) -> dict[int, FirstSight]:
        found: dict[int, FirstSight] = {}
        for run in self._runs:
            places = np.minimum(np.searchsorted(run[:, 0], keys), len(run) - 1)
            for place in np.flatnonzero(run[places, 0] == keys):
                _, content, line = run[places[place]]
                found[int(place)] = FirstSight(int(line), int(content))
        return found

    def _remember(self, here: dict[int, FirstSight]) -> None:
        rows = [(key & _MASK, sight.content, sight.line) for key, sight in here.items()]
        run = np.array(rows, dtype=np.uint64)
        run = run[np.argsort(run[:, 0], kind="stable")]
        while self._runs and len(self._runs[-1]) <= 2 * len(run):
            run = np.concatenate((self._runs.pop(), run))
            run = run[np.argsort(run[:, 0], kind="stable")]
        self._runs.append(run)
