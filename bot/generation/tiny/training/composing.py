"""Composes examples for the small writer: a header, and a letter or reply put together from the texts of the corpus.

An example is named by its number: the same number gives the same example, so that training can stop and go on.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.generation.template.bank import shipped
from bot.generation.template.situation import TOPICS
from bot.generation.tiny.header import FACTS, TONES, Header
from bot.generation.tiny.matters import AT_FAULT, GLAD, MATTER_OF_TOPIC, MATTERS, NONE, UNREAD
from bot.generation.tiny.situation import ACTS
from bot.generation.tiny.training import corpus
from bot.generation.tiny.training.corpus import Letter, Sentence, is_held_out

KINDS = ("discount", "pause", "plan_change", "free_period", "trial_extension", "contact", "education", "bonus")
_TERMS_OF = {
    "discount": ("off", "applies_to", "duration", "price_during"),
    "pause": ("duration", "keeps", "no_charge"),
    "plan_change": ("from_plan", "to_plan", "price_during", "starts_on", "starts"),
    "free_period": ("duration", "applies_to"),
    "trial_extension": ("duration",),
    "contact": ("who", "offer_topic"),
    "education": ("lesson",),
    "bonus": ("bonus",),
}
_ALWAYS = frozenset({"off", "duration", "from_plan", "to_plan", "who", "lesson", "bonus"})
DETAILS = (
    "off", "duration", "to_plan", "starts", "starts_on", "effective", "price_during", "no_charge", "keeps",
    "condition", "conditions", "afterwards",
)  # fmt: skip
"""Terms in the order in which they are told: when an offer starts right behind it, its conditions last."""
_NEAR = {
    "warm": ("warm", "plain"),
    "plain": ("plain", "brief"),
    "formal": ("formal",),
    "brief": ("brief", "plain"),
    "cheerful": ("cheerful", "warm"),
    "apologetic": ("apologetic", "warm"),
}
_CROSS = frozenset({"apologetic", "cheerful"})
_SPECIAL = {**dict.fromkeys(AT_FAULT, ("apologetic",)), **dict.fromkeys(GLAD, ("cheerful",))}
"""Tones that only some matters bear."""
_LONGEST_WORDS, _SHORTEST_WORDS, _BRIEF_WORDS = 150, 44, 30
_ONCE = frozenset({*FACTS} - {"plan"})
_LOOKED_AT = 6
TELLING = frozenset({"renewal_date", "account_price"})
"""Facts that answer what was asked: sentences with them are chosen more often."""
_WHOLE_LETTERS, _CHAT, _TOLD, _ECHOES = 0.06, 0.36, 0.75, 0.25
_STEM = 6
_ASKS = re.compile(r"\b(?:to ask|like to know|love to know|to hear|to know|to find out)\b", re.IGNORECASE)
_COMMON = frozenset({
    "would", "could", "should", "about", "there", "which", "where", "their", "other", "these", "those", "before",
    "after", "please",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A header and the text for it; a reply has no subject and one paragraph."""

    header: Header
    subject: str
    preheader: str
    paragraphs: tuple[str, ...]

    @property
    def body(self) -> str:
        """Subject, preheader and paragraphs with blank lines between them."""
        return "\n\n".join(filter(None, (self.subject, self.preheader, *self.paragraphs)))


