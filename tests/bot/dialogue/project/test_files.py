"""The shipped project: it can be written out and read again, and no edit takes a customer's rights away."""

from pathlib import Path

import pytest

from bot.dialogue.project.files import FILES, OWN_FOLDER, export, load, shipped
from db.errors import InputError
from tests.bot.conftest import Talks, did
from tests.conftest import Command


def edited(folder: Path, old: str, new: str) -> Path:
    """The shipped project with one change in rules.yml."""
    export(folder)
    path = folder / "data" / "rules.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_the_project_that_is_written_out_is_the_one_in_force(tmp_path: Path, mainstay: Command) -> None:
    ran = mainstay("rasa", "export", tmp_path / "out")
    assert (ran.code, ran.out) == (0, "")
    assert {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.*")} == set(FILES)
    assert load(tmp_path / "out").entries == shipped().entries
    assert mainstay("rasa", "check", tmp_path / "out").code == 0


def test_nothing_is_written_over(tmp_path: Path, mainstay: Command) -> None:
    (tmp_path / "domain.yml").write_text("mine", encoding="utf-8")
    ran = mainstay("rasa", "export", tmp_path)
    assert ran.code == 2
    assert "domain.yml" in ran.err
    assert [path.name for path in tmp_path.rglob("*.yml")] == ["domain.yml"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  - action: action_hand_off\n", "  - action: action_what_next\n", "a person at once"),
        ("  - intent: opt_out\n  - action: action_opt_out", "  - intent: opt_out\n  - action: action_choices",
         "end to messages"),
        ("  - action: action_erase_request", "  - action: action_choices", "forgotten"),
        ("  - action: action_ask_cancel\n\n- rule: They want to cancel and there",
         "  - action: action_choices\n\n- rule: They want to cancel and there", "cancel in the first turn"),
        ("    - leaving: told\n  steps:\n  - intent: cancel\n  - action: action_cancel\n",
         "    - leaving: told\n  steps:\n  - intent: cancel\n  - action: action_ask_cancel\n", "second turn"),
        ("  - intent: affirm\n  - action: action_cancel\n",
         "  - intent: affirm\n  - action: action_acknowledge\n  - action: action_cancel\n", "after a yes"),
        ("- rule: They want a person\n",
         "- rule: They want a person\n  condition: [{slot_was_set: [{with_person: false, mood: negative}]}]\n",
         "a person at once"),
    ],
)  # fmt: skip
def test_rules_that_take_a_right_away_are_refused(
    tmp_path: Path, mainstay: Command, old: str, new: str, words: str
) -> None:
    ran = mainstay("rasa", "check", edited(tmp_path / "own", old, new))
    assert ran.code == 2
    assert words in ran.err
    assert "rules.yml" in ran.err


def test_a_fallback_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    export(tmp_path)
    path = tmp_path / "config.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("action_clarify", "action_clarity"), encoding="utf-8")
    with pytest.raises(InputError, match="action_clarity"):
        load(tmp_path)


def test_a_folder_without_a_project_is_named(tmp_path: Path, mainstay: Command) -> None:
    assert "no such folder" in mainstay("rasa", "check", tmp_path / "nowhere").err
    assert "domain.yml" in mainstay("rasa", "check", tmp_path).err


def test_a_project_in_the_home_folder_is_what_the_chat_goes_by(talks: Talks) -> None:
    home = talks.services.settings.home / OWN_FOLDER
    edited(
        home, "  - intent: greeting\n  - action: action_greet_again", "  - intent: greeting\n  - action: action_choices"
    )
    assert did(talks.say("hello")) == ["choices"]
