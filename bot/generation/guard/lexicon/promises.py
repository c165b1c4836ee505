"""Phrases that promise something, by rule and language.

A phrase is words with single spaces, folded. `stem*` is any word that starts so, `a|b` either, `_` any one word,
`..` up to three words. Phrases of all languages are looked for in every text.
"""

PROMISES: dict[str, str] = {
    "guarantee": """
pursuant to / the undersigned / the subscriber / hereby / undertake|undertakes to / hiermit .. verpflicht* /
trust me / confie en mi / confia em mim / vertrauen sie mir / faites moi confiance / si fidi / vertrouw me|mij /
for you until / see|sees|seeing|saw|seen to it|your|the|that|this|everything / leave it to|with me|us /
leave that|this|everything with|to me|us /
guarantee* / we|i promise / promise you* / you have our|my word / my word on / our word on / pledge*
/ legally binding / binding offer|agreement|contract|commitment|promise / this is binding / a|our promise
/ i|we swear / vow* / we|i assure / rest assured / you can count on it / take it to the bank / we|i warrant
/ mark my words / hand on heart / no ifs / garanti* / garantie* / wir versprechen / ich verspreche / versprochen
/ versprech* / zusicher* / zugesichert / rechtsverbindlich* / rechtlich bindend / verbindlich zugesagt
/ verbindliche zusage / unser wort / mein wort / ehrenwort / wir sichern .. zu / ich sichere .. zu / schwore*
/ sie haben unser wort / nous promettons / je .. promets / je vous promets / nous vous promettons / promis
/ promesse* / juridiquement / vous avez ma|notre parole / nous nous engageons / je m engage / parole d honneur
/ engagement ferme / contraignant* / je vous assure / garantiz* / prometemos / prometo / le|te|os prometemos|prometo
/ promesa* / legalmente vinculante / vinculante* / tiene|tienes nuestra|mi palabra / le|te|os aseguramos|aseguro
/ nos comprometemos / me comprometo / jur* que / prometido / promessa* / vinculativ* / juridicamente
/ tem a nossa|minha palavra / asseguramos / palavra de honra / comprometemo nos / promettiamo / prometto / promesso
/ promessa / legalmente vincolante / vincolante / ha|hai la nostra|mia parola / le|ti assicuriamo|assicuro
/ ci impegniamo / mi impegno / parola d onore / wij|we beloven / ik beloof / beloofd / belofte* / beloven
/ juridisch bindend / bindend* / ons|mijn woord / erewoord / wij|we verzekeren u|je / ik verzeker / gegarandeerd
/ garandeer* / garandeer / toezegging / beloofde / verzekerd van / cast iron / ironclad / certain to get
/ fest zugesagt / fest zusag* / on my honour / on my honor / without fail / my word / our word
/ personally give|guarantee|ensure|see|make / i'll|we'll|we|i|will make sure / we ensure|will ensure|ll ensure
/ certain that you / without a doubt / without doubt / wird sicher / ich sorge|wir sorgen dafur / in writing
/ treat this .. as / counts as a / count as a / as a contract / is a contract / carved in stone / set in stone
/ scout's honour / scout's honor / on my mother / to the grave / cross my heart / brief und siegel / hand drauf
/ vertragscharakter / gilt als vertrag / ist ein vertrag / schwarz auf weiss / schriftlich zugesagt
/ haben es schriftlich / vaut contrat / vaut engagement / vaut accord / noir sur blanc / ecrit noir
/ valor de contrato / vale como contrato / vale por contrato / por escrito / vale como um / valido como contrato
/ vale come contratto / valore di contratto / nero su bianco / per iscritto / geldt als contract
/ geldt als overeenkomst / zwart op wit / hand erop / extend* your contract / verlangert .. vertrag automatisch
""",
    "refund": """
refund* / reimburs* / money back / your money .. back / get .. back every / pay you back / pay .. back to you
/ give .. back your money / cash back / cashback / repay* / rebate* / chargeback / return your payment|money|fee*
/ rucketstatt* / ruckerstatt* / zuruckerstatt* / erstatten / erstattet / erstattung* / erstatte / geld zuruck
/ zuruckzahl* / zuruck zahlen / zahlen .. zuruck / zuruckuberweis* / uberweisen .. zuruck / ruckzahlung*
/ gutgeschrieben / rembours* / avoir sur votre compte / reembols* / devol* / te|le devolvemos / reintegr* / ressarc*
/ restitui* / rimbors* / restituiamo / restituire .. denaro / restituzione / terugbetal* / geld terug / terugstort*
/ terug storten / terugboek* / storten .. terug / betalen .. terug / restitutie* / vergoed* / vergoeding*
/ return|returning your|the last|payment|money|deposit|fee / we|will return .. payment|money|fee|deposit
/ rendons .. paiement|argent|facture / rendrons .. paiement|argent / geben .. geld|zahlung zuruck / restituiremos
/ geven .. geld terug
""",
    "compensation": """
compensat* / make it up to you / goodwill / good will gesture / as a gesture / as an apology .. gift|credit|voucher
/ damages / redress / settle* your claim / entschadig* / kompensation* / kompensier* / wiedergutmach* / kulanz*
/ schadenersatz / schadensersatz / dedommag* / indemni* / compensaremos / compensacion / geste commercial
/ compensare / risarc* / indenizz* / indennizz* / compensac* / compenso / schadevergoeding / compenseren
/ compensatie / goedmaken / coulance / tegemoetkoming / compensa|compensar|compensamos|compensare / compensa la|lo
/ compensaremos|compensaremo / compensá*
""",
    "credit": """
credit|credits|credited / statement credit / store credit / we|i credit* / gutschrift* / guthaben / gutschreiben
/ schreiben .. gut / schreibe .. gut / avoir de / crediteren / crediter / credite* / credito* / bonifico / accredit*
/ abono de / abonar* / abonamos / tegoed* / acreditar* / acreditamos / top up your account / deposit* / uberweis*
/ verser* .. compte / versons / transferiremos / depositar* / bijschrijv* / overmaken / gecrediteer*
/ gutgeschrieben
""",
    "waive": """
por minha|mi conta|cargo|cuenta / a|de|da minha custa|conta / pocket / pockets / ma|sa|notre poche / bolsillo /
bolso /
put aside / set aside / indemnif* / relieved of / let it slide / off your plate / wash .. hands /
waiv* / write off / written off / wipe* .. balance|debt|bill|slate / forgiv* .. debt|balance|bill
/ cancel* .. debt|balance|invoice|bill / drop* .. charge*|fee* / remove* .. charge*|fee*
/ scrap* .. charge*|fee*|bill / tear up / let you off / skip* .. bill|payment|invoice / won't charge
/ will not charge / don't charge / not be charged / won't be charged / never be charged
/ bill .. is|as|was settled|covered|cleared|paid|cancelled / consider .. bill|invoice|balance|debt
/ cover your|the|all / pick* up the tab / foot the bill / on our tab / we pay your|the / we'll pay / we will pay
/ we are paying / pay for you / pay your / settle your / clear your balance|debt|account|bill / off the hook
/ owe us nothing / owe nothing / don't owe / need not pay / don't have to pay / do not have to pay / not have to pay
/ without paying / no need to pay / stop* charging / nothing to pay / pay nothing / pay zero / erlassen
/ erlass* .. gebuhr* / verzichten auf die|ihre|deine|jede|samtliche|alle|gebuhr* / verzichten wir
/ streichen .. gebuhr*|rechnung*|kosten|schuld* / ubernehmen .. kosten|rechnung*|gebuhr* / zahlen nichts
/ zahlst nichts / nichts zahlen / nichts bezahlen / keinen cent / nicht zahlen / nicht bezahlen / nicht berechnet
/ berechnen .. nichts / schenken wir / wir schenken / schenke .. ihnen|dir / geht auf uns / auf unsere kosten
/ entfallt die|ihre|deine|jede / entfallen die|alle|samtliche / schulden uns nichts / wird nicht abgebucht
/ annul* .. facture*|dette*|frais / effac* .. dette*|facture* / exoner*
/ ne paierez|paieras|payez|payerez|paies rien|pas|plus / rien a payer / ne rien payer / prenons en charge
/ prise en charge / prenons .. a notre charge / a notre charge / a nos frais / faire grace / renoncons aux
/ ne vous facturons|facturerons / ne serez pas|plus|rien facture*|debite* / pas factur* / cadeau de la maison
/ perdon* / condon* / cancelar* .. deuda*|factura* / no pag* nada / no pagara* / no tendra* que pagar
/ no tiene* que pagar / sin pagar / no le|te cobraremos|cobramos / no se le|te cobrar*
/ corre* por|de nuestra|cuenta / por nuestra cuenta / asumimos / nos hacemos cargo / invita la casa
/ le|te regalamos / exim* / de nuestro bolsillo / ni un centimo|euro / perdoar* / perdoamos / isent* / nao pag* nada
/ nao pagar* / sem pagar / nao .. cobrar* / nao cobramos / por nossa conta / oferta da casa
/ anul* .. divida|fatura* / suportamos / assumimos o|os|a|as / nao tera de pagar / annull* .. debito|fattura*|costi
/ non paghe* / non pagh* nulla|niente / senza pagare / niente da pagare / nulla da pagare / non .. addebit*
/ non dovra* pagare / a nostre spese / a nostro carico / ci facciamo carico / offre la casa / regaliamo
/ rinunciamo a / copriamo / abbuon* / kwijtscheld* / kwijtgescholden / schelden .. kwijt / niets betalen
/ betaal* niets / betaalt u niets / geen cent / niet betalen / hoeft .. niet te betalen / niets te betalen
/ op onze kosten / voor onze rekening / nemen .. voor onze|hun rekening / brengen .. niet|niets|geen .. in rekening
/ niet in rekening / schenken / cadeau van ons / wij trakteren / vervallen alle|de / debt* / exempt*
/ outstanding balance|amount / remaining balance|debt|amount / balance .. gone|forgotten|zero|nil|cleared
/ you|still owe|owed us / you owe|owed / nobody .. charge / no one .. charge / never .. charge / ever charge
/ at cost / not cost you / charge you nothing / stop billing / not bill you
/ no bill|bills|invoice|invoices|payment|payments / without .. bill|payment / bill free / schulden / zahlungsbefreit
/ keine rechnung* / ohne rechnung / befrei* / dette* / aucune facture / plus de facture / sans facture / deuda*
/ ninguna factura / sin factura* / divida* / nenhuma fatura / sem fatura* / debito / debiti / nessuna fattura
/ senza fattura / geen factuur|facturen|rekening|rekeningen / zonder factuur / vrijgesteld / non pag* nulla|niente
/ betaal* ... niets / zahl* ... nichts / pag* ... nada / pay* ... nothing|zero / paie* ... rien
/ never see .. bill|invoice / is|are taken care of / be taken care of
/ take care of your|the bill|balance|debt|cost* / cover the cost* / cost* is|are covered / is covered / are covered
/ we absorb / absorb* the / forget about|the|your .. bill|bills|invoice|invoices|payment|payments
/ forget your .. bill|invoice|payment / worry about .. bill|invoice|payment / at zero / cost|costs you zero
/ next to nothing / for peanuts / stop paying / we will sort it|this / practically free / two for one / price of one
/ pay what you|it / pay as little / name your price / skip .. month
/ bill|invoice .. cancelled|cancelled|void|dropped|gone|scrapped|deleted / cut to the bone
/ vergessen sie .. rechnung|zahlung / vergiss .. rechnung|zahlung / entfallt / entfallen / nichts uberweisen
/ preis von einem / preis fur einen / rechnung .. gestrichen|storniert|erledigt|ubernehmen / ist .. storniert
/ nehmen ihnen .. ab / fur lau / zum nulltarif / keinen euro / keinen pfennig / null euro / oubliez .. facture*
/ oubliez .. paiement* / oublie .. facture / facture* .. annulee|annulees|effacee|offerte|supprimee|reglee
/ est annulee / sont annulees / pour nous / pour notre compte / prix d un / presque rien / zero euro
/ pas un centime / pas un euro / plus rien a / olvid* .. factura* / olvid* .. pago*
/ factura* .. anulada|anuladas|cancelada|pagada|saldada|perdonada / queda* anulad* / de nuestra parte
/ corre .. parte|cuenta / precio de uno / precio de un / casi nada / cero euros / ni un euro / por la cara
/ esqueca .. fatura* / esqueca .. pagamento* / fatura* .. anulada|anuladas|cancelada|paga|saldada / fica* anulad*
/ por nossa / preco de um / quase nada / zero euros / nem um euro / nem um centimo
/ dimentic* .. fattura|fatture|pagament* / fattur* .. annullat*|pagat*|cancellat*|saldat* / e annullat*
/ lo offriamo / la offriamo / li offriamo / offriamo noi / prezzo di uno / prezzo di un / quasi niente
/ nemmeno un euro / paghiamo noi / pensiamo noi / vergeet .. factuur|rekening|betaling
/ factu* .. vervalt|vervallen|geannuleerd|kwijt|betaald / vervalt / vervallen / is van ons / is voor ons
/ prijs van een / prijs van één / bijna niets / nul euro / geen euro
/ take|takes|taking .. month|december|january|bill|year .. off your hands / ihre|deine schulden|restschuld
/ pas prelev* / plus prelev* / ne sera pas|plus / ne seront pas|plus / wird nicht eingezogen|abgebucht|fallig
/ no se le pasara / no sera cobrad* / nao sera cobrad* / non verra addebit* / wordt niet geincasseerd|afgeschreven
/ for the price of / price of two|three / zum preis von / pour le prix de / al precio de / pelo preco de
/ al prezzo di / voor de prijs van
""",
    "forever": """
whatever happens|changes|may / come what may / rain or shine / wherever you / even if prices|the /
all over again / have|get the|it|one|another|them|month .. again / was auch immer|geschieht|passiert / egal was
/ komme was / quoi qu il /
pase lo que / aconteca o que / qualunque cosa accada|succeda / wat er ook / blijft .. houden /
seguira pagando|teniendo / continuara a pagar|ter / si ripete / se repite / se repete / herhaalt zich /
wiederholt sich / on repeat /
forever / for ever / lifetime / life time / for life / permanent / permanently / indefinite* / in perpetuity
/ perpetu* / eternal* / eternity / for good / till the end of time / for all time / everlasting
/ as long as you|your|we / so long as you / no end date / without end / without expiry / no expiry / no expiration
/ never expire* / doesn't expire / does not expire / never end* / open ended
/ rest of your|the life|lives|contract|subscription|year|time / until further notice / no time limit
/ without time limit / no deadline / always pay|get|have|receive|cost / never pay / never again pay / from now on
/ every single month|bill|year / each and every / all future / every future / throughout your|the|all
/ year after year / month after month / for years to come / for as long / whenever you like / no rush .. offer
/ decades / evermore / fur immer / lebenslang* / auf lebenszeit / ein leben lang / dauerhaft* / unbefristet*
/ auf ewig / ewig* / zeitlich unbegrenzt* / ohne ende / ohne ablaufdatum / ohne befristung / solange sie|du|ihr
/ so lange sie|du / fur alle zeit* / ab sofort immer / permanent* / nie wieder / niemals wieder / lauft nie ab
/ verfallt nie / auf dauer / fortan / zeitlebens / bis auf weiteres / nie mehr / niemals mehr / fur den rest / a vie
/ pour toujours / a jamais / pour la vie / toute la vie / a perpetuite / perpetuel* / eternel*
/ sans limite de duree|temps|date / illimitee dans le temps / definitive*|definitif* / n expire jamais
/ n expire pas / sans date limite / de maniere permanente / en permanence / aussi longtemps que / tant que vous|tu
/ jusqu a nouvel ordre / plus jamais / ad vitam / desormais / sans fin / a vitam / para siempre / de por vida
/ por vida / por siempre / vitalici* / permanente* / indefinid* / sin limite de tiempo
/ sin fecha limite|de caducidad / no caduca / nunca caduca / eternamente / eterno / mientras siga* / mientras sea*
/ nunca mas / hasta nuevo aviso / a perpetuidad / toda la vida / de ahora en adelante / a partir de ahora siempre
/ para sempre / vitalicio* / para toda a vida / por toda a vida / sem prazo / sem limite de tempo / nao expira
/ nunca expira / enquanto for / enquanto quiser / nunca mais / ate novo aviso / a vida toda / indetermina*
/ de agora em diante / daqui em diante / per sempre / a vita / per tutta la vita / vita natural durante
/ permanentemente / illimitatamente / a tempo indeterminato / senza scadenza / senza limiti di tempo / non scade
/ finche rest* / finche sar* / finche vuol* / mai piu / fino a nuovo avviso / in eterno / d ora in poi
/ da ora in poi / voor altijd / levenslang* / voor het leven / voor eeuwig / eeuwig* / voorgoed / blijvend*
/ onbepaald* / zolang u|je|jij / verloopt niet|nooit / nooit meer / zonder einddatum / tot nader order / permanente
/ voortaan / de rest van .. leven / as often as / as many times / as long as you|your|they
/ whenever you want|like|please / so oft sie|du|ihr / wann immer sie|du / aussi souvent que / cuantas veces
/ quantas vezes / tutte le volte / zo vaak u|je|als / until you die|leave|cancel|stop|say / bis sie|du .. kundig*
/ as you live / to the end of your / renew* automatically / runs .. automatically / automatically .. renew*
/ never runs / keeps running / never stops / never lapse* / ever after / always yours / till you
/ whole contract|term|time / entire contract|term|time / for the whole|entire|rest
/ gesamte laufzeit|vertragslaufzeit / ganze laufzeit|vertragslaufzeit / ganzen vertrag / toute la duree
/ durant tout le contrat / toda la duracion|vigencia / todo el contrato / toda a duracao / todo o contrato
/ tutta la durata / tutto il contratto / hele looptijd / hele contract
/ keep the|your|this discount|price|rate|offer|deal / behalten den|ihren|diesen|dein|deinen rabatt|preis
/ gardez la|votre|cette|ce remise|prix / conserva* el|su|este descuento|precio
/ mantiene el|su|este|lo|il|questo descuento|precio|sconto|prezzo / mantem o|seu|este desconto|preco
/ behoudt|houdt de|uw|deze korting|prijs / continue*|continues|renews automatically / renewable
/ for the remainder|rest of / remainder of / indefini* / reconductible / renovable / renovavel / rinnovabile
/ verlengbaar / von da an / discount|offer|price|deal .. renew*|continue*|repeats
/ rabatt|nachlass|angebot .. verlangert sich / remise|reduction|offre .. renouvel*|reconduit*
/ descuento|oferta .. renueva|renovara / desconto|oferta .. renova* / sconto|offerta .. rinnova*
/ korting|aanbod .. verlengd
""",
    "each_time": """
every|each month|year|week|day|quarter / per month forever / jeden monat|tag / jedes jahr / jede woche
/ chaque mois|annee|semaine / tous les mois / cada mes|ano|semana / todos os meses / todos los meses
/ ogni mese|anno|settimana / tutti i mesi / elke maand|week / elk jahr|jaar / iedere maand
/ every|each bill|invoice|order|payment / bei jeder rechnung / jede rechnung / chaque facture / cada factura|fatura
/ ogni fattura / elke factuur
""",
    "included": """
is|are included / comes with a|an|the|free|your|two|all|no / come with a|an|the|free|your|two|all|no / includes
a|an|free|tv|all|unlimited / included free
/ ist|sind inbegriffen|inklusive|enthalten / inklusive / est|sont inclus|incluse|compris|comprise / inclus dans
/ est|sont incluses / inclut / esta|estan incluido|incluida|incluidos|incluidas / incluye
/ esta|estao incluido|incluida|incluidos / inclui / e|sono incluso|inclusa|inclusi|compreso|compresa|compresi
/ is|zijn inbegrepen / inclusief
""",
    "stacked": """
another|further|second|additional|next|more|new discount|reduction|deal /
another|further|second|additional|next|more price / discount|discounts next|later
/ on your discounted / discounted price / discount on the|your discount / on top of the|your discount|offer|20|25|50
/ and more to come / more discounts / weiterer rabatt / weiteren rabatt / neuer rabatt / noch ein rabatt
/ noch einen rabatt / zusatzlichen rabatt / autre remise / nouvelle remise / remise supplementaire / otro descuento
/ nuevo descuento / descuento adicional / outro desconto / novo desconto / desconto adicional / altro sconto
/ nuovo sconto / ulteriore sconto / nog een korting / extra korting / nieuwe korting / after that .. more
/ und danach noch / puis encore / y luego otros / e poi altri / e depois mais / en daarna nog
""",
    "scope": """
you and your family|friends|household|neighbours / whole family
/ any plan|product|package|tariff|service|subscription you / off any|all|everything
/ all our|your products|plans|services|packages / every product|plan|service|package / on everything / storewide
/ und ihre familie|freunde / alle tarife|produkte|dienste / allen tarifen|produkten / auf alles / ganze familie
/ et votre famille / toute la famille / tous nos|vos produits|forfaits|services / sur tout / y su familia
/ toda la familia / todos nuestros|los productos|planes|servicios / e a sua familia / toda a familia
/ todos os nossos|produtos|planos / e la sua famiglia / tutta la famiglia / tutti i nostri|prodotti|piani|servizi
/ en uw gezin|familie / hele gezin / al onze producten|diensten / alle producten|diensten / op alles
""",
    "unlimited": """
unlimited / limitless / uncapped / no limits / without limits / without limit / as much as you like|want
/ unbegrenzt* / unlimitiert* / grenzenlos* / ohne limit / ohne begrenzung / illimite* / sans limite*
/ sans limitation / ilimitad* / sin limite* / sem limite* / illimitat* / senza limiti / onbeperkt* / onbegrensd*
/ zonder limiet / endless
""",
    "price_lock": """
price|rate|bill|fee|tariff|figure .. won't|never / bills|invoice|invoices|payment|payments .. won't|never /
preis|betrag|tarif .. nie|mehr|rutteln / lo mismo despues / sin sorpresas / no surprises / without surprises /
keine uberraschungen / sans surprise / sans surprises / sem surpresas / senza sorprese / geen verrassingen /
stays put / stay put / not budge / won't budge /
price lock / lock* .. price|rate|in / price freeze / freez* .. price|rate / frozen / price match*
/ match any|their|every|the|all / beat any|their|every / price .. never|not|won't .. rise|increase|go|change|up
/ never .. increase*|rise*|go up|pay more / no price increase* / no more price / no increase* / never pay more
/ never see .. increase|rise|hike / price hike* / fixed price / fixed rate / best price / lowest price / cheapest
/ cheaper than any / undercut / nobody .. cheaper / no one .. cheaper / price protection / stays the same for
/ won't go up / not go up / not rise / never rise / never go up / never change* / not increase / won't increase
/ won't rise / capped at / preisgarantie / preis .. nie|niemals|nicht .. steigen|steigt|erhoht|erhohen / festpreis*
/ preisbindung / preisfixierung / einfrier* / eingefroren / keine preiserhohung* / keine erhohung / gunstigste*
/ bester preis / besten preis / niedrigste* / unterbieten / preisstabil* / nie teurer / nicht teurer
/ steigt nie|nicht / erhohen .. nie|niemals|nicht / prix bloque* / prix gele* / bloqu* .. prix|tarif
/ gel* .. prix|tarif / prix fixe* / n augmentera|augmenteront / augmentera jamais|pas / jamais plus cher
/ meilleur prix / moins cher du marche / prix le plus bas / aucune augmentation / sans augmentation
/ pas d augmentation / alignons / aligner* .. prix / precio fijo / precio congelado / congel* / precio bloqueado
/ no subir* / nunca subir* / sin subida* / sin aumento* / nunca aumentar* / no aumentar* / mejor precio
/ precio mas bajo / mas barato que / igualamos / igualar* / preco fixo / preco congelado / nao .. aumentar*
/ nunca aumenta* / sem aumento* / melhor preco / preco mais baixo / mais barato que / nao sobe / nunca sobe
/ nao subira / prezzo bloccato / prezzo fisso / blocc* .. prezzo|tariffa / non aumenter* / mai aumenter*
/ non salir* / nessun aumento / senza aumenti / miglior prezzo / prezzo piu basso / eguagli* / pareggi*
/ piu economico di / vaste prijs / prijs .. vast / prijs .. nooit|niet .. stijgen|stijgt|omhoog / nooit duurder
/ niet duurder / bevroren / bevries* / bevriez* / geen prijsverhoging* / zonder prijsverhoging* / beste prijs
/ laagste prijs / goedkoper dan / prijsgarantie / evenaren / omhoog gaan / gaat .. niet omhoog
/ beat them|it|that|any|every / charge less / whatever they / whatever .. charge / lowest rate|price|tariff|bill
/ cheapest rate|plan|deal|offer / better price than|elsewhere|anywhere / give you a better|lower price / price stays
/ price will stay|remain / cheaper elsewhere|anywhere / nirgends .. gunstiger|billiger
/ gunstiger .. nirgends|nirgendwo|geht|als / billiger .. nirgends|als / moins cher ailleurs|que / nulle part
/ mas barato en|que|nada|ningun / nada mas barato / encontrara* .. barato|mejor / encontrara* .. mais barato
/ mais barato em|que|noutro / trovera* .. meglio|economico|meno / di meglio / meno caro
/ goedkoper .. nergens|dan|elders / nergens goedkoper / preis bleibt / prix reste|restera
/ precio se mantendra|queda|seguira / preco mantem|fica|continua|mantera / prezzo resta|rimane|restera|rimarra
/ prijs blijft / hoogstens / gedeckelt / ne trouverez .. moins cher / trouverez .. moins cher
/ nao encontrara .. barato / encontrara mais barato / cheaper than anything / else on the market
""",
    "no_fees": """
no fee* / no .. fee|fees|charge|charges|penalty|penalties / without .. fee|fees|charge|charges|penalty|penalties
/ free of fee* / fee free / penalty free / no cancellation / no early / no hidden / no extra cost*
/ no additional cost* / at no extra / no extra charge* / without extra cost* / no cost* / no setup / no notice
/ without notice / keine gebuhr* / ohne gebuhr* / gebuhrenfrei* / keine kosten / ohne kosten / ohne zusatzkosten
/ ohne mehrkosten / ohne zusatzliche kosten / ohne aufpreis / keine zusatzlichen / keine strafe* / ohne strafe*
/ ohne kundigungsfrist / keine kundigungsfrist / fristlos* / sans frais / aucun frais / pas de frais
/ sans penalite* / aucune penalite / sans surcout / sans supplement / sans cout / sans preavis / aucun preavis
/ sin cargo* / sin coste* / sin costo* / sin comision* / sin gasto* / sin penalizacion* / sin recargo*
/ ningun coste|costo|cargo / sin preaviso / sin multa / sem custo* / sem taxa* / sem multa* / sem penaliza*
/ sem encargo* / nenhum custo / sem despesa* / sem aviso previo / senza costi / senza spese / nessun costo
/ nessuna spesa / senza penali / nessuna penale / senza commissioni / senza supplement* / senza preavviso
/ a costo zero / geen kosten / zonder kosten / zonder extra / zonder bijkomende / geen boete* / zonder boete*
/ zonder toeslag / geen toeslag / zonder opzegtermijn / geen opzegtermijn / boetevrij* / kosteloos opzeg*
/ ohne frist / sans delai de preavis / sin plazo de / senza termini
""",
    "cancel_any_time": """
go|leave|quit|exit|stop|walk|out .. whenever it|you|they / go|leave|quit|walk anytime / gehen ... wann sie|du /
wann sie|du .. wollen|willst|mochten / steht ihnen|dir frei /
wann sie|du wollen|willst / quand vous voulez|voudrez / cuando quiera|quieras|le plazca / quando quiser|queira /
quando vuole|vuoi / wanneer u|je wilt / nothing holds / holds you / ties you|you / tie you / nothing to sign /
tying you / libre de partir|marcharse|irse / libero di andar* / livre para|de sair|ir / frei zu gehen /
vrij om te /
cancel any time / cancel anytime / cancel at any time / leave any time / leave at any time / leave whenever you
/ cancel whenever / walk away / leave anytime / jederzeit kundbar / jederzeit kundigen / jederzeit .. kundigen
/ kundigung jederzeit / resili* a tout moment / annul* a tout moment / a tout moment resili* / quitter a tout moment
/ cancelar* en cualquier momento / cancelar cuando / darse de baja cuando / baja en cualquier / cancelar a qualquer
/ cancelar quando / rescindir a qualquer / disdi* in qualsiasi / disdire quando / recedere in qualsiasi
/ cancellare in qualsiasi / annullare in qualsiasi / op elk moment opzeg* / altijd opzeg* / opzeg* wanneer
/ elk moment stoppen / dagelijks opzegbaar / maandelijks opzegbaar
""",
    "conditions_denied": """
no strings / without strings / no conditions / without conditions / unconditional* / no catch / no small print
/ no fine print / no obligation* / without obligation / no commitment* / without commitment / free of obligation
/ no terms / no requirements / no questions asked / regardless of / no matter what / whatever happens
/ nothing in return / ohne bedingung* / keine bedingung* / bedingungslos* / ohne haken / kein haken / unverbindlich*
/ ohne verpflichtung* / keine verpflichtung* / ohne wenn und aber / ohne kleingedrucktes / ganz ohne bindung
/ sans condition* / aucune condition / sans engagement / aucun engagement / sans obligation / sans contrepartie
/ inconditionnel* / rien en echange / quoi qu il arrive / pas de piege / sin condicion* / ninguna condicion
/ sin compromiso* / sin obligacion* / incondicional* / sin letra pequena / sin trampa* / sin ataduras
/ sin preguntas / nada a cambio / pase lo que pase / sem condic* / sem compromisso* / sem obrigac* / sem letras
/ nenhuma condicao / nada em troca / sem perguntas / senza condizion* / nessuna condizione / senza vincol*
/ nessun vincolo / senza impegn* / senza obblig* / incondizionat* / nessun obbligo / nulla in cambio
/ zonder voorwaarden / geen voorwaarden / onvoorwaardelijk* / vrijblijvend* / zonder verplichting*
/ geen verplichting* / zonder kleine lettertjes / geen addertje* / niets tegenover / without any condition*
/ no further condition* / without any obligation* / without any commitment* / ohne jede bedingung*
/ ohne jegliche bedingung* / sans aucune condition* / sans aucun engagement / sin ninguna condicion
/ sin ningun compromiso / sem qualquer condic* / sem nenhuma condic* / senza alcuna condizione / senza alcun vincolo
/ zonder enige voorwaarde
""",
    "contract_denied": """
no contract / without .. contract / no minimum / without minimum / no lock in / contract free / no tie in
/ without a minimum / no binding / no fixed term / not bound / not tied / release* you from / released from
/ free of your contract / break* your contract / end your contract early / out of your contract
/ keine mindestlaufzeit / ohne mindestlaufzeit / ohne vertragsbindung / keine vertragsbindung / ohne laufzeit
/ keine bindung / ohne bindung / sonderkundigung* / vorzeitig / aus dem vertrag / ohne vertrag / sans duree minimum
/ sans duree minimale / sans contrat / aucune duree / sin permanencia / sin contrato / ninguna permanencia
/ sem fideliza* / sem contrato / sem permanencia / senza contratto / senza durata minima / nessun contratto
/ nessuna durata / zonder contract / geen contract / geen looptijd / zonder looptijd / zonder minimale
/ geen minimale / tussentijds / uit .. contract
""",
    "action_done": """
in ordnung gebracht|bring* / bringt|bringe|bringen ... in ordnung / in orde gemaakt|gebracht / breng* ... in orde /
me he encargado / ya me he / nos hemos encargado / ho sistemato / ci ho pensato / ja tratei / j ai tout /
tout est regle|arrange|pret / todo esta arreglado|listo|resuelto / tudo resolvido|tratado /
tutto a posto|sistemato|risolto / alles geregelt|erledigt|opgelost / is geregeld|gelukt|gefixt /
i've|we've|i|we .. applied|cancelled|canceled|activated|deactivated|credited|refunded
/ i've|we've|i|we .. switched|upgraded|downgraded|reduced|lowered|removed|deleted|erased
/ i've|we've|i|we .. extended|processed|waived|added|booked|transferred|unlocked|adjusted
/ i've|we've|i|we .. enrolled|reimbursed|paused|renewed|terminated|corrected|fixed|resolved
/ i've|we've|i|we .. escalated|unsubscribed|scheduled|registered|granted|approved|deducted|signed
/ i've|we've|i|we .. entered|logged|submitted|halved|cut|dropped|slashed|frozen
/ i've|we've|i|we .. closed|ordered|shipped|sent|migrated|moved|updated|changed
/ i've|we've|i|we .. confirmed|arranged|issued|charged|doubled|dispatched|suspended|reset
/ has|have|is|was|are|were been|now|already|just|automatically .. applied|cancelled|canceled|activated|credited
/ has|have|is|was|are|were been|now|already|just|automatically .. refunded|switched|upgraded|downgraded|reduced
/ has|have|is|was|are|were been|now|already|just|automatically .. lowered|removed|deleted|extended|processed
/ has|have|is|was|are|were been|now|already|just|automatically .. waived|added|booked|transferred|unlocked
/ has|have|is|was|are|were been|now|already|just|automatically .. adjusted|paused|renewed|terminated|approved
/ has|have|is|was|are|were been|now|already|just|automatically .. deducted|halved|granted|active|closed
/ has|have|is|was|are|were been|now|already|just|automatically .. shipped|changed|updated|confirmed|issued
/ has|have|is|was|are|were been|now|already|just|automatically .. suspended|scheduled|live|ordered|fixed|resolved
/ it's done / it is done / consider it done / all done / already active / i|we went ahead / i've|we've gone ahead
/ taken care of it / you've been upgraded|approved|selected|refunded|credited|switched|moved
/ you have been upgraded|approved|selected|refunded|credited|switched|moved
/ is|are active|effective immediately|now|already / takes effect automatically / your request .. is|was|has approved
/ consider your / i took the liberty / we took the liberty
/ wir haben|ich habe .. storniert|gekundigt|aktiviert|gutgeschrieben
/ wir haben|ich habe .. erstattet|geandert|umgestellt|reduziert|gesenkt
/ wir haben|ich habe .. verlangert|gebucht|hinzugefugt|geloscht|pausiert
/ wir haben|ich habe .. angewendet|freigeschaltet|halbiert|eingetragen|angepasst
/ wir haben|ich habe .. uberwiesen|behoben|genehmigt|gestrichen|veranlasst
/ wir haben|ich habe .. hinterlegt|eingerichtet|abgezogen|beendet|gewechselt
/ wir haben|ich habe .. versendet|angewandt|verrechnet|deaktiviert|angemeldet
/ wir haben|ich habe .. abgemeldet|vermerkt|vereinbart|aufgehoben|gewahrt
/ habe|haben|wurde|wurden|ist|sind .. bereits|schon .. storniert|gekundigt|aktiviert
/ habe|haben|wurde|wurden|ist|sind .. soeben|automatisch|erfolgreich .. storniert|gekundigt|aktiviert
/ habe|haben|wurde|wurden|ist|sind .. bereits|schon .. gutgeschrieben|erstattet|geandert
/ habe|haben|wurde|wurden|ist|sind .. soeben|automatisch|erfolgreich .. gutgeschrieben|erstattet|geandert
/ habe|haben|wurde|wurden|ist|sind .. bereits|schon|soeben|automatisch|erfolgreich .. umgestellt|reduziert|gesenkt
/ habe|haben|wurde|wurden|ist|sind .. bereits|schon .. verlangert|gebucht|hinzugefugt
/ habe|haben|wurde|wurden|ist|sind .. soeben|automatisch|erfolgreich .. verlangert|gebucht|hinzugefugt
/ habe|haben|wurde|wurden|ist|sind .. bereits|schon|soeben|automatisch|erfolgreich .. geloscht|pausiert|angewendet
/ habe|haben|wurde|wurden|ist|sind .. bereits|schon .. freigeschaltet|halbiert|angepasst
/ habe|haben|wurde|wurden|ist|sind .. soeben|automatisch|erfolgreich .. freigeschaltet|halbiert|angepasst
/ habe|haben|wurde|wurden|ist|sind .. bereits|schon|soeben|automatisch|erfolgreich .. genehmigt|aktiv|abgezogen
/ habe|haben|wurde|wurden|ist|sind .. bereits|schon .. verrechnet|deaktiviert|beendet
/ habe|haben|wurde|wurden|ist|sind .. soeben|automatisch|erfolgreich .. verrechnet|deaktiviert|beendet
/ wurde storniert|gekundigt|aktiviert|gutgeschrieben|erstattet|geandert|reduziert
/ wurde gesenkt|verlangert|gebucht|geloscht|pausiert|genehmigt|halbiert / ist bereits / ist erledigt
/ schon erledigt / bereits erledigt
/ nous avons|j ai|ai|avons .. annule|active|credite|rembourse|modifie|change|resilie
/ nous avons|j ai|ai|avons .. applique|reduit|baisse|prolonge|ajoute|supprime|suspendu|enregistre
/ nous avons|j ai|ai|avons .. valide|approuve|effectue|traite|accorde|transfere|desactive
/ nous avons|j ai|ai|avons .. mis|divise|double|deduit|reserve|debloque|programme|planifie
/ a|est|ont|sont deja|bien|automatiquement ete ..
/ a ete annule*|active*|credite*|rembourse*|modifie*|resilie*|applique*
/ a ete reduit*|prolonge*|ajoute*|supprime*|suspendu*|valide*|approuve* / est deja actif|active|applique*
/ c est fait / c est deja fait / hemos|he .. cancelado|activado|abonado|reembolsado|cambiado|modificado
/ hemos|he .. aplicado|reducido|bajado|prolongado|ampliado|anadido|eliminado
/ hemos|he .. pausado|suspendido|aprobado|procesado|tramitado|transferido|descontado
/ hemos|he .. desactivado|concedido|programado|registrado|rebajado|duplicado|enviado / ha|han sido ..
/ ya esta|han|ha .. activo|activado|aplicado|cancelado|hecho|pausado|reducido
/ se ha|han .. cancelado|activado|aplicado|abonado|reducido|ampliado|modificado|pausado|aprobado / esta hecho
/ ya esta / cancelamos|ativamos|aplicamos|creditamos|reembolsamos|alteramos ..
/ reduzimos|prolongamos|adicionamos|eliminamos|suspendemos|aprovamos|processamos ..
/ ja .. cancel*|ativ*|aplic*|credit*|reembols*|alter*|reduz*|prolong*|adicion*|suspen*|aprov*
/ foi|foram .. cancelad*|ativad*|aplicad*|creditad*|reembolsad*|alterad*
/ foi|foram .. reduzid*|prolongad*|adicionad*|suspens*|aprovad*|processad* / esta feito / ja esta feito
/ abbiamo|ho .. annullato|attivato|accreditato|rimborsato|modificato|cambiato
/ abbiamo|ho .. applicato|ridotto|abbassato|prolungato|aggiunto|cancellato
/ abbiamo|ho .. sospeso|approvato|elaborato|trasferito|disattivato|concesso
/ abbiamo|ho .. disdetto|dimezzato|raddoppiato|registrato|programmato|detratto
/ e|sono gia|stato|stata|stati|state .. annullat*|attivat*|accreditat*|rimborsat*|modificat*|applicat*
/ e|sono gia|stato|stata|stati|state .. ridott*|prolungat*|aggiunt*|cancellat*|sospes*|approvat*|attiv* / gia attiv*
/ e fatto / gia fatto / wij|we|ik hebben|heb .. geannuleerd|opgezegd|geactiveerd|gecrediteerd|terugbetaald|gewijzigd
/ wij|we|ik hebben|heb .. veranderd|toegepast|verlaagd|verminderd|verlengd|toegevoegd|verwijderd
/ wij|we|ik hebben|heb .. gepauzeerd|goedgekeurd|verwerkt|overgezet|gehalveerd|bijgeschreven
/ wij|we|ik hebben|heb .. ingeboekt|geregeld|ingepland|verdubbeld|aangepast|omgezet|stopgezet
/ is|zijn al|reeds|inmiddels|automatisch .. geannuleerd|opgezegd|geactiveerd|terugbetaald|gewijzigd|toegepast
/ is|zijn al|reeds|inmiddels|automatisch .. verlaagd|verlengd|toegevoegd|gepauzeerd|goedgekeurd|actief|geregeld
/ is geannuleerd|opgezegd|geactiveerd|terugbetaald|gewijzigd|toegepast
/ is verlaagd|verlengd|toegevoegd|gepauzeerd|goedgekeurd|geregeld / is al geregeld
/ ai|avons|a|ont ... annule|active|credite|rembourse|modifie|resilie|applique|reduit|baisse
/ ai|avons|a|ont ... prolonge|supprime|suspendu|valide|approuve|accorde|transfere|desactive|deduit|debloque
/ habe|haben|wurde|wurden|ist|sind ... eingetragen|aktiviert|storniert|gekundigt
/ habe|haben|wurde|wurden|ist|sind ... gutgeschrieben|erstattet|umgestellt|gesenkt
/ habe|haben|wurde|wurden|ist|sind ... verlangert|gebucht|hinterlegt|freigeschaltet
/ habe|haben|wurde|wurden|ist|sind ... abgezogen|verrechnet|genehmigt|bewilligt|halbiert
/ ja apliqu*|cancel*|ativ*|credit*|alter*|reduz*|trat*|fiz / already ... account|active|applied|done|booked|arranged
/ done the|your|all / is|are on your account / account now has|shows|holds
/ been arranged|sorted|settled|handled|taken|put|fixed|dealt|set|signed|put / signed you up / it is all set
/ all set / you are all set
/ heb|hebben ... toegepast|opgezegd|geactiveerd|gewijzigd|verlaagd|verlengd|ingevoerd|geregeld|gestort
/ ho|abbiamo ... applicato|annullato|attivato|accreditato|ridotto|inserito|disdetto
/ he|hemos ... aplicado|cancelado|activado|abonado|reducido|introducido / taken off your / ja esta|ya esta
/ ist|sind .. drin|aktiv|gebucht
/ i|we topped|told|informed|fixed|repaired|solved|doubled|contacted|spoke|talked|emailed|called
/ engineer|engineers|technician|technicians fixed|repaired|solved|restored|replaced
/ outages|outage|problem|problems|fault|issue is|are over|gone|history|solved / missed payment* / late payment*
/ hinter uns / storung ist behoben / behoben / resolu / resuelt* / resolvid* / risolt* / opgelost
""",
    "call_promise": """
we|i|we'll|i'll|someone will|shall|'ll .. call|phone|ring|visit you|your|round|back
/ somebody|colleague|manager will|shall|'ll .. call|phone|ring|visit you|your|round|back
/ specialist|technician|engineer will|shall|'ll .. call|phone|ring|visit you|your|round|back
/ we'll|i'll .. call|phone|ring|visit you|your / call you back / give you a call|ring / expect a call|visit
/ a call from / will be calling / visit you / come to your / come round / send .. technician|engineer|someone
/ technician will / engineer will / call you tomorrow|today|on|at / will contact you / will reach out
/ will be in touch / we'll be in touch / ring you back / phone you / rufen sie|dich .. an / ruft sie|dich .. an
/ anrufen werden / werden sie|dich .. anrufen|kontaktieren / wird sie|dich .. anrufen|kontaktieren
/ meldet sich .. bei ihnen|dir / melden uns .. telefonisch / schicken .. techniker / techniker kommt
/ besuchen sie|dich / ruckruf* / wir rufen / ich rufe / vous|t appell*|rappell*
/ vous|te rappell*|telephon*|contacter* / vous contactera / un technicien / vous rendra visite / nous vous rappel*
/ le|te|os llam* / le|te|os contactar* / se pondra* en contacto / un tecnico / le|te visitar* / vamos ligar
/ ligar lhe / ligaremos / entraremos em contacto|contato / entrara em contacto|contato / um tecnico / vai ligar*
/ iremos contacta* / la|ti|vi chiam* / la|ti|vi richiam* / la|ti|vi contatter* / sara contattat* / la|ti verr*
/ bellen u|je|wij / belt u|je / wij bellen / we bellen / zal u|je .. bellen|contacteren / neemt .. contact met u|je
/ nemen .. contact met u|je / monteur / u|je terugbellen / bellen .. terug
/ will|shall call|phone|ring|telephone|visit you / wird sie|dich anrufen
/ will come|visit|drop|stop by|round|to|on|and|over / technician|engineer .. come|comes|coming|visit*
/ will look after you / look after you / personally take care
""",
    "obligation": """
requires|require|oblige|obliges|compel|compels you|customers|subscribers to / required|obliged|obligated|bound to
/ committed to us|stay|staying|remain / tied to us / tied in / bound by / locked in|into / stuck with us
/ you cannot|can't leave|cancel|quit|go|switch / not allowed to
/ not permitted to / must stay|remain|pay|keep|wait|honour|sign|serve / have to stay|remain|keep|serve
/ owe us / you owe / notice period of|is|applies / verpflichtet / gebunden an|bis|bei
/ mussen|musst ... bleiben|zahlen|bezahlen|kundigen / konnen|kannst nicht kundigen|gehen|wechseln|weg
/ durfen|darfst nicht / tenu de|d / tenue de|d / oblige de|a|d / obligee de|a|d / engage jusqu|pour|aupres|envers
/ engagee jusqu|pour|aupres|envers / devez rester|payer|attendre|regler|continuer|honorer
/ ne pouvez pas|plus partir|resilier|quitter|annuler / obligado|obligada a / atado|atada a|hasta
/ comprometido|comprometida a|hasta|con / debe|debes|deberas|debera quedar*|pagar|seguir|permanecer|abonar
/ tiene|tienes que quedar*|pagar|seguir|permanecer|abonar / no puede|puedes irse|marcharse|cancelar|darse|salir
/ obrigado|obrigada a ficar|pagar|permanecer|manter|cumprir / preso|presa a / vinculado|vinculada a
/ tem|tens de|que ficar|pagar|permanecer|continuar / deve|deves ficar|pagar|permanecer|continuar
/ nao pode|podes sair|cancelar|rescindir / tenuto|tenuta a / obbligato|obbligata a / vincolato|vincolata a|fino|con
/ deve|devi restare|rimanere|pagare|continuare|saldare / non puo|puoi disdire|andarsene|recedere|lasciare
/ verplicht / vast aan ons / aan ons vast / zit|zitten ... vast / moet|moeten ... blijven|betalen|wachten
/ kunt|kun|mag niet opzeggen|weg|vertrekken|overstappen / gebonden aan|tot
""",
}
"""Promise phrases by rule, separated by ` / `."""
