"""The figures of several writers as rows of text: one row for each figure, one column for each writer."""

from collections.abc import Iterator, Sequence
from typing import Any

from db.vocabulary import Json

_SHARES = (
    ("handed_on", "handed on to approved wording"),
    ("first_try", "released at first try"), ("after_retries", "released after retries"), ("fallback", "fell back"),
    ("released", "released at all"), ("mandatory", "mandatory parts there"),
)  # fmt: skip
_TEXTS = (
    ("texts", "own texts"), ("words", "words"), ("reading_ease", "reading ease"), ("distinct_1", "distinct-1"),
    ("distinct_2", "distinct-2"), ("distinct_3", "distinct-3"), ("self_bleu", "self-BLEU"),
    ("exact_duplicates", "exact duplicates"), ("same_wording", "same wording"),
    ("memorisation", "longest span from training"),
)  # fmt: skip


def figure_rows(writers: Sequence[Json]) -> list[list[str]]:
    """Rows of the figure's name and what each writer has for it."""
    return [
        [name, *(_said(_at(writer, path)) for writer in writers)]
        for name, path in _figures()
        if any(_at(writer, path) is not None for writer in writers)
    ]


def _figures() -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "briefs", ("briefs",)
    for key, name in _SHARES:
        yield name, (key,)
    for channel, title in (("email", "e-mail"), ("chat", "chat")):
        yield f"{title}: briefs", (channel, "briefs")
        for key, name in (*_SHARES, *_TEXTS):
            yield f"{title}: {name}", (channel, key)
        yield f"{title}: more than 25 tokens from training", (channel, "memorisation", "over_25")
    for key, name in (("drafts_per_second", "drafts/s"), ("tokens_per_second", "tokens/s")):
        yield name, ("speed", key)
    yield "peak memory, MiB", ("peak_memory_mib",)


def _at(found: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _said(value: Any) -> str:
    """A share with its count and interval, a median with its spread, a figure, or a dash."""
    if value is None:
        return "–"
    if not isinstance(value, dict):
        return f"{value:,}" if isinstance(value, int) else f"{value:g}"
    if "hits" in value:
        return f"{value['hits']:,}/{value['n']:,} = {value['value']:.3f} [{value['low']:.3f}, {value['high']:.3f}]"
    if "median" in value:
        return f"{value['median']:g} [{value['p5']:g}, {value['p95']:g}]"
    if "longest_span" in value:
        return f"{value['longest_span']} (median {value['median_span']:g})"
    if "left_out" in value:
        return "left out"
    return "–" if value.get("value") is None else f"{value['value']:.3f} (n {value['n']:,})"
