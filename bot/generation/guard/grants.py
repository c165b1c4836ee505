"""When a phrase of promise or offer may stand: what each offer type, its terms and the facts grant."""

from bot.generation.brief import Brief
from bot.generation.guard.garbled import READABLE
from bot.generation.guard.lexicon.lists import wordset
from bot.generation.guard.lexicon.offers import BETWEEN_DENIAL, NO_WORDS
from bot.generation.guard.lexicon.roles import OFFER_TALK
from bot.generation.guard.matcher import Match
from bot.generation.guard.reading import MASK, NUMBER, Reading, fold
from bot.generation.guard.sources import Sources
from db.vocabulary import OfferType as Offer

GRANTED: dict[str, frozenset[Offer]] = {
    "free": frozenset({Offer.FREE_PERIOD, Offer.TRIAL_EXTENSION, Offer.BONUS}),
    "discount": frozenset({Offer.DISCOUNT, Offer.PLAN_CHANGE}),
    "gift": frozenset({Offer.BONUS}),
    "credit": frozenset({Offer.BONUS}),
    "special": frozenset(Offer) - {Offer.NONE},
    "pause": frozenset({Offer.PAUSE}),
    "plan": frozenset({Offer.PLAN_CHANGE}),
    "trial": frozenset({Offer.TRIAL_EXTENSION}),
    "no_fees": frozenset({Offer.BONUS, Offer.FREE_PERIOD, Offer.TRIAL_EXTENSION}),
}
"""Offer types that grant what a rule otherwise refuses."""

ACTS: dict[str, frozenset[str]] = {
    "call_promise": frozenset({"schedule_callback", "handoff", "open_ticket"}),
    "action_done": wordset(
        "offer_accepted cancelled opt_out_done erase_request schedule_callback open_ticket change_plan pause"
        " handoff report_problem"
    ),
    "pause": frozenset({"pause"}),
    "plan": frozenset({"change_plan"}),
}
"""Chat acts that report an action which the desk has really done."""

_FREE_OF_PRICE = wordset(
    "month months bill price plan subscription year week monat monate rechnung preis tarif abo jahr mois"
    " facture forfait abonnement mes meses factura plan mese mesi fattura abbonamento maand maanden"
    " factuur jahre"
)
_FREE_IDIOMS = (
    "feel free",
    "free to",
    "hassle free",
    "hassle - free",
    "free time",
    "free hand",
    "ad free",
    "ad - free",
    "toll free",
    "toll - free",
    "risk free to",
    "are free",
    "be free",
    "stress free",
    "jam free",
    "free up",
)


