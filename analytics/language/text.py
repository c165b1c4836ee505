"""Cleaning, splitting and language guessing for customer messages of any kind and length, in bounded time."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from analytics.language.lexicon import CLAUSE_BREAKS, NEGATORS

MAX_CHARS = 5_000
"""Longer texts are read at their head and tail only: complaints state their point at either end."""
_HEAD = 4_000
_NEGATION_REACH = 4

_POSITIVE_EMOJI = frozenset("😀😃😄😁😆😊🙂😉😍🥰😘🤗🤩😎👍👏🙌🎉🥳❤💕💖💙💚💛💜✨⭐🌟🙏😂🤣☺♥💯✅👌💪😇😋")
_NEGATIVE_EMOJI = frozenset("😞😔😟😕🙁☹😣😖😫😩😢😭😤😠😡🤬🤯😱😨😰😥😓🤮🤢👎💔🖕😒🙄😑😬💩😾❌")
_SMILEYS = ((re.compile(r"[:;=]-?[)\]dDpP](?!\w)"), " emopos "), (re.compile(r"[:=]'?-?[(\[/|](?!\w|/)"), " emoneg "))
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": " . "})
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{2,64}")
_HANDLE = re.compile(r"@\w+")
_REPEATED = re.compile(r"(.)\1{2,}")
_SPACE = re.compile(r"\s+")
# Corpora split "does n't"; people write "dont". Both become "do not", so that one negator stands for all.
_SPLIT_CLITIC = re.compile(r"(?<!\s)\s+(n't|'s|'re|'ve|'ll|'d|'m)\b")
_CONTRACTED = re.compile(
    r"\b(ca|wo|sha|ai|is|are|was|were|do|does|did|has|have|had|would|could|should|must|need|might)n'?t\b"
)
_IRREGULAR = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|[!?.,;:]+|_\w+_")
_SENTENCE = re.compile(
    r"(?<=[.!?;])\s+|\n+|(?<!\s)\s+(?=but\s|however\s|and (?:i|we|you|they|it|my|your|the|now|nobody|please|also|can"
    r"|could|why|cancel|close|stop|delete|remove)\b)",
    re.IGNORECASE,
)

_FUNCTION_WORDS = {
    "en": (
        "the i to and a is it you of in my for not have this that on with me are was do can your but we be no "
        "what how please want"
    ),
    "de": (
        "ich und der die das nicht ist sie mein meine zu mit ein eine auf bitte wir den habe für von wie kann "
        "es mir mich"
    ),
    "fr": (
        "je le la les de et un une pas est vous mon ma mes que pour avec dans sur ne nous ce suis il des du "
        "au bonjour merci"
    ),
    "es": (
        "yo el los las de y un una no es mi mis que para con en por quiero su se lo me muy hola gracias está esta como"
    ),
    "pt": (
        "eu o os as de e um uma não é meu minha que para com em por quero você se muito obrigado está do da no na olá"
    ),
    "it": (
        "io il lo gli le di e un una non è mio mia che per con in sono voglio mi si del della grazie ciao questo vorrei"
    ),
    "nl": ("ik de het een en niet is mijn van met op voor dat wil u je ik we zijn te heb dit maar bij graag"),
}
_WORDS_OF = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}


_REMEMBERED_CHARS = 1_000


def bounded(text: str) -> str:
    """The text, or its head and tail where it is longer than MAX_CHARS."""
    if len(text) <= MAX_CHARS:
        return text
    return f"{text[:_HEAD]}\n{text[1 - MAX_CHARS + _HEAD :]}"


def printable(text: str) -> str:
    """The text in compatibility form, without control, format, surrogate and private-use characters."""
    # Quotes first: the compatibility form of an acute accent is a space and a mark, which would split "don´t".
    composed = unicodedata.normalize("NFKC", bounded(text).translate(_QUOTES))[:MAX_CHARS].translate(_QUOTES)
    if composed.isprintable():
        return composed
    return "".join(sign if sign == "\n" or unicodedata.category(sign)[0] != "C" else " " for sign in composed)


def as_texts(texts: Sequence[object]) -> list[str]:
    """A list of strings; a missing text (None, NaN) is an empty one. One bare string is refused."""
    if isinstance(texts, str):
        raise TypeError("texts must be a sequence of strings, not one string")
    return [text if isinstance(text, str) else "" if _missing(text) else str(text) for text in texts]


def _missing(value: object) -> bool:
    return value is None or str(value) in {"nan", "NaT", "<NA>"}


def plain_smileys(text: str) -> str:
    """The text with emoji of feeling written as ":)" or ":("."""
    return _named_emoji(text).replace("emopos", ":)").replace("emoneg", ":(")


def _named_emoji(text: str) -> str:
    if text.isascii():
        return text
    return "".join(
        " emopos " if sign in _POSITIVE_EMOJI else " emoneg " if sign in _NEGATIVE_EMOJI else sign for sign in text
    )


def _expanded(match: re.Match[str]) -> str:
    stem = match.group(1)
    return f"{_IRREGULAR.get(stem, stem)} not"


def normalise(text: str) -> str:
    """One lower-case line for the models: emoji named, links masked, contractions written out, repeats cut."""
    return _remembered(text) if len(text) <= _REMEMBERED_CHARS else _normalised(text)


def _normalised(text: str) -> str:
    line = _URL.sub(" weblink ", printable(text))
    line = _MAIL.sub(" mailaddress ", line)
    for smiley, name in _SMILEYS:
        line = smiley.sub(name, line)
    line = _HANDLE.sub(" ", _named_emoji(line)).lower()
    line = line.replace("-lrb-", "(").replace("-rrb-", ")").replace("cannot", "can not")
    line = _SPLIT_CLITIC.sub(r"\1", line)
    line = _CONTRACTED.sub(_expanded, line)
    line = re.sub(r"\bcant\b", "can not", line)
    line = re.sub(r"\bwont\b", "will not", line)
    return _SPACE.sub(" ", _REPEATED.sub(r"\1\1", line)).strip()


# Every reader of a message (sentiment, intents, rules, language) asks for the same line again.
_remembered = lru_cache(maxsize=4096)(_normalised)


def tokenise(line: str) -> list[str]:
    """Words and runs of punctuation of a normalised line."""
    return _TOKEN.findall(line)


def is_word(token: str) -> bool:
    """Whether a token is a word or number rather than punctuation."""
    return token[0].isalnum()


def negated(tokens: Iterable[str]) -> list[bool]:
    """For each token, whether a negator within four words before it, in the same clause, turns it.

    "not only" turns nothing; a second negator within reach turns back ("never no trouble" stays rare enough).
    """
    flags: list[bool] = []
    reach = 0
    previous = ""
    for token in tokens:
        if not is_word(token) or token in CLAUSE_BREAKS:
            reach = 0
            flags.append(False)
        elif token in NEGATORS:
            flags.append(False)
            reach = _NEGATION_REACH
        else:
            if token == "only" and previous == "not":
                reach = 0
            flags.append(reach > 0)
            reach -= reach > 0
        previous = token
    return flags


def clauses(text: str, limit: int = 40) -> list[str]:
    """The sentences and main clauses of a text, at most `limit` of them; head and tail are kept."""
    parts = [part.strip() for part in _SENTENCE.split(printable(text)) if part and part.strip()]
    if len(parts) <= limit:
        return parts
    return parts[: limit // 2] + parts[-(limit - limit // 2) :]


def guess_language(text: str) -> str:
    """`en`, `de`, `fr`, `es`, `pt`, `it`, `nl`, or `und` where letters are missing or mostly not Latin.

    A text without function words of any of them counts as English: "router dead" is a message too.
    """
    line = printable(text).lower()
    letters = [sign for sign in line if sign.isalpha()]
    if not letters:
        return "und"
    latin = sum(sign < "\u0250" for sign in letters)
    if latin < 0.5 * len(letters):
        return "und"
    words = re.findall(r"[^\W\d_]+", line)
    counts = {language: sum(word in known for word in words) for language, known in _WORDS_OF.items()}
    best = max(counts, key=lambda language: (counts[language], language == "en"))
    # Two words more than English: "la la land is on" or a name must not make a message foreign.
    return best if counts[best] >= counts["en"] + 2 else "en"
