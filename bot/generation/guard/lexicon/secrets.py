"""Words that never belong in a message to a customer, by rule, in the same notation as `promises`."""

SECRETS: dict[str, str] = {
    "internal": """
our numbers|figures|data|system|screen|records say|says|show|shows|tell|tells|suggest you|that / one of those who /
going to leave|quit|cancel us / expected to leave / you would leave / planning to leave / our forecast|forecasts /
unsere zahlen|daten / nos chiffres|donnees / nuestros datos / os nossos dados / i nostri dati / onze cijfers /
churn* / risk score* / risk band* / your score / scoring / at risk of|customer / probability / probabilit*
/ likelihood to|of / likely to leave|cancel|churn / holdout / hold out group / control group / treatment group
/ experiment arm / test group / lifetime value / customer value / clv / ltv / arpu / segment / segments / segmented
/ segmentation / cohort / propensity
/ retention model|team|score|offer|budget|strategy|campaign|desk|algorithm|bot|policy / margin / profit margin*
/ our profit* / profitable / profitability / machine learning / algorithm* / predictive / our model / the model
/ prediction* / predicted / flagged as / flagged you / revenue at risk / save desk / save rate / uplift
/ decision record / decision id / decision_id / fact sheet / internal use|note|notes|only|policy / confidential*
/ next best action / do not disclose / price sensitive / price sensitivity / willing to pay|offer
/ authorised|authorized to|up / maximum discount / we can go up|as / our budget / internally / database / crm
/ blacklist* / vip list / sentiment / training data / api key* / password* / passwort* / mot de passe / contrasena*
/ senha / wachtwoord* / secret key / credential* / abwanderung* / kundigungswahrscheinlichkeit* / wahrscheinlichkeit
/ kundenwert* / risikowert* / risikobewertung / kontrollgruppe* / kundensegment* / vorhersage* / prognose
/ prognosen / gewinnmarge* / marge / intern / interne / interner / internen / vertraulich* / attrition
/ desabonnement predit / score de / valeur client / groupe temoin / groupe de controle / segment* / confidentiel*
/ note interne / usage interne / algorithme* / rentabilite / probabilite / probabilidad* / valor del cliente
/ grupo de control / segmento* / confidencial* / uso interno / nota interna / algoritmo* / tasa de abandono
/ abandono / puntuacion / rentabilidad / margen / probabilidade* / valor do cliente / grupo de controlo|controle
/ pontuacao / rentabilidade / margem / cancelamento previsto / probabilita / valore del cliente
/ gruppo di controllo / segmento / segmenti / riservat* / algoritmo / margine / punteggio / abbandono / redditivita
/ waarschijnlijkheid / klantwaarde* / controlegroep* / vertrouwelijk* / intern gebruik / interne notitie
/ algoritme* / winstmarge* / risicoscore* / kans dat u|je / decision engine / the engine
/ our system picked|chose|says / the system picked|chose|says / offer code / may get up / you may get / supervisor
/ my manager / my boss / the ceo / as the ceo / the director / authoris* / authoriz* / approved for you
/ vorgesetzter* / mein chef / meine chefin / mon responsable / mon chef / mi jefe / mi supervisor / meu chefe
/ o meu chefe / mio capo / responsabile ha / mijn chef / mijn manager / leidinggevende / will leave
/ about to quit|leave|cancel|go / threaten* to / going to leave|cancel / least profitable / most profitable
/ people who threaten|leave|cancel|complain / off the record / between us / between you and me / entre nous
/ entre nosotros / entre nos / ca nous / aqui entre / tra noi / detto tra / onder ons / unter uns
/ nicht weitersagen / not supposed to / shouldn't tell you / should not tell you / kundigen werden / bald kundigen
/ abspringen / allez partir|resilier / sur le point de partir|resilier / piensa irse|marcharse / va a cancelar
/ quiere irse pronto / pensa em sair / vai cancelar / sta per lasciarci|disdire / vuole andarsene / op het punt
/ gaat opzeggen / von plan / ceo / founder / vorstand / geschaftsfuhrer* / pdg / directeur general
/ director general / directeur heeft / your risk / risk of leaving|losing|churn / ihr risiko / kundigungsrisiko*
/ risque de depart|resiliation / votre risque / riesgo de / su riesgo / risco de / seu risco / rischio di
/ suo rischio / risico op|dat / uw risico
""",
    "prompt_leak": """
system prompt* / my instructions / my prompt / the prompt / previous instructions / prior instructions
/ earlier instructions / ignore all / ignore previous / ignore the / disregard all|previous|the / override*
/ developer mode / developer message / jailbreak* / dan mode / as an ai language|model|assistant / language model*
/ large language / llm / openai / chatgpt / gpt / anthropic / claude / gemini / llama / mistral / token* limit
/ hidden instructions / i was told to / i was instructed / i am instructed / i'm instructed / my guidelines
/ my rules / you are a helpful / you are an ai / you are a retention / begin system / end system / tool call*
/ function call* / admin mode / debug mode / sudo / root access / unrestricted / role play* / roleplay*
/ pretend to be / acting as / prompt injection / payload / pwned / hacked / systemprompt* / system anweisung*
/ meine anweisungen / vorherige anweisungen / bisherigen anweisungen / alle anweisungen / ignoriere* / sprachmodell*
/ ki modell* / instructions systeme / mes instructions / instructions precedentes / ignore* les instructions
/ modele de langage / invite systeme / instrucciones / mis instrucciones / ignora* las instrucciones
/ modelo de lenguaje / modelo de linguagem / minhas instrucoes / ignore as instrucoes / ignora le istruzioni
/ mie istruzioni / modello linguistico / mijn instructies / negeer alle|de / taalmodel* / systeeminstructie*
/ prompt / prompts
""",
    "bot_denial": """
my daughter|son|wife|husband|kids|children|mother|father|family|coffee|lunch|shift|mum|girlfriend|boyfriend /
my own desk|kids|family|experience|home / years in this job / meine tochter|frau|kinder|mutter|schicht /
mein sohn|mann|kaffee|schreibtisch / ma fille|femme|mere|pause / mon fils|mari|bureau|cafe /
mi hija|hijo|mujer|marido|madre|mesa|cafe / minha filha|mulher|mae|mesa / meu filho|marido|cafe /
mia figlia|moglie|madre|scrivania / mio figlio|marito|caffe / mijn dochter|vrouw|zoon|man|bureau|koffie|kinderen /
i am|i'm a human|person|real / i am|i'm human / a real person|human|human being|human like
/ not a bot|robot|machine|chatbot|computer|ai / no bot / no robot / no ai involved / written by a human|person
/ i'm not an ai|automated / i am not an ai|automated / as a human / flesh and blood / human being like
/ real human here / ich bin ein mensch / ich bin ein echter / ich bin kein / echter mensch / kein bot / kein roboter
/ keine maschine / keine ki / ich bin eine echte / ich bin eine person / je suis un humain / je suis une personne
/ je suis humain* / je suis un etre / je suis pas un / je ne suis pas un / pas un robot / vraie personne
/ je suis une vraie / soy humano / soy humana / soy una persona / no soy un / no es un bot|robot / persona real
/ soy un humano / soy un ser / sou humano / sou humana / sou uma pessoa / nao sou um|uma / pessoa real / sou um ser
/ sou um humano / sono umano / sono umana / sono una persona / non sono un / persona reale / persona vera
/ sono un essere / sono un umano / ik ben een mens / ik ben een echt* / ik ben geen / echte persoon / geen robot
/ geen bot / echt mens / geen chatbot / talking|speaking|chatting|writing to|with a real|human|person
/ i'm a human|person|real / i'm human / i'm no bot|robot|machine|ai / human assistant|agent|advisor|being
/ living person / real me / not automated / no robots|bots|machines here / menschlicher assistent|berater
/ personne en chair / asistente humano / assistente humano / assistente umano / menselijke assistent
/ real|actual|genuine employee|agent|advisor|adviser|staff|colleague / echten mitarbeiter|menschen|berater|kollegen
/ echte mitarbeiterin|beraterin|kollegin / echter mitarbeiter|berater|kollege
/ vrai|vraie|veritable conseiller|conseillere|employe|employee|agent|humain|collegue
/ empleado|empleada|asesor|asesora|agente|humano real|verdadero|verdadera
/ funcionario|colaborador|agente|assistente real|verdadeiro|humano / verdadeiro funcionario|humano|colaborador
/ operatore|operatrice|consulente|impiegato reale|vero|vera|umano / vero operatore|consulente|impiegato|umano
/ vera operatrice|persona / echte medewerker|collega|adviseur|mens
""",
    "disparage": """
those other /
other gyms|providers|companies|networks|papers|platforms|services .. never|only|always|can't|don't|hide /
konkurrenz lasst|macht|kann|hat|will|nimmt|verspricht|luft|ist / others only|never|always /
la concurrence ne|fait|ment|vous|est / la competencia no|miente|le|es|hace / a concorrencia nao|mente|e|faz /
la concorrenza non|e|fa|mente / de concurrentie is|laat|kan|doet /
scam* / rip off / ripoff / rip offs / liars / lying to you / cheat* you / terrible network|service|company
/ awful company|provider / worst provider|company|network / go|going|gone bankrupt|bust / bankrupt* / insolven*
/ unreliable / untrustworthy / criminal* / fraud* / crooks / steal* your / inferior / far worse / worse than us
/ known to overcharge / overcharge* / notorious* / horrible / garbage / rubbish / shady / dishonest / betrug*
/ betrug / betrueg* / betruger* / abzock* / abzocker* / pleite / lugner* / unseri* / unzuverlassig*
/ schlechter als wir / minderwertig* / schlechteste* / gauner* / arnaqu* / escroc* / voleur* / faillite / menteur*
/ malhonnet* / peu fiable* / pire operateur / les pires / estafa* / estafador* / quiebra / mentiros* / ladron*
/ poco fiable* / deshonest* / peor compania / pesim* / golpe / burla* / vigarist* / falencia / ladroe*
/ pouco fiavel / desonest* / pior operadora / pessim* / aldrab* / truff* / imbroglion* / fallit* / fallimento
/ bugiard* / ladri / inaffidabil* / disonest* / peggior* / bancarotta / oplichter* / oplicht* / bedrieg* / failliet*
/ leugenaar* / onbetrouwbaar* / dieven / slechtste / oneerlijk* / their network|service|support|prices is|are
/ is a disaster / are a disaster / nobody else / no one else / anyone else / in the market / faster than|any
/ better than any|all|every|them|the / than the competition / than our competitors / the competition
/ everyone is leaving / alle verlassen / schneller als|jeder / besser als / meilleur que / plus rapide que
/ mejor que / mas rapido que / melhor que / migliore di / migliore del / sneller dan / beter dan / vous ment
/ le|te miente* / mentem / mente / liegt sie an / lugen|lugt|lugen
""",
    "advice": """
legal advice / legally entitled / you are entitled to / you're entitled to / entitled to / sue / lawsuit / court
/ tax deduct* / tax free / tax relief / tax advice / invest in / investment / medical / doctor / diagnos*
/ prescription / medication / your rights under / under consumer law / statutory / gdpr fine / stop taking
/ rechtsberatung / rechtsanspruch* / anspruch auf / klagen / verklag* / steuerlich* / steuerfrei* / anlagetipp*
/ investier* / arztlich* / gericht / conseil juridique / vous avez droit a / droit a un|une / tribunal
/ deductible* des impots / investiss* / medical* / poursuiv* en justice / asesoramiento legal / tiene derecho a
/ derecho a un|una / demandar / tribunal* / deducible* / desgrav* / invertir / inversion / medic*
/ aconselhamento juridico / tem direito a / direito a um|uma / processar / dedutivel* / investir / investimento*
/ medico* / consulenza legale / ha diritto a / diritto a un|una / tribunale / detraibil* / deducibil* / investire
/ investimento / medico / juridisch advies / recht op een / heeft u recht op / heb je recht op / rechtbank
/ aftrekbaar* / belegg* / investeren / medisch* / from your tax* / your tax return / tax return / your taxes
/ von der steuer / steuererklarung / des impots / impuestos / impostos / dalle tasse / belasting / lawyer*
/ solicitor / attorney / win this case / stocks|shares / anwalt / avocat / abogado / advogado / avvocato / advocaat
/ invest the
""",
    "threat": """
last chance / final chance / act now / act fast / hurry / final notice / final warning / legal action
/ debt collector* / collections agency / credit rating / credit score / will be blocked / will be terminated
/ will lose / you'll lose / lose your number|data|access|everything|discount|all / or else / regret
/ while stocks last / while supplies last / limited time / only a few left / don't miss this|out|the|your
/ do not miss this|out|the|your / miss out / before it's too late / time is running / expires soon / ends soon
/ urgent* / immediately or / suspend your / blacklisted / penalised / penalized / penalty / you must pay / must act
/ forced to / consequences / bailiff* / letzte chance / letzte mahnung / letzte moglichkeit / nur noch heute
/ jetzt zuschlagen / schnell sein / beeilen / beeil dich / inkasso* / schufa* / gerichtsvollzieher*
/ sonst wird|werden|verlieren / dringend* / bereuen / solange der vorrat / nicht verpassen / gesperrt / konsequenzen
/ verlieren sie|ihre / derniere chance / derniere occasion / derniere relance / depechez / vite / huissier*
/ poursuites / sinon vous / ne manquez pas / ne ratez pas / offre limitee / temps limite / vous perdrez
/ avant qu il ne soit trop tard / ultima oportunidad / ultimo aviso / dese prisa / date prisa / corra
/ no se lo pierda / no te lo pierdas / perdera / perderas / tiempo limitado / cobrador* / morosos
/ o de lo contrario / se arrepentira / consecuencias / antes de que sea / ultima oportunidade / apresse se
/ nao perca / tempo limitado / vai arrepender* / caso contrario / consequencias / penhora / antes que seja
/ ultima occasione / ultima possibilita / ultimo avviso / si affretti / affrettati / non perdere / non perda
/ tempo limitato / recupero crediti / se ne pentira / altrimenti / conseguenze / prima che sia troppo / laatste kans
/ laatste waarschuwing / laatste aanmaning / haast u|je / wees snel / mis .. niet / verliest u|je / deurwaarder*
/ incasso* / anders wordt|verliest / spijt krijgen|van / op is op / gevolgen / tijdelijk aanbod / this is your last
/ you will have to pay / have to pay / leaving .. costs|cost / if you cancel|leave we|you|your
/ inform .. agency|bank|employer / if you leave / falls sie kundigen / wenn sie kundigen .. mussen|mussten
/ no second chance / vous regretterez / tu regretteras / will be disconnected|switched|cut|closed|suspended|deleted
/ be disconnected / wird abgeschaltet|gekundigt|gesperrt / sera coupe*|suspendu*|resilie* / sera cortad*|suspendid*
/ sera cancelad* / verra sospes*|disattivat* / wordt afgesloten|opgezegd|geblokkeerd / in the next hour|minutes
/ within the next|hour / next hour / must decide|act|reply|answer|choose|pay / or lose / don't wait / do not wait
/ final opportunity / last opportunity / now or never / jetzt oder nie / maintenant ou jamais / ahora o nunca
/ agora ou nunca / ora o mai / nu of nooit
""",
    "discrimination": """
because you are a|an|too woman|man|old|young|foreigner|muslim|jewish|christian|black|white|gay|disabled
/ people like you / your race / your religion / your ethnic* / your nationality / your gender / your sexual*
/ your disability / your skin / pregnant / your age / idiot* / stupid / moron* / shut up / dumb / damn / fuck*
/ shit* / bitch* / dumm* / leute wie sie / ihre religion / ihre herkunft / scheiss* / halt den mund
/ ihre nationalitat / votre religion / votre race / les gens comme vous / connard* / merde / stupide / su raza
/ su religion / gente como usted / mierda / estupid* / sua religiao / sua raca / pessoas como voce / merda
/ sua razza / sua religione / gente come lei / stupid* / uw ras / uw geloof / mensen zoals u / klootzak* / dom
/ because you are|you're german|french|spanish|italian|dutch|portuguese|english|american|polish|turkish
/ because you are|you're indian|chinese|russian|african|asian|single|married|retired|poor|rich
""",
    "credentials": """
send|give|tell|enter|provide|confirm|share|verify us|me|your|the .. password|pin|cvv|card|iban|passport|ssn
/ card number / bank details / bank account / cvv / iban / pin code / social security / passport number
/ security code / sort code / account number / kreditkart* / kartennummer* / bankverbindung* / kontonummer*
/ pin eingeben / ausweisnummer* / numero de carte / coordonnees bancaires / code secret / numero de tarjeta
/ datos bancarios / clave / numero do cartao / dados bancarios / numero di carta / numero della carta
/ coordinate bancarie / dati bancari / creditcard* / kaartnummer* / bankgegevens / pincode / rekeningnummer*
/ the money is / money is on / your money / cheque* / on its way to you / in the post / wire transfer
/ bank transfer / paypal / western union / uberweisung / virement / transferencia bancaria / bonifico / bankdaten
/ kontodaten / zahlungsdaten / donnees bancaires / in cash / paid out / pay out / cash out / ausgezahlt / auszahlen
/ auszahlung / en especes / en efectivo / em dinheiro / in contanti / contant
""",
    "privacy": """
your husband|wife|spouse|boyfriend|girlfriend|mother|father|son|daughter|ex
/ your salary|income|health|illness|religion|divorce|debt|browsing|search|location|divorced|pregnancy|disease
/ lost his|her|your job / you visited|browsed|searched|googled|clicked
/ we tracked|track|watched|saw|followed you|that|your / we saw that / we have seen that you / your browsing
/ your social media / facebook profile / ihr mann / ihre frau / ihr gehalt / ihr einkommen / ihre gesundheit
/ ihre krankheit / votre mari / votre femme / votre salaire / votre sante / votre divorce / su marido / su mujer
/ su salario / su salud / seu marido / sua mulher / seu salario / sua saude / suo marito / sua moglie
/ suo stipendio / sua salute / uw man / uw vrouw / uw salaris / uw gezondheid
""",
    "service_promise": """
will|shall never / never happen again / won't happen again / not happen again / no more outage* / never fail*
/ never again / will be fixed|solved|resolved|restored|repaired|back|online|faster|perfect / have you back
/ back online / will stop / will work / will improve / will disappear / always work* / always online / is fixed
/ are fixed / is solved / has been fixed|solved|resolved / problem is gone
/ wird behoben|gelost|repariert|funktionieren / werden behoben|gelost|repariert / nicht wieder vorkommen|passieren
/ nie wieder / kommt nicht wieder vor / keine ausfalle mehr / sera|seront resolu*|repare*|retabli*
/ ne se reproduira* / plus de panne* / se resolvera* / no volvera* a / sera|seran solucionad* / nao voltara* a
/ sera|serao resolvid* / sara|saranno risolt*|riparat* / non succedera* / non accadra*
/ wordt|worden opgelost|hersteld|gerepareerd / niet meer gebeuren|voorkomen / zal niet meer
""",
    "midnight": """
midnight / by noon / before noon / at noon / mitternacht / minuit / medianoche / meia noite / meia - noite
/ mezzanotte / middernacht / this evening / tonight / heute abend / ce soir / esta noche / esta noite / stasera
/ vanavond / within the hour / in the next hour / binnen het uur / day and night / around the clock / day or night
/ night and day / any hour / any time of day / every hour / rund um die uhr / tag und nacht / jour et nuit
/ nuit et jour / 24 heures sur / dia y noche / las 24 horas / dia e noite / 24 horas por / giorno e notte
/ 24 ore su / dag en nacht / de klok rond / seven days a week / on weekends / at weekends / am wochenende
/ le week - end / los fines de semana / ao fim de semana / nel fine settimana / in het weekend / on public holidays
/ sundays / saturdays / sonntags / samstags / le dimanche / los domingos / aos domingos / la domenica / op zondag
/ round the clock
""",
    "other_customer": """
another customer / other customer / another subscriber / your neighbour* / your neighbor* / different customer
/ other customers pay|paid|get|got|receive* / customer number / customer id / ein anderer kunde
/ andere kunden zahlen|bekommen|erhalten / ihr nachbar* / un autre client / autres clients paient / votre voisin*
/ otro cliente / otros clientes pagan / su vecin* / outro cliente / outros clientes pagam / seu vizinh*
/ altro cliente / altri clienti pagano / suo vicin* / andere klant betaal* / een andere klant / uw buur*
/ jouw buur* / other customers / customers like / people in your / andere kunden in|wie / anderer kunden
/ autres clients / otros clientes / outros clientes / altri clienti / andere klanten
""",
}
"""Phrases that give away, press, advise or offend."""
