import re
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.generation.backend import Written, pieces
from bot.generation.brief import Brief
from bot.generation.guard.report import Finding, GuardReport
from bot.generation.scripted import ScriptedBackend
from bot.generation.writer import Text, Writer
from db.errors import BackendError, BackendUnavailableError
from db.vocabulary import Verdict
from tests.bot.generation.briefs import brief, mixed

RULES = re.compile(r"[$%<\d]|guarantee|refund", re.IGNORECASE)


def strict_check(text: str, brief: Brief) -> GuardReport:
    """A small guard with a known rule: no figures, no markup, no guarantees."""
    found = tuple(
        Finding("test", hit[0], hit.start(), hit.end(), f"{hit[0]} is not allowed") for hit in RULES.finditer(text)
    )
    return GuardReport(Verdict.REFUSE if found else Verdict.RELEASE, found)


def writer(*lines: str | BackendError, approved: str = "We hear you.", max_tries: int = 3) -> Writer:
    return Writer(ScriptedBackend(*lines), ScriptedBackend(approved, name="template"), strict_check, max_tries)


def test_a_good_first_try_is_released_as_it_is() -> None:
    text = writer("Hello there.").write(brief(1))
    assert (text.text, text.backend, text.attempts, text.fell_back) == ("Hello there.", "scripted", 1, False)
    assert text.report is not None
    assert text.report.released
    assert text.problem == ""


def test_a_refused_try_is_repeated_with_the_findings_of_the_guard() -> None:
    backend = ScriptedBackend("80% off!", "Hello there.")
    text = Writer(backend, ScriptedBackend("x"), strict_check).write(brief(1))
    assert (text.text, text.attempts, text.fell_back) == ("Hello there.", 2, False)
    assert [len(asked.objections) for asked in backend.asked] == [0, 3]
    assert "% is not allowed" in backend.asked[1].objections
    assert len(text.refused) == 1


def test_a_writer_that_does_not_learn_is_replaced_by_approved_wording() -> None:
    text = writer("We guarantee it.").write(brief(1))
    assert (text.text, text.backend, text.attempts, text.fell_back) == ("We hear you.", "template", 4, True)
    assert len(text.refused) == 3
    assert "refused" in text.problem


def test_no_text_leaves_where_approved_wording_is_refused_too() -> None:
    text = writer("1", approved="2", max_tries=2).write(brief(1))
    assert text.text is None
    assert not text.released
    assert (text.attempts, len(text.refused), text.report) == (4, 4, None)
    assert "approved wording" in text.problem


def test_approved_wording_that_is_refused_is_put_differently() -> None:
    approved = ScriptedBackend("You get 5%.", "We hear you.", name="template")
    text = Writer(ScriptedBackend("<"), approved, strict_check, max_tries=1).write(brief(1))
    assert (text.text, text.attempts, text.fell_back) == ("We hear you.", 3, True)
    assert [len(asked.objections) for asked in approved.asked] == [0, 2]


@pytest.mark.parametrize("error", [BackendError("it broke"), BackendUnavailableError("no torch")])
def test_a_writer_that_fails_is_replaced_by_approved_wording_and_the_reason_kept(error: BackendError) -> None:
    text = writer(error).write(brief(1))
    assert (text.text, text.fell_back) == ("We hear you.", True)
    assert text.problem == error.message


def test_a_failure_in_a_batch_stays_with_its_own_brief() -> None:
    texts = list(writer("Good.", BackendError("it broke"), "Good.", max_tries=1).write_many(mixed(4)))
    assert [text.fell_back for text in texts] == [False, True, False, False]


class Breaking:
    """A writer that breaks off after its first text, and counts how often it was asked."""

    name = "breaking"

    def __init__(self) -> None:
        self.calls = 0

    def write(self, briefs: Sequence[Brief]) -> Iterator[Written]:
        self.calls += 1
        yield Written("Good.")
        raise BackendUnavailableError("the server went away")

    def stream(self, brief: Brief) -> Iterator[str]:
        yield from ()
        raise BackendUnavailableError("the server went away")


def test_a_writer_that_breaks_off_is_not_asked_again() -> None:
    breaking = Breaking()
    many = Writer(breaking, ScriptedBackend("We hear you."), strict_check).write_many(mixed(3))
    assert [text.problem for text in many] == ["", "the server went away", "the server went away"]
    assert breaking.calls == 1


def test_many_texts_come_lazily_and_in_order() -> None:
    backend = ScriptedBackend(lambda asked: f"Hello {asked.facts.text('company')}")
    texts = Writer(backend, ScriptedBackend("x"), strict_check, batch=4).write_many(mixed(100))
    next(texts)
    assert len(backend.asked) == 4
    assert len(list(texts)) == 99


def test_a_stream_gives_only_what_the_guard_released_and_returns_the_history() -> None:
    released: list[Text] = []

    def shown() -> Iterator[str]:
        released.append((yield from writer("Hello 80", "Hello  there,\nfriend.").stream(brief(1))))

    given = list(shown())
    assert "".join(given) == released[0].text == "Hello  there,\nfriend."
    assert released[0].attempts == 2
    assert len(given) == 3


ATTACKS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["You get 80% off", "<b>free</b>", "We guarantee it", "Hello there", "$1, legally binding", "Hello"]
    ),
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(lines=st.lists(ATTACKS, min_size=1, max_size=5), tries=st.integers(1, 4), count=st.integers(1, 6))
def test_whatever_a_writer_says_what_is_released_passes_the_guard(lines: list[str], tries: int, count: int) -> None:
    texts = list(writer(*lines, max_tries=tries).write_many(mixed(count)))
    assert len(texts) == count
    for text in texts:
        assert text.text is not None
        assert strict_check(text.text, brief(0)).released
        assert 1 <= text.attempts <= tries + 1
        assert len(text.refused) == text.attempts - 1
        assert text.fell_back == (text.backend == "template")


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text())
def test_the_pieces_of_a_text_join_to_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text


def test_a_written_is_a_text_or_a_problem() -> None:
    with pytest.raises(ValueError, match="not both"):
        Written("text", problem="and a problem")
    with pytest.raises(ValueError, match="not both"):
        Written(None)


def test_a_script_needs_a_line() -> None:
    with pytest.raises(ValueError, match="at least one line"):
        ScriptedBackend()


def test_a_writer_needs_a_try() -> None:
    with pytest.raises(ValueError, match="at least one try"):
        Writer(ScriptedBackend("a"), ScriptedBackend("b"), strict_check, max_tries=0)
