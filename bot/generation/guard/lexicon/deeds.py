"""What the company and the customer may be said to do, by language: verbs that commit to nothing.

Folded words; `stem*` is any word that starts so. A verb outside these lists, said of the company or of what
will be,
is a commitment and must be granted by the decision.
"""

from bot.generation.guard.lexicon.lists import wordset

SUBJECTS = {
    "en": wordset("we we'll we've we'd we're i i'll i've i'd i'm"),
    "de": wordset("wir ich"),
    "fr": wordset("nous je j on"),
    "nl": wordset("wij we ik"),
    "es": wordset("yo nosotros"),
    "pt": wordset("eu nos"),
    "it": wordset("io noi"),
}
"""Words by which the company speaks of itself."""

SKIPPED = {
    "en": wordset(
        "will would shall can could may might should have had has do did am are is be was were been being going"
        " to able"
        " happy glad pleased delighted like love want wanted hope wish try trying tried need prefer also just still"
        " simply always rather very much only now then already both all each even soon as well too ever so quite"
        " more than never not won't wouldn't do gladly"
    ),
    "fr": wordset(
        "ne n vous te t la les l lui leur y en me m nous se s avons ai a ont est sommes suis serions serais serons"
        " allons vais va pouvons peux peut pourrions pourrais pourrons voulons voudrions voudrais veux veut"
        " aimerions"
        " aimerais souhaitons souhaiterions tenons avions avais etions etais bien deja toujours aussi"
        " simplement tout"
        " de a encore volontiers tenions tres heureux heureuse ravis ravi ete juste donc sincerement vraiment"
        " pas plus"
        " jamais aurions"
    ),
    "es": wordset(
        "le les te os lo la me nos se hemos he ha podemos puedo podriamos podria queremos quiero quisieramos"
        " vamos voy"
        " a estamos estoy de que con mucho gusto ya tambien solo siempre muy bien encantados encantado poder"
        " gustaria"
        " habiamos estaremos estare siendo"
    ),
    "pt": wordset(
        "lhe lhes te melhorar o a os as me nos se temos tenho podemos posso poderiamos queremos quero"
        " gostariamos gostaria vamos"
        " vou estamos estou de que com todo gosto em ja tambem so sempre muito bem poder iremos irei teriamos"
        " teremos"
    ),
    "it": wordset(
        "le la ti vi lo li gli mi ci si abbiamo ho possiamo posso potremmo potrei vogliamo voglio vorremmo vorrei"
        " stiamo sto di a che gia anche solo sempre molto bene volentieri lieti lieto felici felice poter davvero"
        " dovremmo dobbiamo saremmo"
    ),
}
"""Auxiliaries, pronouns and adverbs between the company and the verb that says what it does."""

AUXILIARIES = {
    "de": wordset(
        "haben habe werden werde wurden wurde konnen kann konnten konnte mochten mochte wollen will wollten"
        " wollte sind"
        " bin waren war durfen darf durften durfte mussen mussten musste soll sollen sollten sollte hatten"
        " hatte mogen wird"
    ),
    "nl": wordset(
        "hebben heb zullen zal zouden zou kunnen kan konden kon willen wil wilden wilde zijn ben waren was"
        " mogen mag"
        " moeten gaan ga hadden had wordt worden zult"
    ),
}
"""Verbs after which the one that counts comes last."""

JOINING = wordset("und aber denn oder sondern ja also en maar want of dus")
"""Words after which the subject comes first."""

SUBORDINATING = wordset(
    "dass wenn weil ob was wie damit falls da obwohl wo warum die der das den wer welche welchen womit wozu sobald"
    " bevor dat als omdat of wat hoe zodat indien wanneer waar waarom welke voordat waarmee dem deren woran sofern"
)
"""Words after which the verb comes last."""

DENYING = {
    "en": wordset(
        "can't cannot don't couldn't didn't haven't not doesn't isn't aren't no hadn't unable wasn't weren't wouldn't"
    ),
    "de": wordset("nicht kein keine keinen keiner leider"),
    "fr": wordset("ne n pas"),
    "nl": wordset("niet geen"),
    "es": wordset("no"),
    "pt": wordset("nao"),
    "it": wordset("non"),
}
"""Words that turn what the company does into what it does not do."""

PROMISING = wordset(
    "will shall won't we'll i'll you'll they'll it'll that'll never nie niemals nimmer jamais nunca jamas mai nooit"
    " werden werde wird zullen zal going plus mais mas mehr meer"
)
"""Words that make even a denial a promise."""

