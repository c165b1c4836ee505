"""Months, weekdays and units of time in seven languages, folded (lower case, no accents)."""

from bot.generation.guard.lexicon.lists import wordset

_MONTH_LINES = (
    "january jan januar janvier janv enero ene janeiro gennaio gen januari",
    "february feb februar fevrier fevr febrero fevereiro fev febbraio februari",
    "march mar marz maerz mars marzo marco maart mrt mrz",
    "april apr avril avr abril abr aprile",
    "may mai mayo maio maggio mag mei",
    "june jun juni juin junio junho giugno giu",
    "july jul juli juillet juil julio julho luglio lug",
    "august aug aout agosto ago augustus",
    "september sep sept septembre septiembre setembro settembre set",
    "october oct oktober okt octobre octubre outubro out ottobre ott",
    "november nov novembre noviembre novembro",
    "december dec dezember dez decembre diciembre dic dezembro dicembre",
)
MONTHS: dict[str, int] = {word: n for n, line in enumerate(_MONTH_LINES, 1) for word in line.split()}
"""Month names and their usual short forms."""

WORDS_NOT_MONTHS = wordset("may mar mai set out ago gen mag ene jun jul sep dic dec jan fev dez abr nov oct")
"""Names that are common words too, or too short to be read as a month without a day beside them."""

_WEEKDAY_LINES = (
    "monday mondays montag montags lundi lundis lunes segunda lunedi maandag",
    "tuesday tuesdays dienstag dienstags mardi martes terca martedi dinsdag",
    "wednesday wednesdays mittwoch mittwochs mercredi miercoles quarta mercoledi woensdag",
    "thursday thursdays donnerstag donnerstags jeudi jueves quinta giovedi donderdag",
    "friday fridays freitag freitags freitagen vendredi viernes sexta venerdi vrijdag",
    "saturday saturdays samstag samstags samstagen sonnabend samedi sabado sabato zaterdag",
    "sunday sundays sonntag sonntags sonntagen dimanche domingo domenica zondag",
)
WEEKDAYS: dict[str, int] = {word: n for n, line in enumerate(_WEEKDAY_LINES) for word in line.split()}
"""Weekday names; Monday is 0."""

_UNIT_LINES = {
    "second": "second seconds sekunde sekunden seconde secondes segundo segundos secondo secondi seconden",
    "minute": "minute minutes minuten minuto minutos minuti minuut min mins",
    "hour": "hour hours hrs stunde stunden heure heures hora horas ora ore uur uren",
    "day": "day days tag tage tagen tages taegig tagig jour jours journee journees dia dias giorno giorni giornata dag"
    " dagen",
    "week": "week weeks woche wochen wochig semaine semaines semana semanas settimana settimane weken",
    "fortnight": "fortnight fortnights quinzaine quincena quinzena",
    "month": "month months monat monate monaten monats monatig mois mes meses mese mesi maand maanden",
    "quarter": "quarter quarters quartal quartale quartalen trimestre trimestres trimestri kwartaal kwartalen",
    "semester": "semester semestre semestres semestri halbjahr halbjahre halfjaar",
    "year": "year years jahr jahre jahren jahres jahrig an ans annee annees ano anos anno anni annata jaar jaren",
    "decade": "decade decades jahrzehnt jahrzehnte decennie decennies decada decadas decennio decenni decennium",
    "century": "century centuries jahrhundert siecle siecles siglo siglos secolo secoli seculo seculos eeuw eeuwen",
    "bill": "bill bills invoice invoices rechnung rechnungen abrechnung abrechnungen facture factures factura facturas"
    " fattura fatture fatura faturas factuur facturen payment payments zahlung zahlungen paiement paiements pago pagos"
    " pagamento pagamentos pagamenti betaling betalingen cycle cycles zyklus zyklen ciclo ciclos cicli"
    " mensualite mensualites mensualidad mensualidades mensalidade mensalidades instalment instalments installment"
    " installments rate raten echeance echeances cuota cuotas termijn termijnen",
}
UNITS: dict[str, str] = {word: unit for unit, line in _UNIT_LINES.items() for word in line.split()}
"""Words for a length of time, by unit; a bill stands for one billing period."""

PERIODS: dict[str, str] = {
    word: unit
    for unit, line in {
        "day": "daily taglich quotidien diario diariamente dagelijks giornaliero",
        "week": "weekly wochentlich hebdomadaire semanal semanalmente settimanale settimanali wekelijks wekelijkse",
        "month": "monthly monatlich monatliche monatlichen monatlicher monatliches mensuel mensuelle"
        " mensuels"
        " mensuelles mensuellement mensual mensuales mensualmente mensal mensais mensalmente"
        " mensile mensili mensilmente"
        " maandelijks maandelijkse mo mtl pm mth",
        "quarter": "quarterly vierteljahrlich quartalsweise trimestriel trimestrielle trimestral trimestralmente"
        " trimestrale",
        "year": "yearly annual annually jahrlich jahrliche jahrlichen jahrlicher annuel annuelle annuellement anual"
        " anualmente anuales annuale annualmente jaarlijks jaarlijkse pa yr",
    }.items()
    for word in line.split()
}
"""Words that say how often something is paid."""

TODAY = wordset("today tonight heute aujourd'hui hoy hoje oggi vandaag vanavond")
TOMORROW = wordset("tomorrow morgen demain manana amanha domani")
YESTERDAY = wordset("yesterday gestern hier ayer ontem ieri gisteren")
NEXT = wordset(
    "next coming following nachste nachsten nachster nachstes kommende kommenden kommender prochain"
    " prochaine prochains prochaines proximo proxima proximos proximas siguiente siguientes prossimo"
    " prossima prossimi prossime volgende komende eerstvolgende seguinte seguintes"
)
THIS = wordset("this diese dieser diesen diesem dieses ce cet cette este esta questo questa quest deze dit neste nesta")
LAST = wordset(
    "last past letzte letzten letzter letztes vergangene vergangenen dernier derniere derniers dernieres"
    " pasado pasada pasados passado passada passe passee scorso scorsa scorsi scorse ultimo ultima ultimos"
    " ultimas ultimi ultime afgelopen vorige laatste vorigen"
)
END = wordset("end ende fin final fine fim eind einde finales")

HOLIDAYS: dict[str, tuple[int, int]] = {
    word: day
    for day, line in {
        (12, 25): "christmas xmas weihnachten noel navidad natal natale kerst kerstmis",
        (12, 24): "heiligabend nochebuena kerstavond",
        (12, 31): "silvester nochevieja oudjaar reveillon",
        (1, 1): "neujahr nieuwjaar capodanno",
        (10, 31): "halloween",
        (2, 14): "valentine valentines valentinstag",
    }.items()
    for word in line.split()
}
"""Holidays with a fixed day: month and day."""

MOVING_HOLIDAYS = wordset(
    "easter ostern paques pascua pascoa pasqua pasen ramadan thanksgiving pentecost pfingsten pentecote"
    " pinksteren advent hanukkah diwali carnival karneval carnaval carnevale spring summer autumn fall"
    " winter"
)
"""Times of the year with no fixed day: never a deadline a record supports."""
