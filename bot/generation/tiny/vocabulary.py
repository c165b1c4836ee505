"""The small writer's words: a byte-pair vocabulary of its own, with one token for each slot and control word."""

import re
from collections.abc import Iterable, Sequence

from bot.generation.tiny.header import SLOTS, Header, control_words

SPACE = "▁"
_SLOT = re.compile(r"\{\w+\}")
_ALPHABET = [SPACE, *"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZéèàêç.,;:!?'\"()-"]
_NO_SPACE_AFTER = ("", '"', "(", "/", "\n")
_FIGURES = frozenset("0123456789%€$£¥₹@/\\<>*_#[]{}|=^~`&+")
"""Signs that may stand in a text only inside a slot that code fills."""


class Vocabulary:
    """Turns headers and texts into token ids and ids into texts with slots in braces."""

    def __init__(self, tokeniser: str) -> None:
        from tokenizers import Tokenizer

        self._tokeniser = Tokenizer.from_str(tokeniser)
        self.size: int = self._tokeniser.get_vocab_size()
        self.pieces: list[str] = [self._tokeniser.id_to_token(place) or "" for place in range(self.size)]
        known = {piece: place for place, piece in enumerate(self.pieces)}
        self.slots: dict[int, str] = {known[f"{{{slot}}}"]: slot for slot in SLOTS}
        self.slot_ids: dict[str, int] = {slot: place for place, slot in self.slots.items()}
        self.controls: dict[str, int] = {word: known[word] for word in control_words()}
        self.end, self.pad = self.controls["<end>"], known["<pad>"]
        self.subject, self.preheader = self.controls["<subject>"], self.controls["<preheader>"]
        self.paragraph = self.controls["<paragraph>"]

    def header(self, header: Header) -> list[int]:
        """The ids of a header's control words."""
        return [self.controls[word] for word in header.words()]

    def text(self, text: str) -> list[int]:
        """The ids of a piece of text with slots in braces."""
        ids: list[int] = self._tokeniser.encode(f" {text}", add_special_tokens=False).ids
        return ids

    def letter(self, subject: str, preheader: str, paragraphs: Sequence[str]) -> list[int]:
        """The ids of a letter after its header."""
        ids = [self.subject, *self.text(subject), self.preheader, *self.text(preheader)]
        for paragraph in paragraphs:
            ids += [self.paragraph, *self.text(paragraph)]
        return [*ids, self.end]

    def reply(self, text: str) -> list[int]:
        """The ids of a chat reply after its header."""
        return [*self.text(text), self.end]

    def joined(self, ids: Iterable[int], before: str = "") -> str:
        """The text of ids; a slot is set off by a blank unless it follows the beginning, a quotation mark or the like.

        `before` is what stands before them.
        """
        text = before
        for place in ids:
            if place in self.slots:
                blank = "" if not text or text[-1] in _NO_SPACE_AFTER else " "
                text += f"{blank}{{{self.slots[place]}}}"
            else:
                piece = self.pieces[place].replace(SPACE, " ")
                text += piece.lstrip() if not text or text[-1] == "\n" else piece
        return text[len(before) :]

    def parts(self, ids: Sequence[int]) -> tuple[str, str, tuple[str, ...]]:
        """Subject, preheader and paragraphs of generated ids; a reply is one paragraph without the others."""
        subject, preheader, paragraphs = "", "", []
        kind, start = self.paragraph, 0
        marks = {self.subject, self.preheader, self.paragraph, self.end}
        for place, token in enumerate([*ids, self.end]):
            if token not in marks:
                continue
            text = self.joined(ids[start:place]).strip()
            if text and kind == self.subject:
                subject = text
            elif text and kind == self.preheader:
                preheader = text
            elif text:
                paragraphs.append(text)
            if token == self.end:
                break
            kind, start = token, place + 1
        return subject, preheader, tuple(paragraphs)

    def forbidden(self) -> list[int]:
        """Tokens that may never be generated: figures, addresses and markup outside slots, and control words."""
        allowed = {self.end, self.subject, self.preheader, self.paragraph}
        return [
            place
            for place, piece in enumerate(self.pieces)
            if place not in allowed
            and place not in self.slots
            and (piece in self.controls or piece in ("<pad>", "<unk>") or bool(_FIGURES & set(piece)) or "www" in piece)
        ]


def learned(texts: Iterable[str], size: int) -> str:
    """A tokeniser of `size` tokens, control words and slots included, learned from texts: its file."""
    from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers, trainers

    tokeniser = Tokenizer(models.BPE(unk_token="<unk>"))
    spaces = pre_tokenizers.Metaspace(replacement=SPACE, prepend_scheme="never")
    tokeniser.pre_tokenizer = pre_tokenizers.Sequence([spaces, pre_tokenizers.Punctuation("isolated")])
    special = [AddedToken(word, special=True, normalized=False) for word in ("<pad>", "<unk>", *control_words())]
    # A slot takes the blank before it, so that it is one token wherever it stands.
    slots = [AddedToken(f"{{{slot}}}", special=True, normalized=False, lstrip=True) for slot in SLOTS]
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=[*special, *slots], initial_alphabet=_ALPHABET, show_progress=False
    )
    # Slots are tokens already: their names must not become words.
    tokeniser.train_from_iterator((_SLOT.sub(" ", text) for text in texts), trainer)
    content: str = tokeniser.to_str()
    return content
