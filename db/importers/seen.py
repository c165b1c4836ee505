"""Which keys a file has shown so far: 24 bytes a row, so that a file of any size can be checked for doubles."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]


class FirstSight(NamedTuple):
    """Where a key stood first, and a hash of what stood there."""

    line: int
    content: int


class SeenKeys:
    """Sorted runs of (key, content, line) that are merged as they grow, as in a log-structured tree."""

    def __init__(self) -> None:
        self._runs: list[Hashes] = []

    def add(self, keys: Hashes, contents: Hashes, lines: Hashes) -> dict[int, FirstSight]:
        """Remember keys, 64-bit hashes, with the content and the line of each.

        Returns, by place in the arguments, where each key stood first that was seen before or stands here again.
        """
        if not len(keys):
            return {}
        order = np.argsort(keys, kind="stable")
        arranged = keys[order]
        begins = np.concatenate(([True], arranged[1:] != arranged[:-1]))
        firsts = order[begins]
        known = self._found(keys[firsts])
        sights: dict[int, FirstSight] = {}
        if known or len(firsts) < len(keys):
            group = np.cumsum(begins) - 1
            for place, first, of in zip(order.tolist(), firsts[group].tolist(), group.tolist(), strict=True):
                if of in known:
                    sights[place] = known[of]
                elif place != first:
                    sights[place] = FirstSight(int(lines[first]), int(contents[first]))
        fresh = np.array([place for of, place in enumerate(firsts.tolist()) if of not in known], dtype=np.intp)
        self._remember(np.column_stack((keys[fresh], contents[fresh], lines[fresh])))
        return sights

    def _found(self, keys: Hashes) -> dict[int, FirstSight]:
        """Keys that a run holds, by place."""
        found: dict[int, FirstSight] = {}
        for run in self._runs:
            places = np.minimum(np.searchsorted(run[:, 0], keys), len(run) - 1)
            for place in np.flatnonzero(run[places, 0] == keys).tolist():
                _, content, line = run[places[place]].tolist()
                found[place] = FirstSight(line, content)
        return found

    def _remember(self, run: Hashes) -> None:
        """Add a run sorted by key, merged with those before it that are not much longer."""
        if not len(run):
            return
        while self._runs and len(self._runs[-1]) <= 2 * len(run):
            run = np.concatenate((self._runs.pop(), run))
        self._runs.append(run[np.argsort(run[:, 0], kind="stable")])


def as_hashes(digests: list[bytes]) -> Hashes:
    """The first 64 bits of each digest of 16 bytes."""
    return np.frombuffer(b"".join(digests), dtype=">u8")[::2].astype(np.uint64)
