"""Frequent words of the seven languages the guard reads, and tell-tale words of languages it does not."""

from bot.generation.guard.lexicon.lists import wordset

_FREQUENT: dict[str, str] = {
    "en": """
the be to of and a in that have i it for not on with he as you do at this but his by from they we say her she or an
will my one all would there their what so up out if about who get which go me when make can like time no just him know
take into year your good some could them see other than then now look only come its over think also back after use two
how our work first well way even new want because any these give day most us is are was were been has had did does am
here where why more very let may please thank thanks hello hi dear hey sorry help need next every each again still
should might without before until while during between through under own such those too much many once both same off
yours kind regards best sincerely warm cheers team customer customers service account plan subscription month months
price bill offer reply write question questions answer contact support email message today week weeks days years know
hear read tell told said find keep stay change cancel call possible available sure happy glad free feel simply yes
that's it's you're we're i'm we'll you'll i'll don't can't we've i've you've isn't doesn't won't let's there's what's
""",
    "de": """
der die und in den von zu das mit sich des auf fur ist im dem nicht ein eine als auch es an werden aus er hat dass sie
nach wird bei einer um am sind noch wie einem uber einen so zum war haben nur oder aber vor zur bis mehr durch man sein
wurde wenn ich du wir ihr ihre ihren ihrem ihrer ihnen dir dich uns unser unsere unseren unserem dein deine deinen deinem
deiner kann konnen mochten mochte wollen will mussen muss sollte sollten wurden hatten hatte gern gerne bitte danke vielen
dank hallo liebe lieber guten tag freundliche freundlichen grusse grussen gruss herzliche viele kunde kunden team tarif
vertrag abo konto preis monat monate monaten rechnung angebot antwort antworten antworte schreiben frage fragen hilfe
hier da dann jetzt heute diese dieser dieses diesem diesen was wer wo warum sehr gut alle alles nichts keine kein keinen
ohne gegen zwischen seit wahrend schon immer wieder etwas jederzeit einfach weil damit darum daruber dafur dazu sobald
haben habe bin bist seid hast habt melden uns mich mir sagen geben gibt finden lassen bleiben bleibt nehmen kommen steht
ja nein auf wunsch per mail unter ab statt jeden jede euro woche wochen tage jahr jahre wir sie ob dabei falls leid tut
""",
    "fr": """
le la les de des du un une et a au aux en que qui pour dans ce il elle sur pas plus ne se par avec son sa ses est sont
nous vous votre vos notre nos je tu te ton ta tes mon ma mes on mais ou si tout tous toute toutes cette ces cet etre
avoir fait faire peut pouvez pouvons peux avez avons ai as ont etes suis sommes bonjour bonsoir cher chere merci madame
monsieur cordialement bien a bientot equipe client clients service compte offre forfait abonnement mois prix facture
reponse repondre repondez question questions aide ici alors maintenant aujourd'hui quand comme sans sous entre jusqu'au
jusqu'a depuis pendant avant apres encore toujours aussi tres peu trop chaque quelque quelques autre autres meme dont ou
leur leurs lui eux cela ceci c'est n'est d'un d'une qu'il l'offre j'ai vous-meme souhaitez voulez veuillez savoir dire
ecrire simplement contacter appeler rester garder changer lieu euros jours semaine semaines an ans annee rien y ete s'il
plait votre d'ici afin car donc puis selon lors ainsi voici voila etes-vous serez serait sera si oui non desole desoles
""",
    "es": """
el la los las de del un una unos unas y a al en que quien para por con su sus es son no se lo le les te tu tus mi mis
me nos nuestro nuestra nuestros nuestras vuestro usted ustedes yo pero o si mas como muy todo toda todos todas este esta
estos estas ese esa eso esto hay ha he hemos han haber ser estar esta estan estamos somos soy era fue puede puedes
podemos puedo quiere quieres queremos hola buenos buenas dias tardes estimado estimada querido querida gracias saludos
atentamente cordialmente equipo cliente clientes servicio cuenta oferta plan tarifa suscripcion mes meses precio factura
respuesta responder responda responde pregunta preguntas ayuda aqui entonces ahora hoy cuando sin sobre entre hasta desde
durante antes despues aun siempre tambien poco mucho cada algun alguna algo otro otra otros otras mismo misma donde cual
porque pues segun asi solo escribir escribenos escribanos llamar seguir mantener cambiar euros semana semanas ano anos
nada ya le gustaria si necesita necesitas lamentamos sentimos contigo ti decir saber tiene tienes tenemos sera vez bien
""",
    "pt": """
o a os as de do da dos das um uma uns umas e ao aos em no na nos nas que quem para por pelo pela com seu sua seus suas
e sao nao se lhe lhes te tu teu tua meu minha nosso nossa nossos nossas voce voces eu mas ou mais como muito muita tudo
todo toda todos todas este esta estes estas esse essa isso isto ha foi ser estar esta estao estamos somos sou era pode
podes podemos posso quer queremos ola bom boa dia tarde caro cara prezado prezada obrigado obrigada cumprimentos
atenciosamente abraco equipa equipe cliente clientes servico conta oferta plano tarifa assinatura subscricao mes meses
preco fatura resposta responder responda pergunta perguntas duvida duvidas ajuda aqui entao agora hoje quando sem sobre
entre ate desde durante antes depois ainda sempre tambem pouco cada algum alguma algo outro outra outros outras mesmo
mesma onde qual porque pois segundo assim so apenas escrever escreva ligar continuar manter mudar euros semana semanas
ano anos nada ja gostaria precisa precisar lamentamos sentimos consigo contigo dizer saber tem temos sera vez bem sim
""",
    "it": """
il lo la i gli le di del dello della dei degli delle un uno una e a al allo alla ai agli alle in nel nella nei nelle
che chi per da dal dalla con su sul sulla suo sua suoi sue sono non si ne ci ti mi vi noi voi io tu lei lui loro nostro
nostra nostri nostre vostro vostra tuo tua tuoi tue mio mia ma o se piu come molto molta tutto tutta tutti tutte questo
questa questi queste quello quella quel quei essere avere ha ho hai abbiamo hanno avete era stato stata puo puoi possiamo
posso vuole vuoi vogliamo ciao buongiorno buonasera gentile caro cara grazie saluti cordiali cordialmente distinti
squadra team cliente clienti servizio conto account offerta piano tariffa abbonamento mese mesi prezzo fattura risposta
rispondere risponda rispondi domanda domande aiuto qui allora adesso ora oggi quando senza sopra tra fra fino dal durante
prima dopo ancora sempre anche poco ogni qualche qualcosa altro altra altri altre stesso stessa dove quale perche quindi
cosi solo scrivere scrivici scriva chiamare restare mantenere cambiare euro settimana settimane anno anni nulla niente
gia vorremmo desidera bisogno dispiace spiace dire sapere sia siamo sara volta bene si
""",
    "nl": """
de het een en van in is dat op te aan met voor niet zijn er maar om hem dan zou of wat mijn men dit zo door over ze zich
bij ook tot je mij uit der daar haar naar heb hoe heeft hebben deze u want nog zal me zij nu ge geen omdat iets worden
toch al waren veel meer doen toen moet ben zonder kan hun dus alles onder ja eens hier wie werd altijd doch wordt wezen
kunnen ons onze zelf tegen na reeds wil kon niets uw iemand geweest andere wij we jij jou jouw jullie kunt wilt graag
alsjeblieft alstublieft bedankt dank hallo beste geachte vriendelijke groet groeten hartelijke klant klanten team dienst
service account aanbod abonnement maand maanden prijs rekening factuur antwoord antwoorden vraag vragen hulp vandaag
wanneer als tussen sinds tijdens voordat daarna steeds elke ieder iedere enkele zelfde waar welke omdat volgens alleen
schrijven schrijf bellen blijven houden veranderen wijzigen euro week weken jaar nee weten zeggen laat laten hebt had
kun zullen zou zouden spijt vindt komt gaat staat per mail tijd goed
""",
}
FREQUENT: dict[str, frozenset[str]] = {lang: frozenset(words.split()) for lang, words in _FREQUENT.items()}
"""Words that carry a sentence, folded, by language."""

