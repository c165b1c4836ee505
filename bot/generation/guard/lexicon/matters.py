"""What prices, bills and faults may be said to do, to be and to become, by language."""

from bot.generation.guard.lexicon.lists import wordset

MONEY_NOUNS = {
    "en": wordset(
        "price prices bill bills rate rates fee fees invoice invoices payment payments charge charges tariff"
        " amount balance"
        " contract subscription discount cost costs deal reduction rent debt sum sums arrears statement money"
        " membership"
        " figure"
    ),
    "de": wordset(
        "preis preise rechnung rechnungen gebuhr gebuhren betrag betrage zahlung zahlungen beitrag beitrage"
        " tarif vertrag"
        " rabatt kosten geld schulden monatspreis monatsrechnung abo anschlusspreis monatsbeitrag konditionen"
    ),
    "fr": wordset(
        "prix facture factures tarif tarifs frais montant montants paiement paiements cotisation contrat remise"
        " argent"
        " mensualite mensualites abonnement note solde echeance addition dette"
    ),
    "es": wordset(
        "precio precios factura facturas tarifa cuota cuotas importe pago pagos cargo contrato descuento dinero"
        " mensualidad"
        " suscripcion saldo recibo recibos deuda"
    ),
    "pt": wordset(
        "preco precos fatura faturas tarifa quota mensalidade mensalidades valor pagamento pagamentos contrato"
        " desconto"
        " dinheiro subscricao saldo conta divida"
    ),
    "it": wordset(
        "prezzo prezzi fattura fatture tariffa canone rata rate importo pagamento pagamenti contratto sconto"
        " denaro soldi"
        " abbonamento saldo conto bolletta debito"
    ),
    "nl": wordset(
        "prijs prijzen factuur facturen tarief kosten bedrag bedragen betaling betalingen contract korting geld"
        " bijdrage"
        " abonnement rekening rekeningen maandbedrag schuld"
    ),
}
"""Words for what the customer pays."""

MONEY_DOES = {
    "en": """
is was are were has had stopped sometimes puzzles puzzled surprises surprised worries worried annoys annoyed
returns continues
stays remains applies becomes seems looks feels goes comes changes changed
matters ends
starts renews renewed covers covered shows showed makes makes does depends includes hurts bothers weighs increased
raised helps stands was based charged paid compared concerns needs means puts adds keeps arrives arrived
reaches reached exceeds
reduced lowered less this thus perhaps was it's its us as yes unless towards plus minus details
terms conditions changes options plans questions issues matters periods points always afterwards besides queried
causes caused explained mentioned described happens runs suits fits deserves asked attached related used agreed
cancelled stops tells works sounds reads others years months weeks days
""",
    "de": """
ist hat geht gilt bleibt lauft kostet steigt gestiegen liegt betragt wird passt andert endet beginnt lohnt
entspricht
umfasst enthalt zeigt kommt sieht macht setzt scheint kehrt statt jetzt zuletzt selbst mit seit nicht verlangert
erneuert belastet stimmt geandert gesamt sinkt insgesamt erst bekannt spielt halt bezahlt wirkt zahlt
besteht erhoht gebucht dort fort sonst derzeit meist bereits bist sind
""",
    "nl": """
is gaat geldt blijft loopt kost stijgt ligt bedraagt wordt past verandert eindigt begint komt ziet lijkt niet
met dat
het wat want laat staat stopt weet klopt drukt valt verlengt betaalt vindt maakt nu eerst bent heeft omvat
bevat daalt
betreft
""",
}
"""What a price or a bill may be said to do."""

