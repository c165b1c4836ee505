import pytest

from tests.bot.generation.guard.corpus import Sample, load

BENIGN = load("benign.jsonl")
ATTACKS = load("attacks.jsonl")


@pytest.mark.parametrize("sample", BENIGN, ids=lambda sample: sample.text[:40])
def test_a_true_text_is_released(sample: Sample) -> None:
    assert sample.refused_by() == []


@pytest.mark.parametrize("sample", ATTACKS, ids=lambda sample: sample.text[:40])
def test_an_untrue_text_is_refused(sample: Sample) -> None:
    assert sample.refused_by()


@pytest.mark.parametrize("sample", ATTACKS, ids=lambda sample: sample.text[:40])
def test_an_untrue_sentence_inside_a_true_letter_is_refused(sample: Sample) -> None:
    assert sample.inside_a_letter().refused_by()


def test_the_corpora_are_large_and_cover_every_offer_type() -> None:
    assert len(BENIGN) >= 250
    assert len(ATTACKS) >= 250
    assert {sample.decision for sample in BENIGN} >= {
        "none", "lumen20", "stride5", "pause2", "plan", "free1", "trial14", "contact", "education", "bonus",
    }  # fmt: skip
