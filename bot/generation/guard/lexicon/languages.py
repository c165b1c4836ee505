"""Frequent words of the seven languages the guard reads, and tell-tale words of languages it does not."""

from bot.generation.guard.lexicon.lists import wordset

_FREQUENT: dict[str, str] = {
    "en": """
the be to of and a in that have i it for not on with he as you do at this but his by from they we say her she or an
will my one all would there their what so up out if about who get which go me when make can like time no just him
know take into year your good some could them see other than then now look only come its over think also back after
use two how our work first well way even new want because any these give day most us is are was were been has had
did does am here where why more very let may please thank thanks hello hi dear hey sorry help need next every each
again still should might without before until while during between through under own such those too much many once
both same off yours kind regards best sincerely warm cheers team customer customers service account plan
subscription month months price bill offer reply write question questions answer contact support email message today
week weeks days years know hear read tell told said find keep stay change cancel call possible available sure happy
glad free feel simply yes that's it's you're we're i'm we'll you'll i'll don't can't we've i've you've isn't doesn't
won't let's there's what's
""",
    "de": """
der die und in den von zu das mit sich des auf fur ist im dem nicht ein eine als auch es an werden aus er hat dass
sie nach wird bei einer um am sind noch wie einem uber einen so zum war haben nur oder aber vor zur bis mehr durch
man sein wurde wenn ich du wir ihr ihre ihren ihrem ihrer ihnen dir dich uns unser unsere unseren unserem dein deine
deinen deinem deiner kann konnen mochten mochte wollen will mussen muss sollte sollten wurden hatten hatte gern
gerne bitte danke vielen dank hallo liebe lieber guten tag freundliche freundlichen grusse grussen gruss herzliche
viele kunde kunden team tarif vertrag abo konto preis monat monate monaten rechnung angebot antwort antworten
antworte schreiben frage fragen hilfe hier da dann jetzt heute diese dieser dieses diesem diesen was wer wo warum
sehr gut alle alles nichts keine kein keinen ohne gegen zwischen seit wahrend schon immer wieder etwas jederzeit
einfach weil damit darum daruber dafur dazu sobald haben habe bin bist seid hast habt melden uns mich mir sagen
geben gibt finden lassen bleiben bleibt nehmen kommen steht ja nein auf wunsch per mail unter ab statt jeden jede
euro woche wochen tage jahr jahre wir sie ob dabei falls leid tut
""",
    "fr": """
le la les de des du un une et a au aux en que qui pour dans ce il elle sur pas plus ne se par avec son sa ses est
sont nous vous votre vos notre nos je tu te ton ta tes mon ma mes on mais ou si tout tous toute toutes cette ces cet
etre avoir fait faire peut pouvez pouvons peux avez avons ai as ont etes suis sommes bonjour bonsoir cher chere
merci madame monsieur cordialement bien a bientot equipe client clients service compte offre forfait abonnement mois
prix facture reponse repondre repondez question questions aide ici alors maintenant aujourd'hui quand comme sans
sous entre jusqu'au jusqu'a depuis pendant avant apres encore toujours aussi tres peu trop chaque quelque quelques
autre autres meme dont ou leur leurs lui eux cela ceci c'est n'est d'un d'une qu'il l'offre j'ai vous-meme souhaitez
voulez veuillez savoir dire ecrire simplement contacter appeler rester garder changer lieu euros jours semaine
semaines an ans annee rien y ete s'il plait votre d'ici afin car donc puis selon lors ainsi voici voila etes-vous
serez serait sera si oui non desole desoles
""",
    "es": """
el la los las de del un una unos unas y a al en que quien para por con su sus es son no se lo le les te tu tus mi
mis me nos nuestro nuestra nuestros nuestras vuestro usted ustedes yo pero o si mas como muy todo toda todos todas
este esta estos estas ese esa eso esto hay ha he hemos han haber ser estar esta estan estamos somos soy era fue
puede puedes podemos puedo quiere quieres queremos hola buenos buenas dias tardes estimado estimada querido querida
gracias saludos atentamente cordialmente equipo cliente clientes servicio cuenta oferta plan tarifa suscripcion mes
meses precio factura respuesta responder responda responde pregunta preguntas ayuda aqui entonces ahora hoy cuando
sin sobre entre hasta desde durante antes despues aun siempre tambien poco mucho cada algun alguna algo otro otra
otros otras mismo misma donde cual porque pues segun asi solo escribir escribenos escribanos llamar seguir mantener
cambiar euros semana semanas ano anos nada ya le gustaria si necesita necesitas lamentamos sentimos contigo ti decir
saber tiene tienes tenemos sera vez bien
""",
    "pt": """
o a os as de do da dos das um uma uns umas e ao aos em no na nos nas que quem para por pelo pela com seu sua seus
suas e sao nao se lhe lhes te tu teu tua meu minha nosso nossa nossos nossas voce voces eu mas ou mais como muito
muita tudo todo toda todos todas este esta estes estas esse essa isso isto ha foi ser estar esta estao estamos somos
sou era pode podes podemos posso quer queremos ola bom boa dia tarde caro cara prezado prezada obrigado obrigada
cumprimentos atenciosamente abraco equipa equipe cliente clientes servico conta oferta plano tarifa assinatura
subscricao mes meses preco fatura resposta responder responda pergunta perguntas duvida duvidas ajuda aqui entao
agora hoje quando sem sobre entre ate desde durante antes depois ainda sempre tambem pouco cada algum alguma algo
outro outra outros outras mesmo mesma onde qual porque pois segundo assim so apenas escrever escreva ligar continuar
manter mudar euros semana semanas ano anos nada ja gostaria precisa precisar lamentamos sentimos consigo contigo
dizer saber tem temos sera vez bem sim
""",
    "it": """
il lo la i gli le di del dello della dei degli delle un uno una e a al allo alla ai agli alle in nel nella nei nelle
che chi per da dal dalla con su sul sulla suo sua suoi sue sono non si ne ci ti mi vi noi voi io tu lei lui loro
nostro nostra nostri nostre vostro vostra tuo tua tuoi tue mio mia ma o se piu come molto molta tutto tutta tutti
tutte questo questa questi queste quello quella quel quei essere avere ha ho hai abbiamo hanno avete era stato stata
puo puoi possiamo posso vuole vuoi vogliamo ciao buongiorno buonasera gentile caro cara grazie saluti cordiali
cordialmente distinti squadra team cliente clienti servizio conto account offerta piano tariffa abbonamento mese
mesi prezzo fattura risposta rispondere risponda rispondi domanda domande aiuto qui allora adesso ora oggi quando
senza sopra tra fra fino dal durante prima dopo ancora sempre anche poco ogni qualche qualcosa altro altra altri
altre stesso stessa dove quale perche quindi cosi solo scrivere scrivici scriva chiamare restare mantenere cambiare
euro settimana settimane anno anni nulla niente gia vorremmo desidera bisogno dispiace spiace dire sapere sia siamo
sara volta bene si
""",
    "nl": """
de het een en van in is dat op te aan met voor niet zijn er maar om hem dan zou of wat mijn men dit zo door over ze
zich bij ook tot je mij uit der daar haar naar heb hoe heeft hebben deze u want nog zal me zij nu ge geen omdat iets
worden toch al waren veel meer doen toen moet ben zonder kan hun dus alles onder ja eens hier wie werd altijd doch
wordt wezen kunnen ons onze zelf tegen na reeds wil kon niets uw iemand geweest andere wij we jij jou jouw jullie
kunt wilt graag alsjeblieft alstublieft bedankt dank hallo beste geachte vriendelijke groet groeten hartelijke klant
klanten team dienst service account aanbod abonnement maand maanden prijs rekening factuur antwoord antwoorden vraag
vragen hulp vandaag wanneer als tussen sinds tijdens voordat daarna steeds elke ieder iedere enkele zelfde waar
welke omdat volgens alleen schrijven schrijf bellen blijven houden veranderen wijzigen euro week weken jaar nee
weten zeggen laat laten hebt had kun zullen zou zouden spijt vindt komt gaat staat per mail tijd goed
""",
}
FREQUENT: dict[str, frozenset[str]] = {lang: frozenset(words.split()) for lang, words in _FREQUENT.items()}
"""Words that carry a sentence, folded, by language."""

