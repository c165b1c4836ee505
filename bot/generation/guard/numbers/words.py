"""Numbers written in words: English, German, French, Spanish, Portuguese, Italian and Dutch, up to millions.

Words are folded (lower case, no accents). German, Dutch and Italian write a number as one word, so every form up
to 999 is made once; the others are read word by word.
"""

from collections.abc import Sequence
from functools import cache

from bot.generation.guard.lexicon.lists import wordset

_LOW: dict[str, str] = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen",
    "de": "null ein zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn"
    " siebzehn achtzehn neunzehn",
    "fr": "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis"
    " diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis"
    " veintisiete veintiocho veintinueve",
    "pt": "zero um dois tres quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezasseis dezassete"
    " dezoito dezanove",
    "it": "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici"
    " diciassette diciotto diciannove",
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien"
    " zeventien achttien negentien",
}
_TENS: dict[str, str] = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt trente quarante cinquante soixante septante huitante nonante",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
}
_HUNDREDS: dict[str, str] = {
    "es": "doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos",
    "pt": "duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos",
}
_EXTRA: dict[str, dict[str, int]] = {
    "en": {"nought": 0, "dozen": 12, "score": 20, "fourty": 40, "hundreds": 100, "dozens": 12, "single": 1},
    "de": {"zwo": 2, "eins": 1, "dutzend": 12, "hundert": 100, "fuenf": 5, "zwoelf": 12, "fuenfzehn": 15},
    "fr": {
        "vingts": 20,
        "douzaine": 12,
        "dizaine": 10,
        "vingtaine": 20,
        "trentaine": 30,
        "quinzaine": 15,
        "cinquantaine": 50,
        "centaine": 100,
        "octante": 80,
        "cents": 100,
        "une": 1,
    },
    "es": {"una": 1, "un": 1, "docena": 12, "cien": 100, "ciento": 100, "decena": 10},
    "pt": {
        "uma": 1,
        "duas": 2,
        "duzia": 12,
        "cem": 100,
        "cento": 100,
        "quatorze": 14,
        "dezesseis": 16,
        "dezessete": 17,
        "dezenove": 19,
    },
    "it": {"un": 1, "una": 1, "dozzina": 12, "decina": 10, "cento": 100, "ventina": 20, "trentina": 30},
    "nl": {"dozijn": 12, "honderd": 100, "tig": 20, "één": 1},
}
SCALES: dict[str, int] = {
    "hundred": 100,
    "cent": 100,
    "cents": 100,
    "honderd": 100,
    "hundert": 100,
    "cento": 100,
    "thousand": 1000,
    "tausend": 1000,
    "mille": 1000,
    "mil": 1000,
    "mila": 1000,
    "duizend": 1000,
    "grand": 1000,
    "million": 1_000_000,
    "millions": 1_000_000,
    "millionen": 1_000_000,
    "millones": 1_000_000,
    "milioni": 1_000_000,
    "milhoes": 1_000_000,
    "miljoen": 1_000_000,
    "milione": 1_000_000,
    "millon": 1_000_000,
    "milhao": 1_000_000,
}
"""Words that multiply what stands before them."""

AND = wordset("and und et y e en")
"""Words that join the parts of a number."""

ARTICLES = wordset("a an one ein eine einen einem einer eines un une una uno um uma een")
"""Words that say one, and mostly mean no number at all."""

AMBIGUOUS: dict[str, frozenset[str]] = {
    "once": frozenset({"es"}),
    "sei": frozenset({"it"}),
    "due": frozenset({"it"}),
    "onze": frozenset({"fr", "pt"}),
    "dos": frozenset({"es"}),
    "ten": frozenset({"en"}),
    "cent": frozenset({"fr"}),
    "cents": frozenset({"fr"}),
    "sept": frozenset({"fr"}),
    "um": frozenset({"pt"}),
    "score": frozenset(),
    "single": frozenset(),
    "grand": frozenset({"en"}),
    "tre": frozenset({"it"}),
    "elf": frozenset({"de", "nl"}),
    "sete": frozenset({"pt"}),
    "sette": frozenset({"it"}),
    "tig": frozenset({"nl"}),
    "een": frozenset({"nl"}),
    "neuf": frozenset({"fr"}),
    "nul": frozenset({"nl"}),
    "null": frozenset({"de"}),
    "oito": frozenset({"pt"}),
}
"""Number words that mean something else in another of the seven languages: read only in their own."""


