"""What the guard refuses is not learned: sentences, letters and replies, each tried in briefs that have its slots."""

import json
from functools import cache
from pathlib import Path

import pytest

from bot.generation.held_out import held_out_briefs
from bot.generation.tiny.training import corpus
from bot.generation.tiny.training.composing import Texts
from bot.generation.tiny.training.screening import Screen, refused_texts
from db.vocabulary import OfferType

GOOD = "For {duration}, {applies_to} would be {off} lower."
BAD = "We guarantee the lowest price forever."
DEED = "I have cancelled your contract."
ASKED = "You asked us about a refund."
FINE_LETTER = {
    "topic": "price", "tone": "plain", "mood": "neutral", "tenure": "settled", "offer": "none", "contact": "first",
    "subject": "About the price", "preheader": "A short question.",
    "body": ["Thank you for being with us.", "What would make the service worth its price to you?"],
}  # fmt: skip
BAD_LETTER = {**FINE_LETTER, "subject": "All refunded", "body": ["We have refunded your last three bills in full."]}


@cache
def screen() -> Screen:
    return Screen(held_out_briefs(120, seed=41))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    bank = f"discount:\n  offer: |\n    plain: {GOOD}\n    plain: {BAD}\n"
    (tmp_path / "sentences_few.yaml").write_text(bank, encoding="utf-8")
    letters = [json.dumps(one) for one in (FINE_LETTER, BAD_LETTER)]
    (tmp_path / "emails_few.jsonl").write_text("\n".join(letters), encoding="utf-8")
    replies = f"greet:\n  reply: |\n    warm: What weighs most for you?\n    warm: {DEED}\n"
    (tmp_path / "acts_few.yaml").write_text(replies, encoding="utf-8")
    (tmp_path / "matters_few.yaml").write_text(f"refund:\n  opening: |\n    plain: {ASKED}\n", encoding="utf-8")
    return tmp_path


def test_what_the_guard_refuses_is_found(folder: Path) -> None:
    bad_letter = next(one for one in corpus.letters(folder) if one.subject == "All refunded")
    found = refused_texts(held_out_briefs(120, seed=41), folder)
    assert found == {BAD, bad_letter.key, DEED}
    left = Texts(left_out=found, folder=folder)
    held_out = Texts(held_out=True, left_out=found, folder=folder)
    assert [one.text for part in (left, held_out) for one in part.of("discount", "offer")] == [GOOD]
    assert [one.subject for one in (*left.letters, *held_out.letters)] == ["About the price"]


def test_a_finding_on_the_frame_is_not_laid_on_the_sentence() -> None:
    assert not screen().refuses("email", {"discount"}, "", "", GOOD)


def test_a_text_whose_slots_no_brief_has_is_let_through() -> None:
    assert not screen().refuses("chat", {"none"}, "", "", "You have {coins}. We guarantee it.")


def test_what_was_asked_for_is_named_to_those_who_asked() -> None:
    briefs = Screen(held_out_briefs(400, seed=41))
    assert not briefs.refuses("email", {kind.value for kind in OfferType}, "", "", ASKED, "refund")
    assert briefs.refuses("email", {"none"}, "", "", ASKED, "praise")
