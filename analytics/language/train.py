"""Train the shipped language models from our own texts and the public sets: `python -m analytics.language.train`."""

import argparse
import logging
import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from analytics.language.intents import OUT_OF_SCOPE, IntentRecogniser
from analytics.language.linear import Array
from analytics.language.sentiment import SentimentClassifier
from analytics.language.training import public, texts
from analytics.language.training.templates import template_sentences

log = logging.getLogger(__name__)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SEED = 11
_OWN_SENTIMENT_WEIGHT = 8.0
_TEMPLATE_WEIGHT = 3.0
_PUBLIC_INTENT_WEIGHT = 0.3
_CAP_PER_INTENT = 120
_CAP_OUT_OF_SCOPE = 600
_FROM_CLINC = {
    "greeting": "greeting",
    "goodbye": "goodbye",
    "thank_you": "thanks",
    "yes": "affirm",
    "no": "deny",
    "repeat": "repeat",
    "are_you_a_bot": "is_this_a_bot",
    "maybe": "maybe_later",
    "tell_joke": "chitchat",
    "what_are_your_hobbies": "chitchat",
    "do_you_have_pets": "chitchat",
    "how_old_are_you": "chitchat",
    "oos": OUT_OF_SCOPE,
}
# Requests of CLINC150 that a subscription business may hear: they must not teach "out of scope".
_NEITHER = _set("""
    cancel bill_due bill_balance pay_bill account_blocked transactions order order_status report_fraud new_card
    card_declined expiration_date redeem_rewards change_user_name reset_settings what_can_i_ask_you pin_change
    make_call schedule_meeting meeting_schedule application_status interest_rate what_is_your_name user_name
    fun_fact meaning_of_life who_made_you where_are_you_from who_do_you_work_for change_language change_ai_name
    schedule_maintenance balance credit_limit_change min_payment sync_device confirm_reservation cancel_reservation
    insurance_change spending_history damaged_card update_playlist reminder_update
    """)
_FROM_BITEXT = {"contact_human_agent": "human_request", "get_refund": "refund", "complaint": "open_ticket"}
_FROM_MULTIDOGO = {"openinggreeting": "greeting", "closinggreeting": "goodbye", "thankyou": "thanks"}


@dataclass
class Examples:
    """Texts with a label and a weight each, and where they came from."""

    texts: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    sources: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, source: str, pairs: Iterator[tuple[str, str]] | Sequence[tuple[str, str]], weight: float) -> None:
        """Take in (text, label) pairs of one source."""
        for text, label in pairs:
            self.texts.append(text)
            self.labels.append(label)
            self.weights.append(weight)
            self.sources[source] += 1

    def balanced(self) -> Array:
        """The weights, scaled so that every label has the same total."""
        weights = np.asarray(self.weights)
        names, place = np.unique(self.labels, return_inverse=True)
        totals = np.bincount(place, weights=weights)
        return np.asarray(weights * (weights.sum() / len(names) / totals)[place])


def sentiment_examples(data: Path) -> tuple[Examples, list[bool] | None]:
    """Texts by sentiment, and whether each of the public ones is angry (None where the set is absent)."""
    examples = Examples()
    angry: list[bool] | None = None
    folder = data / "goemotions"
    if folder.is_dir():
        angry = []
        for text, emotions in public.goemotions(folder, "train"):
            sentiment = public.sentiment_of(emotions)
            if sentiment is not None:
                examples.add("goemotions", [(text, sentiment)], 1.0)
                angry.append(public.is_angry(emotions))
    else:
        log.warning("%s is absent: sentiment is trained on our own texts alone and anger is not trained", folder)
    for negative, positive in texts.sentiment_pairs():
        examples.add("own", [(negative, "negative"), (positive, "positive")], _OWN_SENTIMENT_WEIGHT)
    examples.add("own", texts.sentiment_messages(), _OWN_SENTIMENT_WEIGHT)
    examples.add("own patterns", template_sentences(_SEED), _TEMPLATE_WEIGHT)
    return examples, angry


def intent_examples(data: Path) -> Examples:
    """Texts by intent: our own, and what maps from the public sets, capped per intent and weighted down."""
    examples = Examples()
    for intent, lines in texts.intent_examples().items():
        examples.add("own", [(line, intent) for line in lines], 1.0)
    for name, pairs in _public_intents(data):
        rng = np.random.default_rng(_SEED)
        for intent, lines in sorted(pairs.items()):
            cap = _CAP_OUT_OF_SCOPE if intent == OUT_OF_SCOPE else _CAP_PER_INTENT
            kept = sorted(set(lines))
            chosen = rng.choice(len(kept), size=min(cap, len(kept)), replace=False)
            examples.add(name, [(kept[place], intent) for place in sorted(chosen)], _PUBLIC_INTENT_WEIGHT)
    return examples


def _public_intents(data: Path) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """(source, texts by our intent) of each public set that is there."""
    readers = (
        ("clinc150", public.clinc150, _clinc_intent),
        ("bitext_customer_support", public.bitext, _FROM_BITEXT.get),
        ("multidogo_customer_turns", public.multidogo_media, _FROM_MULTIDOGO.get),
    )
    for name, read, translate in readers:
        if not (data / name).is_dir():
            log.warning("%s is absent: intents are trained without it", data / name)
            continue
        found: dict[str, list[str]] = defaultdict(list)
        for text, theirs in read(data / name):
            ours = translate(theirs)
            if ours is not None:
                found[ours].append(text)
        yield name, found


def _clinc_intent(theirs: str) -> str | None:
    if theirs in _FROM_CLINC:
        return _FROM_CLINC[theirs]
    return None if theirs in _NEITHER else OUT_OF_SCOPE


def train_sentiment(data: Path) -> tuple[SentimentClassifier, dict[str, Any]]:
    """The sentiment and anger model, and the facts for its manifest."""
    examples, angry = sentiment_examples(data)
    model = SentimentClassifier(random_state=_SEED)
    model.fit(examples.texts, examples.labels, examples.balanced())
    if angry is None:
        model.anger_coef_, model.anger_bias_ = np.zeros_like(model.coef_[:, 0]), -20.0
    else:
        model.fit_anger(examples.texts[: len(angry)], angry)
    return model, {"examples": dict(examples.sources), "seed": _SEED}


def train_intents(data: Path) -> tuple[IntentRecogniser, dict[str, Any]]:
    """The intent model, and the facts for its manifest."""
    examples = intent_examples(data)
    model = IntentRecogniser(random_state=_SEED)
    model.fit(examples.texts, examples.labels, np.asarray(examples.weights))
    return model, {"examples": dict(examples.sources), "seed": _SEED}


def main(arguments: Sequence[str] | None = None) -> int:
    """Train both models and write them; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m analytics.language.train", description=__doc__)
    default_data = os.environ.get("MAINSTAY_DATA", "../shared/data")
    parser.add_argument("--data", type=Path, default=Path(default_data), help="folder of the public sets")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "weights", help="where to write")
    parser.add_argument("--only", choices=("sentiment", "intents"), help="train one of the two models")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    for name, train in (("sentiment", train_sentiment), ("intents", train_intents)):
        if options.only not in (None, name):
            continue
        log.info("training %s", name)
        model, facts = train(options.data)
        model.save(options.output, facts)
        log.info("%s: %s", name, facts["examples"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