COMPANY_DOES = {
    "en": """
about act ears left clear exact persuade* shall hand fed stay address* straight fed beat* let leave admit*
afraid agree* aim* answer*
apologise* apologize*
apologising apologizing
appreciat*
ask* assum* aware back begin* began believ* belong* blame bother* build* built call* car* change* chas* cancel*
chat* check*
choos* clarif* come came coming send compar* connect* consider* contact* count* curious decid* depend* describ*
develop*
disappoint* discuss* doubt* draft* drop email* end* enjoy* exist* expect* experienc* explain* explor* fail*
fear* feel
felt fell fall* find finding found focus* follow* forget* forgot* forward* gather* go went glanc* grateful
greet* guess*
guid* hand* happen* hat* hear* heard help* here honest* imagin* improv* inform* interested investigat* invest invit*
involv* know* knew lack* last lay learn* leave listen* live look* looked lose lost love* manag* mean* meant
meet* met mention* mind miss* misunder* mov* note* notic* notify made observ* fix obvious open* overlook* ought
part pass* pause* pick plain play* point* ponder* possibly prais* present* press* pretend* proud propos*
provid* publish*
puzzl* question* rais* read* realis* realiz* recall* receiv* recogni* recommend* record* reflect* refer* regret*
rely relies remember* remind* repeat* reply* replied report* represent* request* respect* respond* review* ran
say* said sad see* seen saw seem* sens* share* sharing show* shown sorry sound* speak* spoke spoken spend spent
stay* strive* struggl* stuck study subscrib* suggest* summar* support* suppos* surpris* suspect*
talk* teach* tell* told test* thank* think* thought touched track train* treat* trust* turn* two understand*
understood
unsure updat* use* using valu* visit* wait* walk* warn* welcom* wonder* work working works worked worr*
together frank persuad* claim judg* weigh* without who since fresh someone shall forward away better can't
unclear halfway writ* wrote written wrong yours
welcom* excit* humbl* keen convinced confident certain sure committed ready open closed based located available
reachable online there with on at in of for from by under one not the a an our your this that it them you us
automated virtual digital
assistant bot lumen enough nothing something anything everything what how where when why whether which if but and
most every two three several many some any no none new small large big different far close likely busy late
slow early
over up down back out off thankful indebted personally truly sincerely deeply fully completely totally genuinely
honestly carefully recently certainly probably briefly clearly regularly quickly
frequently directly easily once twice first next again often sometimes usually mostly really gladly fully happily
nearly almost about around perhaps maybe currently
keeping sending making giving making giving looking sending getting having doing putting letting leaving saying
""",
    "de": """
versteh* verstand* begreif* bedaur* freu* gefreut dank* bedank* hoff* gehofft wunsch* gewunscht antwort* geantwort*
beantwort* erklar* zeig* gezeigt schreib* geschrieb* les* lies* gelesen hor* gehort zuhor* zugehort frag* nachfrag*
nachgefragt gefragt schau* geschaut angeschaut ansehen seh* gesehen angesehen nachgesehen pruf* gepruft notier*
vermerk*
leite* weiterleit* weitergeleit* weitergeb* weitergegeb* verbind* verbund* helf* geholf* weiterhelf*
unterstutz* kenn*
gekannt kennengelernt wiss* weiss gewusst denk* gedacht nachgedacht nachdenk* glaub* find* gefund* sag* gesagt nenn*
genannt empfehl* bitt* gebeten entschuldig* bleib* steh* geh* versuch* arbeit* lern* gelern* vermiss* schatz*
geschatz*
respektier* akzeptier* melden meld* merk* bemerk* gemerkt erfahr* erhalt* bekomm* bekommen erreich* sprech*
gesproch*
besprech* rede* geredet red* uberleg* verbesser* klar* kummern kummer* ernst mitteil* mitgeteilt informier*
entscheid* erinner*
besser* beschreib* beschrieb* erzahl* verlier* verloren nachvollziehen vorstell* verlass* vergess* bemuh*
interessier*
wend* achte* gemacht tun darf heiss* lad* eingelad* einlad* start* frei bereit erlaub* erwart* rat* bring*
biete* bieten
schlag* vorschlag* vorgeschlag* angebot* anbiet* kundig* verlang* nachfass* gelegen enttausch* verdient brauch*
wart*
untersuch* begleit* erzahlt gerecht gewinn* einverstanden da sind hier dankbar froh sicher der die das ein eine
nur auch
gern gerne sehr ihnen dir uns sie ihr noch ihren ihre ihrer wieder zusammen gemeinsam persönlich anrufen rufe
rufen behalten unterbrechen angeschau* einfallen
""",
    "fr": """
comprend* comprenons regrett* remerci* esper* repond* repondu* expliqu* montr* ecri* ecrit* li* lu lue lis lisons
ecout* entend* demand* regard* voi* voy* vu vue verifi* note* notons not* transm* transmis* aid* accompagn* connai*
sai* sav* su pens* pense cro* trouv* dis* dire dit rappel* recommand* suggere* propos* invit* excus* rest* travaill*
appren* appris manqu* apprecie* respect* remarqu* recu recev* recois joindr* parl* discut* reflechi* amelior*
inform*
desole* navre* conscient* reconnaissant* joignable* la attach* tach* depuis accompagner reflechir avec essay*
somm* fier* fiers imagin* ador* aim*
souhait* mett* mis conseill* connaiss* merit* cherch* tenir sincerement suiv* suivi* pris partag* revoir revien*
ecrivons interess* concern* signal* soucions contact* consult* examin* etudi* constat* compt* passer pass*
poser pose
tenons content* oblig* l un une le votre vos assistant ici avec sur dans des du au aux leur cette ce
cependant egalement simplement seulement ensemble parfois souvent
convaincu* certain* sur sure persuade* disponible* accueill* resum* resumer voul* rien tout savoir preferer
preferons
prefere present* decouvr* continu* etre avoir faire
""",
    "es": """
agradec* entend* entiend* comprend* lament* sent* siento espera* esperamos esperar respond* explic* mostr* muestr*
escrib* escrit* lee* leid* leer escuch* oir oid* pregunt* mir* ve* ver visto revis* anot* tom* traslad*
transmit* pas*
pone* ayud* acompan* conoc* conozco sab* se pens* piens* cre* encontr* dec* dij* dig* record* recomend* sugier*
sugerir
propon* proponer proponerle invit* disculp* perdon* qued* trabaj* aprend* echar* apreci* valor* respet* not*
nota* recib*
habl* convers* reflexion* mejor* inform* consult* busc* intent* trat* import* interes* est* somos soy alegra*
interpret*
acept* sigu* seguimos segu* cuent* contar cont* preguntar* pedir* pid* aqui gust* prefer* ofrec* ofrez* tenemos
tengo
tener fuimos eramos estabamos vimos supimos proximos mismos dudamos duda veamos hablemos veremos leeremos
anotemos puedo
quiero podamos anot* comprob* reconoc* avis* llam* llamar consider* imagin* deseamos dese* ultimos
""",
    "pt": """
agradec* entend* compreend* perceb* lament* sent* sinto esper* respond* explic* mostr* escrev* escrit* le*
lemos ler lid*
ouv* pergunt* ver vemos vimos veja* vej* verific* rev* anot* not* tom* transmit* pass* encaminh* ajud*
acompanh* conhec*
sab* sei pens* acredit* ach* encontr* diz* dir* digo disse record* lembr* recomend* suger* sugir* prop* convid*
desculp* pedi* pec*
fic* trabalh* aprend* valoriz* respeit* repar* receb* fal* convers* reflet* melhor* inform* consult* procur*
tent* trat* import*
interess* est* somos sou alegr* aceit* segu* sigo cont* aqui gost* prefer* ofere* temos tenho ter fomos eramos
estavamos
regist* soubemos melhoramos proximos disponive* gosto mesmos duvid* combin* analis* reconhec* avis* lig* consider*
imagin* desej* ultimos ha poder
""",
    "it": """
ringrazi* cap* comprend* dispiac* speri* spera* rispond* risposto spieg* mostr* scriv* scritto legg* letto
ascolt* sent*
chied* chiest* guard* ved* visto verific* controll* not* annot* prend* preso trasmett* trasmess* pass* gir*
inoltr* aiut*
accompagn* conosc* sapp* sai so saper* sapere pens* cred* trov* dic* dett* dire ricord* consigli* sugger*
propon* proport* propost*
invit* scus* rest* riman* lavor* impar* apprezz* rispett* accort* ricev* ricevut* parl* riflett* miglior*
inform* consult*
cerc* prov* tratt* import* interess* siamo sono stat* lieti content* accett* segu* continu* qui piac* prefer*
offr* tenere
teniamo tengo avere abbiamo fossimo eravamo sapev* vorremmo dubit* esamin* riconosc* avvis* consider* immagin*
desider*
vediamo facciamo facci* fare ci
""",
    "nl": """
begrijp* snap* betreur* dank* bedank* hop* wens* antwoord* beantwoord* uitleg* leg* toon* ton* laten laat schrijf*
schrev* geschrev* lees lezen gelezen las luister* geluister* hor* hoor* gehoord vraag* vrag* gevraagd navrag* kijk*
gekek* bekijk* bekek* zie* gezien zag* controle* noter* genoteerd noteer* neem* nem* genom* geef* gev* gegev*
doorgev*
doorgegev* verbind* verbond* help* geholp* steun* ken* kent weet weten wist denk* dacht* gedacht nadenk*
nagedacht geloof*
vind* gevond* vond* zeg* gezegd zei* noem* raad* stel* voorstel* voorgesteld nodig* uitnodig* verontschuldig*
excuser*
blijf* blijv* ble* werk* leer* ler* geleerd mis* gemist waarder* respecter* merk* gemerkt krijg* ontvang*
ontving* spreek*
sprek* gesprok* praat* prat* bespreek* besprek* nadenken verbeter* inform* zoek* probeer* prober* bel* bereik*
deel* delen
lat* bied* bod* aanbied* aangebod* houd* ga gaan doe doen gedaan spijt hebben bent heb er u je dwars* graag ook
alleen wil meld*
wacht* onderzoek* onderzocht vertel* verteld vergeet vergat vergeten snel raken hier ernst volg* kom* begin*
start* gerichter akkoord opgesla* helpen contact opvall* reager* stuur mail onderbreken
""",
}
"""Verbs, and what may stand in their place, that commit the company to nothing."""

