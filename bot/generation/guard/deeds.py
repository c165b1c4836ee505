"""Who is said to do what: verbs said of the company, of the customer and of what will be, each from a closed list.

The lists of phrases name what must not be said; this module is their complement. A verb that is in no list of harmless
ones and that the decision does not grant is a commitment, however it is put.
"""

import itertools
import re
from collections.abc import Iterator
from functools import cache

from bot.generation.brief import Brief
from bot.generation.guard.grants import ACTS
from bot.generation.guard.lexicon import deeds as words
from bot.generation.guard.lexicon import matters
from bot.generation.guard.lexicon.calendar import MONTHS
from bot.generation.guard.lexicon.languages import FREQUENT
from bot.generation.guard.lexicon.lists import wordset
from bot.generation.guard.reading import MASK, NUMBER, SIGN, WORD, Reading, fold
from bot.generation.guard.sources import Sources
from db.vocabulary import OfferType

Found = tuple[str, int, int]
_ENDS = frozenset(',;:.!?–—()"“”„«»-')


class Allowed:
    """A list of words and stems, asked whether it holds a word."""

    def __init__(self, *lists: str) -> None:
        entries = [entry for line in lists for entry in line.split()]
        self._words = frozenset(entry for entry in entries if not entry.endswith("*"))
        self._stems = tuple(entry[:-1] for entry in entries if entry.endswith("*"))

    def __contains__(self, word: str) -> bool:
        return word in self._words or (bool(self._stems) and word.startswith(self._stems))


@cache
def _company(language: str) -> Allowed:
    return Allowed(words.COMPANY_DOES[language])


@cache
def _granted(offer: str, acted: bool) -> Allowed:
    lists = [words.GRANTED_VERBS.get(offer, "")]
    if offer != OfferType.NONE or acted:
        lists.append(words.WORKING)
    return Allowed(*lists)


@cache
def _customer() -> Allowed:
    return Allowed(words.CUSTOMER_DOES)


@cache
def _things() -> Allowed:
    return Allowed(words.THINGS_DO)


@cache
def _states() -> Allowed:
    return Allowed(matters.STATES)


@cache
def _money_does(language: str) -> Allowed:
    return Allowed(matters.MONEY_DOES[language])


@cache
def _future_does(language: str) -> Allowed:
    return Allowed(matters.COMES_TO_PASS[language])


@cache
def _objects(language: str) -> frozenset[str]:
    return (
        (FREQUENT[language] | words.OBJECTS | words.AUXILIARIES.get(language, frozenset()) | frozenset(MONTHS))
        - matters.MONEY_NOUNS[language]
        - (_TIMES - {"an"} if language == "en" else _TIMES)
    )


_TIMES = wordset(
    "month months year years free offer monat monate monaten jahr jahre mois an ans mes meses ano anos mese"
    " mesi anno anni"
    " maand maanden jaar gratis cadeau regalo"
)


def _told_apart(languages: frozenset[str]) -> list[str]:
    """Languages to judge by; those that share `we` or `je` with a likelier one are left out where both fit."""
    return sorted(languages - ({"nl"} if "en" in languages else set()) - ({"fr"} if "nl" in languages else set()))


