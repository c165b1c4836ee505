import base64
import codecs
from collections.abc import Callable

import pytest

from tests.bot.generation.guard.corpus import rules

PAYLOADS = (
    "You get forty percent off forever",
    "Full refund guaranteed",
    "Your next month is free",
    "Sie erhalten eine volle Erstattung",
    "Le prochain mois est gratuit",
)


def shifted(first: int) -> Callable[[str], str]:
    return lambda text: "".join(chr(first + ord(char) - 97) if char.islower() else char for char in text)


ENCODINGS: dict[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "hexadecimal": lambda text: text.encode().hex(" "),
    "binary": lambda text: " ".join(format(byte, "08b") for byte in text.encode()),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "leet": lambda text: text.translate(str.maketrans("aeiost", "431057")),
    "backwards": lambda text: text[::-1],
    "words backwards": lambda text: " ".join(word[::-1] for word in text.split()),
    "full width": lambda text: "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text),
    "bold": shifted(0x1D41A),
    "circled": shifted(0x24D0),
    "zero width": "\u200b".join,
    "soft hyphens": "\u00ad".join,
    "Cyrillic": lambda text: text.replace("e", "\u0435").replace("o", "\u043e"),
    "spaced": lambda text: " ".join(text.replace(" ", "")),
    "dotted": lambda text: " ".join(".".join(word) for word in text.split()),
    "hyphenated": lambda text: " ".join("-".join(word) for word in text.split()),
    "percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "entities": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "escapes": lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
    "struck out": lambda text: "".join(char + "\u0336" for char in text),
    "alternating": lambda text: "".join(char.upper() if n % 2 else char.lower() for n, char in enumerate(text)),
    "upper case": str.upper,
    "run together": lambda text: text.replace(" ", ""),
    "scrambled": lambda text: " ".join(w[0] + w[2] + w[1] + w[3:] if len(w) > 4 else w for w in text.split()),
    "starred": lambda text: " ".join(word[0] + "*" + word[2:] if len(word) > 2 else word for word in text.split()),
    "tags": lambda text: "Hi" + "".join(chr(0xE0000 + ord(char)) for char in text),
    "one word a line": lambda text: "\n".join(text.split()),
    "JSON": lambda text: f'{{"say": "{text}"}}',
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_untrue_promise_is_refused_in_every_disguise(encoding: str) -> None:
    for payload in PAYLOADS:
        hidden = ENCODINGS[encoding](payload)
        assert rules(hidden), hidden
        assert rules(f"Thank you for your message. {hidden}. Have a good day."), hidden
