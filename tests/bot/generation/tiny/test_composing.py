"""Composed examples: complete, honest about what they rest on, and never of the tenth that is held out."""

import re

from bot.generation.tiny.training import corpus
from bot.generation.tiny.training.composing import Example, Texts, example
from tests.bot.generation.tiny.small_writer import texts

COUNT = 1_500


def _examples(held_out: bool = False) -> list[Example]:
    source = Texts(held_out=True) if held_out else texts()
    return [example(number, source, seed=4) for number in range(300 if held_out else COUNT)]


def test_the_corpus_is_as_large_as_its_readme_says() -> None:
    assert len(list(corpus.letters())) >= 250
    replies = {one.text for one in corpus.sentences() if one.role == "act_reply"}
    assert len(replies) >= 600
    assert len({sentence.text for sentence in corpus.sentences()}) >= 3_000


def test_slots_of_the_corpus_are_known_and_tones_too() -> None:
    from bot.generation.tiny.header import SLOTS, TONES

    assert {slot for one in corpus.sentences() for slot in one.slots} <= set(SLOTS)
    assert {slot for one in corpus.letters() for slot in one.slots} <= set(SLOTS)
    assert {one.tone for one in corpus.sentences()} == set(TONES)


def test_the_corpus_states_no_figures() -> None:
    lines = [one.text for one in corpus.sentences()]
    lines += [paragraph for letter in corpus.letters() for paragraph in letter.paragraphs]
    assert [line for line in lines if re.search(r"[0-9€$£%@]", line)] == []


def test_an_example_holds_only_its_slots_and_every_mandatory_one() -> None:
    for made in _examples():
        slots = corpus.slots_in(made.body)
        assert slots <= made.header.slots, made
        assert made.header.must <= slots, made


def test_a_letter_to_somebody_who_wrote_nothing_does_not_say_they_did() -> None:
    unsaid = [made for made in _examples() if made.header.skill == "email" and not made.header.told]
    assert len(unsaid) > 50
    assert [
        made.body for made in unsaid if re.search(r"\b[Yy]ou (?:wrote|told us)\b|your (?:message|note)\b", made.body)
    ] == []


def test_examples_differ() -> None:
    whole = {letter.paragraphs for letter in corpus.letters()}
    bodies = [made.body for made in _examples() if made.header.skill == "email" and made.paragraphs not in whole]
    assert len(bodies) > 500
    assert len(set(bodies)) >= 0.995 * len(bodies)


def test_the_same_number_gives_the_same_example() -> None:
    assert example(77, texts(), seed=4) == example(77, Texts(), seed=4)


def test_what_is_held_out_is_never_learned() -> None:
    learned = {text for made in _examples() for text in (made.subject, *made.paragraphs)}
    kept = [one.text for one in corpus.sentences() if corpus.is_held_out(one.text) and len(one.text.split()) > 8]
    assert len(kept) > 200
    assert [text for text in kept if any(text in paragraph for paragraph in learned)] == []
    assert all(made.body for made in _examples(held_out=True))