LIGHT = {
    "en": wordset(
        "take takes took taken taking give gives gave given giving keep keeps kept get gets got put puts do"
        " does did done"
        " doing make makes made making let lets have has having hold holds bring brings set sets leave leaves"
        " turn turns"
        " drop drops sort sorts pick handle handles owe owes put run runs walk move moves moving push pass"
        " stand stop back"
        " change changed changing cover wait treat skip lose follow cut look looks looking end manage come comes"
        " add adds see sees saw seen find owe owes start starts stop stops return returns mend receive expect"
        " count rely play stays"
    ),
    "de": wordset(
        "nehmen nehme nimmt machen mache macht gemacht tun tue tut geben gebe gibt legen lege halten halte"
        " lassen lasse"
        " lasst stellen stelle bringen bringe setzen setze kummern kummere ziehen ziehe schlagen schlage finden"
        " finde"
        " losen klaren klare wechseln verlangen gehen bleiben kommen"
    ),
    "fr": wordset(
        "faire fais faisons fait faites prenons prends prendre pris mettons mets mettre mis donnons donne"
        " donner laissons"
        " laisse occupe occupons tenons passons passer passe rendons reglons trouvons trouve trouver suivons"
        " oublions"
    ),
    "es": wordset(
        "hacemos haremos hago hare hacer haga damos daremos doy dare dar ponemos pongo poner ponga tomamos"
        " dejamos dejo"
        " encargamos encargo encargar llevamos buscamos encontramos encontraremos tendremos tenemos pasamos"
        " quitamos haremos"
    ),
    "pt": wordset(
        "fazemos faremos faco farei fazer damos daremos dou dar pomos ponho por tomamos tomo deixamos deixo"
        " tratamos trato"
        " tratei tratar arranjamos levamos encontramos teremos passamos ficamos fico"
    ),
    "it": wordset(
        "facciamo faremo faccio faro fare fatto diamo daremo do dare mettiamo metto mettere prendiamo prendo"
        " lasciamo"
        " teniamo troviamo troveremo penso pensiamo passiamo"
    ),
    "nl": wordset(
        "nemen neem doen doe maken maak gemaakt geven geef leggen leg laten laat stellen stel zetten zet"
        " brengen breng"
        " houden houd regelen vinden vind lossen krijgen gaan ga zorgen"
    ),
}
"""Verbs that say nothing by themselves: what follows them must be harmless too."""

