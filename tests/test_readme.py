"""Every command line in the README can be typed as it stands."""

import itertools
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from bot.cli.app import app
from tests.conftest import ROOT

README = ROOT / "README.md"


def command_lines(path: Path) -> list[str]:
    """The `mainstay ...` lines of a document's code blocks, continued lines joined and comments cut."""
    if not path.exists():
        return []
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    lines = itertools.chain.from_iterable(block.replace("\\\n", " ").splitlines() for block in blocks)
    parts = itertools.chain.from_iterable(re.split(r"&&|\|\||(?<=\s)\|(?=\s)|;", line.split(" #")[0]) for line in lines)
    stripped = (re.sub(r"^(?:\$\s+|\w+=\S+\s+)+", "", part.strip()) for part in parts)
    return [part for part in stripped if re.match(r"mainstay(\s|$)", part)]


def unknown_parts(line: str) -> list[str]:
    """The commands and flags of a line that do not exist; `=value` and values of flags are not looked at."""
    words = [word for word in shlex.split(re.sub(r"\s[<>]\s*\S+", "", line))[1:] if word not in {"...", "…"}]
    command: Any = typer.main.get_command(app)
    while words and getattr(command, "commands", None) and not words[0].startswith("-"):
        found = command.commands.get(words[0])
        if found is None:
            return [words[0]]
        command = found
        words = words[1:]
    flags = {"-h", "--help", *(flag for one in command.params for flag in (*one.opts, *one.secondary_opts))}
    return [word for word in words if word.startswith("-") and word != "-" and word.split("=")[0] not in flags]


def test_there_are_command_lines_to_read() -> None:
    assert len(command_lines(README)) >= 5


@pytest.mark.parametrize("line", command_lines(README))
def test_a_command_of_the_readme_exists_with_all_its_flags(line: str) -> None:
    assert unknown_parts(line) == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("mainstay trian", ["trian"]),
        ("mainstay train --jsn --seed 3", ["--jsn"]),
        ("mainstay drafts lost 3", ["lost"]),
        ("mainstay drafts export --format eml -o out", []),
        ("mainstay", []),
    ],
)
def test_a_command_that_does_not_exist_would_be_found(line: str, wrong: list[str]) -> None:
    assert unknown_parts(line) == wrong
