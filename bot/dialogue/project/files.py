"""The files of a Rasa project: the shipped one is the dialogue manager's own input, and can be written out."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.dialogue.project.domain import Domain, parse_domain
from bot.dialogue.project.policy import RulePolicy
from bot.dialogue.project.reading import HINT, Part, read
from bot.dialogue.project.rights import check_rights
from bot.dialogue.project.rules import Entry, parse_rules
from db.errors import InputError

FILES = (
    "README.md",
    "domain.yml",
    "config.yml",
    "endpoints.yml",
    "credentials.yml",
    "config_own_pipeline.yml",
    "understanding.py",
    "data/nlu.yml",
    "data/rules.yml",
)
OWN_FOLDER = "rasa_project"
"""A project under this name in the home folder takes the place of the shipped one."""

FALLBACK = "core_fallback_action_name"


@dataclass(frozen=True, slots=True)
class Project:
    """A project that was read and checked."""

    domain: Domain
    entries: tuple[Entry, ...]
    policy: RulePolicy

    @property
    def rules(self) -> int:
        """How many rules there are."""
        return len({entry.rule for entry in self.entries})


def shipped_folder() -> Traversable:
    """Where the shipped project lies."""
    return files("bot.dialogue") / "rasa_project"


@cache
def shipped() -> Project:
    """The project in the package."""
    return load(shipped_folder())


def in_force(home: Path) -> Project:
    """The project in `rasa_project` of the home folder where there is one, else the shipped one."""
    own = home / OWN_FOLDER
    return load(own) if own.is_dir() else shipped()


def load(folder: Traversable) -> Project:
    """Read a project: domain.yml, data/rules.yml and the fallback of config.yml.

    Raises InputError, with file and line, for what is wrong, what is not supported, and for rules that take a
    customer's right away.
    """
    domain = parse_domain(read(folder / "domain.yml", "domain.yml"))
    rules = read(folder / "data" / "rules.yml", "rules.yml")
    entries = parse_rules(rules, domain)
    fallback = _fallback(read(folder / "config.yml", "config.yml"), domain)
    policy = RulePolicy(entries, fallback)
    check_rights(policy, entries, domain, rules)
    return Project(domain, tuple(entries), policy)


def _fallback(config: Part, domain: Domain) -> str | None:
    """The action that stands in where no rule applies, as the settings of RulePolicy name it."""
    for part in _mappings(config):
        if FALLBACK in part.data:
            name = part[FALLBACK].text()
            if name not in domain.actions:
                raise part[FALLBACK].wrong(f"the action {name!r} is not under `actions:` in domain.yml")
            return name
    return None


def _mappings(part: Part) -> list[Part]:
    if isinstance(part.data, dict):
        return [part, *(found for key in part.data for found in _mappings(part[key]))]
    if isinstance(part.data, list):
        return [found for item in part.items() for found in _mappings(item)]
    return []


def export(folder: Path) -> list[Path]:
    """Write the shipped project into a folder; returns the files. Raises InputError where one is there already."""
    targets = [folder / name for name in FILES]
    taken = next((target for target in targets if target.exists()), None)
    if taken is not None:
        raise InputError("the file is there already.", path=taken, hint="Name another folder, or move the file away.")
    try:
        for name, target in zip(FILES, targets, strict=True):
            target.parent.mkdir(parents=True, exist_ok=True)
            with as_file(shipped_folder() / name) as source:
                target.write_bytes(source.read_bytes())
    except OSError as error:
        raise InputError(f"it cannot be written: {error.strerror}", path=folder, hint=HINT) from error
    return targets