@cache
def small_numbers() -> dict[str, int]:
    """Every single word that is a number below 1000, in any language."""
    table: dict[str, int] = {}
    for lang in _LOW:
        table |= {word: n for n, word in enumerate(_LOW[lang].split())}
        table |= {word: 10 * n for n, word in enumerate(_TENS[lang].split(), 2)}
        table |= {word: 100 * n for n, word in enumerate(_HUNDREDS.get(lang, "").split(), 2)}
        table |= _EXTRA[lang]
    table |= {word[:-2] + "as": n for word, n in table.items() if word.endswith("entos")}
    for lang, joint in (("de", "und"), ("nl", "en")):
        table |= _germanic(lang, joint)
    table |= _italian()
    return table


def _germanic(lang: str, joint: str) -> dict[str, int]:
    units = _LOW[lang].split()
    tens = {10 * n: word for n, word in enumerate(_TENS[lang].split(), 2)}
    below = {word: n for n, word in enumerate(units)} | {word: n for n, word in tens.items()}
    below |= {units[unit] + joint + word: ten + unit for ten, word in tens.items() for unit in range(1, 10)}
    hundred = "hundert" if lang == "de" else "honderd"
    table = dict(below)
    for count in range(1, 10):
        for head in {units[count] + hundred} | ({hundred} if count == 1 else set()):
            table[head] = 100 * count
            table |= {head + link + word: 100 * count + n for word, n in below.items() if n for link in ("", joint)}
    return table | {word.replace("funf", "fuenf").replace("zwolf", "zwoelf"): n for word, n in table.items()}


def _italian() -> dict[str, int]:
    units = _LOW["it"].split()
    below = {word: n for n, word in enumerate(units)}
    for n, ten in enumerate(_TENS["it"].split(), 2):
        below[ten] = 10 * n
        for unit in range(1, 10):
            stem = ten[:-1] if unit in (1, 8) else ten
            below[stem + units[unit]] = 10 * n + unit
    table = dict(below)
    for count in range(1, 10):
        head = ("" if count == 1 else units[count]) + "cento"
        table[head] = 100 * count
        table |= {head + word: 100 * count + n for word, n in below.items() if n}
        table |= {head[:-1] + word: 100 * count + n for word, n in below.items() if word.startswith("otta")}
    return table


def parse(words: Sequence[str], languages: frozenset[str]) -> tuple[int, int]:
    """The number at the start of `words` and how many words it takes; (0, 0) where there is none.

    `languages` are those the sentence may be written in; they settle words such as `once` and `due`.
    """
    total, current, used, previous = 0, None, 0, 0
    small = small_numbers()
    index = 0
    while index < len(words):
        word = words[index]
        if word == "-" and used and index + 1 < len(words):
            index += 1
            continue
        if word in AMBIGUOUS and not AMBIGUOUS[word] & languages:
            break
        if word in SCALES and (used or word not in small):
            scale = SCALES[word]
            if scale == 100:
                current = (current or 1) * 100
            else:
                total, current = total + (current or 1) * scale, None
            previous = scale
        elif word in small and _continues(small[word], current, previous, used):
            value = small[word]
            current = 80 if (value == 20 and previous == 4 and word.startswith("vingt")) else (current or 0) + value
            previous = 80 if current == 80 and value == 20 else value
        elif word in AND and used and index + 1 < len(words) and _joins(words[index + 1], small, previous, languages):
            index += 1
            continue
        else:
            break
        index += 1
        used = index
    return total + (current or 0), used


def _continues(value: int, current: int | None, previous: int, used: int) -> bool:
    """Whether a number word may follow the one before it in the same number."""
    if not used or current is None:
        return True
    if value == 20 and previous == 4:
        return True
    if previous >= 100:
        return value < previous
    if previous == 10 and 7 <= value <= 9:
        return True
    if previous in (60, 80) and value < 20:
        return True
    return previous >= 20 and previous % 10 == 0 and value < 10 and value > 0


def _joins(word: str, small: dict[str, int], previous: int, languages: frozenset[str]) -> bool:
    value = small.get(word)
    if value is None or previous == 0 or not AMBIGUOUS.get(word, languages) & languages:
        return False
    return _continues(value, 1, previous, 1) or (previous == 60 and value == 11)
