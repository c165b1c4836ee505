"""Numbered pairs of texts by two writers, for a reader who must not know which is whose, and the key to them."""

from collections.abc import Sequence
from random import Random

from bot.generation.evaluation.plain import in_plain_words
from bot.generation.evaluation.runs import Run
from db.errors import InputError
from db.vocabulary import Channel, Json


def blind_pairs(first: Run, second: Run, each: int, seed: int) -> tuple[list[Json], list[Json]]:
    """`each` e-mails and `each` chat replies as pairs, and the key: which of `a` and `b` is by which backend.

    Only briefs count for which both writers' own texts were released and differ: what fell back to approved wording
    says nothing about a writer. Fewer pairs come back where there are fewer such briefs. A pair has `pair`, `channel`,
    `brief` (lines), `a` and `b`; the key has `pair`, `a`, `b` and `brief`, the place of the brief in the run. Raises
    InputError where the two runs are by the same backend or on other briefs.
    """
    if first.backend == second.backend or first.briefs != second.briefs:
        raise InputError("A blind comparison needs two different backends on the same briefs.")
    chance = Random(f"blind|{seed}")
    pairs: list[Json] = []
    key: list[Json] = []
    places = [
        place for channel in (Channel.EMAIL, Channel.CHAT) for place in _places(first, second, channel, each, chance)
    ]
    for number, place in enumerate(places, start=1):
        sides = [(run.backend, run.texts[place].text) for run in (first, second)]
        chance.shuffle(sides)
        brief = first.briefs[place]
        pairs.append(
            {
                "pair": number,
                "channel": brief.channel.value,
                "brief": in_plain_words(brief),
                "a": sides[0][1],
                "b": sides[1][1],
            }
        )
        key.append({"pair": number, "a": sides[0][0], "b": sides[1][0], "brief": place})
    return pairs, key


def _places(first: Run, second: Run, channel: Channel, each: int, chance: Random) -> Sequence[int]:
    """The briefs of a channel that are compared, in the order of the run."""
    found = [
        place
        for place, (brief, one, other) in enumerate(zip(first.briefs, first.texts, second.texts, strict=True))
        if brief.channel is channel
        and one.released
        and other.released
        and (one.backend, other.backend) == (first.backend, second.backend)
        and one.text != other.text
    ]
    return sorted(chance.sample(found, min(each, len(found))))
