"""Keys are remembered in little room, and every repetition is found."""

from hypothesis import given, settings
from hypothesis import strategies as st

from db.importers.seen import FirstSight, SeenKeys

_KEYS = st.lists(st.lists(st.integers(min_value=-5, max_value=40), max_size=30), max_size=12)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(_KEYS)
def test_first_sights_agree_with_a_dictionary(chunks: list[list[int]]) -> None:
    seen, reference, line = SeenKeys(), dict[int, FirstSight](), 0
    for chunk in chunks:
        lines = list(range(line, line + len(chunk)))
        contents = [(key * 7 + number) % 2**64 for key, number in zip(chunk, lines, strict=True)]
        expected = []
        for key, content, number in zip(chunk, contents, lines, strict=True):
            expected.append(reference.get(key))
            reference.setdefault(key, FirstSight(number, content))
        assert seen.add(chunk, contents, lines) == expected
        line += len(chunk)


def test_large_hashes_of_either_sign_are_kept_apart() -> None:
    seen = SeenKeys()
    assert seen.add([2**63 - 1, -1, -(2**63)], [-1, 0, 2**63], [1, 2, 3]) == [None, None, None]
    assert seen.add([-(2**63), -1], [0, 0], [4, 5]) == [FirstSight(3, 2**63), FirstSight(2, 0)]