class Deeds:
    """The verbs of one text."""

    def __init__(self, reading: Reading, brief: Brief, sources: Sources, theirs: set[int]) -> None:
        self.reading = reading
        self.tokens = reading.tokens
        self.sources = sources
        self.theirs = theirs
        self.offer = brief.decision.offer_type
        conditions = " ".join(text for text in brief.decision.conditions if not text.startswith(("no ", "without")))
        self.conditions = set(re.findall(r"[^\W\d_]{4,}", fold(conditions))) - _PLAIN_CONDITION
        self.tied: list[str] = []
        acted = brief.dialogue_act in ACTS["action_done"] | {"no_offer", "present_offer", "cancelled"}
        self.granted = _granted(str(self.offer), acted)

    def check(self, languages: list[frozenset[str]]) -> Iterator[Found]:
        """Findings as (rule, first token, last token)."""
        yield from self._fragments()
        yield from self._waived_conditions()
        for number, (first, end) in enumerate(self.reading.sentences()):
            for start, stop in self._clauses(first, end):
                self.tied = _told_apart(languages[number])
                for language in self.tied:
                    yield from self._clause(language, start, stop)

    def _clauses(self, first: int, end: int) -> Iterator[tuple[int, int]]:
        start = first
        for index in range(first, end):
            if self.tokens[index].raw in _ENDS and not self._hyphen(index):
                if index > start:
                    yield start, index
                start = index + 1
        if end > start:
            yield start, end

    def _hyphen(self, index: int) -> bool:
        return self.tokens[index].raw == "-" and self.tokens[index].glued

    def _fragments(self) -> Iterator[Found]:
        """`Your joining fee? Gone.`: an answer of a word or two to a question of money."""
        spans = list(self.reading.sentences())
        money = frozenset().union(*matters.MONEY_NOUNS.values())
        for (first, end), (start, stop) in itertools.pairwise(spans):
            answer = [token for token in self.tokens[start:stop] if token.kind == WORD]
            asked = self.tokens[end - 1].raw == "?" and any(token.text in money for token in self.tokens[first:end])
            said = [token for token in answer if token.text not in words.OBJECTS and token.text != MASK]
            figure = any(token.kind == NUMBER for token in self.tokens[start:stop])
            if asked and 0 < len(answer) < 3 and said and not figure and not self._new_line(start):
                yield "commitment", first, stop - 1

    def _waived_conditions(self) -> Iterator[Found]:
        """A condition of the decision beside a word that does away with it."""
        for first, end in self.reading.sentences():
            said = [token.text for token in self.tokens[first:end]]
            named = [word for word in said if word in self.conditions]
            void = "not" in said and {*said} & {"apply", "count", "matter"}
            # `A bill that doesn't add up` names a word of a condition, and denies none.
            away = {*said} & (_AWAY - {"doesn't"} if "doesn't add up" in " ".join(said) else _AWAY)
            if named and (away or void) and said[-1] != "?":
                yield "conditions_denied", first, end - 1

    def _new_line(self, index: int) -> bool:
        return "\n" in self.reading.plain[self.tokens[index - 1].end : self.tokens[index].start]

    def _clause(self, language: str, first: int, end: int) -> Iterator[Found]:
        yield from self._money(language, first, end)
        yield from self._future(language, first, end)
        yield from self._states(language, first, end)
        if language == "en":
            yield from self._english(first, end)
        elif language in {"de", "nl"}:
            yield from self._verb_second(language, first, end)
        elif language == "fr":
            yield from self._french(first, end)
        else:
            yield from self._romance(language, first, end)

    # the judgement on one verb

    def _judge(self, language: str, place: int, end: int, extra: Allowed | None = None) -> Iterator[Found]:
        token = self.tokens[place]
        if token.kind != WORD or token.text == MASK or place in self.theirs:
            return
        verb = token.text
        aside = verb in words.SKIPPED.get(language, frozenset())
        if aside or verb in self.granted or f" {verb} " in self.sources.ours:
            return
        if verb in words.LIGHT[language] and not (extra is not None and verb in extra):
            stray = self._stray_object(language, place + 1, end)
            if stray is not None:
                yield "commitment", place, stray
            return
        by_company = extra is not _things()
        if (by_company and any(verb in _company(other) for other in self.tied)) or (
            extra is not None and verb in extra
        ):
            return
        if verb in FREQUENT[language] and len(verb) < 4:
            return
        yield "commitment", place, place

    def _stray_object(self, language: str, first: int, end: int) -> int | None:
        for index in range(first, end):
            token = self.tokens[index]
            if token.text in _CONNECTING:
                return None
            plain = token.kind in {SIGN, NUMBER} or token.text == MASK or token.text in _objects(language)
            if not plain and f" {token.text} " not in self.sources.ours and not token.text.endswith("ly"):
                return index
        return None

    def _denied(self, language: str, first: int, end: int) -> bool:
        said = {token.text for token in self.tokens[first:end]}
        return bool(said & words.DENYING[language]) and not said & words.PROMISING

    def _money(self, language: str, first: int, end: int) -> Iterator[Found]:
        """What a price or a bill is said to do, where the verb follows its noun."""
        if language not in matters.MONEY_DOES:
            return
        for index in range(first, end - 1):
            if self.tokens[index].text not in matters.MONEY_NOUNS[language]:
                continue
            place = index + 1
            while place < end - 1 and self._skipped_adverb(place):
                place += 1
            verb = self.tokens[place]
            endings = {"en": ("s", "ed"), "de": ("t",), "nl": ("t",)}[language]
            if verb.kind != WORD or not verb.text.endswith(endings) or not verb.raw[:1].islower():
                continue
            if verb.text in _money_does(language) or verb.text in self.granted or len(verb.text) < 3:
                continue
            if verb.text not in matters.MONEY_NOUNS[language] and f" {verb.text} " not in self.sources.ours:
                yield "commitment", index, place

    def _states(self, language: str, first: int, end: int) -> Iterator[Found]:
        """What a bill, a price or a fault is said to be: cleared, gone, repaired."""
        for index in range(first, end - 1):
            if self.tokens[index].text not in _MATTERS:
                continue
            place = index + 1
            while place < min(index + 4, end) and not self._is_copula(language, place):
                if self.tokens[place].text in _JOINED:
                    place = end
                    break
                place += 1
            if place >= min(index + 4, end) or self._denied(language, index, end):
                continue
            for said in range(place + 1, min(place + 5, end)):
                token = self.tokens[said]
                if token.text in _CONNECTING or token.kind != WORD or token.raw.isupper():
                    break
                known = token.text in FREQUENT[language] - _UNSTATED or token.text in _states() or token.text == MASK
                if not known and f" {token.text} " not in self.sources.ours and not self._is_granted_state(token.text):
                    yield "commitment", index, said
                    break

    def _is_copula(self, language: str, place: int) -> bool:
        """Whether a word says what something is; `e` without its accent is `and`."""
        token = self.tokens[place]
        return token.text in matters.COPULAS[language] and (token.text != "e" or token.raw.lower() != "e")

    def _is_granted_state(self, word: str) -> bool:
        return word in self.granted or word.endswith("ly") or f" {word} " in self.sources.issue

    def _skipped_adverb(self, place: int) -> bool:
        return self.tokens[place].text.endswith("ly") or self.tokens[place].text in _ADVERBS

    def _future(self, language: str, first: int, end: int) -> Iterator[Found]:
        """Verbs in the future, by their endings; in German after `wird`."""
        if language == "de":
            for index in range(first, end):
                if self.tokens[index].text == "wird":
                    place = self._last_verb("de", index, end)
                    if place is not None and self.tokens[place].text not in _future_does("de"):
                        yield from self._judge("de", place, end, _future_does("de"))
        elif language in _FUTURE:
            for index in range(first, end):
                token = self.tokens[index]
                ending = _FUTURE[language].search(token.raw.lower())
                if token.kind == WORD and ending and token.text not in _NO_FUTURE:
                    yield from self._judge(language, index, end, _future_does(language))

    # English

    def _english(self, first: int, end: int) -> Iterator[Found]:
        for index in range(first, end):
            token = self.tokens[index]
            company = token.text in words.SUBJECTS["en"] and (token.text != "i" or token.raw == "I")
            before = self.tokens[index - 1].text if index > first else ""
            coming = token.text in _WILL and before not in words.SUBJECTS["en"] | {"not"}
            if (
                token.text == "going"
                and self.tokens[index + 1 : index + 2] != []
                and self.tokens[index + 1].text != "to"
            ):
                coming = False
            if company or coming:
                yield from self._english_verb(index, end, company)
            elif token.text in {"you", "you'll", "you'd"}:
                yield from self._customer_verb(index, end)

    def _english_verb(self, index: int, end: int, company: bool) -> Iterator[Found]:
        place = index + 1
        while place < end and self._skipped("en", place) and not (not company and self._has_thing(place, end)):
            place += 1
        nothing = {token.text for token in self.tokens[max(index - 2, 0) : index]} & {"nothing", "little"}
        if place >= end or nothing or self._denied("en", max(index - 2, 0), place):
            return
        you = any(token.text in {"you", "you'll"} for token in self.tokens[max(index - 2, 0) : index + 1])
        extra = None if company else (_customer() if you else _things())
        yield from self._judge("en", place, end, extra)
        for joined in range(place + 1, end - 1):
            followed = joined + 2 < end and self.tokens[joined + 2].text in _AFTER_VERB
            if self.tokens[joined].text == "and" and followed:
                yield from self._judge("en", joined + 1, end, extra)

    def _has_thing(self, place: int, end: int) -> bool:
        """`will have the line repaired`: not the auxiliary."""
        return self.tokens[place].text == "have" and place + 1 < end and self.tokens[place + 1].text in _AFTER_VERB

    def _skipped(self, language: str, place: int) -> bool:
        word = self.tokens[place].text
        return word in words.SKIPPED[language] | words.DENYING[language] or (
            language == "en" and word.endswith("ly") and len(word) > 4
        )

    def _customer_verb(self, index: int, end: int) -> Iterator[Found]:
        texts = [token.text for token in self.tokens[index:end]]
        duty = _DUTY.match(" ".join(texts) + " ")
        if duty:
            place = index + duty.group().count(" ")
            while place < end and self._skipped("en", place):
                place += 1
            if place < end and self.tokens[place].text not in words.PLAIN_DUTY and not self._denied("en", index, place):
                yield "obligation", index, min(place, end - 1)
            return
        if len(texts) < 2 or not (
            texts[0] == "you'll" or texts[1] in {"can", "may", "could", "will", "might", "shall"}
        ):
            return
        place = index + 1
        while place < end and self._skipped("en", place):
            place += 1
        if place < end and not self._denied("en", index, place):
            yield from self._judge("en", place, end, _customer())

    # languages whose finite verb comes second

    def _verb_second(self, language: str, first: int, end: int) -> Iterator[Found]:
        for index in range(first, end):
            if self.tokens[index].text not in words.SUBJECTS[language]:
                continue
            place = self._finite(language, first, index, end)
            if place is None or self._denied(language, first, end):
                continue
            if self.tokens[place].text in words.AUXILIARIES[language]:
                place = self._last_verb(language, index, end)
                if place is None:
                    continue
                if self.tokens[place].text in words.LIGHT[language]:
                    yield from self._judge_before(language, index, place)
                    continue
            yield from self._judge(language, place, end)

    def _finite(self, language: str, first: int, index: int, end: int) -> int | None:
        before = self.tokens[index - 1].text if index > first else ""
        if not before or before in words.JOINING:
            return index + 1 if index + 1 < end else None
        if before in words.SUBORDINATING:
            return self._last_verb(language, index, end)
        return index - 1

    def _last_verb(self, language: str, index: int, end: int) -> int | None:
        opening = (place for place in range(index + 2, end) if self.tokens[place].text in _OPENS)
        for place in range(next(opening, end) - 1, index, -1):
            token = self.tokens[place]
            if token.kind != WORD or token.text in words.AUXILIARIES[language]:
                continue
            return place if token.text.endswith(("n", "t", "d")) and token.raw[:1].islower() else None
        return None

    def _judge_before(self, language: str, index: int, place: int) -> Iterator[Found]:
        """A verb that says nothing by itself at the end of its clause: what stands before it must be harmless."""
        if self.tokens[place].text in self.granted:
            return
        stray = self._stray_object(language, index + 1, place)
        if stray is not None:
            yield "commitment", stray, place

    # Romance languages

    def _french(self, first: int, end: int) -> Iterator[Found]:
        for index in range(first, end):
            token = self.tokens[index]
            if token.text in words.SUBJECTS["fr"]:
                if (
                    token.text == "nous"
                    and index > first
                    and self.tokens[index - 1].text in {"vous", "tu", "de", "chez"}
                ):
                    continue
                if index > first and self.tokens[index - 1].raw == "-":
                    continue
                yield from self._after_subject("fr", index, end)
            elif token.raw.endswith(("erons", "irons", "drons")) and index > first:
                yield from self._judge("fr", index, end)

    def _after_subject(self, language: str, index: int, end: int) -> Iterator[Found]:
        place = index + 1
        while place < end and self._skipped(language, place):
            place += 1
        if place < end and not self._denied(language, max(index - 1, 0), end):
            yield from self._judge(language, place, end)

    def _romance(self, language: str, first: int, end: int) -> Iterator[Found]:
        for index in range(first, end):
            token = self.tokens[index]
            if token.kind != WORD or token.text == MASK:
                continue
            if token.text in words.SKIPPED[language] & _FIRST_PERSON:
                yield from self._after_subject(language, index, end)
                continue
            own = _OWN_VERB[language].search(token.raw.lower()) and not self._denied(language, first, end)
            if own or (index <= first + 3 and self._first_singular(language, first, index)):
                yield from self._judge(language, index, end)

    def _first_singular(self, language: str, first: int, index: int) -> bool:
        """`le pongo`, `já tratei`: a verb of the first person that opens its clause."""
        before = {token.text for token in self.tokens[first:index]}
        raw = self.tokens[index].raw.lower()
        endings = {"es": ("é", "ngo"), "pt": ("ei",), "it": ("rò", "ngo")}[language]
        return len(raw) > 3 and raw.endswith(endings) and before <= words.SKIPPED[language]