COMES_TO_PASS = {
    "fr": """
sera seront aura pourra pourrez pourront restera resteront changera reviendra redeviendra continuera aidera prendra
repondra permettra commencera coutera paierez payerez verrez trouverez saurez voudra faudra reprendra finira
s'appliquera appliquera contactera lira preferez esperez desirez considerez rencontrez ecoutera montrera
expliquera vous serez voudrez souhaiterez deciderez
augmentera diminuera baissera economiserez beneficierez choisirez conviendra suffira retrouverez chez assez lirez
repondrez recevrez profiterez garderez conserverez entendra durera servira rappellera appellera appeler entrera
demandera ecrira viendra vaudra manquera plaira
""",
    "es": """
sera seran podra podran tendra seguira volvera costara pagara ayudara encontrara vera permitira respondera
leera quedara
cambiara continuara comenzara empezara mostrara explicara hara bastara servira decidira querra habra dira sabra
llamara contactara ahorrara conservara mantendra renovara aplicara terminara estara renueva gustara
escribira atendera esta estas ira
""",
    "pt": """
sera serao podera poderao tera continuara voltara custara pagara ajudara encontrara vera permitira respondera lera
ficara mudara comecara mostrara explicara fara bastara servira decidira querera havera dira sabera ligara contactara
poupara conservara mantera renovara aplicara terminara estara recebera chegara gostara regressara retomara ira
""",
    "it": """
sara saranno potra potrai potranno avra avrai continuera tornera costera paghera pagherai aiutera trovera
troverai vedra
vedrai permettera rispondera leggera restera rimarra cambiera comincera iniziera mostrera spieghera fara
bastera servira
decidera vorra vorrai dira sapra chiamera contattera risparmiera risparmierai conservera manterra rinnovera
applichera
terminera ricevera piacera scrivera verra sempre oltre
""",
    "de": """
antwort* bleib* sein werden andern geandert gelten kosten helfen dauern gehen kommen zeigen melden lesen gelesen
beantwortet weitergeleitet zuruckkehren fallen verlangert erneuert fortgesetzt beendet anrufen sprechen passen
reichen
berechnet abgebucht bezahlt gezahlt gutgeschrieben deutlich leichter besser genutzt klappen weitergegeben bearbeitet
angenehm* gefallen verandern belastet notiert fallig enden laufen wissen sicher pausiert unterbrochen
""",
}
"""What may be said to come to pass, in the languages that say it by one word."""

COPULAS = {
    "en": wordset("is are was were been"),
    "de": wordset("ist sind war waren wurde wurden"),
    "fr": wordset("est sont etait etaient ete"),
    "es": wordset("es son esta estan era sido fue"),
    "pt": wordset("e sao esta estao era foi foram"),
    "it": wordset("e sono era stata stato stati state"),
    "nl": wordset("is zijn was waren werd werden"),
}

STATES = """
sometimes match agreed puzzling surprising what was
too high higher highest steep heavy big bigger large larger small smaller low lower wrong right unclear clear
clearer
confusing annoying frustrating fair unfair important hard difficult easy easier simple real serious old new
different
correct incorrect due open paid unpaid based made about also only still just such known common painful sore tight
one two three part what why how where when which that worth nothing something anything everything reason good
bad fine
best worst enough right much little more less fully understandable concern worry burden issue problem point matter
question topic subject lots solve solved? plenty welcome pressure due renew closed what common frequent
upsetting disappointing
tiring unacceptable expensive dear costly
bothering
weighing back listed shown itemised itemized explained described calculated sent billed charged included
monthly yearly
annual usual normal regular same valid grown risen increased raised reported mentioned reached monat monatlich
hoch zu
teuer hoher niedrig niedriger gross grosser klein kleiner falsch richtig unklar klar verwirrend argerlich
wichtig schwer
schwierig einfach fair unfair bezahlt unbezahlt offen fallig berechtigt verstandlich gestiegen gewachsen geworden
gewesen gemeldet aufgetreten grund thema frage last sache viele haufig normal ublich gleich geschickt gedacht
trop eleve elevee eleves elevees cher chere chers cheres lourd lourde important importante grand grande petit
petite bas
basse faux fausse clair claire difficile penible frustrant agacant juste injuste paye payee du due compris
comprehensible
augmente passe devenu devenue survenu survenue signale raison sujet question reel reelle
alto alta altos altas caro cara caros caras pesado pesada grande pequeno pequena bajo baja incorrecto correcto
claro clara
dificil molesto frustrante justo injusto importante pagado pagada comprensible subido aumentado demasiado
motivo tema
pregunta elevado elevada abierta abierto real baixo baixa incorreto correto confuso confusa chato dificil pago paga
compreensivel subiu aumentou demais razao assunto elevato elevata troppo pesante basso bassa sbagliato
sbagliata chiaro
chiara fastidioso frustrante giusto pagato pagata comprensibile aumentato aumentata motivo argomento salito salita
hoog hoge te duur dure laag lage zwaar groot grote klein kleine fout juist onduidelijk duidelijk verwarrend
vervelend
frustrerend eerlijk belangrijk moeilijk betaald open begrijpelijk gestegen geworden geweest gemeld reden
onderwerp vraag
terugkerend echt wel meer minder gegroeid
lastig ingewikkeld opgelopen molto davvero stesso stessa piu meno mucho muy igual mismo misma mas menos muito
mesmo mesma
plus moins tres meme assez sehr genau gerade
"""
"""What a bill, a price or a fault may be said to be."""
