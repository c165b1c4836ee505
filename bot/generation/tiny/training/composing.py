"""Composes examples for the small writer: a header, and a letter or reply put together from the texts of the corpus.

An example is named by its number: the same number gives the same example, so that training can stop and go on.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.generation.template.bank import shipped
from bot.generation.template.situation import TOPICS
from bot.generation.tiny.granted import fits_topic
from bot.generation.tiny.header import FACTS, MUST, TENURES, TERMS, Header
from bot.generation.tiny.situation import ACTS
from bot.generation.tiny.training import corpus
from bot.generation.tiny.training.corpus import Letter, Reply, Sentence, is_held_out

_KINDS = ("discount", "pause", "plan_change", "free_period", "trial_extension", "contact", "education", "bonus")
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
_DETAILS = (
    "off", "duration", "price_during", "no_charge", "to_plan", "keeps", "starts", "starts_on", "effective",
    "condition", "conditions", "afterwards",
)  # fmt: skip
_NEAR = {
    "warm": ("warm", "plain"),
    "plain": ("plain", "brief"),
    "formal": ("formal",),
    "brief": ("brief", "plain"),
    "cheerful": ("cheerful", "warm"),
    "apologetic": ("apologetic", "warm"),
}
_TONES_OF = {
    "negative": ("apologetic", "warm", "plain", "formal", "brief"),
    "neutral": ("warm", "plain", "formal", "brief", "cheerful", "apologetic"),
    "positive": ("cheerful", "warm", "plain", "formal", "brief"),
}
_LONGEST_WORDS, _SHORTEST_WORDS, _BRIEF_WORDS = 150, 44, 30
_ONCE = frozenset({"first_name", "tenure", "quote", "echo", "support_phone", "support_email", "cancel_path", "company"})
_LOOKED_AT = 6
_WHOLE_LETTERS, _CHAT, _TOLD = 0.22, 0.38, 0.75
_OFFERS_MORE, _ANY_OFFER = 3, 0.6
"""How much more often an offer is put than another act, and how often its kind and topic are any."""
_STEM = 6
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
        self.replies: dict[tuple[str, str], list[Reply]] = defaultdict(list)
        for reply in corpus.replies(folder):
            if part(reply.text):
                self.replies[reply.act, reply.topic].append(reply)
        self.acts = sorted({act for act, _ in self.replies} & set(ACTS.values()))

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
        self.questions = 0

    def usable(self, sentence: Sentence) -> bool:
        slots = sentence.slots
        if not slots <= self.header.slots or slots & self.used & _ONCE:
            return False
        if sentence.says and not self.header.told:
            return False
        return not (self.questions >= 2 and "?" in sentence.text)

    def say(self, about: str, role: str, wanted: Callable[[Sentence], bool] = lambda _: True) -> bool:
        """Add a sentence of a role; False where none fits."""
        found = [one for one in self.texts.of(about, role) if self.usable(one) and wanted(one)]
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
        self.questions += "?" in text

    def end_paragraph(self) -> None:
        if self.paragraphs[-1]:
            self.paragraphs.append([])

    @property
    def words(self) -> int:
        return sum(len(text.split()) for paragraph in self.paragraphs for text in paragraph)

    def finished(self) -> tuple[str, ...]:
        return tuple(" ".join(paragraph) for paragraph in self.paragraphs if paragraph)


def _stems(text: str) -> set[str]:
    words = (word.strip(".,:;?!\"'()") for word in text.lower().split())
    return {word[:_STEM] for word in words if len(word) >= 5 and word not in _COMMON and word[0] != "{"}


def _chosen(rng: np.random.Generator, options: Sequence[str]) -> str:
    return options[int(rng.integers(len(options)))]


def _facts(rng: np.random.Generator, *, told: bool) -> set[str]:
    """Facts that a store may know: most of them, not always all."""
    chances = {
        "first_name": 0.85, "company": 0.95, "plan": 0.93, "tenure": 0.85, "support_phone": 0.7, "support_email": 0.9,
        "cancel_path": 0.75, "quote": 0.15 if told else 0.0,
    }  # fmt: skip
    found = {name for name in FACTS if rng.random() < chances.get(name, 0.0)}
    if told and "quote" not in found and rng.random() < 0.4:
        found.add("echo")
    return found


def _terms(rng: np.random.Generator, kind: str) -> set[str]:
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
    rng = np.random.default_rng([seed, number])
    for _ in range(50):
        chance = rng.random()
        if chance < _CHAT and texts.acts:
            found = _reply(texts, rng)
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
    told = letter.says or rng.random() < _TOLD
    slots = letter.slots
    missing = (_facts(rng, told=told) - {"quote", "echo"}) | slots
    if letter.kind != "none" and "valid_until" not in slots:
        missing.discard("valid_until")
    header = Header(
        "email", letter.topic, letter.tone, letter.mood, letter.kind, letter.contact, told, letter.tenure,
        frozenset(missing),
    )  # fmt: skip
    return Example(header, letter.subject, letter.preheader, letter.paragraphs)


def _composed(texts: Texts, rng: np.random.Generator) -> Example | None:
    """A letter put together from sentences of its topic, its offer and its tone."""
    topic = _chosen(rng, (*TOPICS, "unknown", "unknown"))
    mood = _chosen(rng, tuple(_TONES_OF))
    kind = "none" if rng.random() < 0.3 else _chosen(rng, _KINDS)
    told = rng.random() < _TOLD
    slots = _facts(rng, told=told) | (_terms(rng, kind) if kind != "none" else set())
    header = Header(
        "email", topic, _chosen(rng, _TONES_OF[mood]), mood, kind, "again" if rng.random() < 0.25 else "first", told,
        _chosen(rng, TENURES), frozenset(slots),
    )  # fmt: skip
    body = _Body(texts, header, rng)
    if not (_opened(body) and (_offered(body) if kind != "none" else _without_offer(body))):
        return None
    head = _head(body)
    if head is None or header.must - body.used - corpus.slots_in(" ".join(head)):
        return None
    if {"quote", "echo"} & header.slots and not {"quote", "echo"} & body.used:
        return None
    if not _SHORTEST_WORDS <= body.words <= _LONGEST_WORDS:
        return None
    return Example(header, *head, body.finished())


def _opened(body: _Body) -> bool:
    """The first paragraph: an earlier letter, what the customer wrote or the theme, and thanks for the time so far."""
    header, rng = body.header, body.rng
    if header.contact == "again" and not body.say("any", "follow_up_opening"):
        return False
    if not header.told:
        if not body.say(header.topic, "unsaid_opening"):
            return False
    else:
        marked = {"quote", "echo"} & header.slots
        if "echo" in marked:
            opened = body.say("any", "echo_opening")
        else:
            opened = body.say(header.topic, "opening", lambda one: not marked or bool(marked & one.slots))
            opened = opened or body.say(header.topic, "opening")
        if not opened:
            return False
        if rng.random() < 0.75 or "echo" in marked:
            body.say(header.topic, "acknowledge", lambda one: bool(marked & one.slots) or not marked - body.used)
    if "tenure" in header.slots and rng.random() < 0.5:
        about, role = (header.topic, "history") if rng.random() < 0.6 and header.told else ("any", "value")
        body.say(about, role)
    body.end_paragraph()
    return True


def _offered(body: _Body) -> bool:
    """The offer with all its terms, how to take it, and that it may be left."""
    header, rng = body.header, body.rng
    if header.told and rng.random() < 0.7:
        body.say(header.topic, "bridge")
    if not body.say(header.kind, "offer"):
        return False
    if "condition" in header.slots and "condition" not in body.used:
        body.say(header.kind, "condition")
    for term in _DETAILS:
        if term in header.must and term not in body.used:
            body.add(_chosen(rng, _details(term, header.kind)))
    if rng.random() < (0.6 if body.words > _BRIEF_WORDS else 0.9):
        body.say(header.kind, "fit", lambda one: fits_topic(one.text, header.topic))
    body.end_paragraph()
    due = "valid_until" in header.slots and "valid_until" not in body.used
    dated = body.say(header.kind, "accept", lambda one: not due or "valid_until" in one.slots)
    if not dated and not body.say("any", "accept"):
        return False
    if "valid_until" in header.slots and "valid_until" not in body.used:
        body.add(_chosen(rng, _details("valid_until", header.kind)))
    if rng.random() < 0.45:
        body.say(header.kind, "leave")
    if rng.random() < 0.35 or body.words < _SHORTEST_WORDS:
        body.say("any", "contact_line")
    if body.words < _SHORTEST_WORDS:
        body.say("any", "ask")
    return True


def _without_offer(body: _Body) -> bool:
    """Help or a question in place of an offer, and the way out."""
    header, rng = body.header, body.rng
    if not header.told:
        roles = [(header.topic, "unsaid_question"), ("unknown", "unsaid_help"), ("any", "value")]
        ways = [("unknown", "unsaid_leave"), ("any", "contact_line")]
    else:
        roles = [(header.topic, "help"), (header.topic, "question"), (header.topic, "help")]
        if rng.random() < 0.5:
            roles.insert(0, (header.topic, "bridge_none"))
        ways = [("any", "leave_none"), ("any", "contact_line")]
    said = sum(body.say(*role) for role in roles)
    body.end_paragraph()
    said += sum(body.say(*way) for way in ways if rng.random() < 0.85)
    if body.words < _SHORTEST_WORDS:
        body.say("any", "ask")
    return said >= 2


def _head(body: _Body) -> tuple[str, str] | None:
    """Subject and preheader."""
    header, rng = body.header, body.rng
    found: list[str] = []
    for role in ("subject", "preheader"):
        if not header.told:
            abouts = [(header.kind, role)] if header.kind != "none" and rng.random() < 0.7 else []
            abouts.append(("unknown", f"unsaid_{role}"))
        else:
            abouts = [(header.topic, role)]
            if header.kind != "none" and rng.random() < 0.5:
                abouts.insert(0, (header.kind, role))
        line = _Body(body.texts, header, rng)
        line.used = set(body.used & {"quote", "echo"})
        line.stems = set() if not found else _stems(found[0])
        if not any(line.say(*about) for about in abouts):
            return None
        found.append(line.finished()[0].rstrip("."))
    return found[0], found[1] + ("" if found[1][-1] in "?!" else ".")


def _details(term: str, kind: str) -> list[str]:
    """Approved wording that says one term."""
    situation = {"kind": kind, "tone": "plain", "offer": "offer"}
    return shipped().variants(f"any.detail.{term}", situation, {term: ""})


def _reply(texts: Texts, rng: np.random.Generator) -> Example | None:
    """A chat reply as it was written, or its beginning with the end of another one for the same situation."""
    act = _chosen(rng, (*texts.acts, *("present_offer",) * _OFFERS_MORE))
    if act == "present_offer" and rng.random() < _ANY_OFFER:
        return _offer_in_chat(texts, rng)
    topic = _chosen(rng, sorted({topic for of, topic in texts.replies if of == act}))
    chosen = texts.replies[act, topic][int(rng.integers(len(texts.replies[act, topic])))]
    told = bool(chosen.slots & {"quote", "echo"})
    slots = (_facts(rng, told=False) - {"quote", "echo"}) | chosen.slots
    text = chosen.text
    if act != "present_offer" and rng.random() < 0.45:
        text = _crossed(chosen, texts.replies[act, topic], slots, rng)
    if chosen.kind != "none":
        text, slots = _with_chat_offer(chosen, texts, slots, rng)
    header = Header("chat", topic, "plain", chosen.mood, chosen.kind, "first", told, "settled", frozenset(slots), act)
    return Example(header, "", "", (text,))


def _offer_in_chat(texts: Texts, rng: np.random.Generator) -> Example | None:
    """Any offer after any topic: a sentence on what the customer said, then an offer in the words of the bank."""
    topic, kind = _chosen(rng, (*TOPICS, "unknown")), _chosen(rng, _KINDS)
    starts = [*texts.replies.get(("acknowledge", topic), ()), *texts.replies.get(("present_offer", topic), ())]
    if not starts:
        return None
    chosen = starts[int(rng.integers(len(starts)))]
    first, _ = _cut(chosen.text)
    said = corpus.slots_in(first)
    if "?" in first or said & frozenset(TERMS):
        return None
    terms = _terms(rng, kind)
    dated = [one for one in texts.of(kind, "chat_offer") if one.slots <= terms | frozenset(FACTS[:4])]
    offers = [one for one in dated if "valid_until" in one.slots] or dated
    if not offers:
        return None
    text = f"{first} {offers[int(rng.integers(len(offers)))].text}"
    for term in (*_DETAILS, "valid_until"):
        if term in terms & MUST - corpus.slots_in(text):
            text += " " + _chosen(rng, _details(term, kind))
    facts = (_facts(rng, told=False) - {"quote", "echo"}) | corpus.slots_in(text)
    told = bool(said & {"quote", "echo"})
    header = Header("chat", topic, "plain", chosen.mood, kind, "first", told, "settled",
                    frozenset(facts | terms), "present_offer")  # fmt: skip
    return Example(header, "", "", (text,))


def _crossed(chosen: Reply, others: Iterable[Reply], slots: set[str], rng: np.random.Generator) -> str:
    """The first sentence of a reply with the rest of another of the same mood, where both have more than one."""
    first, rest = _cut(chosen.text)
    ends = [
        end
        for other in others
        if other.mood == chosen.mood and other.kind == chosen.kind and other is not chosen
        for start, end in [_cut(other.text)]
        if end and corpus.slots_in(end) <= slots - {"quote", "echo"} and not _stems(end) & _stems(first)
    ]
    if not rest or not ends or "?" in first or corpus.slots_in(rest) & {"quote", "echo"}:
        return chosen.text
    return f"{first} {ends[int(rng.integers(len(ends)))]}"


def _cut(text: str) -> tuple[str, str]:
    parts = re.split(r"(?<=[.!?]) (?=[A-Z{\"])", text, maxsplit=1)
    return parts[0], parts[1] if len(parts) > 1 else ""


def _with_chat_offer(chosen: Reply, texts: Texts, slots: set[str], rng: np.random.Generator) -> tuple[str, set[str]]:
    """The reply's first sentence with an offer in the words of the bank, or the reply itself; with all terms due."""
    terms = _terms(rng, chosen.kind)
    slots = slots - frozenset(TERMS)
    offers = [one for one in texts.of(chosen.kind, "chat_offer") if one.slots <= slots | terms]
    first, _ = _cut(chosen.text)
    if offers and rng.random() < 0.5 and not corpus.slots_in(first) & MUST:
        text = f"{first} {offers[int(rng.integers(len(offers)))].text}"
    else:
        text = chosen.text
        terms |= chosen.slots & frozenset(TERMS)
    missing = [term for term in (*_DETAILS, "valid_until") if term in terms & MUST - corpus.slots_in(text)]
    for term in missing:
        text += " " + _chosen(rng, _details(term, chosen.kind))
    return text, slots | terms | corpus.slots_in(text)