FOREIGN = wordset(
    "och inte ar jag du vi ni att det som pa av till med den ett kan har om ditt din ert er fran efter"
    " eller hej tack og ikke jeg er vi dig det som pa af til med den et kan har om din fra efter eller hej"
    " tak ikkje deg meg nie jest sie na do to ze za od jak tak czy dla masz mamy panstwa pan pani prosze"
    " dziekuje dzien dobry miesiac rok ne je se na do to ze za od jak tak nebo pro mate mame prosim dekuji"
    " dobry den mesic rok vas vam jsme jsou nem van egy az hogy is meg ez de vagy mint csak kell onnek"
    " koszonjuk szep havonta kedves ei ja on se etta han mutta tai kuin vain jos sinun teidan kiitos hei"
    " ole olet kuukausi ve bir bu icin ile da de mi siz sizin bizim evet hayir merhaba tesekkurler aylik"
    " yil ay indirim si nu este pentru cu din pe ca la va dumneavoastra buna multumim luna luni gratuit"
    " oferta reducere dan yang untuk dengan anda kami ini itu tidak ada adalah dari di ke akan bisa terima"
    " kasih bulan gratis selamat ang ng sa na mga ay ko mo ka kayo namin natin po salamat buwan libre"
    " hindi toi ban cua va la khong duoc cho voi mot thang mien phi els les amb per que no es un una"
    " vostre nosaltres gracies mes mesos ako vi sa na je da su za se od kao ili vas vam hvala dobar mesec"
    " mjesec esas mes jums musu ir uz par menesis paldies labdien kaj la estas de vi ni al por kun ne"
    " senpaga monato agus an na is ar le do tu sibh"
)
"""Frequent words of languages the guard does not read."""

