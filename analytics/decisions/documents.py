"""YAML files written by people: read safely, checked by a pydantic model, mistakes named by file, line and key."""

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from db.errors import InputError
from db.vocabulary import Json

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 20

Path = tuple[str | int, ...]
ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as plain data, with the line on which each key stands."""

    data: Json
    lines: Mapping[Path, int]
    source: str

    def line_of(self, path: Path) -> int:
        """The line of the deepest part of `path` that the file holds."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1


def read_document(text: str, source: str) -> Document:
    """Plain data of a YAML mapping; `source` names the file in errors.

    Raises:
        InputError: not YAML, too large or too deep, an alias, a repeated key, or not a mapping.
    """
    if len(text) > MAX_CHARACTERS:
        raise InputError(f"the file holds more than {MAX_CHARACTERS:,} characters", path=source, hint=_HINT)
    try:
        _refuse_tricks(text, source)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = _line_of(error.problem_mark)
        raise InputError(f"this is not YAML: {error.problem}", path=source, line=line, hint=_HINT) from error
    except (yaml.YAMLError, ValueError) as error:
        # A value such as 2026-02-30 looks like a date to YAML and is none.
        raise InputError(f"this is not YAML: {error}", path=source, hint=_HINT) from error
    if not isinstance(data, dict) or not isinstance(node, yaml.MappingNode):
        raise InputError("the file must hold keys and values, such as `version: 1`", path=source, line=1, hint=_HINT)
    return Document(data, dict(_lines(node, (), source)), source)


def validated(model: type[ModelT], document: Document) -> ModelT:
    """`document` as a `model`; the first mistake becomes an InputError with line, key and nearest known key."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise _first_mistake(error, model, document) from error


def canonical_json(document: object) -> str:
    """The one JSON text of a document: sorted keys, no spaces, no NaN; the same bytes for the same content."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(document: object) -> str:
    """SHA-256 of the canonical JSON text, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(document).encode("utf-8", errors="surrogatepass")).hexdigest()


def nearest(word: str, known: list[str]) -> str:
    """A sentence naming the known word nearest to `word`, or all of them when none is near and they are few."""
    match = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if match:
        return f"Did you mean {match[0]!r}?"
    return f"Known here: {', '.join(sorted(known))}." if known and len(known) <= 30 else ""


_HINT = "Mend the file; `mainstay config show` names the files in force."


def _refuse_tricks(text: str, source: str) -> None:
    """Aliases can blow a small file up and deep nesting can exhaust the stack: neither has a use here."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = _line_of(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise InputError("aliases (*name) are not allowed in this file", path=source, line=line, hint=_HINT)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise InputError(f"the file nests deeper than {MAX_DEPTH} levels", path=source, line=line, hint=_HINT)


def _line_of(mark: object) -> int | None:
    """The line of a YAML mark, counted from 1; marks of the C and the Python reader share only the attribute."""
    line = getattr(mark, "line", None)
    return line + 1 if isinstance(line, int) else None


def _lines(node: yaml.Node, path: Path, source: str) -> Iterator[tuple[Path, int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in seen:
                raise InputError(f"the key {key!r} occurs twice", path=source, line=line, hint=_HINT)
            seen.add(key)
            yield from _lines(value_node, (*path, key), source)
            yield (*path, key), line
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _lines(item, (*path, index), source)


def _first_mistake(error: ValidationError, model: type[BaseModel], document: Document) -> InputError:
    details = error.errors(include_url=False)
    # An unknown key is usually the cause of a missing one, so it is named first.
    detail = next((item for item in details if item["type"] == "extra_forbidden"), details[0])
    location: Path = tuple(detail["loc"])
    line = document.line_of(location)
    key = ".".join(str(part) for part in location) or "the file"
    if detail["type"] == "extra_forbidden":
        known = _known_keys(model.model_json_schema())
        message = f"the key {location[-1]!r} (at {key}) is not known. {nearest(str(location[-1]), known)}"
    elif detail["type"] == "missing":
        message = f"the key {location[-1]!r} (at {key}) is missing"
    else:
        message = f"{key}: {detail['msg'].removeprefix('Value error, ')}{_found(detail)}"
    return InputError(message.strip(), path=document.source, line=line, hint=_HINT)


def _found(detail: Mapping[str, Any]) -> str:
    value = detail.get("input")
    if detail["type"] == "value_error" or isinstance(value, dict | list | BaseModel):
        return ""
    return f"; found {value!r}"


def _known_keys(schema: Any) -> list[str]:
    """Every property name in a JSON schema."""
    if isinstance(schema, list):
        return sorted({key for item in schema for key in _known_keys(item)})
    if not isinstance(schema, dict):
        return []
    own = schema.get("properties")
    names = set(own) if isinstance(own, dict) else set()
    return sorted(names.union(*(_known_keys(value) for value in schema.values())))