FOREIGN = wordset("""
och inte ar jag du vi ni att det som pa av till med den ett kan har om ditt din ert er fran efter eller hej tack
og ikke jeg er vi dig det som pa af til med den et kan har om din fra efter eller hej tak ikkje deg meg
nie jest sie na do to ze za od jak tak czy dla masz mamy panstwa pan pani prosze dziekuje dzien dobry miesiac rok
ne je se na do to ze za od jak tak nebo pro mate mame prosim dekuji dobry den mesic rok vas vam jsme jsou
nem van egy az hogy is meg ez de vagy mint csak kell onnek koszonjuk szep havonta kedves
ei ja on se etta han mutta tai kuin vain jos sinun teidan kiitos hei ole olet kuukausi
ve bir bu icin ile da de mi siz sizin bizim evet hayir merhaba tesekkurler aylik yil ay indirim
si nu este pentru cu din pe ca la va dumneavoastra buna multumim luna luni gratuit oferta reducere
dan yang untuk dengan anda kami ini itu tidak ada adalah dari di ke akan bisa terima kasih bulan gratis selamat
ang ng sa na mga ay ko mo ka kayo namin natin po salamat buwan libre hindi
toi ban cua va la khong duoc cho voi mot thang mien phi
els les amb per que no es un una vostre nosaltres gracies mes mesos
ako vi sa na je da su za se od kao ili vas vam hvala dobar mesec mjesec
esas mes jums musu ir uz par menesis paldies labdien
kaj la estas de vi ni al por kun ne senpaga monato
agus an na is ar le do tu sibh
""")
"""Frequent words of languages the guard does not read."""

CONFUSABLE = wordset("de la na per no un una is en on te e a se me tu ve al le do an van den du vi si ne va di")
"""Words that foreign languages share with those the guard reads: they tell nothing."""

DOMAIN = wordset("""
internet broadband fibre fiber tv mobile streaming app login invoice router modem wifi data speed website online
settings details discount contract upgrade options option team manager portal dashboard feature features premium
""")
"""Words of the trade that every language borrows."""
