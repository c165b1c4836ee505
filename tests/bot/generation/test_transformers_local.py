import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.generation.structured import LIMITS, email_from
from bot.generation.transformers_local import TransformersBackend, _trimmed
from db.errors import BackendError, BackendUnavailableError
from db.vocabulary import Channel
from tests.bot.generation.briefs import brief
from tests.bot.generation.tiny_model import NO_SYSTEM, save_tiny_model

CHAT = Channel.CHAT


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def greedy(folder: Path) -> TransformersBackend:
    return TransformersBackend(str(folder), device="cpu", dtype="float32", temperature=0, max_new_tokens=24, threads=1)


def test_a_batch_gives_what_each_brief_gives_alone_token_for_token(greedy: TransformersBackend) -> None:
    briefs = [brief(number, CHAT, act) for number, act in enumerate(("greet", "present_offer", "goodbye"))]
    together = [written.text for written in greedy.write(briefs)]
    alone = [next(greedy.write([one])).text for one in briefs]
    assert together == alone
    assert len(set(together)) > 1


def test_a_stream_joins_to_the_text_of_the_batch(greedy: TransformersBackend) -> None:
    one = brief(4, CHAT, "acknowledge")
    assert "".join(greedy.stream(one)) == next(greedy.write([one])).text


def test_sampling_is_repeatable_and_a_new_try_is_a_new_draw(folder: Path) -> None:
    backend = TransformersBackend(str(folder), device="cpu", dtype="float32", temperature=1.0, max_new_tokens=24)
    one = brief(4, CHAT, "acknowledge")
    first, again = (next(backend.write([one])).text for _ in range(2))
    assert first == again
    assert next(backend.write([replace(one, objections=("it invented 80",))])).text != first


def test_an_email_of_a_random_model_is_json_within_the_schema(folder: Path) -> None:
    backend = TransformersBackend(str(folder), device="cpu", dtype="float32", temperature=1.0, max_new_tokens=160)
    for output, tokens in backend._generate([brief(number) for number in range(3)]):
        document = json.loads(output)
        assert list(document) == list(LIMITS)
        assert all(len(document[name]) <= most for name, most in LIMITS.items())
        assert tokens <= 160


def test_an_email_comes_as_a_subject_and_a_body_or_as_a_problem(folder: Path) -> None:
    backend = TransformersBackend(str(folder), device="cpu", dtype="float32", temperature=1.0, max_new_tokens=400)
    for written in backend.write([brief(number) for number in range(3)]):
        assert (written.text or "Subject: ").startswith("Subject: ")
        assert written.text or written.problem
        assert written.tokens > 0


def test_free_text_without_a_subject_is_a_problem_and_not_a_letter(folder: Path) -> None:
    backend = TransformersBackend(str(folder), device="cpu", dtype="float32", max_new_tokens=24, structured=False)
    written = next(backend.write([brief(1)]))
    assert written.text is None
    assert written.problem == "the model wrote no subject line"
    with pytest.raises(BackendError, match="no subject line"):
        list(backend.stream(brief(1)))


def test_letters_and_replies_may_be_mixed_and_keep_their_order(greedy: TransformersBackend) -> None:
    briefs = [brief(1, CHAT, "greet"), brief(2), brief(3, CHAT, "goodbye")]
    texts = list(greedy.write(briefs))
    assert texts[0].text == next(greedy.write(briefs[:1])).text
    assert texts[2].text == next(greedy.write(briefs[2:])).text


def test_the_prompt_follows_the_chat_template_of_the_model(greedy: TransformersBackend) -> None:
    prompt = greedy.prompt(brief(1, CHAT, "greet"))
    assert prompt.startswith("<|system|>You write for Brightline")
    assert prompt.endswith("<|assistant|>")


def test_a_model_without_a_chat_template_gets_a_plain_prompt(tmp_path: Path) -> None:
    backend = TransformersBackend(str(save_tiny_model(tmp_path, chat_template=None)), device="cpu", max_new_tokens=20)
    assert backend.prompt(brief(1, CHAT, "greet")).endswith("### Answer\n")
    assert next(backend.write([brief(1, CHAT, "greet")])).tokens > 0


def test_a_template_without_a_system_turn_gets_one_user_turn(tmp_path: Path) -> None:
    backend = TransformersBackend(str(save_tiny_model(tmp_path, chat_template=NO_SYSTEM)), device="cpu")
    prompt = backend.prompt(brief(1, CHAT, "greet"))
    assert prompt.startswith("[You write for Brightline")
    assert "FACTS" in prompt


