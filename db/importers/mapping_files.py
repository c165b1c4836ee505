"""Mapping files on disk: YAML in, with a line for every mistake; YAML out, with a reason for every column."""

import difflib
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from db.errors import MappingError
from db.importers.mapping import MAPPING_TYPES, AnyMapping

MAX_BYTES = 1 << 20
_DEEPEST = 12

_Path = tuple[str | int, ...]


_RESOLVERS = (
    ("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), "tf"),
    ("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ("~", "n", "")),
    ("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]{0,17})$"), "-0123456789"),
    ("tag:yaml.org,2002:float", re.compile(r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$"), "-0123456789"),
)


class _Loader(yaml.SafeLoader):
    """YAML whose Yes, No, 007 and 2024-01-01 stay the texts they are."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML reads it from the class
        first: [(tag, pattern) for tag, pattern, firsts in _RESOLVERS if first in firsts]
        for first in sorted({first for _, _, firsts in _RESOLVERS for first in firsts})
    }


def load_mapping(path: Path, *, kind: str | None = None) -> AnyMapping:
    """Read a mapping file; `kind` is what the import expects it to be.

    Raises:
        MappingError: the file cannot be read, or a line of it is wrong; the message names the line and the key.
    """
    try:
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            raise MappingError(f"a mapping has at most {MAX_BYTES:,} bytes.", path=path)
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise MappingError("the mapping is not UTF-8 text.", path=path) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise MappingError(f"the mapping cannot be read: {reason}.", path=path) from error
    return parse_mapping(text, path.name, kind=kind)


def parse_mapping(text: str, name: str, *, kind: str | None = None) -> AnyMapping:
    """The mapping that a YAML text describes; `name` is what messages call it.

    Raises:
        MappingError: naming the line and the key that is wrong, and the nearest key that exists.
    """
    document, lines = _read(text, name)
    found = document.get("kind")
    if not isinstance(found, str) or found not in MAPPING_TYPES:
        near = _nearest(str(found), list(MAPPING_TYPES)) if found is not None else ""
        raise MappingError(
            f"`kind` must be customers, messages or events, not {found!r}.{near}",
            path=name,
            line=lines.get(("kind",), 1),
        )
    if kind is not None and found != kind:
        raise MappingError(f"this mapping is for {found}, the import is for {kind}.", path=name, line=lines[("kind",)])
    model = MAPPING_TYPES[found]
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise _translated(error, model, name, lines) from error


def dump_mapping(mapping: AnyMapping, reasons: Mapping[str, str] | None = None) -> str:
    """The mapping as a YAML text; `reasons` become a comment above each column."""
    parts: list[str] = []
    for key, value in mapping.as_document().items():
        if key == "columns":
            parts.append("columns:\n")
            for name, settings in value.items():
                if reasons and name in reasons:
                    parts.append(f"  # {_one_line(reasons[name])}\n")
                ordered = {"role": settings["role"], **settings}
                parts.append(textwrap.indent(_yaml({name: ordered}, flow=None), "  "))
        else:
            parts.append(_yaml({key: value}, flow=None if isinstance(value, dict | list) else False))
    return "".join(parts)


def save_mapping(mapping: AnyMapping, path: Path, reasons: Mapping[str, str] | None = None) -> None:
    """Write the mapping to a new file.

    Raises:
        MappingError: the file exists already, or cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(dump_mapping(mapping, reasons))
    except FileExistsError as error:
        raise MappingError("the file exists already.", path=path, hint="Choose another name.") from error
    except OSError as error:
        raise MappingError(f"the mapping cannot be written: {error.strerror}.", path=path) from error


def sample_names() -> tuple[str, ...]:
    """The mapping files that are shipped as examples."""
    return tuple(sorted(path.stem for path in _samples().glob("*.yaml")))


def load_sample(name: str) -> AnyMapping:
    """A shipped mapping file, such as `telco`.

    Raises:
        MappingError: there is none of that name.
    """
    if name not in sample_names():
        raise MappingError(f"there is no sample mapping {name!r}.{_nearest(name, sample_names())}")
    return load_mapping(_samples() / f"{name}.yaml")


def _samples() -> Path:
    return Path(__file__).parent / "samples"


def _read(text: str, name: str) -> tuple[dict[str, Any], dict[_Path, int]]:
    try:
        _refuse_tricks(text, name)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            document = None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise MappingError(f"this is not YAML: {error.problem}.", path=name, line=line) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise MappingError("this is not YAML text.", path=name) from error
    if not isinstance(document, dict) or node is None:
        raise MappingError("a mapping consists of `key: value` lines, beginning with `version: 1`.", path=name)
    lines: dict[_Path, int] = {}
    _note_lines(node, (), lines, name)
    return document, lines


def _refuse_tricks(text: str, name: str) -> None:
    """Refuse what a mapping never needs and what can make a small text huge: aliases and deep nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise MappingError("anchors and aliases (&, *) are not used in mappings.", path=name)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise MappingError(f"this is not YAML of a mapping: it is nested more than {_DEEPEST} deep.", path=name)


def _note_lines(node: yaml.Node, path: _Path, lines: dict[_Path, int], name: str) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*path, str(key.value))
            if here in lines:
                raise MappingError(
                    f"{key.value!r} stands here a second time (first in line {lines[here]}).",
                    path=name,
                    line=key.start_mark.line + 1,
                )
            lines[here] = key.start_mark.line + 1
            _note_lines(value, here, lines, name)
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            lines[(*path, place)] = value.start_mark.line + 1
            _note_lines(value, (*path, place), lines, name)


def _translated(error: ValidationError, model: type[BaseModel], name: str, lines: Mapping[_Path, int]) -> MappingError:
    # A misspelt key also makes the right one missing; the misspelling is what the user wants to hear of.
    first = min(error.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden")
    path = tuple(part for part in first["loc"] if not (isinstance(part, str) and part.startswith("function-")))
    line = next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), 1)
    shown = ".".join(str(part) for part in path)
    message = str(first["msg"]).removeprefix("Value error, ").rstrip(".")
    if first["type"] == "extra_forbidden":
        known = _keys_at(model, path[:-1])
        message = f"the key {str(path[-1])!r} is not known.{_nearest(str(path[-1]), known)}"
        return MappingError(message, path=name, line=line)
    if first["type"] == "missing":
        return MappingError(f"the key {shown!r} is missing.", path=name, line=line)
    if first["type"] in {"enum", "literal_error"}:
        given = first.get("input")
        near = _nearest(
            str(given), str(first.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
        )
        return MappingError(f"{shown}: {given!r} is not allowed. {message}.{near}", path=name, line=line)
    return MappingError(f"{shown}: {message}.".removeprefix(": "), path=name, line=line)


def _keys_at(model: type[BaseModel], path: _Path) -> list[str]:
    """The keys known at a place of the document, found by walking the models."""
    current: type[BaseModel] | None = model
    for part in path:
        if current is None:
            break
        field = current.model_fields.get(str(part)) if isinstance(part, str) else None
        if field is not None:
            current = _model_inside(field.annotation)
    return list(current.model_fields) if current is not None else []


def _model_inside(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _model_inside(argument)
        if found is not None:
            return found
    return None


def _nearest(word: str, known: Any) -> str:
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" Did you mean {close[0]!r}?" if close else ""


def _yaml(value: Any, *, flow: bool | None) -> str:
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100_000, default_flow_style=flow)
    return text


def _one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