_WILL = frozenset({"will", "won't", "going", "it'll", "that'll", "they'll", "she'll", "he'll", "gonna"})
_AFTER_VERB = wordset("you your the it that this them a an off out down up us back all everything our")
_OPENS = wordset("und aber en maar dass ob wann warum wenn was wie wat dat hoe waarom wanneer welke welche")
_CONNECTING = wordset(
    "because if whether when while that and but so since which who where what how before after instead until from as"
    " weil wenn dass und aber sondern was wie que si mais et car pour quand y e pero mas ma se perche porque"
    " omdat als dat en maar hoe about over auf"
)
_DUTY = re.compile(
    r"you (?:(?:will|would|'ll|do|don't|also|only|still|just) )*(?:must|have to|need to|owe|had to|are (?:\w+ )?"
    r"(?:bound|obliged|obligated|tied|committed|required|stuck|liable|expected|supposed)(?: to)?) "
)
_MATTERS = frozenset().union(*matters.MONEY_NOUNS.values()) - {"abonnement", "membership", "subscription"} | wordset(
    "outage outages fault faults problem problems issue issues line engineer technician account storung"
    " storungen fehler"
    " ausfall ausfalle problem probleme techniker panne pannes probleme problemes technicien averia averias tecnico"
    " avaria avarias guasto guasti problema problemas problemi storing storingen fout fouten problemen monteur"
    " locker"
)
"""What may not be said to be settled, repaired or gone."""

