"""Writes numbers, dates and amounts as people do, in seven languages; independent of how the guard reads them."""

from datetime import date

LOW = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen"
    " eighteen nineteen",
    "de": "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn"
    " siebzehn"
    " achtzehn neunzehn",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
    " dix-sept dix-huit dix-neuf",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
    " dieciséis diecisiete"
    " dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete"
    " veintiocho veintinueve",
    "pt": "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezasseis"
    " dezassete"
    " dezoito dezanove",
    "it": "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici"
    " sedici"
    " diciassette diciotto diciannove",
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien"
    " zeventien"
    " achttien negentien",
}
TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
}
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
LANGUAGES = tuple(LOW)


def in_words(number: int, lang: str) -> str:
    """A number below 100 in words."""
    low = LOW[lang].split()
    if number < len(low):
        return low[number]
    if lang == "fr":
        return _french(number, low)
    ten, unit = TENS[lang].split()[number // 10 - 2], number % 10
    if not unit:
        return ten
    if lang == "de":
        return f"{low[unit]}und{ten}"
    if lang == "nl":
        return f"{low[unit]}{'ën' if low[unit].endswith('e') else 'en'}{ten}"
    if lang == "it":
        return (ten[:-1] if unit in (1, 8) else ten) + low[unit]
    return {"en": f"{ten}-{low[unit]}", "es": f"{ten} y {low[unit]}", "pt": f"{ten} e {low[unit]}"}[lang]


def _french(number: int, low: list[str]) -> str:
    base, rest = (number // 20 * 20, number % 20) if number >= 60 else (number // 10 * 10, number % 10)
    head = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"}[base]
    if not rest:
        return head + ("s" if base == 80 else "")
    return f"{head} et {low[rest]}" if rest in (1, 11) and base < 80 else f"{head}-{low[rest]}"


PERCENT = {"en": "percent", "de": "Prozent", "fr": "pour cent", "es": "por ciento", "pt": "por cento",
           "it": "per cento", "nl": "procent"}  # fmt: skip
OFF = {
    "en": "I can offer you {x} off for three months.",
    "de": "Ich kann Ihnen {x} Rabatt für drei Monate anbieten.",
    "fr": "Je peux vous proposer {x} de remise pendant trois mois.",
    "es": "Le puedo ofrecer un {x} de descuento durante tres meses.",
    "pt": "Posso oferecer-lhe {x} de desconto durante três meses.",
    "it": "Posso offrirle il {x} di sconto per tre mesi.",
    "nl": "Ik kan u {x} korting geven, drie maanden lang.",
}
PAY = {
    "en": "You would pay {x} a month.",
    "de": "Sie würden {x} im Monat zahlen.",
    "fr": "Vous paieriez {x} par mois.",
    "es": "Pagaría {x} al mes.",
    "pt": "Pagaria {x} por mês.",
    "it": "Pagherebbe {x} al mese.",
    "nl": "U zou {x} per maand betalen.",
}
BY = {
    "en": "Please reply by {x} if you want the offer.",
    "de": "Bitte antworten Sie bis zum {x}, wenn Sie das Angebot möchten.",
    "fr": "Répondez avant le {x} si vous souhaitez en profiter.",
    "es": "Responda antes del {x} si le interesa la oferta.",
    "pt": "Responda até {x} se quiser a oferta.",
    "it": "Risponda entro il {x} se le interessa l'offerta.",
    "nl": "Antwoord vóór {x} als u het aanbod wilt.",
}
FOR_MONTHS = {
    "en": "You would get 20 % off for {x} months.",
    "de": "Sie bekämen 20 % Rabatt für {x} Monate.",
    "fr": "Vous auriez 20 % de remise pendant {x} mois.",
    "es": "Tendría un 20 % de descuento durante {x} meses.",
    "pt": "Teria 20 % de desconto durante {x} meses.",
    "it": "Avrebbe il 20 % di sconto per {x} mesi.",
    "nl": "U krijgt 20 % korting, {x} maanden lang.",
}


def long_date(day: date, lang: str) -> str:
    """A date as a letter in that language has it."""
    month = MONTHS[lang].split()[day.month - 1]
    return {
        "en": f"{day.day} {month} {day.year}",
        "de": f"{day.day}. {month} {day.year}",
        "es": f"{day.day} de {month} de {day.year}",
        "pt": f"{day.day} de {month} de {day.year}",
    }.get(lang, f"{day.day} {month} {day.year}")


def amount(cents: int, lang: str) -> list[str]:
    """An amount of euros in the forms of that language."""
    whole, rest = divmod(cents, 100)
    if lang == "en":
        return [f"€{whole}.{rest:02}", f"EUR {whole}.{rest:02}", f"{whole}.{rest:02} euros"]
    return [f"{whole},{rest:02} €", f"€ {whole},{rest:02}", f"{whole},{rest:02} EUR", f"{whole},{rest:02} euros"]