OBJECTS = wordset(
    # en
    "whether enough ours had hands leisure nearest next delivery billing support kitchen fed tired up you'd"
    " he'd they'd hard harder down"
    " there hours cause classes"
    " useful trouble details answer"
    " difference"
    " problem two three everything wrote"
    " record long"
    " minute minutes second seconds days day place note effect made"
    " annoyed upset unhappy last explain note frustrated feedback note notes look account seriously mind time"
    " moment people person colleague colleagues effort best details"
    " detail suggestion suggestions experience opinion call advantage step steps care wrong better easier"
    " simple simpler clear clearer mistake mistakes point points difference sense idea ideas thing things line"
    " reason"
    " reasons honest answers information info heart touch space peace worse good straight sorry trouble yes no"
    " feelings"
    " request conversation message comments comment board reply preference record records hear words connection"
    " apology apologies explanation fresh forward together merit soon why first kind good job something someone"
    " outage outages human matter"
    " opportunity chance conclusion decision decisions guide walkthrough choice thought another room listen"
    " email emails"
    " usage history short quick proper closer personally review improve improving work working carefully seriously"
    # de
    " ernst ruckmeldung hinweis hinweise gedanken muhe blick bescheid zeit nachricht anliegen ihr beste gut"
    " besser leicht"
    " leichter erneut genau sache wissen vor vorschlag notiz kenntnis kontakt auskunft verbindung kollegen kollegin"
    " kollege weiter ruhe entscheidung wunsch fehler gedanke verfugung antwort sorgen uberblick problem kritik"
    " worte"
    " gemeinsam los dank weg klar ab ein um zusammen fest uber auseinander an rundgang anleitung meinung"
    # fr
    " compte note point mieux serieux connaissance temps message remarque remarques relation collegue contact"
    " attention"
    " possible reflexion effort efforts retour service plaisir excuses disposition avis question ensemble suite"
    " part"
    " lumiere erreur erreurs personne courant demande equipe conseiller moment reflechir"
    # es
    " nota cuenta gracias gusto serio comentario comentarios mensaje contacto companero companera opinion"
    " tiempo posible"
    " mejor equipo todo saber pregunta solicitud bien ver excusas momento persona disculpas conocer hora hueco"
    # pt
    " nota conta sua mensagem comentario comentarios serio contacto contato colega opiniao tempo possivel"
    " melhor equipa"
    " equipe tudo pergunta pedido bem desculpa momento pessoa saber conhecer"
    # it
    " presente nota conto messaggio commento commenti serio contatto collega opinione tempo possibile meglio"
    " squadra tutto"
    " domanda richiesta bene scusa momento persona sapere conoscere molto"
    # nl
    " je u serieus opmerking opmerkingen reactie tijd contact collega mening best mogelijk beter alles vraag"
    " verzoek goed"
    " moment persoon weten door zien kennis nota rekening moeite antwoord bericht samen zien even excuses ernstig"
)
"""What may stand after a verb that says nothing by itself."""