class Grants:
    """Decides on each phrase found, for one text."""

    def __init__(self, reading: Reading, brief: Brief, sources: Sources) -> None:
        self.reading = reading
        self.tokens = reading.tokens
        self.brief = brief
        self.sources = sources
        self.offer = brief.decision.offer_type

    def allow(self, match: Match) -> bool:
        """Whether the decision or the facts grant what the phrase says."""
        if f" {match.words} " in self.sources.ours:
            return True
        if self.brief.dialogue_act in ACTS.get(match.rule, frozenset()):
            return True
        special = getattr(self, f"_allow_{match.rule}", None)
        if special is not None and special(match):
            return True
        if match.rule in GRANTED and self.offer in GRANTED[match.rule]:
            return True
        if match.rule in _DENIABLE and self._denied(match):
            return True
        return self._about_issue(match)

    def _sentence(self, match: Match, step: int = 0) -> list[str]:
        sentence = self.reading.sentence_of[match.first] + step
        return [token.text for token, at in zip(self.tokens, self.reading.sentence_of, strict=True) if at == sentence]

    def _phrase(self, match: Match, before: int = 2, after: int = 2) -> str:
        first = max(match.first - before, 0)
        return " ".join(token.text for token in self.tokens[first : match.last + 1 + after])

    def _denied(self, match: Match) -> bool:
        """Whether the phrase is what we say that there is not: `no discount`, `cannot offer a voucher`."""
        place = match.first - 1
        while place >= 0 and self.reading.sentence_of[place] == self.reading.sentence_of[match.first]:
            word = self.tokens[place].text
            if word in NO_WORDS:
                return True
            if word not in BETWEEN_DENIAL:
                return False
            place -= 1
        return False

    def _about_issue(self, match: Match) -> bool:
        """Whether it names the customer's known trouble in a sentence that gives nothing."""
        if f" {match.words} " not in self.sources.issue:
            return False
        return not {*self._sentence(match)} & _GIVES

    def _allow_free(self, match: Match) -> bool:
        phrase = self._phrase(match)
        if match.words == "free" and any(idiom in phrase for idiom in _FREE_IDIOMS):
            return True
        if (
            match.words == "on us"
            and self.tokens[match.last + 1 : match.last + 2]
            and (self.tokens[match.last + 1].text in {"to", "and", "if", "that", "when"})
        ):
            return True
        if self.offer in {Offer.CONTACT, Offer.EDUCATION}:
            return not {*self._sentence(match)} & _FREE_OF_PRICE
        return self.offer is Offer.PAUSE and self._pause_is_free()

    def _pause_is_free(self) -> bool:
        terms = self.brief.decision
        words = fold(" ".join([terms.keeps or "", terms.scope or "", *terms.conditions]))
        return terms.price_during == 0 or any(
            said in words
            for said in ("no charge", "without charge", "free", "not charged", "no payment", "no fee", "kostenlos")
        )

    def _allow_waive(self, match: Match) -> bool:
        if self.offer in {Offer.FREE_PERIOD, Offer.TRIAL_EXTENSION}:
            return True
        return self.offer is Offer.PAUSE and self._pause_is_free()

    def _allow_no_fees(self, match: Match) -> bool:
        if {"second", "double", "duplicate"} & {*match.words.split(" ")}:
            return True
        return self._allow_free(match) or self.brief.decision.price_during == 0

    def _allow_conditions_denied(self, match: Match) -> bool:
        return not self.brief.decision.conditions and match.words.split(" ")[0] not in {
            "regardless",
            "whatever",
            "nothing",
        }

    def _allow_cancel_any_time(self, match: Match) -> bool:
        return bool(self.brief.facts.text("cancel_path")) and not self.brief.decision.conditions

    def _allow_call_promise(self, match: Match) -> bool:
        """A decided contact allows a call, by the person decided: no other name may stand before `will call`."""
        if self.offer is not Offer.CONTACT:
            return False
        first = match.first
        while first and self.reading.sentence_of[first - 1] == self.reading.sentence_of[match.first]:
            first -= 1
        token = self.tokens[first]
        known = READABLE | self.sources.company_words | {MASK}
        return not (token.raw[:1].isupper() and token.raw.isalpha() and token.text not in known)

    def _allow_action_done(self, match: Match) -> bool:
        """A question whether something has been done claims nothing, nor does `we were moved by your words`."""
        if match.words.endswith("were moved"):
            return True
        if match.words.startswith("aplicamos") and self.offer is Offer.DISCOUNT and "si" in self._sentence(match):
            return True
        sentence = self._sentence(match)
        return (
            sentence[-1] == "?"
            and sentence[0] in {"has", "is", "was", "are", "hat", "ist", "wurde", "did"}
            and not {"know"} & {*sentence}
        )

    def _allow_price_lock(self, match: Match) -> bool:
        """`your price stays at 29.85`: the figure beside it is checked on its own."""
        stays = match.words.split(" ")[-1] in _STAYS
        sentence = self.reading.sentence_of[match.first]
        return stays and any(
            token.kind == NUMBER
            for token, at in zip(self.tokens, self.reading.sentence_of, strict=True)
            if at == sentence
        )

    def _allow_midnight(self, match: Match) -> bool:
        return "24" in self.brief.facts.text("support_hours")

    def _allow_included(self, match: Match) -> bool:
        return bool({*self._sentence(match)} & self.sources.nouns)

    def _allow_credentials(self, match: Match) -> bool:
        """`reconciling a bank account` where the company's help is about that."""
        return match.words == "bank account" and " bank " in self.sources.ours + self.sources.said

    def _allow_other_customer(self, match: Match) -> bool:
        """`your customer number`: the customer's own."""
        before = self.tokens[match.first - 1].text if match.first else ""
        return match.words.startswith("customer") and before in {"your", "the"}

    def _allow_privacy(self, match: Match) -> bool:
        return f" {match.words} " in self.sources.said

    def _allow_service_promise(self, match: Match) -> bool:
        return bool(
            {*self._sentence(match)}
            & {
                "should",
                "shouldn't",
                "hatte",
                "hatten",
                "aurait",
                "auraient",
                "deberia",
                "deveria",
                "dovrebbe",
                "avrebbe",
                "had",
                "wissen",
                "know",
            }
        )

    def _allow_discount(self, match: Match) -> bool:
        """`am Preis kann ich nichts ändern`: what cannot be done gives nothing."""
        said = {*self._sentence(match)}
        return bool(said & _NOTHING) and not said & _GIVES

    def _allow_scope(self, match: Match) -> bool:
        """`you and your family have been with us`: no scope of anything given."""
        said = {*self._sentence(match)}
        return bool(said & _BEEN) and not said & (_GIVES | OFFER_TALK)

    def _allow_gift(self, match: Match) -> bool:
        added = match.words.endswith(("to your plan", "to your subscription", "to the plan", "to your account"))
        return added and self.offer in {Offer.FREE_PERIOD, Offer.TRIAL_EXTENSION}

    def _allow_each_time(self, match: Match) -> bool:
        if self.offer in {Offer.BONUS, Offer.TRIAL_EXTENSION}:
            return False
        if self.offer not in {Offer.FREE_PERIOD, Offer.BONUS, Offer.TRIAL_EXTENSION, Offer.PAUSE}:
            return True
        return not {*self._sentence(match)} & _GIFT_WORDS

    def _allow_trial(self, match: Match) -> bool:
        return False

    def _allow_special(self, match: Match) -> bool:
        return False


_BEEN = wordset("been since joined seit depuis desde sinds")
_NOTHING = wordset("nichts nicht nothing can't cannot rien ne nada non niets niet nao no")
_GIFT_WORDS = wordset(
    "free gratis kostenlos kostenlosen gratuit gratuite offert gratuito gratuita bonus gift pass passes"
    " pause pausieren pausa pauze pauzeren extra trial extend"
)
_DENIABLE = wordset(
    "forever discount gift special plan pause trial code advice guarantee refund compensation credit free"
    " call_promise price_lock included service_promise bot_denial"
)
_STAYS = wordset(
    "stays stay remain bleibt reste restera fica continua mantem resta rimane blijft queda seguira mantendra"
)
_GIVES = wordset(
    "will we'll i'll get receive give grant yours you'll pay werden wird erhalten bekommen geben recevrez"
    " aurez donnons recibira tendra daremos recebera tera ricevera avra krijgt ontvangt geven granted"
    " approved done"
)
