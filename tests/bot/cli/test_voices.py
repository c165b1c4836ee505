"""`mainstay voices` on a demo company: one JSON document, plain text, masked quotes, a guarded paragraph."""

import pytest

from tests.analytics.language.encoders import HashedEncoder
from tests.conftest import Command, Company


@pytest.fixture(autouse=True)
def small_encoder(monkeypatch: pytest.MonkeyPatch) -> HashedEncoder:
    """A real encoder that is made at once, in place of the shipped one."""
    encoder = HashedEncoder()
    monkeypatch.setattr("analytics.jobs.voices.load_encoder", lambda: encoder)
    return encoder


def test_json_is_one_document_whose_parts_add_up(mainstay: Command, company: Company) -> None:
    ran = mainstay("voices", "--json", "--store", company.location)
    assert ran.code == 0
    found = ran.json
    assert found["now"] == {"from": "2026-10-02", "to": "2026-10-31", "days": 30}
    assert found["messages"] > 0
    for side in ("complaints", "praise"):
        voice = found[side]
        assert voice["messages"] == voice["without_topic"] + sum(topic["messages"] for topic in voice["topics"])
        assert all(len(topic["quotes"]) <= 3 for topic in voice["topics"])
        assert all((topic["churn"]["rate"] is None) == (topic["churn"]["customers"] < 10) for topic in voice["topics"])
    assert any(topic["quotes"] for topic in found["complaints"]["topics"])
    paragraph = found["paragraph"]
    assert (paragraph["backend"], paragraph["fell_back"], paragraph["refused"]) == ("template", False, [])
    assert str(found["messages"]) in paragraph["text"]
    assert mainstay("voices", "--format", "json", "--store", company.location).json == found


def test_text_names_topics_changes_money_and_quotes(mainstay: Command, company: Company) -> None:
    ran = mainstay("voices", "--store", company.location)
    assert ran.code == 0
    for words in ("Complaints: ", "Praise: ", "EUR a month", "left within 90 days", "no clear change", "“"):
        assert words in ran.out
    assert "does not make it the cause" in ran.err


def test_days_and_seed_are_heard(mainstay: Command, company: Company) -> None:
    short = mainstay("voices", "--days", "7", "--json", "--store", company.location).json
    assert short["now"] == {"from": "2026-10-25", "to": "2026-10-31", "days": 7}
    texts = {
        mainstay("voices", "--json", "--seed", seed, "--store", company.location).json["paragraph"]["text"]
        for seed in range(3)
    }
    assert len(texts) > 1
    assert mainstay("voices", "--days", "0", "--store", company.location).code == 2


def test_nobody_is_named_unless_asked_for(mainstay: Command, company: Company) -> None:
    hidden = mainstay("voices", "--json", "--store", company.location).json
    named = mainstay("voices", "--json", "--with-names", "--store", company.location).json
    quotes = [quote for topic in named["complaints"]["topics"] for quote in topic["quotes"]]
    assert all(quote.endswith(")") for quote in quotes)
    ids = [quote.rsplit("(", 1)[1].rstrip(")") for quote in quotes]
    assert ids
    assert not [one for one in ids for topic in hidden["complaints"]["topics"] if one in " ".join(topic["quotes"])]


def test_a_store_without_messages_says_so(mainstay: Command, tmp_path: object) -> None:
    ran = mainstay("voices", "--store", f"{tmp_path}/empty.db")
    assert (ran.code, ran.out) == (2, "")
    assert "holds no messages" in ran.err


def test_the_report_says_the_same(mainstay: Command, company: Company) -> None:
    said = mainstay("voices", "--json", "--store", company.location).json
    document = mainstay("report", "--json", "--store", company.location).json
    [section] = [one for one in document["sections"] if one["id"] == "voice"]
    figures = section["figures"]
    assert figures["lately"]["value"] == said["messages"]
    assert figures["lately_complaints"]["value"] == said["complaints"]["messages"]
    assert figures["before_praise"]["value"] == said["praise"]["messages_before"]
    assert figures["left_of_all"]["value"] == said["churn"]["rate"]