class Texts:
    """The corpus by what is looked up in it, either the part to learn from or the part that is held out.

    `left_out` are texts, and keys of letters, that are in neither.
    """

    def __init__(
        self, *, held_out: bool = False, left_out: frozenset[str] = frozenset(), folder: Path = corpus.FOLDER
    ) -> None:
        def part(text: str) -> bool:
            return is_held_out(text) == held_out and text not in left_out

        self._sentences: dict[tuple[str, str], list[Sentence]] = defaultdict(list)
        for sentence in corpus.sentences(folder):
            if part(sentence.text):
                self._sentences[sentence.about, sentence.role].append(sentence)
        self.letters: list[Letter] = [
            one for one in corpus.letters(folder) if part(one.paragraphs[0]) and one.key not in left_out
        ]
        self.acts = sorted({about for about, role in self._sentences if role == "act_reply"} & set(ACTS.values()))

    def lines(self) -> Iterator[str]:
        """Every text that examples are composed of."""
        for (_, role), found in self._sentences.items():
            is_head = role.endswith(("subject", "preheader"))
            for sentence in found:
                yield sentence.text
                yield from (f"{sentence.text.rstrip('.')}{end}" for end in ("", ".") if is_head)
        for letter in self.letters:
            yield from (letter.subject, letter.preheader, *letter.paragraphs)
        yield from (line for kind in KINDS for term in (*DETAILS, "valid_until") for line in details(term, kind))

    def of(self, about: str, role: str) -> list[Sentence]:
        """The sentences of a topic or kind of offer that do one thing."""
        return self._sentences.get((about, role), [])


class _Body:
    """A letter in the making: paragraphs of sentences, each chosen for saying nothing twice."""

    def __init__(self, texts: Texts, header: Header, rng: np.random.Generator) -> None:
        self.texts, self.header, self.rng = texts, header, rng
        self.paragraphs: list[list[str]] = [[]]
        self.used: set[str] = set()
        self.stems: set[str] = set()
        self.starts: set[str] = set()
        self.questions = 0

    def usable(self, sentence: Sentence) -> bool:
        slots = sentence.slots
        if not slots <= self.header.slots or slots & self.used & _ONCE or _start(sentence.text) in self.starts:
            return False
        if sentence.says and not self.header.told:
            return False
        return not (self.questions >= 2 and "?" in sentence.text)

    def say(self, about: str, role: str, wanted: Callable[[Sentence], bool] = lambda _: True) -> bool:
        """Add a sentence of a role; False where none fits."""
        found = [one for one in self.texts.of(about, role) if self.usable(one) and wanted(one)]
        telling = [one for one in found if one.slots & TELLING]
        if telling and self.rng.random() < 0.6:
            found = telling
        for tones in (_NEAR[self.header.tone][:1], _NEAR[self.header.tone], ("plain", "warm", "brief")):
            near = [one for one in found if one.tone in tones]
            if len(near) >= 2 or (near and self.rng.random() < 0.7):
                break
        if not near:
            return False
        places = self.rng.permutation(len(near))[:_LOOKED_AT]
        best = min((near[place] for place in places), key=lambda one: len(_stems(one.text) & self.stems))
        self.add(best.text)
        return True

    def add(self, text: str) -> None:
        self.paragraphs[-1].append(text)
        self.used |= corpus.slots_in(text)
        self.stems |= _stems(text)
        self.starts.add(_start(text))
        self.questions += "?" in text

    def end_paragraph(self) -> None:
        if self.paragraphs[-1]:
            self.paragraphs.append([])

    @property
    def words(self) -> int:
        return sum(len(text.split()) for paragraph in self.paragraphs for text in paragraph)

    def finished(self) -> tuple[str, ...]:
        return tuple(" ".join(paragraph) for paragraph in self.paragraphs if paragraph)


def _start(text: str) -> str:
    """The words that a sentence begins with: two that begin alike do not stand in one letter."""
    return " ".join(text.lower().split()[:2])


def _stems(text: str) -> set[str]:
    words = (word.strip(".,:;?!\"'()") for word in text.lower().split())
    return {word[:_STEM] for word in words if len(word) >= 5 and word not in _COMMON and word[0] != "{"}


def _chosen(rng: np.random.Generator, options: Sequence[str]) -> str:
    return options[int(rng.integers(len(options)))]


def facts_at_hand(rng: np.random.Generator) -> set[str]:
    """Facts that a store may know: most of them, not always all."""
    chances = {
        "first_name": 0.85, "company": 0.95, "plan": 0.93, "tenure": 0.75, "support_phone": 0.7, "support_email": 0.95,
        "cancel_path": 0.75, "account_price": 0.85, "renewal_date": 0.8,
    }  # fmt: skip
    return {name for name in FACTS if rng.random() < chances.get(name, 0.0)}