WORKING = """
arrang* set setting apply applied add* activat* start* begin* switch* mov* send sent book* prepar* organis*
organiz* put
make giv* give gave gev* offer* propos* note* confirm* get keep hold take* took let pass grant* includ* plan*
schedul*
sett* reserv* process* leav* turn* ship* deliver* creat* come take bring hand* change* chang* provid* enabl*
suggest*
schick* send* einricht* eingericht* veranlass* vormerk* vorgemerk* schenk* buch* umstell* umgestell* stell*
aktivier* gewahr* merk* mach*
organisier* vereinbar* leg* geb* geb gib* vorbereit* ubernehm* zusag* reservier* kommen* komm* lass* beginn*
starten bereit*
envoy* accord* offr* activ* mett* organis* donn* appliqu* lanc* reserv* prepar* prevoir prevoy* offert faire
inclu* convien*
envi* aplic* activ* organiz* prepar* conced* regal* dar* dam* hac* harem* reserv* program* gestion* tramit*
mand* facilit*
arregl* encarg* ofere* ativ* envia* ofert* faz* farem* trat* marca* mudam* mud* attiv* invi* applic* organizz*
regal* offr*
prenot* predispon* mand* dare* diam* far* faccia* pass* sistem* regel* stuur* stur* activer* toepass* pas
inplan* plan*
zet* boek* schenk* geef* maak* maken bied* organiser* verzorg* doen leg* houd* sorg*
"""
"""Verbs of setting up what was decided: allowed where something was."""

