"""Figures of texts against examples small enough to count by hand."""

import math
from pathlib import Path

import pytest

from bot.generation.brief import NO_OFFER, Brief, FactSheet
from bot.generation.evaluation.memorisation import TrainingText, shipped_corpus
from bot.generation.evaluation.runs import peak_memory
from bot.generation.evaluation.variety import distinct, quantile, reading_ease, sample, self_bleu
from bot.generation.evaluation.wording import tokens, wording, wordings
from bot.generation.tiny.training import corpus
from db.vocabulary import Channel, DecisionTerms, OfferType

BRIEF = Brief(
    Channel.CHAT,
    FactSheet({"first_name": "Ines", "plan": "Fibre 300", "price": 34.9, "currency": "EUR", "billing_period": "month"}),
    DecisionTerms("d", OfferType.CONTACT, who="a technician", topic="your bill"),
    dialogue_act="present_offer",
)


def test_distinct_counts_runs_of_words() -> None:
    texts = [tokens("we write to you"), tokens("we write to them")]
    assert distinct(texts, 1) == 5 / 8
    assert distinct(texts, 2) == 4 / 6
    assert distinct(texts, 3) == 3 / 4
    assert distinct([("one",)], 2) == 0


def test_self_bleu_is_one_for_the_same_texts_and_almost_nothing_for_strangers() -> None:
    text = tokens("we can take a fifth off your price for three months")
    assert self_bleu([text] * 3) == pytest.approx(1)
    assert self_bleu([tokens("a b c d e"), tokens("f g h i j")]) == 0
    assert self_bleu([text]) is None


def test_self_bleu_by_hand() -> None:
    # Of "a b c d" the other has 3 of 4 words, 2 of 3 pairs, 1 of 2 triples and no four; one is added from pairs on.
    expected = (3 / 4 * 3 / 4 * 2 / 3 * 1 / 2) ** 0.25
    assert self_bleu([tokens("a b c d"), tokens("a b c e")]) == pytest.approx(expected)
    # A text that says a word twice has it matched as often as the other says it, and the shorter one is held back.
    longer = (1 / 2 * 1 / 2) ** 0.25
    shorter = math.exp(1 - 2 / 1)
    assert self_bleu([tokens("a a"), tokens("a")]) == pytest.approx((longer + shorter) / 2)


def test_a_sample_is_the_same_for_the_same_seed() -> None:
    texts = [(str(number),) for number in range(50)]
    assert sample(texts, 1, 10) == sample(texts, 1, 10) != sample(texts, 2, 10)
    assert len(set(sample(texts, 1, 10))) == 10
    assert sample(texts, 1, 60) == texts


def test_spans_go_over_slots_and_stop_between_texts() -> None:
    training = TrainingText([tokens("We can take {off} off {applies_to} for {duration}."), tokens("Thank you for it.")])
    said = tokens("Yes: we can take {} off {} for {}. Thank you for that")
    assert training.longest_span(said).words == tokens("we can take {} off {} for {}")
    assert training.longest_span(tokens("thank you for nothing")).length == 3
    assert training.longest_span(tokens("for it")).length == 2
    assert training.longest_span(tokens("nobody said so")).length == 0
    assert training.longest_span(()).length == 0


def test_a_fact_counts_as_the_slot_it_fills() -> None:
    training = TrainingText([tokens("{first_name}, {plan} costs you {price}, and {who} can look at your bill.")])
    text = "Ines, Fibre 300 costs you €34.90 a month, and a technician can look at your bill."
    spans = [training.longest_span(words).length for words in wordings(text, BRIEF)]
    # First every fact is a slot, `your bill` too; then only names and figures are, and `a technician` is not.
    assert spans == [10, 6]
    training = TrainingText([tokens("Do look at your bill.")])
    assert [training.longest_span(words).length for words in wordings("Do look at your bill.", BRIEF)] == [3, 5]
    assert wording("Fibre 300’s price isn't €34.90 a month.", BRIEF)[0] == "{}"
    assert "ines" not in wording(text, BRIEF)


def test_the_figures_in_a_text_are_slots_too() -> None:
    assert tokens("It’s 3 months, 20% off") == ("it's", "{}", "months", "{}", "off")


def test_the_corpus_lies_beside_the_code_or_is_left_out(tmp_path: Path) -> None:
    assert shipped_corpus(tmp_path) is None
    training = shipped_corpus()
    assert training is not None
    learned = max((one.text for one in corpus.sentences()), key=len)
    assert training.longest_span(tokens(learned)).length == len(tokens(learned))


def test_reading_ease_is_flesch() -> None:
    # Six words in two sentences, ten syllables by groups of vowels.
    assert reading_ease("The cat sat. Nobody heard anything.") == pytest.approx(206.835 - 1.015 * 3 - 84.6 * 10 / 6)
    assert reading_ease("") == 0


def test_quantiles_are_values() -> None:
    assert [quantile([5, 1, 3, 2, 4], share) for share in (0, 0.5, 0.95, 1)] == [1, 3, 5, 5]
    assert quantile([], 0.5) == 0


def test_peak_memory_is_read_where_the_system_says_it(tmp_path: Path) -> None:
    status = tmp_path / "status"
    status.write_text("VmPeak:\t 9 kB\nVmHWM:\t  2048 kB\n")
    assert peak_memory(status) == 2
    (own,) = {peak is not None and peak > 1 for peak in (peak_memory(tmp_path / "none"),)}
    assert own


def test_a_letter_is_not_a_reply() -> None:
    letter = Brief(Channel.EMAIL, BRIEF.facts, NO_OFFER)
    assert wording("Hello Ines", letter) == ("hello", "{}")
