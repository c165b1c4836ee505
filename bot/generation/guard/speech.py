"""What the customer said: which words of a text are given back as theirs, and whether they are then confirmed."""

import re
from collections.abc import Iterator

from bot.generation.guard.lexicon.lists import wordset
from bot.generation.guard.matcher import PhraseBook
from bot.generation.guard.reading import Reading
from bot.generation.guard.sources import Sources

_QUOTE = re.compile(r"\"[^\"\n]{3,400}\"|“[^”\n]{3,400}”|„[^“”\n]{3,400}[“”]|«[^»\n]{3,400}»|‘[^’\n]{3,400}’")

ATTRIBUTION = PhraseBook(
    {
        "said": """
you asked|wrote|mentioned|said|told|pointed|raised|described|reported
/ you feel|felt|think|explained|noted|found|complained|wanted|want
/ you've asked|written|mentioned|said|told|pointed|raised|described|reported
/ you have asked|written|mentioned|said|told|raised|described|reported / you also asked|wrote|mentioned|said|told
/ you are|were unhappy|thinking|paying|asking / you're unhappy|thinking|paying|asking
/ your message|question|note|comment|complaint|request|remark about|that|regarding|on / in your words / to quote you
/ your point|concern about|that / sie|du schrieben|schreiben|schreibst|erwahnten|sagten|meinten|fragten
/ sie|du berichteten|schriebst|sagtest|fragtest|meinst|finden|findest
/ haben sie|hast du .. geschrieben|erwahnt|gesagt|gefragt|berichtet
/ sie haben|du hast .. geschrieben|erwahnt|gesagt|gefragt|berichtet|angesprochen / sie haben|du hast uns
/ ihre|deine|ihrer|deiner nachricht|frage|anmerkung
/ vous avez|nous avez ecrit|dit|mentionne|demande|signale|evoque|indique / vous nous avez
/ vous ecriviez|disiez|dites|ecrivez|trouvez|evoquez|demandez|mentionnez / tu as ecrit|dit|demande|mentionne
/ votre message|question|remarque
/ nos escribio|dijo|comento|menciono|escribiste|dijiste|comentaste|indico|pidio|preguntaba
/ usted|nos ha|has dicho|escrito|comentado|mencionado|pedido / ha|has escrito|mencionado|comentado|dicho|pedido
/ su|tu mensaje|pregunta|comentario / mencionaba|mencionaste|escribio|comento|comentaba|decia|dijiste
/ escreveu|disse|mencionou|referiu|perguntou|pediu|escreveste|disseste|mencionaste|indicou / nos disse|escreveu
/ a|na sua mensagem|pergunta|observacao / ha|hai scritto|detto|menzionato|chiesto|segnalato|indicato / ci ha|hai
/ scriveva|diceva|scrivevi|dicevi|chiedeva / il|nel suo|tuo messaggio / la sua|tua domanda|osservazione
/ u|je|jij schreef|zei|noemde|vroeg|meldde|gaf|vindt|schrijft|zegt|vertelde
/ heeft u|heb je .. geschreven|gezegd|genoemd|gevraagd|gemeld
/ u heeft|je hebt .. geschreven|gezegd|genoemd|gevraagd|gemeld|aangegeven / uw|je|jouw bericht|vraag|opmerking
""",
    }
)
"""Openings that give words to the customer, up to the end of their clause."""