GRANTED_VERBS = {
    "discount": """
lower* halv* renew* reduc* cut cuts cutting take* took bring* brought drop* charge* discount* knock* deduct*
save* pay* cost* trim*
senk* reduzier* zahl* berechn* nachlass* ermassig* spar* komm* entgegen* gewahr* verring* kost* abzieh*
abzuzieh* halbier*
baiss* redui* rédui* diminu* factur* paye* paie* appliqu* economis* deduir* descont* reduc* reduz* reduz* baj*
rebaj* cobr* pag* ahorr* baix* desc*
cobra* poup* scont* abbass* ridu* addebit* pag* risparmi* verlag* kort* betal* betaal* reken* bereken* bespar*
bespaar* daal* dal*
""",
    "plan_change": """
switch* move* mov* change* lower* reduc* pay* save* cost* transfer* wechs* umstell* stell* zahl* spar* kost*
chang* pass* bascul* paye* paie*
cambi* pas* pag* ahorr* mud* pass* poup* pag* risparmi* overstap* overzet* zet* wissel* betal* betaal* bespar*
bring* tak* fit
""",
    "pause": """
pause* paus* hold* suspend* resum* restart* keep* charge* stop* freez* pausier* ruhen setz* aussetz* ausgesetzt
berechn* behalt* weiter*
suspend* mett* garde* gard* conserv* factur* repre* paus* interromp* cobr* manten* guard* sospend* mett*
addebit* manten* pauze* pauzeer* bewar* behoud*
onderbrek* bereken* reken* stilzet* stilleg* zet* pick* tak* return* cost* pay*
""",
    "free_period": """
give* charge* pay* add* cost* schenk* berechn* zahl* kost* offr* factur* paye* paie* regal* cobr* pag* ofere*
regal* addebit* pag* geef* bereken* reken* betal* betaal* extend*
bring* tak* waiv* skip*
""",
    "trial_extension": """
extend* give* add* charge* lengthen* prolong* verlanger* geb* schenk* ampli* prolong* estend* prolung* alarg*
verleng* prorrog* pay* cost* continu*
""",
    "contact": """
call* phone* ring* visit* come* meet* speak* contact* get arrang* ruf* anruf* anzuruf* meld* sprech*
kontaktier* appel* rappel* contact* llam* contact*
lig* contact* chiam* richiam* contatt* bel* bellen contact* terugbel* look* walk* check* go* tak*
""",
    "education": """
show* walk* guid* teach* explain* train* run* zeig* fuhr* erklar* montr* accompagn* guid* form* ensen* muestr*
mostr* guid* ensin* insegn* mostr* laat* laten
toon* ton* uitleg* leg* tak* go* cover* help* join* learn*
""",
    "bonus": """
give* add* send* credit* throw* include* get* tak* schenk* gutschreib* gutgeschrieb* schreib* geb* ajout* offr*
credit* regal* abon* anad* sum* acredit* ofere* adicion* regal* aggiung* accredit*
accred* geef* bijschrijv* toevoeg* voeg* schrijf* stur*
""",
}
"""Verbs that a decision of a kind allows besides."""

THINGS_DO = """
be is stay* remain* change* apply applies appl* continue* renew* end* start* begin* run* cost* return* go back come
help* work* show* appear* stand* prefer* reach* arrive* happen* need want like know reached touched matter
depend* read
feel expire* close* pay pays reset* resume* stand* follow fit* suit* mean* look* call contact answer*
reply replies persuad* left clear exact* wait* welcom* claim* lie* what since who has write tell decide* try
contact speak* join*
understand* guide* explain* use enjoy* notice*
lead* walk* talk* ask* choose* decide* see check*
listen* be* you we i it the not never also only still then no simply always automatically be of to for on in at
your our
"""
"""What may be said in English to come to pass."""

CUSTOMER_DOES = """
reply answer* write tell let decide* choose pick reach* cancel* read ask contact call pay pays say use
watch try start
enjoy like prefer want wish need hear receive change stay* leave go continue* return* come move
look* check* switch* manage* log sign open* click* speak* talk* explain* share send give forward ignore* delete
unsubscribe
opt stop pause* visit* follow rest skip* save* join* bring be* feel know think* wait* train* book* set also still
always simply just either of do help turn begin test* accept* decline* consider* miss* learn* become need* not
only then now
then both even again then at in on it that this any as up your the you're we i so with for to if but and or
perhaps of course
respond* report* describe* set set* switch listen* track* connect* restart* compare* view* download* print*
spend* simply
"""
"""What may be said in English that the customer can, may or will do; figures and gifts are held to the record apart."""

PLAIN_DUTY = wordset(
    "reply answer write tell let decide do say describe : , be explain sort patient choose read know ask worry"
    " explain confirm click pick send hear call"
    " contact respond give remember return prepare add stay keep think feel change be apologise apologize justify"
    " wait hurry act do take bring use restart unplug log sign go mention repeat accept look check see open"
)
"""What the customer may be said to have to do."""
