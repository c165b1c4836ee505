"""Money, percentages, fractions and multiples in seven languages, folded."""

from bot.generation.guard.lexicon.lists import wordset

CURRENCY_SIGNS = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₽": "RUB",
    "₩": "KRW",
    "₺": "TRY",
    "₿": "BTC",
    "₴": "UAH",
    "₪": "ILS",
    "฿": "THB",
    "₦": "NGN",
    "₫": "VND",
    "₱": "PHP",
}
_CURRENCY_LINES = {
    "EUR": "eur euro euros eurs",
    "USD": "usd dollar dollars dolar dolares dollaro dollari buck bucks",
    "GBP": "gbp pound pounds quid sterling pfund libra libras sterlina sterline tenner fiver",
    "CHF": "chf franken francs francos franchi sfr",
    "BRL": "brl reais",
    "MXN": "mxn peso pesos",
    "JPY": "jpy yen",
    "CAD": "cad",
    "AUD": "aud",
    "NZD": "nzd",
    "SEK": "sek",
    "NOK": "nok",
    "DKK": "dkk",
    "PLN": "pln zloty zlotys zl",
    "CZK": "czk kc koruna",
    "INR": "inr rupee rupees",
    "BTC": "btc bitcoin bitcoins",
    "CNY": "cny yuan",
    "ZAR": "zar",
    "TRY": "lira lire",
}
CURRENCY_WORDS: dict[str, str] = {word: code for code, line in _CURRENCY_LINES.items() for word in line.split()}
"""Words and codes for a currency."""

DOLLARS = wordset("USD CAD AUD NZD SGD HKD MXN")
"""Currencies that are written with a dollar sign."""

CENTS = wordset(
    "cent cents penny pence centime centimes centimo centimos centesimo centesimi centavo centavos rappen"
    " eurocent eurocents p"
)
CENT_SIGNS = frozenset("¢")

PERCENT_WORDS = wordset("percent pct prozent porcento percento procent prozentpunkte percentage pourcent bps")
PERCENT_PAIRS = frozenset(
    {
        ("per", "cent"),
        ("pour", "cent"),
        ("por", "ciento"),
        ("por", "cento"),
        ("per", "cento"),
        ("v", "h"),
        ("p", "c"),
        ("out", "of"),
        ("por", "cien"),
    }
)
"""Two words that say percent."""

HALF = wordset(
    "half halb halbe halben halber halbes halfte moitie demi demie mitad medio media metade meio meia"
    " meta mezzo mezza helft halve halves halbiert halbieren halved halving halbierter halveren gehalveerd"
    " dimezzato dimezzata"
)
"""Words for one half; those that also mean something else are read in their own language only."""

HALF_ONLY: dict[str, frozenset[str]] = {
    "media": frozenset({"es"}),
    "medio": frozenset({"es"}),
    "meta": frozenset({"it"}),
    "meia": frozenset({"pt"}),
    "meio": frozenset({"pt"}),
    "mezzo": frozenset({"it"}),
    "demi": frozenset({"fr"}),
}
FRACTIONS: dict[str, int] = {
    word: parts
    for parts, line in {
        3: "third thirds drittel tiers tercio tercios terco tercos terzo terzi derde derden terca",
        4: "quarter quarters viertel quart quarts cuarto cuartos quarto quartos quarti kwart",
        5: "fifth fifths funftel fuenftel cinquieme cinquiemes quinto quintos quinti vijfde",
        6: "sixth sixths sechstel sixieme sexto sesto",
        8: "eighth eighths achtel huitieme octavo oitavo ottavo",
        10: "tenth tenths zehntel dixieme dixiemes decimo decimos decimi tiende",
    }.items()
    for word in line.split()
}
"""Nouns for one part of so many."""

SIGNS_OF_FRACTION = {
    "½": (1, 2),
    "⅓": (1, 3),
    "⅔": (2, 3),
    "¼": (1, 4),
    "¾": (3, 4),
    "⅕": (1, 5),
    "⅖": (2, 5),
    "⅗": (3, 5),
    "⅘": (4, 5),
    "⅙": (1, 6),
    "⅛": (1, 8),
    "⅒": (1, 10),
}

MULTIPLES = wordset(
    "double doubled doubles doubling triple tripled triples quadruple twice thrice twofold threefold"
    " tenfold doppelt doppelte doppelten verdoppeln verdoppelt verdreifachen dreifach dreifache zweifach"
    " zweifache zweimal dreimal zehnfache doubler doublons doublee doubles triplons tripler doble dobles"
    " doblamos duplicar duplicamos duplicado triplicar triplicamos dobro duplicar duplicamos duplicado"
    " triplo doppio doppia raddoppiare raddoppiamo raddoppiato triplicato dubbel dubbele verdubbelen"
    " verdubbeld verdubbelt verdriedubbelen driedubbele tweemaal driemaal doublement"
)
"""Words that multiply an offer."""

TIMES = wordset("times time mal fois veces vez vezes volte volta keer x maal")

STACKING = wordset(
    "plus additional additionally extra another further more again zusatzlich zusatzliche zusatzlichen"
    " zusatzlicher weitere weiteren weiterer nochmal nochmals obendrauf extra supplementaire"
    " supplementaires additionnel additionnels encore adicional adicionales adicionais mas otro otra otros"
    " otras outro outra mais ulteriore ulteriori aggiuntivo aggiuntivi altro altri altra ancora bovenop"
    " nog weer opnieuw"
)
"""Words that put one offer on top of another."""