def test_a_brief_that_is_longer_than_the_context_is_a_problem(tmp_path: Path) -> None:
    backend = TransformersBackend(str(save_tiny_model(tmp_path, context=64)), device="cpu", dtype="float32")
    written = next(backend.write([brief(1, CHAT, "greet")]))
    assert written.text is None
    assert "reads only 64" in str(written.problem)


def test_weights_that_are_not_safetensors_are_refused(tmp_path: Path) -> None:
    save_tiny_model(tmp_path)
    (tmp_path / "model.safetensors").rename(tmp_path / "pytorch_model.bin")
    with pytest.raises(BackendUnavailableError, match="no safetensors weights"):
        TransformersBackend(str(tmp_path), device="cpu").load()


def test_damaged_weights_are_refused_with_a_sentence(tmp_path: Path) -> None:
    save_tiny_model(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"\0" * 100)
    with pytest.raises(BackendUnavailableError, match=tmp_path.name):
        TransformersBackend(str(tmp_path), device="cpu").load()


def test_code_of_a_model_repository_is_never_run(tmp_path: Path) -> None:
    save_tiny_model(tmp_path)
    canary = tmp_path / "canary"
    config = json.loads((tmp_path / "config.json").read_text())
    config |= {"model_type": "unheard_of", "auto_map": {"AutoConfig": "own.C", "AutoModelForCausalLM": "own.M"}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "own.py").write_text(f"open({str(canary)!r}, 'w')\nclass C: ...\nclass M: ...\n")
    with pytest.raises(BackendUnavailableError, match="never run"):
        TransformersBackend(str(tmp_path), device="cpu").load()
    assert not canary.exists()


@pytest.mark.parametrize("model", ["./nowhere", "/no/such/folder", "a/b/c"])
def test_a_folder_that_is_not_there_is_named(model: str) -> None:
    with pytest.raises(BackendUnavailableError, match="no model folder"):
        TransformersBackend(model).load()


def test_a_hub_id_is_not_fetched_without_leave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("it went to the network"))
    with pytest.raises(BackendUnavailableError, match="not on this machine"):
        TransformersBackend("nobody/no-such-model-here").load()


def test_texts_that_nobody_waits_for_break_off_at_the_next_token(folder: Path) -> None:
    backend = TransformersBackend(
        str(folder), device="cpu", dtype="float32", temperature=0, max_new_tokens=24, threads=1, cancelled=lambda: True
    )
    assert [written.tokens for written in backend.write([brief(1), brief(2, CHAT, "greet")])] == [1, 1]
    backend.cancelled = lambda: False
    assert next(backend.write([brief(2, CHAT, "greet")])).tokens > 1
    parts = backend.stream(brief(2, CHAT, "greet"))
    assert next(parts)
    parts.close()  # type: ignore[attr-defined]
    assert "mainstay-generate" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize("parts", [["  Hel", "lo \n", " you", " \n "], ["", " ", "Hello  you"], [" "], []])
def test_a_stream_loses_only_the_white_space_at_its_ends(parts: list[str]) -> None:
    given: Iterator[str] = _trimmed(iter(parts))
    assert "".join(given) == "".join(parts).strip()


@pytest.mark.parametrize(
    "output",
    [
        "Subject: Hello\nPreheader: A line\n\nDear Anna,\n\nThank you.",
        "Sure! Here is the e-mail:\n\n**Subject:** Hello\n**Preheader:** A line\n\n**Body:**\nDear Anna,\n\nThank you.",
        "```\nSubject line: Hello\n\nPreview text: A line\n\nDear Anna,\n\nThank you.\n```",
        '{"subject": "Hello", "preheader": "A line", "body": "Dear Anna,\\n\\nThank you."}',
        'Here it is:\n```json\n{"subject": " Hello", "preheader": "A line", "body": "Dear Anna,\n\nThank you."}\n```',
    ],
)
def test_an_email_is_read_from_whatever_form_a_model_gives_it(output: str) -> None:
    assert email_from(output).as_text() == "Subject: Hello\nPreheader: A line\n\nDear Anna,\n\nThank you."


@pytest.mark.parametrize(
    "output", ["", "Hello", "Subject:\n\nText", "Subject: only", '{"subject": "x", "body": "bro', "{}"]
)
def test_an_output_that_holds_no_email_is_a_problem(output: str) -> None:
    with pytest.raises(BackendError, match="model"):
        email_from(output)


def test_a_header_cannot_smuggle_another_line() -> None:
    email = email_from(json.dumps({"subject": "Hi\r\nBcc: x@y.example", "preheader": "a\nb", "body": "Text"}))
    assert email.as_text().split("\n")[:3] == ["Subject: Hi Bcc: x@y.example", "Preheader: a b", ""]