def terms_at_hand(rng: np.random.Generator, kind: str) -> set[str]:
    """Terms of an offer: those it always has, and some that it may have."""
    found = {name for name in _TERMS_OF[kind] if name in _ALWAYS or rng.random() < 0.5}
    if kind == "discount":
        found.add("applies_to")
    chance = rng.random()
    if chance < 0.2:
        found.add("condition")
    elif chance < 0.25:
        found.add("conditions")
    if rng.random() < 0.08:
        found.add("afterwards")
    return found | ({"valid_until"} if rng.random() < 0.9 else set())


def example(number: int, texts: Texts, seed: int = 0) -> Example:
    """The example of that number."""
    from bot.generation.tiny.training.replying import reply

    rng = np.random.default_rng([seed, number])
    for _ in range(200):
        chance = rng.random()
        if chance < _CHAT and texts.acts:
            found = reply(texts, rng)
        elif chance < _CHAT + _WHOLE_LETTERS and texts.letters:
            found = _whole(texts, rng)
        else:
            found = _composed(texts, rng)
        if found is not None:
            return found
    raise ValueError("the corpus is too small to compose from")


def _whole(texts: Texts, rng: np.random.Generator) -> Example | None:
    """A letter as it was written; the facts that it leaves out may be known or not."""
    letter = texts.letters[int(rng.integers(len(texts.letters)))]
    matter = MATTER_OF_TOPIC.get(letter.topic, UNREAD) if letter.says else NONE
    slots = letter.slots
    missing = facts_at_hand(rng) | slots
    if letter.kind != "none" and "valid_until" not in slots:
        missing.discard("valid_until")
    header = Header(
        "email", letter.topic, matter, letter.tone, letter.kind, letter.contact, frozenset(missing),
    )  # fmt: skip
    return Example(header, letter.subject, letter.preheader, letter.paragraphs)


def composed(texts: Texts, header: Header, rng: np.random.Generator) -> Example | None:
    """A letter put together from sentences of its matter, its offer and its tone; None where that did not come off."""
    body = _Body(texts, header, rng)
    if not (_opened(body) and (_offered(body) if header.kind != "none" else _without_offer(body))):
        return None
    head = _head(body)
    if head is None or header.must - body.used - corpus.slots_in(" ".join(head)):
        return None
    if "echo" in header.slots and "echo" not in body.used:
        return None
    if not _SHORTEST_WORDS <= body.words <= _LONGEST_WORDS:
        return None
    return Example(header, *head, body.finished())


def _composed(texts: Texts, rng: np.random.Generator) -> Example | None:
    """A composed letter for any header."""
    told = rng.random() < _TOLD
    matter = _chosen(rng, (*MATTERS, UNREAD, UNREAD)) if told else NONE
    kind = "none" if rng.random() < 0.25 else _chosen(rng, KINDS)
    slots = facts_at_hand(rng) | (terms_at_hand(rng, kind) if kind != "none" else set())
    if told and rng.random() < _ECHOES:
        slots.add("echo")
    tones = [tone for tone in TONES if tone not in _CROSS or tone in _SPECIAL.get(matter, ())]
    header = Header(
        "email", _chosen(rng, (*TOPICS, "unknown", "unknown")), matter, _chosen(rng, tones), kind,
        "again" if rng.random() < 0.25 else "first", frozenset(slots),
    )  # fmt: skip
    return composed(texts, header, rng)


