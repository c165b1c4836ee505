"""Every try of a text becomes one row, and exactly the last row says how the text ended."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.generation.scripted import ScriptedBackend
from bot.generation.verdicts import verdicts_of
from bot.generation.writer import Writer
from db.errors import BackendError
from db.vocabulary import Channel, GuardOutcome
from tests.bot.generation.briefs import brief
from tests.bot.generation.test_writer import strict_check

RELEASE, REFUSE, FELL_BACK, WITHHELD = GuardOutcome
Line = str | BackendError
SILENT = BackendError("no words")


def outcomes(
    lines: list[Line], approved: list[Line], max_tries: int = 3
) -> list[tuple[int, str, GuardOutcome, tuple[str, ...]]]:
    backends = ScriptedBackend.from_lines(lines), ScriptedBackend(*approved, name="template")
    text = Writer(*backends, strict_check, max_tries).write(brief(1))
    found = verdicts_of(text, Channel.EMAIL, customer_key=7, job_id=3)
    assert all((one.channel, one.customer_key, one.job_id) == (Channel.EMAIL, 7, 3) for one in found)
    assert all(one.conversation_id is None for one in found)
    return [(one.attempt, one.backend, one.verdict, tuple(claim for _, claim in one.findings)) for one in found]


def test_a_good_first_try_is_one_release() -> None:
    assert outcomes(["Hello."], ["x"]) == [(1, "scripted", RELEASE, ())]


def test_refused_tries_keep_their_number_writer_and_claims() -> None:
    assert outcomes(["5%", SILENT, "Hello."], ["x"]) == [
        (1, "scripted", REFUSE, ("5", "%")),
        (3, "scripted", RELEASE, ()),
    ]


def test_approved_wording_ends_a_text_as_its_own_writer() -> None:
    assert outcomes(["$"], ["<", "We hear you."], max_tries=1) == [
        (1, "scripted", REFUSE, ("$",)),
        (2, "template", REFUSE, ("<",)),
        (3, "template", FELL_BACK, ()),
    ]


def test_the_last_refusal_of_a_text_withholds_it() -> None:
    assert outcomes(["1"], ["2"], max_tries=1) == [
        (1, "scripted", REFUSE, ("1",)),
        (2, "template", REFUSE, ("2",)),
        (3, "template", WITHHELD, ("2",)),
    ]


def test_a_text_without_a_last_try_is_withheld_all_the_same() -> None:
    assert outcomes(["1"], [SILENT], max_tries=1) == [(1, "scripted", REFUSE, ("1",)), (3, "template", WITHHELD, ())]
    assert outcomes([SILENT], [SILENT], max_tries=1) == [(3, "template", WITHHELD, ())]


LINES = st.lists(st.sampled_from(["Hello.", "5%", SILENT]), min_size=1, max_size=4)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(lines=LINES, approved=LINES, max_tries=st.integers(1, 3))
def test_the_last_row_alone_ends_a_text(lines: list[Line], approved: list[Line], max_tries: int) -> None:
    found = outcomes(lines, approved, max_tries)
    attempts = [attempt for attempt, *_ in found]
    assert attempts == sorted(set(attempts))
    assert [outcome is REFUSE for _, _, outcome, _ in found] == [True] * (len(found) - 1) + [False]
    assert all(claims for _, _, outcome, claims in found if outcome is REFUSE)
