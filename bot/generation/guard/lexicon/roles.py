"""Words beside a figure that say what it is: a saving, a price, a deadline, how long a customer has been one."""

from bot.generation.guard.lexicon.lists import wordset

SAVE_BEFORE = wordset(
    "save saves saving savings discount reduction off sparen sparst ersparnis rabatt nachlass economisez"
    " economie economiser remise reduction rabais ahorra ahorras ahorrar ahorro descuento poupa poupar"
    " poupanca desconto economiza risparmia risparmi risparmio sconto besparen bespaart besparing korting"
    " cheaper less"
)
SAVE_AFTER = wordset(
    "off less cheaper discount savings saving reduction weniger rabatt gunstiger nachlass billiger moins"
    " remise reduction rabais menos descuento desconto sconto meno korting minder goedkoper ersparnis"
    " rebate lower smaller niedriger lager"
)
OF_PRICE = wordset("of vom von des du de del do della van der")
OFFER_TALK = wordset(
    "pausar sospendere suspender suspendre pausing sospensione discount off price pay offer free"
    " discounted reduced lower rabatt nachlass preis zahlen zahlst gratis kostenlos remise reduction prix"
    " paierez paiement gratuit descuento precio pagar gratuito desconto preco sconto prezzo korting prijs"
    " betaalt pause pausieren pauze pausa trial waived valid extra bonus refund % save"
)
TENURE_TALK = wordset(
    "been since with customer loyal loyalty together us joined member seit kunde kundin treu dabei bei"
    " depuis client cliente fidele fidelite desde fiel anos da klant trouw bij sinds al subscriber thank"
    " danke merci gracias obrigado grazie dank lleva llevas ensemble juntos insieme samen"
)
DECIDING = wordset("decide decision entscheiden decider decidir decidere beslissen reply answer accept respond")
"""Words of making up one's mind: a length of time beside them is a deadline."""

PAST = wordset(
    "last past ago letzten letzte vergangenen vor dernier dernieres derniers derniere ultimos ultimas"
    " ultimo ultimi ultime scorsi afgelopen laatste geleden since seit depuis desde sinds previous used"
    " watched spent streamed genutzt"
)
UNTIL = wordset(
    "until till by before within in through ends end expires valid until bis innerhalb binnen noch vor"
    " jusqu avant d'ici ici sous dans hasta antes en dentro ate em entro fino tra fra prima tot voor over"
    " nog deadline expire le remaining caduca termina scade verloopt gultig valable valida valido geldig"
    " for still"
)
UNTIL_DATE = UNTIL - wordset(
    "in voor over vor noch nog for le en em within through fra tra still valid valable valida valido"
)
"""Words before a last day."""

DATE_ROLES: dict[str, tuple[str, ...]] = {
    "renewal_date": (
        "renew",
        "erneuer",
        "renouvel",
        "verleng",
        "verlanger",
        "prolong",
        "prorrog",
        "reconduit",
        "renueva",
        "renov",
        "rinnov",
        "vernieuw",
    ),
    "paid_until": ("paid", "bezahlt", "paye", "pagad", "pago", "pagat", "betaald"),
    "customer_since": ("joined", "signed"),
}
"""Openings of words that say which fact a date is."""

LAST_WORDS = wordset("left remaining remain left noch restants quedan restam rimanenti resterend over from")
ANSWER = wordset(
    "offer reply answer accept valid expires discount respond response take say yes deal price angebot"
    " antwort antworten gultig gilt annehmen rabatt zusagen offre repondre repondez valable accepter"
    " remise oferta responda responder valida aceptar aceitar descuento desconto offerta rispondere"
    " risponda valida accettare sconto aanbod antwoord geldig reageer korting gilt gelten expira expire"
    " scade verloopt caduca"
)
IDIOMS = (
    "two people",
    "two heads",
    "two sides",
    "two of us",
    "one of our",
    "one of us",
    "one of the",
    "one more",
    "at one",
    "no one",
    "one by one",
    "day one",
    "one thing",
    "two minutes",
    "duas ou tres",
    "dos o tres",
    "due o tre",
    "deux ou trois",
    "zwei oder drei",
    "twee of drie",
    "zwei bis drei",
    "an einem tag",
    "two or three",
    "a couple of minutes",
    "a few minutes",
    "five minutes",
    "one minute",
    "a minute",
    "one click",
    "one line",
    "two lines",
    "one or two",
    "two or three",
    "first of all",
    "one way",
    "two ways",
    "either of the two",
    "two things",
    "two options",
    "two questions",
    "zero pressure",
    "a day",
    "one day",
    "these days",
    "some day",
    "the other day",
    "one place",
    "twice about",
    "think twice",
    "double check",
    "double - check",
    "double checked",
    "ein paar minuten",
    "zwei minuten",
    "eine minute",
    "funf minuten",
    "zwei zeilen",
    "ein bis zwei",
    "zwei dinge",
    "zwei satze",
    "deux minutes",
    "quelques minutes",
    "une minute",
    "cinq minutes",
    "deux mots",
    "deux lignes",
    "en un clic",
    "deux choses",
    "un jour",
    "dos minutos",
    "unos minutos",
    "un minuto",
    "cinco minutos",
    "dos palabras",
    "dos lineas",
    "en dos",
    "un dia",
    "dois minutos",
    "alguns minutos",
    "duas palavras",
    "duas linhas",
    "um minuto",
    "um dia",
    "due minuti",
    "pochi minuti",
    "due parole",
    "due righe",
    "cinque minuti",
    "un giorno",
    "twee minuten",
    "een paar minuten",
    "een minuut",
    "vijf minuten",
    "twee regels",
    "op een dag",
    "een dag",
    "once a month",
    "the second",
    "in a second",
    "one second",
    "a second",
    "one moment",
    "24 7",
    "every day",
    "the whole day",
    "one step",
    "two steps",
    "any one",
    "one another",
    "the two of",
    "for one",
    "in two words",
    "a short hour",
    "half an hour",
    "the first",
    "a quick minute",
    "guten tag",
    "two words",
    "one sentence",
    "two sentences",
    "deux phrases",
    "dos frases",
    "due frasi",
    "twee zinnen",
    "duas frases",
    "ein satz",
    "ein wort",
    "une question",
    "one question",
)
"""Figures of speech that hold a number and commit to nothing."""