def _opened(body: _Body) -> bool:
    """The first paragraph: an earlier letter, what the customer wrote or the theme, and what can be done about it."""
    header, rng = body.header, body.rng
    # Who wrote to us gets an answer to that, whatever was written before.
    if not header.told:
        if header.contact == "again" and not body.say("any", "follow_up_opening"):
            return False
        opened = body.say(header.topic, "unsaid_opening")
        if opened and header.kind != "none" and _ASKS.search(body.paragraphs[-1][-1]):
            # An opening that says it has a question is followed by one.
            opened = body.say(header.topic, "unsaid_question")
        elif opened and "tenure" in header.slots and rng.random() < 0.3:
            body.say("any", "value")
        body.end_paragraph()
        return opened
    opened = body.say("any", "echo_opening") if "echo" in header.slots else body.say(header.matter, "matter_opening")
    if not opened:
        return False
    if rng.random() < (0.5 if header.kind != "none" else 0.8):
        body.say(header.matter, "matter_acknowledge")
    if header.kind != "none":
        body.say(header.matter, "matter_next")
    body.end_paragraph()
    return True


def _offered(body: _Body) -> bool:
    """The offer with all its terms, how to take it, and that it may be left."""
    header, rng = body.header, body.rng
    if not body.say(*((header.matter, "matter_bridge") if header.told else ("unknown", "unsaid_bridge"))):
        return False
    if not body.say(header.kind, "offer"):
        return False
    for term in DETAILS:
        if term not in header.must or term in body.used:
            continue
        if term != "condition" or not body.say(header.kind, "condition"):
            body.add(_chosen(rng, details(term, header.kind)))
    if rng.random() < (0.35 if body.words > _BRIEF_WORDS else 0.9):
        body.say(header.kind, "fit")
    body.end_paragraph()
    due = "valid_until" in header.slots and "valid_until" not in body.used
    dated = body.say(header.kind, "accept", lambda one: not due or "valid_until" in one.slots)
    if not dated and not body.say("any", "accept"):
        return False
    if "valid_until" in header.slots and "valid_until" not in body.used:
        body.add(_chosen(rng, details("valid_until", header.kind)))
    if rng.random() < 0.35:
        body.say(header.kind, "leave")
    if not {"support_email", "support_phone"} & body.used and (rng.random() < 0.3 or body.words < _SHORTEST_WORDS):
        body.say("any", "contact_line")
    return True


def _without_offer(body: _Body) -> bool:
    """Help or a question in place of an offer."""
    header, rng = body.header, body.rng
    if not header.told:
        roles = [(header.topic, "unsaid_question"), ("unknown", "unsaid_help"), ("any", "value")]
    else:
        roles = [(header.matter, "matter_next")] * (2 if rng.random() < 0.7 or body.words < _BRIEF_WORDS else 1)
    said = sum(body.say(*role) for role in roles)
    # A brief letter may need one more sentence to be a letter.
    while body.words < _SHORTEST_WORDS - 6 and body.say(*roles[0]):
        said += 1
    body.end_paragraph()
    if not {"support_email", "support_phone"} & body.used and (rng.random() < 0.7 or body.words < _SHORTEST_WORDS):
        body.say("any", "contact_line")
    if header.matter == "cancel" and rng.random() < 0.5:
        body.say("any", "leave_none")
    return said >= 1


def _head(body: _Body) -> tuple[str, str] | None:
    """Subject and preheader."""
    header, rng = body.header, body.rng
    found: list[str] = []
    for role, of_offer in (("subject", 0.25), ("preheader", 0.4)):
        own = ("unknown", f"unsaid_{role}") if not header.told else (header.matter, f"matter_{role}")
        abouts = [own]
        if header.kind != "none" and rng.random() < (of_offer if header.told else 0.7):
            abouts.insert(0, (header.kind, role))
        line = _Body(body.texts, header, rng)
        line.stems = set() if not found else _stems(found[0])
        if not any(line.say(*about) for about in abouts):
            return None
        found.append(line.finished()[0].rstrip("."))
    return found[0], found[1] + ("" if found[1][-1] in "?!" else ".")


def details(term: str, kind: str) -> list[str]:
    """Approved wording that says one term."""
    situation = {"kind": kind, "tone": "plain", "offer": "offer"}
    return shipped().variants(f"any.detail.{term}", situation, {term: ""})
