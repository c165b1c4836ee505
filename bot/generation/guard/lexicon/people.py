"""Words of greeting and closing, of plans and of well-known companies, folded."""

from bot.generation.guard.lexicon.lists import wordset

GREETINGS = wordset(
    "dear hi hello hey hallo liebe lieber geehrte geehrter guten servus bonjour bonsoir salut cher chere"
    " hola estimado estimada querido querida buenos buenas ola caro cara prezado prezada bom boa exmo exma"
    " ciao buongiorno buonasera gentile egregio salve beste geachte dag hoi goedemorgen goedemiddag"
    " goedendag morning sehr"
)
GREETING_WORDS = wordset(
    "mr mrs ms miss dr herr herrn frau monsieur madame m mme mlle senor senora sr sra don dona signor"
    " signora sig dott de heer mevrouw meneer dhr mevr geehrte geehrter geehrten tag morgen abend dias"
    " tardes noches dia tarde noite again there senhor senhora"
)
GENERIC_GREETED = wordset(
    "customer customers there all everyone friend team reader subscriber sir madam kunde kundin kunden"
    " damen herren client cliente clientes clienti klant kunden tous toutes monsieur madame todos todas"
    " tutti tutte allemaal iedereen you dich sie vous usted voce zusammen und ou et y e en we i ich wir"
    " nous je thank thanks danke merci gracias grazie obrigado obrigada bedankt heer mevrouw signore"
    " signora your ihr ihre votre su sua seu uw i'm it a this it's das es the we're we've sorry es hier"
    " here how what that's happy great of good glad yes no please schon leider gern naturlich grusse gruss"
    " groeten groet wishes regards saluti saludos salutations cumprimentos de la le el il o os as un una"
    " une welcome"
)
CLOSINGS = frozenset(
    {
        "regards",
        "kind regards",
        "best regards",
        "warm regards",
        "best",
        "best wishes",
        "sincerely",
        "yours sincerely",
        "cheers",
        "warmly",
        "many thanks",
        "with kind",
        "thanks",
        "thank you",
        "yours truly",
        "all the",
        "take care",
        "mit freundlichen",
        "freundliche grusse",
        "viele grusse",
        "herzliche grusse",
        "beste grusse",
        "liebe grusse",
        "schone grusse",
        "mit besten",
        "mit herzlichen",
        "cordialement",
        "bien cordialement",
        "bien a",
        "a bientot",
        "sinceres salutations",
        "amicalement",
        "bien sincerement",
        "avec nos",
        "saludos",
        "un saludo",
        "saludos cordiales",
        "atentamente",
        "cordialmente",
        "un cordial",
        "un abrazo",
        "cumprimentos",
        "com os",
        "melhores cumprimentos",
        "atenciosamente",
        "um abraco",
        "obrigado",
        "cordiali saluti",
        "distinti saluti",
        "un saluto",
        "un caro",
        "a presto",
        "saluti",
        "met vriendelijke",
        "vriendelijke groet",
        "vriendelijke groeten",
        "hartelijke groet",
        "hartelijke groeten",
        "groeten",
        "groet",
        "met hartelijke",
        "yours",
        "faithfully",
        "yours faithfully",
    }
)
"""Openings of a closing line: one or two words."""

SENDER_WORDS = wordset(
    "with the your team teams customer customers care service support success relations office desk from"
    " at of and people folks everyone all accounts help kind warm best regards thanks wishes sincerely"
    " yours many ihr ihre dein deine das team kundenservice kundenbetreuung kundendienst service von vom"
    " bei der die im grusse grussen kundenteam mannschaft serviceteam supportteam freundliche freundlichen"
    " grusse l equipe votre ton le la les du de des service client clients relation el la los su tu equipo"
    " de del atencion al cliente servicio a o equipa equipe da do de atendimento apoio ao cliente servico"
    " sua il lo la tuo suo vostro team di del della dell servizio assistenza clienti squadra het uw jouw"
    " klantenservice klantenteam van de bij unsubscribe opt out manage preferences abmelden abbestellen"
    " newsletter desabonner desinscription baja cancelar disiscriviti afmelden uitschrijven subject tel"
    " phone web www email e mail ps p s"
)

PLAN_NOUNS = wordset(
    "plan plans package packages tariff tariffs subscription bundle bundles tier membership tarif tarifs"
    " paket abo forfait formule offre abonnement tarifa plano planos pacote paquete piano pacchetto"
    " tariffa abbonamento pakket bundel"
)
PLAN_WORDS = wordset(
    "premium gold platinum silver bronze diamond ultimate pro max ultra plus basic starter business"
    " enterprise elite vip deluxe essential lite family unlimited standard super mega titanium executive"
    " infinity advanced"
)

COMPANIES = wordset(
    "netflix spotify disney hulu vodafone telekom verizon comcast xfinity telefonica orange bouygues"
    " swisscom sunrise kpn ziggo proximus telstra optus t-mobile tmobile sprint amazon google apple"
    " microsoft facebook hbo skype starlink sfr movistar fastweb iliad tim nos meo freenet 1&1 o2 bt ee"
    " virgin talktalk plusnet att att&t dazn paramount youtube eon vattenfall edf engie iberdrola enel"
    " eneco salesforce hubspot zendesk slack dropbox adobe"
) - {"orange", "sunrise", "sprint", "apple", "tim", "nos", "virgin", "slack", "ee", "bt"}
"""Well-known companies whose name is no common word."""

TITLES = wordset(
    "mr mrs ms miss herr herrn frau madame monsieur mme mlle senor senora sra srta signor signora sig dhr"
    " mevr mevrouw meneer colleague kollege kollegin collegue colega collega named called manager"
    " neighbour neighbor"
)
"""Words before a person's name."""
