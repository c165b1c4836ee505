"""E-mails as JSON: a schema that binds the model token by token, and a reader for what free models write."""

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db.errors import BackendError
from db.vocabulary import Json

if TYPE_CHECKING:
    import torch

LIMITS = {"subject": 120, "preheader": 140, "body": 1800}
"""Most characters of each part of an e-mail."""

EMAIL_SCHEMA: Json = {
    "type": "object",
    "properties": {name: {"type": "string", "maxLength": most} for name, most in LIMITS.items()},
    "required": list(LIMITS),
    "additionalProperties": False,
    "x-guidance": {"whitespace_flexible": False},
}
"""What a structured e-mail is; blanks between the parts are not allowed, or weak models loop on them."""

CLOSING_RESERVE = 48
"""Tokens kept back to close the object: enough for the longest rest (`","preheader":"","body":""}`) byte by byte."""


@dataclass(frozen=True, slots=True)
class Email:
    """The parts of an e-mail as one text that the guard and the exports read."""

    subject: str
    body: str
    preheader: str = ""

    def as_text(self) -> str:
        """`Subject:` line, `Preheader:` line where there is one, blank line, body."""
        head = [f"Subject: {self.subject}"] + ([f"Preheader: {self.preheader}"] if self.preheader else [])
        return "\n".join([*head, "", self.body])


def email_from(output: str) -> Email:
    """Read what a model wrote, JSON or text with a `Subject:` line; BackendError where it holds no e-mail."""
    cleaned = _unfenced(output)
    document = _json_object(cleaned)
    found = _from_json(document) if document is not None else _from_text(cleaned)
    if not found.subject or not found.body:
        raise BackendError("the model wrote no subject or no letter")
    return found


def _unfenced(output: str) -> str:
    """The inside of a code fence where there is one."""
    match = re.search(r"```[a-zA-Z]*\n(.*?)(?:```|\Z)", output, re.DOTALL)
    return (match[1] if match else output).strip()


def _json_object(text: str) -> Json | None:
    start = text.find("{")
    if start < 0 or '"body"' not in text:
        return None
    try:
        document, _ = json.JSONDecoder(strict=False).raw_decode(text[start:])
    except json.JSONDecodeError as error:
        raise BackendError("the model broke off in the middle of its JSON") from error
    return document if isinstance(document, dict) else None


def _from_json(document: Json) -> Email:
    parts = {name: document.get(name) for name in LIMITS}
    texts = {name: part.strip() if isinstance(part, str) else "" for name, part in parts.items()}
    return Email(_line(texts["subject"]), texts["body"].replace("\r\n", "\n"), _line(texts["preheader"]))


HEADER = re.compile(
    r"^[\s>*#_]*(subject(?: line)?|preheader|preview(?: text)?)[\s*_]*:[\s*_]*(.*?)[\s*_]*$", re.IGNORECASE
)


def _from_text(text: str) -> Email:
    """Text with a `Subject:` line, whatever stands before it; headers may be bold and the body may be labelled."""
    lines = text.split("\n")
    at = next((number for number, entry in enumerate(lines) if HEADER.match(entry)), None)
    if at is None:
        raise BackendError("the model wrote no subject line")
    found: dict[str, str] = {}
    while at < len(lines) and (match := HEADER.match(lines[at])):
        found.setdefault("subject" if match[1].lower().startswith("subject") else "preheader", match[2])
        at += 1
        while at < len(lines) and not lines[at].strip() and at + 1 < len(lines) and HEADER.match(lines[at + 1]):
            at += 1
    body = re.sub(
        r"^\s*(?:\*\*)?(?:body|letter|e-?mail)(?:\*\*)?\s*:(?:\*\*)?\s*",
        "",
        "\n".join(lines[at:]).strip(),
        flags=re.IGNORECASE,
    )
    return Email(_line(found.get("subject", "")), body.strip(), _line(found.get("preheader", "")))


def _line(text: str) -> str:
    """A header is one line."""
    return " ".join(text.split())


def guidance_installed() -> bool:
    """Whether structured output can be had."""
    from importlib.util import find_spec

    return find_spec("llguidance") is not None


class SchemaConstraint:
    """A logits processor for `generate`: lets only tokens through that keep each row within the JSON schema.

    Near the end of its tokens a row is made to close its strings, so that even a model that rambles ends in
    a whole object. One object serves one call of `generate`.
    """

    def __init__(self, tokenizer: Any, grammar: str, rows: int, prompt_length: int, max_new_tokens: int) -> None:
        from llguidance import LLMatcher

        self.matchers = [LLMatcher(tokenizer.guide, grammar, log_level=0) for _ in range(rows)]
        for matcher in self.matchers[:1]:
            if matcher.is_error():
                raise BackendError(f"the schema cannot be used: {matcher.get_error()}")
        self.prompt_length = prompt_length
        self.last_free = max_new_tokens - CLOSING_RESERVE
        self.quote: int | None = tokenizer.quote

    def __call__(self, input_ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
        """`scores` (rows x vocabulary) with minus infinity for every token that is not allowed."""
        import numpy as np
        import torch

        generated = input_ids.shape[1] - self.prompt_length
        allowed = np.zeros(scores.shape, dtype=bool)
        for row, matcher in enumerate(self.matchers):
            if generated and not matcher.is_stopped():
                matcher.consume_token(int(input_ids[row, -1]))
            bits = np.unpackbits(np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8), bitorder="little")
            width = min(len(bits), scores.shape[1])
            allowed[row, :width] = bits[:width]
            if generated >= self.last_free and self.quote is not None and allowed[row, self.quote]:
                allowed[row] = False
                allowed[row, self.quote] = True
        return scores.masked_fill(~torch.from_numpy(allowed).to(scores.device), float("-inf"))


@dataclass(frozen=True, slots=True)
class GuideTokenizer:
    """A model's tokenizer as llguidance knows it, and the token that is a quotation mark."""

    guide: Any
    quote: int | None

    @classmethod
    def of(cls, tokenizer: Any, vocabulary_size: int, eos: list[int]) -> "GuideTokenizer":
        """Build it once for a model (it takes about a second for a large vocabulary)."""
        from llguidance.hf import from_tokenizer

        guide = from_tokenizer(tokenizer, n_vocab=vocabulary_size, eos_token=eos)
        quote = guide.tokenize_str('"')
        return cls(guide, quote[0] if len(quote) == 1 else None)


def email_grammar() -> str:
    """The grammar of the e-mail schema."""
    from llguidance import LLMatcher

    return str(LLMatcher.grammar_from_json_schema(EMAIL_SCHEMA))
