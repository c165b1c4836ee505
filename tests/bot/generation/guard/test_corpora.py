from tests.bot.generation.guard.corpus import load

BENIGN = load("benign.jsonl")
ATTACKS = load("attacks.jsonl")


def test_every_true_text_is_released() -> None:
    refused = {sample.text: rules for sample in BENIGN if (rules := sample.refused_by())}
    assert refused == {}


def test_every_untrue_text_is_refused() -> None:
    assert [sample.text for sample in ATTACKS if not sample.refused_by()] == []


def test_every_untrue_sentence_inside_a_true_letter_is_refused() -> None:
    assert [sample.text for sample in ATTACKS if not sample.inside_a_letter().refused_by()] == []


def test_the_corpora_are_large_and_cover_every_offer_type() -> None:
    assert len(BENIGN) >= 250
    assert len(ATTACKS) >= 250
    assert {sample.decision for sample in BENIGN} >= {
        "none", "lumen20", "stride5", "pause2", "plan", "free1", "trial14", "contact", "education", "bonus",
    }  # fmt: skip
