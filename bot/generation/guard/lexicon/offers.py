"""Words that speak of an offer, by kind and language: each may be used only where that kind was decided.

Same notation as `promises`: folded phrases separated by ` / `, `stem*`, `a|b`, `_` any word, `..` up to three.
"""

from bot.generation.guard.lexicon.lists import wordset

OFFERS: dict[str, str] = {
    "free": """
free / for free / free of charge / at no charge / no charge / complimentary / on us / on the house / gratis
/ gratuit* / zero cost / costs nothing / cost you nothing / costs you nothing / without charge / for nothing
/ freebie* / freebies / comp'd / my treat / our treat / no cost to you / kostenlos* / kostenfrei* / umsonst
/ gebuhrenfrei* / freimonat* / gratismonat* / auf kosten des hauses / ohne berechnung / unentgeltlich*
/ kostet sie|dich nichts / gratiszeit* / geht aufs haus / offert / offerte / offerts / offertes / a titre gracieux
/ gracieusement / ne vous coute|coutera rien / cadeau / gratuito* / gratuita* / sin coste / sin costo
/ no le|te cuesta|costara nada / de regalo / de graca / sem custo* / nao lhe custa nada / gratuitamente / omaggio
/ in omaggio / non le|ti costa nulla|niente / omaggi / kosteloos / kosteloze / voor niets / kost u|je niets
""",
    "discount": """
discount* / price cut* / price reduction* / reduced price|rate / reduction / special price|rate / markdown*
/ knock* .. off / money off / percent off / % off / off your bill|price|plan|subscription|next|monthly
/ cheaper rate / slash* / lower price|rate / lower your|the price|bill|rate|cost* / half price / half off
/ reduce* your|the price|bill|rate|cost* / cut* your|the price|bill|rate|cost* / price drop / bargain / sale
/ clearance / promo* / save .. %|eur|€|$|£ / rabatt* / nachlass* / ermassig* / preisnachlass* / vergunstig*
/ preissenkung* / sonderpreis* / reduzierter preis / reduzierten preis / gunstigerer preis / gunstigeren preis
/ skonto / halber preis / halben preis / preisreduzierung* / sparpreis* / billiger / remise* / rabais / reduction*
/ ristourne* / prix reduit / tarif reduit / moitie prix / promotion* / prix special / tarif preferentiel / solde
/ soldes / moins cher / descuento* / rebaja* / reduccion* / precio reducido / precio especial / mitad de precio
/ promocion* / mas barato / desconto* / reducao / preco reduzido / preco especial / metade do preco / promoc*
/ abatimento* / mais barato / sconto / sconti / scontat* / scontistica / riduzion* / prezzo ridotto
/ prezzo speciale / meta prezzo / ribass* / promozion* / agevolazion* / korting* / prijsverlaging* / gereduceerd*
/ verlaagde prijs / speciale prijs / halve prijs / kortingscode* / aanbieding* / goedkoper* / afgeprijsd
/ something off / a deal / price .. lower|lighter|smaller / bill .. lower|lighter|smaller / lighter bill
/ room on|in|for the price / flexible on|with|about the price / better price / come down on / good price
/ luft beim|im / beim preis / am preis / preis .. senken|runter|sinkt|gunstiger|nachlassen|entgegenkommen
/ entgegenkommen / gunstiger / s arranger sur / arranger .. prix / geste sur / baisser .. prix|facture|tarif
/ baisse .. prix|facture|tarif / prix .. baisse|baissera / economiser / acuerdo .. precio
/ bajar .. precio|factura|tarifa / bajamos / precio .. baja|bajara|menor / ahorrar* / acordo .. preco
/ baixar .. preco|fatura / preco .. baixa|baixara|menor / poupar / accordo .. prezzo / abbass* .. prezzo|fattura
/ prezzo .. scende|scendera|minore / risparmi* / over de prijs / prijs .. omlaag|lager|zakt / lagere prijs|rekening
/ verlagen / besparen / save|saving|saves money|you|up|big / december|january|bill|month is|gets|becomes lighter
/ even more off / discounted price / news about|on|for|regarding your price|bill|rate / neuigkeiten .. preis
/ nouvelle .. prix / noticia* .. precio|preco / notizi* .. prezzo / nieuws .. prijs
""",
    "gift": """
voucher* / coupon* / gift / gifts / gift card* / giftcard* / present for you / bonus* / reward* / cashback / points
/ prize* / you've won / you have won / winner / jackpot / lottery / sweepstake* / raffle / freebie* / hamper
/ surprise for you / token of / throw* in / extra data|gigabytes|channels|storage|minutes|credit|month*
/ loyalty points / gutschein* / geschenk* / bonus / pramie* / gewonnen / gewinnspiel* / verlosung* / zugabe*
/ treuepunkte / uberraschung* / aufmerksamkeit fur / bon d achat / bons d achat / bon de reduction / cheque cadeau
/ cheques cadeaux / cadeau* / prime / primes / tombola / gagne .. / gagnant* / points de fidelite / code promo
/ cupon* / vale* regalo / regal* / bono / bonos / premio* / sorteo* / ganador* / tarjeta regalo / puntos / obsequio*
/ cupao / cupoes / cupom / vale* presente / vale* oferta / brinde* / presente / sorteio* / vencedor* / pontos
/ bonificac* / buono / buoni / coupon / regalo / regali / premio / premi / vincitore / vinto / omaggio
/ punti fedelta / concorso / carta regalo / waardebon* / cadeaubon* / tegoedbon* / beloning* / prijs gewonnen
/ verrassing* / spaarpunten / loterij
/ bring|send|give|ship|deliver|get|hand|post you .. router|modem|phone|device|tv|tablet
/ bring|send|give|ship|deliver|get|hand|post you .. handset|laptop|box|equipment|decoder|headphones|speaker
/ new router|modem|phone|device|tablet|handset|decoder / win a|an|the|your|up / surprise|surprises / treat for you
/ something extra / holiday in|to|for two / concert ticket* / bring a friend / each friend / refer a / referral*
/ friend you bring|refer|invite / chuck in / chucked in / freunde werben / freund werben / parrain*
/ recomiend* .. amigo / indique .. amigo / porta un amico / vriend aan
/ a|the present|surprise|treat|reward|something .. waiting|way / little something|extra
/ something nice|special|good|lovely|extra for|waiting|on|you / little extra / sweetener / on top for you
/ legen .. drauf / etwas schones / kleine uberraschung / neuen router / neuer router / ein neues gerat / neues gerat
/ petit plus / nouveau routeur / nouvelle box / nouveau modem / un petit quelque chose / nuevo router / router nuevo
/ nuevo modem / un detalle para / algo especial / novo router / router novo / nuovo router / router nuovo
/ qualcosa di speciale / nieuwe router / nieuwe modem / iets moois / iets leuks / kleinigheid / wacht op u|je
/ vous attend / le espera un|una / a sua espera / la aspetta un|una / wartet auf sie|dich
/ we|i|we'll|i'll|we'd|will add .. to your|the plan|account|subscription|package / a present from us / present for
/ on the way to you
""",
    "code": """
promo code* / discount code* / voucher code* / coupon code* / use code / use the code / with code / enter code
/ enter the code / quote code / gutscheincode* / rabattcode* / aktionscode* / code promo / codigo promocional
/ codigo de descuento / codigo de desconto / codice sconto / codice promo* / kortingscode* / actiecode*
/ mit dem code / avec le code / con el codigo / com o codigo / con il codice / met de code
/ mention|quote|say|type code / code .. at checkout / at checkout
""",
    "special": """
special offer* / special deal* / exclusive offer* / exclusive deal* / great deal / amazing deal / a deal for you
/ an offer for you / offer for you / offer you would / once in a lifetime / unbeatable / vip / secret offer
/ hot deal / sweet deal / better deal / make you an offer / we have an offer / our offer / this offer / your offer
/ personal offer / sonderangebot* / angebot fur sie|dich / unser angebot / dieses angebot / diesem angebot
/ exklusives angebot / exklusive* angebot* / schnappchen / aktion / sonderaktion* / offre speciale / offre exclusive
/ cette offre / notre offre / une offre pour / bon plan / offre pour vous / offre personnelle / oferta especial
/ oferta exclusiva / esta oferta / nuestra oferta / una oferta para / chollo / oferta personal / nossa oferta
/ uma oferta para / promocao / offerta speciale / offerta esclusiva / nostra offerta / questa offerta
/ un offerta per / affare / speciaal aanbod / speciale aanbieding* / exclusief aanbod / ons aanbod / dit aanbod
/ een aanbod voor / koopje / better offer / another discount|offer|deal / new discount|deal
/ further discount|offer|reduction / additional discount / next discount / second discount / weiterer rabatt
/ weiteren rabatt / neuer rabatt / autre remise / otro descuento / outro desconto / altro sconto / nog een korting
/ look at|for another / another one next|later|in / next discount|offer / worth your while
/ loyalty rate|price|discount|bonus|offer|reward|deal / treuerabatt|treuepreis|treuebonus
""",
    "pause": """
pause your|the|it|this|subscription|plan|service|account|billing|contract / pausing your|the / put .. on hold
/ freeze your|the account|plan|subscription|contract|service / suspend your|the / take a break / on pause / a pause
/ holiday hold / pause for / can|could pause / is|are|was|been|now paused|suspended|frozen
/ pausieren / pausiert / pause einlegen / stilllegen / ruhen lassen
/ auf eis / vertragspause / abopause / aussetzen / eine pause / suspendre votre|l|ton / mettre .. en pause
/ en pause / une pause / pausar / pausa / pausamos / suspender su|tu|la|a / suspensao / congelar su|tu
/ mettere in pausa / in pausa / sospendere / sospensione / una pausa / pauzeren / pauze / pauzeert / stilzetten
/ op pauze / bevriezen / onderbreken
""",
    "plan": """
upgrade* / downgrade* / switch* you|your .. to / switch to / move you|your .. to / move to the|a|our
/ change to the|a|our / cheaper plan|tariff|package|option / smaller plan|tariff|package|option
/ bigger plan|tariff|package / lighter plan / larger plan / better plan / different plan / faster plan / higher tier
/ lower tier / top tier / next tier / another plan / new plan / tarifwechsel* / wechsel in|zu|auf
/ wechseln in|zu|auf / kleineren tarif / kleinerer tarif / gunstigeren tarif / gunstigerer tarif / grosseren tarif
/ grosserer tarif / hochstuf* / herabstuf* / umstellung auf / umstellen auf / anderen tarif / neuen tarif
/ neuer tarif / changer de forfait / changer d offre / changement de forfait / changement d offre
/ forfait plus petit / forfait moins cher / forfait superieur / forfait inferieur / passer a l|la|au|du
/ passer au forfait / passer a une offre / surclass* / basculer vers / cambiar de plan / cambio de plan|tarifa
/ cambiar a|al la|el|plan / plan mas / tarifa mas / pasar al plan / plan superior / plan inferior / mejora* de plan
/ otro plan / subir de categoria / mudar para o|a / mudar de plano / mudanca de plano / plano mais / tarifa mais
/ plano superior / plano inferior / passar para o|a / mudanca para o / cambiare piano / cambio piano
/ cambio di piano / passare al|a|alla / piano piu / passaggio al|a / piano superiore / piano inferiore / tariffa piu
/ cambiare tariffa / overstappen naar|op / overstap naar / kleiner abonnement / goedkoper abonnement
/ groter abonnement / ander abonnement / wisselen naar / nieuw abonnement / van abonnement wisselen
/ abonnement wijzigen naar / smaller plans / smaller plan* / cheaper plans / lighter plan* / other plans / bumped up
/ speed tier / faster tier / kleinere tarife / forfait plus / kleinere abonnementen
""",
    "trial": """
trial* / test period / extend* your|the|it|this / extension / probezeit* / testphase* / testzeitraum* / probemonat*
/ probeabo* / testmonat* / periode d essai / essai gratuit / essai / prolong* / periodo de prueba / prueba gratuita
/ prueba gratis / prorrog* / periodo experimental / periodo de teste / teste gratuito / periodo de experimentacao
/ periodo di prova / prova gratuita / prorog* / proefperiode* / proefmaand*
""",
}
"""Offer words by kind."""

NO_WORDS = wordset(
    "no not isn't aren't don't doesn't can't cannot won't without never any unable keine kein keinen"
    " keinem keiner nicht ohne pas aucun aucune sans ne n no ningun ninguna sin nao nenhum nenhuma sem non"
    " nessun nessuno nessuna senza geen niet zonder"
)
"""Words that deny what follows."""

BETWEEN_DENIAL = wordset(
    "any a an the offer give have make promise grant further other new special another extra additional"
    " you ihnen dir weitere weiteren neuen anbieten einen eine ein de d un une autre vous proposer offrir"
    " ningun ninguna un una otro ofrecer ofrecerle darle nenhum um uma outro oferecer lhe altro altri uno"
    " offrire offrirle andere een extra bieden u je currently available right now able to i we see find"
    " voir ver vedere zien posso possiamo podemos puedo puis pouvons peux kann konnen kan kunnen darle"
    " darlhe lhe - sich momento moment momentaneamente op dit im vous lui le la ti te"
)
"""Words that may stand between a denial and what it denies."""