CONFIRMATION = PhraseBook(
    {
        "confirms": """
will|we'll|i'll do that|it|so|this / give you that|it / make it so / you get it|that|this / you'll get it|that|this
/ you will get it|that|this / it is yours|done|agreed / it's yours|done|agreed|true|correct|a deal
/ that is correct|right|true|agreed|yours|fine|ours|what / that's correct|right|true|agreed|yours|fine|what
/ you are right|correct / you're right|correct / as agreed / agreed / granted / deal / approved / confirmed
/ we|i confirm|accept|agree|honour|honor|match|approve|grant / we'll|i'll honour|honor|match|do|accept / of course
/ yes / absolutely / certainly / no problem / exactly / so be it / consider it / and you|we will|have
/ happy to confirm|do / can confirm / as you wish / as promised / as requested / so we do|will / we do so
/ it applies / we stand by / das|dies bekommen|erhalten|stimmt|gilt|machen|bestatigen
/ sie bekommen|erhalten das|es|ihn|sie / stimmt / korrekt / genau / einverstanden / abgemacht / bestatigt
/ bestatigen wir|ich|ihnen / wir bestatigen / ich bestatige / geht in ordnung / genehmigt / ja / naturlich
/ selbstverstandlich / so machen wir / gern bestatigen / wie vereinbart / wie versprochen / wie gewunscht
/ sie haben recht / c est d accord|exact|correct|confirme|entendu|vrai / d accord / vous l avez|aurez / oui
/ bien sur / confirme* / nous confirmons|acceptons / je confirme / accord* / vous avez raison
/ comme convenu|promis|demande / entendu / exactement / es correcto|cierto|verdad|suyo|tuyo / de acuerdo
/ confirmamos|confirmo|confirmado|aceptamos / si / claro / por supuesto / tiene|tienes razon
/ lo tendra|tiene|recibira / como acordado|acordamos|prometido|pidio / hecho / trato hecho / exacto / concedido
/ esta certo|correto|confirmado / de acordo / sim / com certeza / tem razao
/ confirmamos|confirmo|confirmado|aceitamos / combinado / como combinado|prometido|pediu / exatamente / e seu
/ e corretto|vero|giusto|suo|tuo|confermato / d accordo / certo / certamente / ha|hai ragione
/ confermiamo|confermo|confermato|accettiamo / come concordato|promesso|richiesto / esatto / affare fatto
/ lo avra|ottiene / dat klopt|krijgt|is|regelen / klopt / akkoord / afgesproken / natuurlijk / zeker
/ u heeft|je hebt gelijk / wij|we bevestigen|accepteren / ik bevestig / bevestigd
/ zoals afgesproken|beloofd|gevraagd / u krijgt|je krijgt dat|het / precies
""",
    }
)
"""Words that make what was said before them, or after, ours."""

_CLAUSE_END = frozenset(",;:.!?—–")
_CONFIRMS_ALONE = wordset("and und et y e en so we i wir nous je but")


def given_back(reading: Reading, sources: Sources) -> set[int]:
    """Tokens that repeat the customer's own words: in quotation marks or after `you wrote that`, up to the clause end.

    Only words that the customer did say count, so nothing can be put into their mouth.
    """
    if not sources.said.strip():
        return set()
    found: set[int] = set()
    for match in _QUOTE.finditer(reading.plain):
        inside = [i for i, token in enumerate(reading.tokens) if match.start() <= token.start < match.end()]
        words = " ".join(reading.tokens[i].text for i in inside if reading.tokens[i].text.isalnum())
        if words and f" {words} " in sources.said:
            found.update(inside)
    for opening in ATTRIBUTION.find(reading):
        place = opening.last + 1
        while place < len(reading.tokens) and reading.sentence_of[place] == reading.sentence_of[opening.first]:
            text = reading.tokens[place].text
            if text in _CLAUSE_END or (text in _CONFIRMS_ALONE and place > opening.last + 1):
                break
            if f" {text} " in sources.said or not text.isalnum():
                found.add(place)
            place += 1
    return found


def confirmations(reading: Reading, claimed: set[int]) -> Iterator[tuple[str, int, int]]:
    """Words of assent in the sentence of a figure that only the customer named, or in the one after it or before it."""
    if not claimed:
        return
    near = {reading.sentence_of[index] + step for index in claimed for step in (-1, 0, 1)}
    for match in CONFIRMATION.find(reading):
        if reading.sentence_of[match.first] in near:
            yield "confirms_customer", match.first, match.last
