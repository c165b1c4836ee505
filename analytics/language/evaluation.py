"""Measures the language models on our own texts, each text read by a model that did not see it."""

import numpy as np
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from analytics.language import weights
from analytics.language.intents import IntentRecogniser
from analytics.language.rules import SAFETY_RULES
from analytics.language.training.texts import intent_examples
from db.vocabulary import Json

FOLDS = 5


def evaluate_own_texts(seed: int = 0) -> Json:
    """Out-of-fold figures of intents over our own examples, and what the shipped weights were made from.

    The safety intents (cancel, a person, opt-out, erasure) are read with their rules, as in the product; `recall` is
    the share of their examples that is heard.
    """
    examples = intent_examples()
    texts = [text for found in examples.values() for text in found]
    labels = np.array([intent for intent, found in examples.items() for _ in found])
    heard = np.empty(len(texts), dtype=object)
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(texts, labels):
        model = IntentRecogniser(rules=True).fit([texts[i] for i in train], labels[train])
        heard[test] = model.predict([texts[i] for i in test])
    safety = [rule.intent for rule in SAFETY_RULES if rule.intent in examples]
    recall = {name: round(float(np.mean(heard[labels == name] == name)), 4) for name in safety}
    return {
        "protocol": f"{FOLDS}-fold out of fold over {len(texts):,} texts of ours, {len(examples)} intents",
        "intent_accuracy": round(float(np.mean(heard == labels)), 4),
        "intent_macro_f1": round(float(f1_score(labels, heard.astype(str), average="macro")), 4),
        "recall": recall,
        "weights": weights.shipped_version(),
    }
