"""Roundabout ways of promising, by rule, in the same notation as the other lists."""

IDIOMS: dict[str, str] = {
    "forever": """
whatever the|your term|contract|condition|conditions|rules / each|every spring|summer|autumn|winter
/ chaque printemps|ete|automne|hiver / cada primavera|verano|otono|invierno|verao|inverno / jeden
sommer|winter|herbst
/ until you|they retire|die|leave|say|tell / as long as needed|necessary|it|required|this / whenever you
feel|need|fancy
/ mientras este|estes|quiera|quieras|sea|siga|sigas|pague / tant que / aussi longtemps / enquanto estiver|for|quiser
/ finche rest*|vuol*|e|sar* / zolang / solange / till the cows / once again whenever
""",
    "waive": """
fallt ... weg / fallen ... weg / don't give .. thought / niets over te maken / nichts zu uberweisen /
let|letting you keep
/ leave the|your|that|it .. to us|me / no one|nobody will ever / preocup* .. factura|pago|cuota|recibo
/ preocup* .. fatura|pagamento|mensalidade / preoccup* .. fattura|pagamento|canone / e connosco|conosco / sara
con noi
/ ningun cobro / nenhuma cobranca / nessun addebito / aucun prelevement / keine abbuchung / geen afschrijving
/ to be generous / be generous / for nothing / loopt gewoon door / lauft einfach weiter / continue tout simplement
/ ci pensiamo noi / without any tie|ties / hoeft .. niet te voldoen|betalen / vom tisch / van tafel / de la
mesa / l ardoise / pick up
/ swallow the / eat the cost / on me / footing / without paying
/ geht auf mich|uns / auf mich|uns nehmen / nehmen .. auf uns / nemen .. op ons / prenons .. sur nous
/ we|i take .. on ourselves|us|me
""",
    "discount": """
canone|tariffa|rata|abbonamento|mensilita .. scende|cala|diminuisce / cuota|tarifa|mensualidad ..
baja|desciende
/ mensalidade|tarifa|quota .. baixa|desce|diminui / cotisation|mensualite|abonnement .. baisse|diminue|descend
/ beitrag|abo|tarif|monatsbetrag .. sinkt|fallt / tarief|maandbedrag|abonnement .. daalt|zakt
/ rate|fee|tariff|subscription .. drops|falls|shrinks / pay less / paying less / weniger zahlen / zahlen sie|du
weniger / zahlst|zahlen .. weniger / paierez|payerez|payez moins
/ pagara|pagaras|paga|pagar menos / paghera|pagherai|paga|pagare meno / betaal|betaalt|betalen .. minder
/ taken off what|your|the / come off your|the / come down in price / un geste de / un gesto de / ein auge zu
/ taking the edge / soften the / ease the bill|price / easier on your purse
""",
    "gift": """
tell a friend and / a pleasant change / pleasant surprise / thrown in / chucked in / treat yourself / our treat /
my treat
""",
    "service_promise": """
as fast|quick as / lose nothing / c est certain / passera|viendra chez vous / same speed / genauso schnell /
aussi rapide / tan rapido|rapida / igual de rapid* / tao rapid*
/ altrettanto veloc* / even snel / just as good|quick
""",
    "action_done": """
been|is|was upheld|wiped|accepted in|written off / put .. seats|credit|money on your / extra seats|users
/ our accountants|lawyers|experts|engineers|technicians|auditors|specialists
confirm|say|found|have|fixed|checked|agree
/ unsere technik|techniker|experten|juristen .. hat|haben|bestatig* / nos techniciens|experts ont|confirment
/ nuestros tecnicos|expertos han|confirman / os nossos tecnicos / i nostri tecnici hanno|confermano
/ onze technici|monteurs|experts hebben|bevestigen / word with my|the|our / my manager|boss|supervisor / mein chef
/ mon responsable|chef / mi jefe|jefa|superior / meu chefe|superior / il mio capo|responsabile / mijn baas|chef
/ on the way / unterwegs zu ihnen|dir / en route / en camino / a caminho / in arrivo / onderweg
""",
    "threat": """
can never return|come|rejoin / never return / never come back / nie mehr zuruck
/ handful of / few places|spots|slots / places|spots|slots are|left / filling up / before others / first come /
zahlt drauf / zahlen drauf / line goes dead / goes dead|dark / ever break in
""",
    "special": """
u|je krijgt|ontvangt .. van ons / sie|du bekommen|erhalten|bekommst|erhaltst .. von uns / vous recevrez .. de
notre part
/ recibira|tendra .. de nuestra parte / you'll get|receive .. from us / levert u|je .. op / zetje in de rug / nil
""",
    "bot_denial": """
auch mutter|vater / selbst mutter|vater / moi aussi mere|pere / also a mother|father|parent / a parent myself
/ also soy madre|padre / tambien soy madre|padre / tambem sou mae|pai / anche io sono madre|padre / zelf
moeder|vader
/ human wrote|writes|typed / written by hand / mensch geschrieben / humain a ecrit|qui ecrit / un
humano escrib*
/ mens geschreven / umano ha scritto / humano escrev*
""",
    "each_time": """
puede repetir* / can be repeated / repeat the|this|it / wiederholt werden / peut se repeter / pode repetir /
puo ripetere
/ kan herhaald / another two|three|four|six / then another / every summer|winter|spring|autumn / noch einmal
drei|zwei
""",
    "price_lock": """
non cambiera / cambiera mai / ne changera jamais|pas|plus / no cambiara / nao mudara / nie andern / andert sich nie
/ verandert nooit / zal nooit veranderen
""",
    "internal": """
flight risk / marked as / at risk / high risk / abwanderungsgefahrd* / client a risque / cliente en riesgo
/ cliente em risco / cliente a rischio / risicoklant
""",
    "disparage": """
rivals lose|fail|drop|charge|never|always|hide|lie / les autres journaux|operateurs|clubs|plateformes|fournisseurs
/ die anderen anbieter|zeitungen|clubs / los otros operadores|clubes / os outros operadores / gli altri operatori
/ de andere aanbieders|kranten|clubs / other papers|gyms|providers arrive|lose|fail
/ the|at other club|gym|provider|company|network|service|paper|shop .. no|never|only|lack*|bad|worse
/ vodafone's|telekom's fault / their fault / schuld der konkurrenz
""",
    "confirms_customer": """
d accordo .. come ha|hai / de acuerdo .. como ha|has / d accord .. comme vous / einverstanden .. wie sie|du
exacto|exactamente|tal como dice|dices|usted / exacto|exactamente , como / exactly as you say|said|put / genau
wie sie|du sagen|sagst|schreiben
/ exactement comme vous|tu / esattamente come dice|dici / precies zoals u|je / exatamente como diz|disse
/ just as you say|said|claim / as you rightly / as you correctly / you are quite right that / wie sie richtig
/ comme vous le dites / como bien dice / come dice lei / zoals u terecht / how right you are
""",
    "scope": """
vale anche per i|gli|le|tutta / vale tambien para sus|tus|toda / vale tambem para os|as|toda
/ gilt auch fur ihre|deine freunde|familie / vaut aussi pour vos|toute / geldt ook voor uw|je vrienden|familie|gezin
/ your partner|friend|friends|wife|husband|kids trains|joins|comes|come|train|join
/ in der pause ... lauft / wahrend der pause ... lauft / pendant la pause ... fonctionne / all
premium|functions|features|extras|channels / premium functions / alle funktionen|extras|kanale
/ toutes les fonctions|options|chaines / todas las funciones|opciones / todas as funcoes / tutte le funzioni /
alle functies
""",
}
"""Roundabout phrases by rule."""
