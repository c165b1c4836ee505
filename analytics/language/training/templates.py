"""Sentences made from patterns of ours: negation, irony, turns with "but", short reviews; each with its sentiment.

A linear model learns from them how words combine ("not bad at all", "great, another outage") where a few hundred
hand-written sentences would leave most words unseen in the combination.
"""

from collections.abc import Iterator

import numpy as np


def _tuple(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_GOOD = _tuple("""
good great helpful reliable friendly fast clear fair easy useful happy satisfied pleasant impressive stable honest
polite professional smooth worth comfortable convincing interesting funny enjoyable memorable original bright fresh
nice affordable responsive accurate pleased
""")
_BAD = _tuple("""
bad terrible awful unhelpful unreliable rude slow confusing unfair difficult useless unhappy disappointed unpleasant
boring expensive unstable dishonest complicated annoying frustrating dull broken poor horrible stupid silly weak
predictable late wrong ugly noisy
""")
_THINGS = _tuple("""
service support app price connection plan router invoice website delivery film show phone picture quality speed
technician staff answer update menu new layout battery sound story subscription offer content
""")
_TROUBLES = (
    "outage", "price rise", "wrong bill", "dropped call", "hour on hold", "broken router", "error message",
    "late delivery", "crash", "fee", "unanswered email", "useless update", "cancelled appointment",
    "login problem", "day without internet",
    "bug", "delay",
)  # fmt: skip
_PRAISE_WORDS = _tuple("""
great wonderful fantastic brilliant lovely perfect amazing super marvellous excellent
""")
_GOOD_DEEDS = (
    "fixing it so fast", "the quick reply", "your help", "the refund", "the kind words", "a smooth start",
    "the good advice", "your patience", "the upgrade", "calling me back", "a fair price", "listening",
)  # fmt: skip
_BAD_DEEDS = (
    "ruining my weekend", "nothing", "wasting my time", "the double charge", "ignoring me", "hanging up on me",
    "breaking it again", "the outage", "the lies", "yet another fee", "losing my parcel", "the broken promise",
)  # fmt: skip

_FROM_GOOD = (
    ("negative", "the {thing} is not {good}"),
    ("negative", "not {good} at all"),
    ("negative", "it is not {good}"),
    ("negative", "not very {good}"),
    ("negative", "not at all {good}"),
    ("negative", "the {thing} was never {good}"),
    ("negative", "I don't find the {thing} {good}"),
    ("negative", "nothing {good} about this {thing}"),
    ("negative", "far from {good}"),
    ("negative", "anything but {good}"),
    ("negative", "hardly {good}"),
    ("negative", "it used to be {good}"),
    ("negative", "I can't say that the {thing} is {good}"),
    ("negative", "no longer {good}"),
    ("negative", "the {thing} could have been {good}"),
    ("negative", "the {thing} looks {good} but it is {bad}"),
    ("negative", "{good} at first, then {bad}"),
    ("positive", "the {thing} is {good}"),
    ("positive", "really {good} {thing}"),
    ("positive", "so {good}"),
    ("positive", "the {thing} is always {good}"),
    ("positive", "very {good}"),
    ("positive", "nothing is as {good} as this {thing}"),
    ("positive", "never seen such a {good} {thing}"),
    ("positive", "not only {good} but also {other}"),
    ("positive", "{bad} at first, now {good}"),
    ("positive", "a bit {bad} but very {good}"),
    ("positive", "finally a {good} {thing}"),
)
_FROM_BAD = (
    ("positive", "not {bad}"),
    ("positive", "not {bad} at all"),
    ("positive", "the {thing} is not {bad} at all"),
    ("positive", "it isn't {bad}"),
    ("positive", "not a {bad} {thing}"),
    ("positive", "the {thing} is never {bad}"),
    ("positive", "nothing {bad} to say about the {thing}"),
    ("positive", "not {bad}, in fact quite {good}"),
    ("positive", "anything but {bad}"),
    ("positive", "without anything {bad}"),
    ("positive", "no longer {bad}"),
    ("negative", "the {thing} is {bad}"),
    ("negative", "really {bad} {thing}"),
    ("negative", "so {bad}"),
    ("negative", "too {bad} for me"),
    ("negative", "always {bad}"),
    ("negative", "not only {bad} but also {worse}"),
    ("negative", "nothing is as {bad} as your {thing}"),
    ("negative", "never seen such a {bad} {thing}"),
    ("negative", "why is the {thing} so {bad}"),
    ("negative", "the {thing} is {bad} again"),
)
_IRONY = (
    ("negative", "{praise}, another {trouble}"),
    ("negative", "oh {praise}, another {trouble}"),
    ("negative", "{praise}. one more {trouble}."),
    ("negative", "how {praise}, a {trouble} again"),
    ("negative", "just what I needed, another {trouble}"),
    ("negative", "thanks for {wrong}"),
    ("negative", "thank you so much for {wrong}"),
    ("negative", "well done, the third {trouble} this month"),
    ("negative", "congratulations on the {trouble}"),
    ("positive", "thanks for {deed}"),
    ("positive", "thank you so much for {deed}"),
    ("positive", "{praise}, no {trouble} any more"),
    ("positive", "{praise}, not one {trouble} this year"),
    ("positive", "not a single {trouble} since May"),
    ("positive", "never a {trouble}"),
    ("positive", "no more {trouble}, well done"),
)


def template_sentences(seed: int, per_pattern: int = 12) -> Iterator[tuple[str, str]]:
    """(text, sentiment): up to `per_pattern` fillings of each pattern, the same for the same seed."""
    rng = np.random.default_rng(seed)
    for sentiment, pattern in (*_FROM_GOOD, *_FROM_BAD, *_IRONY):
        made = set()
        for _ in range(per_pattern):
            good, other = rng.choice(_GOOD, 2, replace=False)
            bad, worse = rng.choice(_BAD, 2, replace=False)
            made.add(
                pattern.format(
                    good=good,
                    other=other,
                    bad=bad,
                    worse=worse,
                    thing=rng.choice(_THINGS),
                    trouble=rng.choice(_TROUBLES),
                    praise=rng.choice(_PRAISE_WORDS),
                    deed=rng.choice(_GOOD_DEEDS),
                    wrong=rng.choice(_BAD_DEEDS),
                )
            )
        for text in sorted(made):
            yield text, sentiment