_UNSTATED = wordset("free off gratis over")
_FUTURE = {
    "fr": re.compile(r"..(?:ra|ront|rez)$"),
    "es": re.compile(r"..(?:rá|rán|rás)$"),
    "pt": re.compile(r"..(?:rá|rão|rás)$"),
    "it": re.compile(r"..(?:rà|ranno|rai|rete)$"),
}
_NO_FUTURE = wordset("camera opera extra para contra entrez sauront estara trabajara libra atras tras detras quizas")
_ADVERBS = wordset(
    "also just still then now always never auch nur noch dann immer nie ook nog dan altijd nooit weer again"
)
_FIRST_PERSON = wordset(
    "hemos he podemos puedo podriamos podria queremos quiero quisieramos vamos voy estamos estoy temos tenho posso"
    " poderiamos quero gostariamos gostaria vou estou abbiamo ho possiamo potremmo potrei vogliamo voglio"
    " vorremmo vorrei"
    " stiamo sto iremos irei estaremos estare"
)
_OWN_VERB = {
    "es": re.compile(r"mos$"),
    "pt": re.compile(r"mos$"),
    "it": re.compile(r"(?:iamo|remo)$"),
}
_JOINED = frozenset({"and", "und", "et", "y", "e", "en", "or", "oder", "ou", "o"})
_PLAIN_CONDITION = wordset("only plan with this that your from customers customer first present address month months")
_AWAY = wordset(
    "forget ignore nobody doesn't isn't waived skip drop never without vergessen niemand entfallt ohne oubliez"
    " personne sans"
    " olvide olvidese nadie sin esqueca ninguem sem dimentichi nessuno senza vergeet niemand zonder exempt"
)
