"""Our own texts: enough of each kind, none said to be two things, and none of those held out seen in training."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from analytics.language import train
from analytics.language.intents import OUT_OF_SCOPE
from analytics.language.sentiment import EMOTIONS, SENTIMENTS
from analytics.language.training import public, texts
from analytics.language.training.templates import template_sentences

NAMES = sorted(path.name for path in files("analytics.language.training").iterdir() if path.name.endswith(".yaml"))
ENOUGH, ENOUGH_PAIRS = 60, 300
PATTERN_WORDS = 5
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_FUNCTION_WORDS = """
i you he she it we they me him her us them my your his its our their mine yours this that these those
a an the and or but if so because as than then when while where who whom whose which what why how
is am are was were be been being do does did done have has had having will would shall should can could may might must
not no nor never none nothing nobody neither of in on at to from by with for about into over under after before between
through without up down out off again there here all any some each every both more most other such only own same too
very just now still yet please thanks thank hello hi
i'm i've i'll i'd it's that's you're you've you'll we're we've they're don't doesn't didn't won't can't couldn't isn't
wasn't aren't wouldn't haven't hasn't let's what's there's
"""
_FUNCTION = frozenset(_FUNCTION_WORDS.split())


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("’", "'"))


def bare(text: str) -> str:
    """A text without case and punctuation; one without a word, such as an emoji, stays as it is."""
    return " ".join(words(text)) or text


def patterns(text: str) -> set[str]:
    """What a sentence shares with those that say the same of something else.

    These are the text without any one of its words, and, where it has three function words to go by, the text without
    all that are not.
    """
    found = words(text)
    if len(found) < PATTERN_WORDS:
        return set()
    frame = [word if word in _FUNCTION else "_" for word in found]
    one_left_out = {" ".join([*found[:place], "_", *found[place + 1 :]]) for place in range(len(found))}
    return one_left_out | ({" ".join(frame)} if len(frame) - frame.count("_") >= 3 else set())


@cache
def examples_in(name: str) -> tuple[texts.Example, ...]:
    """Every line of a file."""
    return tuple(texts._examples(name))


@cache
def of_intents() -> dict[str, list[str]]:
    return texts.intent_examples()


@cache
def with_sentiment() -> tuple[tuple[str, str], ...]:
    """All texts of ours that teach a sentiment."""
    pairs = texts.sentiment_pairs()
    return (
        *((negative, "negative") for negative, _ in pairs),
        *((positive, "positive") for _, positive in pairs),
        *texts.sentiment_messages(),
        *texts.opinions(),
        *((text, sentiment) for text, sentiment, _ in texts.emotion_messages()),
        *template_sentences(train._SEED),
    )


@cache
def learned() -> tuple[str, ...]:
    """All texts of ours that are learned from."""
    wishes = (example.text for example in texts.wish_examples())
    intents = (line for lines in of_intents().values() for line in lines)
    return (*intents, *wishes, *(text for text, _ in with_sentiment()))


@cache
def held_out() -> tuple[str, ...]:
    """All texts of ours that are judged by."""
    return (
        *(example.text for example in texts.held_out_intents()),
        *(text for text, _ in texts.held_out_several()),
        *texts.held_out_without_handoff(),
        *(side for pair in texts.held_out_sentiment_pairs() for side in pair),
        *(text for text, _, _ in texts.held_out_emotions()),
    )


def twice(lines: Iterable[str]) -> list[str]:
    return [line for line, count in Counter(map(bare, lines)).items() if count > 1]


@pytest.mark.parametrize("name", NAMES)
def test_every_file_says_what_it_is_and_can_be_read(name: str) -> None:
    content = files("analytics.language.training").joinpath(name).read_text(encoding="utf-8")
    assert content.startswith("# ")
    assert "written for this package" in content.splitlines()[0]
    assert isinstance(yaml.safe_load(content), dict)
    examples = examples_in(name)
    assert examples
    assert all(example.text == example.text.strip() != "" for example in examples)
    assert len({example.text for example in examples}) == len(examples)


def test_every_file_is_learned_from_or_judged_by() -> None:
    used = {bare(text) for text in (*learned(), *held_out())}
    for name in NAMES:
        lines = [example.text for example in examples_in(name)]
        # A line may hold a pair, or what it is labelled with before the text.
        assert all(any(bare(part) in used for part in line.split(" | ")) for line in lines), name


@pytest.mark.parametrize("intent", sorted(of_intents()))
def test_every_intent_has_many_examples(intent: str) -> None:
    lines = of_intents()[intent]
    assert len({line.lower() for line in lines}) == len(lines)
    assert len(set(map(bare, lines))) >= ENOUGH


def test_no_example_is_of_two_intents() -> None:
    assert twice(line for lines in of_intents().values() for line in set(map(bare, lines))) == []


def test_no_text_both_asks_for_a_person_and_does_not() -> None:
    found: dict[str, set[bool]] = {}
    for example in texts.wish_examples():
        found.setdefault(bare(example.text), set()).add(example.label == "human_request")
    assert {text for text, wished in found.items() if len(wished) > 1} == set()


def test_far_more_texts_ask_for_no_person_than_for_one() -> None:
    wished = [example.label == "human_request" for example in texts.wish_examples()]
    about_people = [example for example in texts.wish_examples() if example.voice.startswith(texts.PEOPLE)]
    assert len(wished) >= 4 * sum(wished)
    assert len({example.voice for example in about_people}) >= 80


def test_no_text_has_two_sentiments() -> None:
    found: dict[str, set[str]] = {}
    for text, sentiment in with_sentiment():
        found.setdefault(bare(text), set()).add(sentiment)
    assert {text for text, sentiments in found.items() if len(sentiments) > 1} == set()
    assert {sentiment for sentiments in found.values() for sentiment in sentiments} == set(SENTIMENTS)


def test_there_are_many_minimal_pairs() -> None:
    pairs = texts.sentiment_pairs()
    assert len({(bare(negative), bare(positive)) for negative, positive in pairs}) == len(pairs) >= ENOUGH_PAIRS
    assert all(bare(negative) != bare(positive) for negative, positive in pairs)


def test_emotions_are_those_that_are_read() -> None:
    for rows in (list(texts.emotion_messages()), texts.held_out_emotions()):
        assert {sentiment for _, sentiment, _ in rows} == set(SENTIMENTS)
        assert {emotion for _, _, emotion in rows} == {*EMOTIONS, "plain"}


def test_every_intent_is_judged_in_every_voice() -> None:
    examples = texts.held_out_intents()
    voices = {example.voice for example in examples}
    assert len(voices) >= 6
    heard: dict[str, set[str]] = {}
    for example in examples:
        heard.setdefault(example.label, set()).add(example.voice)
    assert set(heard) == set(of_intents())
    assert min(Counter(example.label for example in examples).values()) >= 12
    assert all(len(found) >= 6 for found in heard.values())


def test_messages_that_say_several_things_name_known_intents() -> None:
    several = texts.held_out_several()
    assert all(len(intents) >= 2 for _, intents in several)
    assert frozenset().union(*(intents for _, intents in several)) <= set(of_intents()) - {OUT_OF_SCOPE}
    assert len(texts.held_out_without_handoff()) >= 60


def test_no_text_is_judged_by_twice() -> None:
    assert twice(example.text for example in texts.held_out_intents()) == []
    assert twice(text for text, _, _ in texts.held_out_emotions()) == []


def test_no_held_out_text_is_learned_from() -> None:
    known = set(map(bare, learned()))
    assert [text for text in held_out() if bare(text) in known] == []


def test_no_held_out_text_follows_a_pattern_that_is_learned_from() -> None:
    example_of = {pattern: text for text in learned() for pattern in patterns(text)}
    followed = {text: example_of[shared.pop()] for text in held_out() if (shared := patterns(text) & example_of.keys())}
    assert followed == {}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("How do I change my username?", "how do i change my password", True),
        ("I want to speak to a person", "I want to talk to a human!", True),
        ("Bring back the old version!", "bring back the old playlists", True),
        ("my father died in March", "The router you sent is dead", False),
        ("play some jazz", "play some rock", False),
    ],
)
def test_sentences_that_only_say_something_else_are_alike(one: str, other: str, alike: bool) -> None:
    assert bool(patterns(one) & patterns(other)) == alike


@pytest.mark.bench_data
def test_no_held_out_text_is_in_the_public_sets_that_are_learned_from(public_data: Path) -> None:
    known = {
        bare(line) for _, found in train._public_intents(public_data) for lines in found.values() for line in lines
    }
    for split in ("train", "dev"):
        known |= {bare(text) for text, _ in public.goemotions(public_data / "goemotions", split)}
    assert len(known) > 50_000
    assert [text for text in held_out() if bare(text) in known] == []
