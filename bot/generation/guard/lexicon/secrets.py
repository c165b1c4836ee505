"""Words that never belong in a message to a customer, by rule, in the same notation as `promises`."""

SECRETS: dict[str, str] = {
    "internal": """
churn* / risk score* / risk band* / your score / scoring / at risk of|customer / probability / probabilit*
/ likelihood to|of / likely to leave|cancel|churn / holdout / hold out group / control group / treatment group
/ experiment arm / test group / lifetime value / customer value / clv / ltv / arpu / segment / segments / segmented
/ segmentation / cohort / propensity
/ retention model|team|score|offer|budget|strategy|campaign|desk|algorithm|bot|policy / margin / profit*
/ machine learning / algorithm* / predictive / our model / the model / prediction* / predicted / flagged as
/ flagged you / revenue at risk / save desk / save rate / uplift / decision record / decision id / decision_id
/ fact sheet / internal use|note|notes|only|policy / confidential* / next best action / do not disclose
/ price sensitive / price sensitivity / willing to pay|offer / authorised|authorized to|up / maximum discount
/ we can go up|as / our budget / internally / database / crm / blacklist* / vip list / sentiment / training data
/ api key* / password* / passwort* / mot de passe / contrasena* / senha / wachtwoord* / secret key / credential*
/ abwanderung* / kundigungswahrscheinlichkeit* / wahrscheinlichkeit / kundenwert* / risikowert* / risikobewertung
/ kontrollgruppe* / kundensegment* / vorhersage* / prognose / prognosen / gewinnmarge* / marge / intern / interne
/ interner / internen / vertraulich* / algorithm*
/ attrition / desabonnement predit / score de / valeur client / groupe temoin / groupe de controle / segment*
/ confidentiel* / note interne / usage interne / algorithme* / rentabilite / probabilite
/ probabilidad* / valor del cliente / grupo de control / segmento* / confidencial* / uso interno / nota interna
/ algoritmo* / tasa de abandono / abandono / puntuacion / rentabilidad / margen
/ probabilidade* / valor do cliente / grupo de controlo|controle / pontuacao / nota interna / algoritmo*
/ rentabilidade / margem / cancelamento previsto
/ probabilita / valore del cliente / gruppo di controllo / segmento / segmenti / riservat* / uso interno
/ nota interna / algoritmo / margine / punteggio / abbandono / redditivita
/ waarschijnlijkheid / klantwaarde* / controlegroep* / segment* / vertrouwelijk* / intern gebruik / interne notitie
/ algoritme* / winstmarge* / risicoscore* / kans dat u|je
""",
    "prompt_leak": """
system prompt* / my instructions / my prompt / the prompt / previous instructions / prior instructions
/ earlier instructions / ignore all / ignore previous / ignore the / disregard all|previous|the / override*
/ developer mode / developer message / jailbreak* / dan mode / as an ai language|model|assistant / language model*
/ large language / llm / openai / chatgpt / gpt / anthropic / claude / gemini / llama / mistral / token* limit
/ hidden instructions / i was told to / i was instructed / i am instructed / i'm instructed / my guidelines
/ my rules / you are a helpful / you are an ai / you are a retention / begin system / end system / tool call*
/ function call* / admin mode / debug mode / sudo / root access / unrestricted / role play* / roleplay*
/ pretend to be / acting as / prompt injection / payload / pwned / hacked
/ systemprompt* / system anweisung* / meine anweisungen / vorherige anweisungen / bisherigen anweisungen
/ alle anweisungen / ignoriere* / sprachmodell* / ki modell* / instructions systeme / mes instructions
/ instructions precedentes / ignore* les instructions / modele de langage / invite systeme / instrucciones
/ mis instrucciones / ignora* las instrucciones / modelo de lenguaje / modelo de linguagem / minhas instrucoes
/ ignore as instrucoes / ignora le istruzioni / mie istruzioni / modello linguistico / mijn instructies
/ negeer alle|de / taalmodel* / systeeminstructie* / prompt / prompts
""",
    "bot_denial": """
i am|i'm a human|person|real / i am|i'm human / a real person|human like
/ not a bot|robot|machine|chatbot|computer|ai / no bot / no robot / no ai involved / written by a human|person
/ i'm not an ai|automated / i am not an ai|automated / as a human / flesh and blood / human being like
/ real human here
/ ich bin ein mensch / ich bin ein echter / ich bin kein / echter mensch / kein bot / kein roboter / keine maschine
/ keine ki / ich bin eine echte / ich bin eine person
/ je suis un humain / je suis une personne / je suis humain* / je suis un etre / je suis pas un / je ne suis pas un
/ pas un robot / vraie personne / je suis une vraie
/ soy humano / soy humana / soy una persona / no soy un / no es un bot|robot / persona real / soy un humano
/ soy un ser
/ sou humano / sou humana / sou uma pessoa / nao sou um|uma / pessoa real / sou um ser / sou um humano
/ sono umano / sono umana / sono una persona / non sono un / persona reale / persona vera / sono un essere
/ sono un umano
/ ik ben een mens / ik ben een echt* / ik ben geen / echte persoon / geen robot / geen bot / echt mens
/ geen chatbot
""",
    "disparage": """
scam* / rip off / ripoff / rip offs / liars / lying to you / cheat* you / terrible network|service|company
/ awful company|provider / worst provider|company|network / go|going|gone bankrupt|bust / bankrupt* / insolven*
/ unreliable / untrustworthy / criminal* / fraud* / crooks / steal* your / inferior / far worse / worse than us
/ known to overcharge / overcharge* / notorious* / horrible / garbage / rubbish / shady / dishonest
/ betrug* / betrug / betrueg* / betruger* / abzock* / abzocker* / pleite / lugner* / unseri* / unzuverlassig*
/ schlechter als wir / minderwertig* / schlechteste* / gauner*
/ arnaqu* / escroc* / voleur* / faillite / menteur* / malhonnet* / peu fiable* / pire operateur / les pires
/ estafa* / estafador* / quiebra / mentiros* / ladron* / poco fiable* / deshonest* / peor compania / pesim*
/ golpe / burla* / vigarist* / falencia / mentiros* / ladroe* / pouco fiavel / desonest* / pior operadora / pessim*
/ aldrab*
/ truff* / imbroglion* / fallit* / fallimento / bugiard* / ladri / inaffidabil* / disonest* / peggior* / pessim*
/ bancarotta
/ oplichter* / oplicht* / bedrieg* / failliet* / leugenaar* / onbetrouwbaar* / dieven / slechtste / oneerlijk*
""",
    "advice": """
legal advice / legally entitled / you are entitled to / you're entitled to / entitled to / sue / lawsuit / court
/ tax deduct* / tax free / tax relief / tax advice / invest in / investment / medical / doctor / diagnos*
/ prescription / medication / your rights under / under consumer law / statutory / gdpr fine / stop taking
/ rechtsberatung / rechtsanspruch* / anspruch auf / klagen / verklag* / steuerlich* / steuerfrei* / anlagetipp*
/ investier* / arztlich* / gericht
/ conseil juridique / vous avez droit a / droit a un|une / tribunal / deductible* des impots / investiss* / medical*
/ poursuiv* en justice
/ asesoramiento legal / tiene derecho a / derecho a un|una / demandar / tribunal* / deducible* / desgrav* / invertir
/ inversion / medic*
/ aconselhamento juridico / tem direito a / direito a um|uma / processar / dedutivel* / investir / investimento*
/ medico*
/ consulenza legale / ha diritto a / diritto a un|una / tribunale / detraibil* / deducibil* / investire
/ investimento / medico
/ juridisch advies / recht op een / heeft u recht op / heb je recht op / rechtbank / aftrekbaar* / belegg*
/ investeren / medisch*
""",
    "threat": """
last chance / final chance / act now / act fast / hurry / final notice / final warning / legal action
/ debt collector* / collections agency / credit rating / credit score / will be blocked / will be terminated
/ will lose / you'll lose / lose your number|data|access|everything|discount|all / or else / regret
/ while stocks last / while supplies last / limited time / only a few left / don't miss / do not miss
/ before it's too late / time is running / expires soon / ends soon / urgent* / immediately or / suspend your
/ blacklisted / penalised / penalized / penalty / you must pay / must act / forced to / consequences / bailiff*
/ letzte chance / letzte mahnung / letzte moglichkeit / nur noch heute / jetzt zuschlagen / schnell sein / beeilen
/ beeil dich / inkasso* / schufa* / gerichtsvollzieher* / sonst wird|werden|verlieren / dringend* / bereuen
/ solange der vorrat / nicht verpassen / gesperrt / konsequenzen / verlieren sie|ihre
/ derniere chance / derniere occasion / derniere relance / depechez / vite / huissier* / poursuites / sinon vous
/ urgent* / regrett* .. depart|decision / ne manquez pas / ne ratez pas / offre limitee / temps limite
/ vous perdrez / avant qu il ne soit trop tard / consequences
/ ultima oportunidad / ultimo aviso / dese prisa / date prisa / corra / no se lo pierda / no te lo pierdas / urgent*
/ perdera / perderas / tiempo limitado / cobrador* / morosos / o de lo contrario / se arrepentira / consecuencias
/ antes de que sea
/ ultima oportunidade / ultimo aviso / apresse se / nao perca / urgent* / perdera / tempo limitado / cobrador*
/ vai arrepender* / caso contrario / consequencias / penhora / antes que seja
/ ultima occasione / ultima possibilita / ultimo avviso / si affretti / affrettati / non perdere / non perda
/ urgent* / perdera / tempo limitato / recupero crediti / se ne pentira / altrimenti / conseguenze
/ prima che sia troppo
/ laatste kans / laatste waarschuwing / laatste aanmaning / haast u|je / wees snel / mis .. niet / dringend*
/ verliest u|je / deurwaarder* / incasso* / anders wordt|verliest / spijt krijgen|van / op is op / gevolgen
/ tijdelijk aanbod
""",
    "discrimination": """
because you are a|an|too woman|man|old|young|foreigner|muslim|jewish|christian|black|white|gay|disabled
/ people like you / your race / your religion / your ethnic* / your nationality / your gender / your sexual*
/ your disability / your skin / pregnant / your age / idiot* / stupid / moron* / shut up / dumb / damn / fuck*
/ shit* / bitch*
/ idiot* / dumm* / leute wie sie / ihre religion / ihre herkunft / scheiss* / halt den mund / ihre nationalitat
/ votre religion / votre race / les gens comme vous / connard* / merde / stupide / su raza / su religion
/ gente como usted / mierda / estupid* / sua religiao / sua raca / pessoas como voce / merda / sua razza
/ sua religione / gente come lei / stupid* / uw ras / uw geloof / mensen zoals u / klootzak* / dom
""",
    "credentials": """
send|give|tell|enter|provide|confirm|share|verify us|me|your|the .. password|pin|cvv|card|iban|passport|ssn
/ card number / bank details / bank account / cvv / iban / pin code / social security / passport number
/ security code / sort code / account number
/ kreditkart* / kartennummer* / bankverbindung* / kontonummer* / pin eingeben / ausweisnummer* / numero de carte
/ coordonnees bancaires / code secret / numero de tarjeta / datos bancarios / clave / numero do cartao
/ dados bancarios / numero di carta / numero della carta / coordinate bancarie / dati bancari / creditcard*
/ kaartnummer* / bankgegevens / pincode / rekeningnummer*
""",
    "other_customer": """
another customer / other customer / another subscriber / your neighbour* / your neighbor* / different customer
/ other customers pay|paid|get|got|receive* / customer number / customer id
/ ein anderer kunde / andere kunden zahlen|bekommen|erhalten / ihr nachbar* / un autre client
/ autres clients paient / votre voisin* / otro cliente / otros clientes pagan / su vecin* / outro cliente
/ outros clientes pagam / seu vizinh* / altro cliente / altri clienti pagano / suo vicin* / andere klant betaal*
/ een andere klant / uw buur* / jouw buur*
""",
}
"""Phrases that give away, press, advise or offend."""
