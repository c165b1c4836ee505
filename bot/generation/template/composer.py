"""Putting sentences together: picks the variant of each slot, says every decided term, and repeats nothing."""

from dataclasses import replace

from bot.generation.template.bank import SLOT, Bank, choose, fill, spoken
from bot.generation.template.situation import Reading
from bot.generation.template.terms import ESSENTIAL

DETAILS = (*ESSENTIAL, "starts", "starts_on", "effective", "condition", "conditions", "afterwards")
"""Terms that get a sentence of their own where the sentence of the offer left them out."""


class Composer:
    """One text in the making: the words so far, and which terms they have said."""

    def __init__(self, bank: Bank, reading: Reading, family: str) -> None:
        self.bank = bank
        self.reading = reading
        self.family = family
        self.so_far = ""
        self.said: set[str] = set()
        phrase = choose(self.variants("topic_phrase"), f"{reading.key}|topic_phrase", "")
        if phrase:
            self.reading = replace(reading, known={**reading.known, "topic_phrase": phrase})

    def variants(self, slot: str) -> list[str]:
        """The usable variants of a slot, those for this topic or kind of offer before the general ones."""
        levels = self.levels(slot)
        return next((found for found in levels if found), [])

    def levels(self, slot: str) -> list[list[str]]:
        """The usable variants for this topic, for this kind of offer, and for every letter or reply."""
        reading = self.reading
        return [
            [
                text
                for family in (self.family, "any")
                for text in self.bank.variants(f"{family}.{name}", reading.dimensions, reading.known)
            ]
            for name in (f"{slot}.{reading.topic}", f"{slot}.{reading.dimensions['kind']}", slot)
        ]

    def say_first(self, *slots: str) -> str:
        """The first of these slots that has something to say."""
        return next((sentence for slot in slots if (sentence := self.say(slot))), "")

    def say(self, slot: str, variants: list[str] | None = None) -> str:
        """A sentence for a slot, remembered as said; empty where the slot has nothing to say here."""
        found = self.variants(slot) if variants is None else variants
        chosen = choose(found, f"{self.reading.key}|{slot}", self.so_far)
        if chosen is None:
            return ""
        self.said.update(SLOT.findall(chosen))
        is_spoken = self.reading.dimensions["tone"] != "formal" and self.family != "bereavement"
        sentence = fill(spoken(chosen) if is_spoken else chosen, self.reading.known)
        self.so_far += f" {sentence}"
        return sentence

    def offer(self, slot: str = "offer") -> str:
        """The decided offer with all its terms but the date it is valid until; empty for no offer.

        `slot` is `agreed` for an offer that was accepted.
        """
        known = self.reading.known
        found = self.variants(slot)
        if "lesson" in known:
            found = [text for text in found if "{lesson}" in text]
        wanted = [term for term in ESSENTIAL if term in known]
        covered = {text: sum(f"{{{term}}}" in text for term in wanted) for text in found}
        most = max(covered.values(), default=0)
        sentences = [self.say(slot, [text for text in found if covered[text] >= max(most - 1, min(most, 1))])]
        for term in DETAILS:
            if sentences[0] and term in known and term not in self.said:
                sentences.append(self.say(f"detail.{term}"))
        return " ".join(filter(None, sentences))

    def accept(self) -> str:
        """How to take the offer up, with the last day where there is one."""
        found = self.variants("accept")
        if "valid_until" in self.reading.known and "valid_until" not in self.said:
            found = [text for text in found if "{valid_until}" in text] or found
        sentence = self.say("accept", found)
        if "valid_until" in self.reading.known and "valid_until" not in self.said:
            return f"{sentence} {self.say('detail.valid_until')}".strip()
        return sentence