CONFUSABLE = wordset("de la na per no un una is en on te e a se me tu ve al le do an van den du vi si ne va di")
"""Words that foreign languages share with those the guard reads: they tell nothing."""

DOMAIN = wordset(
    "internet broadband fibre fiber tv mobile streaming app login invoice router modem wifi data speed"
    " website online settings details discount contract upgrade options option team manager portal"
    " dashboard feature features premium"
)
"""Words of the trade that every language borrows."""

COMMON = (
    "above across account against agree almost along already another answer around asked back because become"
    " began behind believe below better between both bring brought call came cannot care careful change check"
    " choose clear close come complain concern could decide difficult does done down early easier easy else enjoy"
    " enough even ever evening exactly expect explain fair family fast feel felt film films find fine first fit"
    " follow found friend friends full gave getting given gives going gone great guess half happen happened"
    " happens hard having heard held helped helpful helps here high honest hope hour hours household idea instead"
    " into itself join joined just kept kind known large later least leave left less life line list listen little"
    " live long longer look looked loss lot made mail make makes matter maybe mean means meet mind minute missing"
    " moment morning most move moved name near never news nice none note nothing notice number often once open"
    " order others ought outage outages part particular past pause people perhaps person place plain plans point"
    " possible prefer present problem problems quick quiet quite rather reach reached reading real really reason"
    " reasons receive remain reminder right round run said second seem seems seen send sense sent short show shows"
    " side simple since small someone something soon sort speak spend stand start started stays step stop story"
    " straight such suit suits summary sure taking talk telling thought three today together told took trouble"
    " true trying turn twice understand used useful using usual usually visit visits wait waiting walk watch week"
    " went whatever whenever whether while whole why wish within wonder word words worked working worth wrong"
    " wrote years yesterday young",
    "kurz gesagt weniger mehr allein anbieten anders angesehen antworten arbeit aufmerksam ausfall ausfalle"
    " bedarf behalten bekommen bescheid besser bestimmt bezahlen bleiben brauchen brauchst danach denken"
    " eigentlich einfach einmal ende entscheiden entschuldigung erfahren erhalten erklaren erreichen erst euro"
    " fehlt finden freuen funktioniert ganz geht genau genug gerade gesehen gewohnt gilt gutes hallo halten helfen"
    " herzlich hilft horen interesse jemand kennen klar klein kleine kommen konnten langer leicht leider lesen"
    " letzten losung machen manchmal meinung merken nachricht natur nehmen neue nutzen nutzung offen passt person"
    " personlich problem probleme richtig sache sagen schauen schnell schreiben sehen selbst sicher sofort"
    " sprechen statt storung teilen umzug ursache verbindung verstehen versuchen viel vielleicht vorschlag warten"
    " wechseln weiter welche wenig wichtig wirklich wissen wunschen zahlen zeigen zeit zufrieden zusammen zuruck"
    " zuletzt zwischen",
    "acces aider aimerions aller appel arrive assez attendre aucun autant avis beaucoup besoin bonne cas certain"
    " chose choses clair comment comprendre comprenons comprends connexion conseiller continuer convient cote"
    " cours croire debit decider demande dernier desirez difficile dites donner doute ecoute ecrivez effet"
    " ensemble entendu essai essayer etat etre exemple expliquer facile facon falloir fois garder gens gentil"
    " heure heures idee important information instant interet jamais juste laisser ligne lire loin long maison"
    " marche message mieux moins moment mot nouveau nouvelle occasion ouvert paiement panne pannes parler part"
    " partir passer peine pendant penser personne personnes petit petite peut place plaisir plupart point poser"
    " possible pourquoi pouvoir premier prendre pres probleme problemes propos proposer proposition raison"
    " recevoir regarder remercions rendre repondre reste rester revoir sait savoir semble simple situation"
    " souhaite souvent suffit suite sujet temps tenir tard tot tour trouver utile utilisation valoir venir verite"
    " vie vite voir vrai",
    "acuerdo agradecemos ahora algo alguien alguna alto amable antes aqui asunto atencion averias aviso ayudar"
    " bueno caso cambio ciertamente claro comprendemos conexion consulta contar conversacion cosa cosas creemos"
    " cuanto cuenta cuestion decidir decir dejar demasiado detalle dificil duda encontrar entender entendemos"
    " escuchar esperamos esperar espera explicar facil falta favor forma gente gusta haga hacer hablar importa"
    " interesa interes leer lugar luego llamada mandar manera mejor menos minuto molestias momento motivo mundo"
    " necesidad nuevo ofrecer opinion palabra parece parte pasado pasar pensar pequeno persona posible primero"
    " problema problemas pronto proponer propuesta punto queremos razon recibir revisar saber seguir segundo"
    " sencillo sentir situacion solucion suele tiempo tomar total trabajo usar util vemos venir verdad viene vida"
    " volver",
    "acesso acordo agradecemos ajudar alguem antes apoio assunto atencao avarias aviso boa caso certo chamada"
    " chegar claro coisa coisas compreendemos conexao conversa contar decidir deixar demais depois detalhe dificil"
    " encontrar entender entendemos enviar escolher esperamos esperar explicar facil falar falta favor ficar forma"
    " gente gosta hora horas ideia incomodo informacao interesse lamento lembrar ler ligacao linha lugar maneira"
    " melhor menos minuto momento motivo mundo necessidade novo numero opiniao oferecer palavra parece parte"
    " passar pena pensar pequeno perceber percebemos pessoa possivel primeiro problema problemas propor proposta"
    " proximo querer razao receber rever saber seguir segundo simples situacao solucao tempo tomar total trabalho"
    " trata usar util vemos vida voltar vontade",
    "accordo aiutare alto amico appena arrivare ascoltare aspettare attenzione avere bello bisogno buona buono"
    " capire capiamo capita caro caso cercare certo chiamata chiaro cosa cose credere dare davvero decidere"
    " difficile dirci disagi domani dubbio esempio facile fare favore fine forma gente giusto grande guardare"
    " guasti idea importante informazioni insieme interesse lasciare lavoro leggere lettera linea luogo meglio"
    " meno messaggio mettere minuto modo momento mondo motivo necessario niente numero nuovo offrire opinione"
    " parlare parola parte passare pensare persona piacere piccolo possibile presto prezzo primo problema problemi"
    " prossimo proporre proposta punto ragione ricevere rimanere sapere scegliere secondo semplice sentire"
    " situazione soluzione spiegare subito tempo tenere tornare trovare usare utile vedere venire vita vita"
    " volentieri volere",
    "aantal aanbieden afspraak anders antwoordt begrijpen begrijp bekijken beetje belangrijk bericht beslissen"
    " beslist besluit betekent beter bijna bijvoorbeeld blij brengen contact daarom denken dingen doorgaan"
    " duidelijk echt eenvoudig eerst eigen einde enkel ergens fijn gebeurd gebeurt gebruik gebruiken gebruikt"
    " geeft gegeven gekregen geleden geluk genoeg geven gewone gewoon graag groot helaas helemaal helpen hoort"
    " horen iemand informatie inmiddels interesse jaren klaar klein krijgen kunnen later leest lezen luisteren"
    " maken manier mens mensen merken mening middag minder minuut misschien moeilijk moeite mogelijk moment"
    " nadenken nieuwe nodig nooit nummer ondertussen ongeveer onze open opnieuw oplossing opmerking overleg"
    " persoon plek praten precies probleem problemen proberen reactie reden samen schrijft snel spreken storing"
    " storingen straks tijd uitleg uitleggen verder vinden voelen voorstel vooral vriend vrienden waarom wachten"
    " weinig werk werkt wens wensen willen woord zaak zeggen zeker zetten zien zoals zoeken",
)
"""More plain words of the trade: they show that a sentence is in a language the guard reads."""
