"""Keys are remembered in little room, and every repetition is found."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from db.importers.seen import FirstSight, Hashes, SeenKeys, as_hashes

_KEYS = st.lists(st.lists(st.integers(min_value=0, max_value=40), max_size=30), max_size=12)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(_KEYS)
def test_first_sights_agree_with_a_dictionary(chunks: list[list[int]]) -> None:
    seen, reference, line = SeenKeys(), dict[int, FirstSight](), 0
    for chunk in chunks:
        lines = list(range(line, line + len(chunk)))
        contents = [key * 7 + number for key, number in zip(chunk, lines, strict=True)]
        expected: dict[int, FirstSight] = {}
        for place, (key, content, number) in enumerate(zip(chunk, contents, lines, strict=True)):
            if key in reference:
                expected[place] = reference[key]
            reference.setdefault(key, FirstSight(number, content))
        assert seen.add(_array(chunk), _array(contents), _array(lines)) == expected
        line += len(chunk)


def test_large_hashes_are_kept_apart() -> None:
    seen = SeenKeys()
    assert seen.add(_array([2**64 - 1, 2**63, 0]), _array([2**64 - 1, 0, 1]), _array([1, 2, 3])) == {}
    assert seen.add(_array([1, 2**64 - 1]), _array([0, 0]), _array([4, 5])) == {1: FirstSight(1, 2**64 - 1)}


def test_digests_give_their_first_half() -> None:
    assert as_hashes([b"\x00" * 7 + b"\x01" + b"\xff" * 8, b"\xff" * 16]).tolist() == [1, 2**64 - 1]


def _array(values: list[int]) -> Hashes:
    return np.array(values, dtype=np.uint64)
