"""A model server behind the commands: `doctor` looks at it, `draft` writes through it and tells what it took."""

import json

import pytest

from bot.generation.serving.server import ModelServer
from bot.generation.template.approved import TemplateBackend
from tests.bot.generation.chat_server import Scripted, failed, running, scripted
from tests.conftest import Command, Company

LISTED = Scripted(body=json.dumps({"data": [{"id": "llama"}]}).encode())


@pytest.fixture(autouse=True)
def chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAINSTAY_BACKEND", "openai_compatible")


def finding(mainstay: Command) -> dict[str, str]:
    findings = mainstay("doctor", "--json").json["findings"]
    return next(found for found in findings if found["what"] == "writer")


def test_doctor_says_which_model_answers(mainstay: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(LISTED) as server:
        monkeypatch.setenv("MAINSTAY_BASE_URL", server.url)
        assert (finding(mainstay)["state"], finding(mainstay)["found"]) == (
            "good",
            f"openai_compatible, {server.url}, llama",
        )
        monkeypatch.setenv("MAINSTAY_MODEL", "lama")
        assert (finding(mainstay)["state"], finding(mainstay)["mend"]) == ("note", "Set `model` to one of llama.")


def test_doctor_says_what_is_wrong_and_asks_once(mainstay: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "needs a server" in finding(mainstay)["found"]
    with scripted(failed(503, "loading")) as server:
        monkeypatch.setenv("MAINSTAY_BASE_URL", server.url)
        found = finding(mainstay)
        assert (found["state"], len(server.calls)) == ("bad", 1)
        assert "loading" in found["found"]


def test_drafts_are_written_through_a_server_and_the_report_tells_what_was_used(
    company: Company, mainstay: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = ModelServer(TemplateBackend(), port=0)
    with running(server):
        monkeypatch.setenv("MAINSTAY_BASE_URL", server.url)
        monkeypatch.setenv("MAINSTAY_SERVER_IS_MAINSTAY", "true")
        monkeypatch.setenv("MAINSTAY_PRICE_OUT", "10")
        ran = mainstay("draft", "--top", 3, "--store", company.location, "--json")
    assert (ran.code, ran.json["drafted"], ran.json["fell_back"]) == (0, 3, 0)
    spent = ran.json["spent"]
    assert (spent["answers"], spent["estimated"]) == (ran.json["attempts"], 0)
    assert spent["cost"] == pytest.approx(spent["tokens_out"] / 100_000)
    assert "The model server used" in ran.err
