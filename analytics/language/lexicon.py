"""Words that carry feeling, written for this package: their polarity in everyday customer English.

The strength of a word is +-1 (mild), +-2 (plain) or +-3 (strong). The linear models learn what each strength is
worth; the list only says which words belong together, so that a rare word counts like a common one.
"""

from functools import cache


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_STRONG_POSITIVE = """
amazing awesome brilliant superb outstanding excellent fantastic wonderful perfect perfection marvellous marvelous
magnificent phenomenal spectacular stunning stellar exceptional extraordinary incredible terrific fabulous masterpiece
masterful flawless unbeatable unforgettable breathtaking dazzling exquisite glorious sublime thrilled ecstatic
overjoyed delighted elated love loved loves loving adore best finest greatest hero heroes genius gem dream heavenly
divine triumph triumphant riveting mesmerizing mesmerising enchanting captivating spellbinding exhilarating blissful
bliss gorgeous hilarious unmissable top-notch first-rate world-class second-to-none faultless impeccable lifesaver
godsend kudos bravo hurray hooray yay woohoo astonishing astounding awe-inspiring astonishingly beloved blockbuster
brilliance celebrated delight delights delightfully dazzle dazzles dazzled elation enthralling enthralled euphoric
excellence exceeded exceeds exceed excels excel exhilarated fantastically fabulously flawlessly grateful impeccably
incomparable indispensable infectious invaluable jubilant legendary luminous magnificently marvel marvels masterclass
masterfully matchless mind-blowing miracle miraculous must-see must-have outstandingly paradise peerless priceless
raving remarkable resounding sensational shine shines shining splendid splendidly standout stupendous superlative
supremely thrilling thrillingly thrill timeless top transcendent treasure tremendous unforgettably unmatched
unparalleled unrivalled virtuoso wonder wonders winner wow wowed zenith
"""
_POSITIVE = """
good great nice happy glad pleased satisfied content fine helpful kind friendly lovely beautiful beautifully enjoy
enjoyed enjoyable enjoying fun funny charming delightful pleasant pleasure pleasantly comfortable comfort convenient
easy easily effortless smooth smoothly fast quick quickly prompt promptly speedy swift reliable reliably dependable
stable solid sturdy robust durable efficient effective useful handy intuitive clear clearly clean crisp sharp bright
fresh tasty delicious fair honest generous thoughtful polite courteous patient professional caring attentive
responsive warm welcoming cheerful grateful gratitude thankful thank thanks thx appreciate appreciated appreciation
recommend recommended recommends impress impressed impressive impressively proud excited exciting excitement
entertaining engaging inspiring inspired inspiration touching moving heartfelt heartwarming tender sweet witty clever
smart insightful intelligent original inventive creative imaginative refreshing vivid powerful compelling gripping
absorbing fascinating intriguing interesting rewarding satisfying worthwhile worthy worth valuable value bargain
affordable win winner winning won success successful successfully succeed improve improved improvement improving
better upgrade benefit benefits bonus gift celebrate celebrating celebration congratulations congrats happiness joy
joyful joyous smile smiling laugh laughing laughter hope hopeful hopefully optimistic confident confidence trust
trusted trustworthy loyal safe secure relief relieved relaxed calm peaceful blessed blessing lucky luck cool cute
pretty elegant stylish graceful classy attractive adorable favorite favourite faves popular wow yes super ideal gladly
warmly kindly pleasing favorable favourable positive positively remarkable remarkably memorable admirable admire
admired praise praised applause acclaim honor honour honored honoured respect respected support supportive strength
strong healthy energetic lively vibrant rich richly subtle nuanced poignant soulful sincere genuine genuinely
authentic accurate precise compact lightweight versatile flexible seamless seamlessly painless hassle-free
user-friendly simple straightforward resolved solved fixed restored sorted works delivers accomplished polished
skillful skilled talented gifted expert competent hit victory champion cheers enjoyably pleasurable tasteful glowing
sparkling irresistible addictive magical magic charm humor humour humorous comic amused amusing playful whimsical
suspenseful sensitive compassionate compassion wise wisdom truthful wonderfully perfectly greatly nicely superbly
brilliantly absorbs accessible accommodating accomplishment achieve achieved achievement acclaimed adept adored
advantage advantages affection affectionate affirming agile airy alluring ambitious amiable amicable ample amusement
appealing appeal appeals approachable aptly artful artistic artistry assured assurance astute atmospheric balanced
beaming beauty beneficial bold boost boosted boosts brave bravery breeze breezy brighten brisk bubbly calming candid
captivates careful carefully catchy champ charismatic charms charmed cheery cherish cherished classic clean-cut
cohesive coherent comforting commend commendable commended committed compelled compliment compliments complimentary
composed considerate consistent consistently convincing convincingly cordial correct courage courageous courteously
cozy cosy crafted craftsmanship creativity credible cuddly curated cutting-edge daring dashing dedicated dedication
deft deftly delicate delicately dependably deserves deserved detailed devoted dignified diligent discreet distinctive
diverting dreamy dynamic eager earnest eloquent eloquently embrace embraced emotional empathy empathetic empower
empowering enchanted encourage encouraged encouraging endearing engage engaged engrossing enhance enhanced enhances
enjoys enlightening enriching enthusiasm enthusiastic enthusiastically entertained entertains entertainment epic
equitable essential esteemed ethical evocative exceptional exemplary expertly expressive exuberant eye-opening
faithful faithfully fancy fashionable fearless feel-good festive fiery first-class fits flair flattering flavorful
flavourful flourish fluent fluid fond fondly forgiving fortunate fortunately free-flowing friendliness fulfilled
fulfilling funnier funniest gains genial gentle gently giggle giggles gleeful glee goodness good-natured gracious
graciously grand gratifying grin grinning groundbreaking guarantee guaranteed handsome handily harmonious harmony heal
healing heart heartily helped helps helpfully highlight highlights holiday homely honesty hospitable hug hugs humane
humanity humble illuminating imagination immaculate immersive impressionable improves incisive inclusive ingenious
ingenuity innovative innovation insight insights inspire inspires instructive integrity intimate intricate
invigorating inviting jolly keen keenly kiss kisses kindness knowledgeable laughs leading legible lifelike
lighthearted light-hearted likeably lovable loveliest lovingly lucid luxurious luxury mature meaningful mellow melodic
memorably merry mindful modern moved neatly noble no-nonsense nostalgic noteworthy nourishing nurturing on-time
openness optimism orderly organised organized party passion passionate passionately patience peace perceptive perky
persuasive personable phenomenally picturesque pleasantness plentiful poetic poetry poised politely powerfully prefer
preferred premium privilege privileged productive profound profoundly promising prosper proudly provocative punctual
pure quaint quality quick-witted quirky quickest rapid rapidly rapport rational ravishing realistic reassure reassured
reassuring recovery refined refreshed refreshingly rejoice rejoicing relatable relaxing relish reliability resilient
resolve resolves resonant resonates resourceful responsible responsibly restful revealing revelation reward rewards
rewarded right-on rocks romantic romance rousing safety sanity sassy satisfaction satisfies satisfy satisfyingly savvy
scenic secured self-assured sensation sensible sensibly sensual serene serenity sharply showcases silky simplicity
sincerely sincerity sizzling skill skills skilfully skillfully sleek slick smartly smiles smiled smooth-running snappy
snug sociable soothing sophisticated soul sound soundly spark sparkle sparkles special spectacle speedily spirited
spiritual spontaneous spotless steady steadily stimulating strikingly striking strongest stylishly succeeds succinct
sumptuous sunny supported supportively supreme sure-footed sweetest sweetness sympathetic sympathy talent talents
tenderness terrifically thanked thanking thoughtfully thorough thoroughly thrive thriving tolerant touched touches
touchingly tranquil transparent treat treats trendy triumphs truest truth truths unassuming uncluttered understandable
understanding understated unaffected unassailable unfailing unique uplifting upbeat upgraded usable valued victorious
vigorous virtue vital vivacious vividly warmhearted warmth welcomed well-acted well-built well-crafted well-designed
well-done well-made well-written wholesome willing winningly wonderment worked worry-free worthiest yummy yum zest
"""
_MILD_POSITIVE = """
ok okay decent adequate acceptable alright agreeable fairly like liked likes likable likeable welcome want wish please
interested works working suitable sufficient reasonable reasonably bearable sensible tidy neat quiet ready able free
gain save saved saving accept accepted agree agreed capable careful cheap cheaper cheapest comparable curious drawn
eligible enough fitting forward gratis included normalised passable presentable promise proper properly ready-made
relevant respectable reassess tolerable watchable
"""
_MILD_NEGATIVE = """
however unfortunately unfortunate sadly lack lacks lacking lacked limited limitation miss missing missed issue issues
concern concerned concerns average mediocre ordinary mild odd strange weird unclear unsure doubt doubtful doubts
complicated complex difficult difficulty hard harder wait waiting waited delay delayed delays late slow slowly slower
old dated expensive pricey cost costly fee fees stop stopped leave leaving cancel cancelled canceled lose loses try
tried bit sorry busy heavy loud tired tiring against alas although anyway apparently barely confined cut deferred deny
dim downside drawback drawbacks dropped empty exit expired explain faint forced gap gaps guess heavy-handed hesitate
hesitant hidden incomplete insufficient less limit limits minor minus nonetheless notwithstanding overdue overload
overly pending postpone postponed puzzling puzzled questionable repetitive rough rushed scarce shaky short shortage
shorter skip so-so stiff strict stubborn surprised tight tough unknown unlikely vague warn warning warned worn
"""
_NEGATIVE = """
letdown let-down letdowns
bad badly poor poorly sad sadness unhappy upset disappointed disappointing disappointment disappoint disappoints
annoyed annoying annoyance annoy irritate irritated irritating irritation frustrate frustrated frustrating frustration
angry anger mad dissatisfied displeased unsatisfied unsatisfactory unpleasant unfriendly rude impolite arrogant
ignorant ignore ignored ignoring ignores careless unprofessional incompetent incompetence unhelpful unreliable
unstable unusable inferior inadequate inconvenient inconvenience uncomfortable unacceptable unfair unjust dishonest
misleading mislead misled deceptive deceived deceive lie lied lies lying liar liars false fake cheat cheated cheating
trick tricked scam scammed scammer scammers fraud fraudulent steal stole stealing theft rob robbery rip-off ripoff
overpriced overcharged overcharge problem problems trouble troubles troubled fault faulty defect defective broken
broke break breaks crash crashes crashed crashing freeze freezes frozen freezing glitch glitches glitchy bug bugs
buggy error errors wrong wrongly incorrect mistake mistakes fail fails failed failing failure failures useless
pointless worthless worse worsen worsened decline declined downhill mess messy messed chaos chaotic confusing confused
confusion clumsy clunky awkward laggy lag lags lagging buffering buffer stuck stall stalls drops dropped dropping
interruption interrupted outage outages dead die died dies dying lost loss losing damage damaged damages ruin ruined
ruins spoil spoiled spoilt destroy destroyed waste wasted wasting wasteful regret regrets regretted complain
complained complaining complaint complaints refuse refused refuses reject rejected deny denied blame blamed suffer
suffered suffering pain painful hurt hurts hurting sick ill stress stressed stressful worry worried worrying worries
afraid fear fears scared scary nervous anxious anxiety depressed depressing depression miserable misery lonely cry
crying cried tears grief grieve mourn boring bored bore boredom dull tedious tiresome lifeless bland flat stale
tasteless shallow predictable formulaic cliche cliched cliches contrived pretentious silly stupid stupidity idiotic
dumb foolish ridiculous absurd nonsense senseless incoherent muddled uneven sluggish plodding overlong lame cheesy
sappy corny cheap flimsy ugly dirty nasty gross smelly rotten mouldy noisy noise weak weaker flawed flaw flaws unfunny
uninspired unimaginative uninteresting unconvincing unnecessary unwanted unexpected unbearable unwatchable unreadable
unresolved unsolved unanswered unable impossible hopeless helpless pity shame shameful ashamed embarrassing
embarrassed embarrassment guilty blocked block harass harassed spam spammed junk greedy greed exploit exploitation
abuse abused abusive hostile aggressive cruel mean selfish threat threaten threatened dangerous danger risk risky
unsafe war kill killed killing killer attack attacked violence violent murder crime criminal disagree disagreed
dislike disliked distrust mistrust reluctant resent sucks suck sucked crap crappy bullshit bs damn damned hell wtf smh
ugh meh yikes nope jerk jerks idiot idiots moron morons fool fools loser losers clown crooks crook thieves thief trash
garbage rubbish blurry grainy pixelated scratches scratched flicker flickers overheats leaks leaking missing dropout
downgrade slowest nightmarish overrated disrespect disrespectful neglect neglected nobody uncaring unfairly
unforgivable disconnect disconnected disconnects disconnecting abandon abandoned abandons aborted abrasive abrupt
abuses accident accuse accused ache aching addict adverse afflicted aggravate aggravated aggravating aggression agony
aimless aimlessly alarm alarmed alarming alienate alienated allegation allegations allergic amateurish ambush amiss
anguish animosity antagonistic anticlimactic apathetic apathy apologise apologize apology apologies appall arrogance
artificial assault astray atrocity attacking autocratic awkwardly awkwardness backlash backward backwards baffled
baffling banal banality ban banned bankrupt barbaric baseless battered beg begging begged belittle berate betray
betrayal betrayed bias biased bitter bitterly bitterness bizarre bleak bleed bloated bloody bloodshed blunder blunders
blunt blurred bogus bomb botched bother bothered bothering bothers brainless brainwash breach breached breakdown
breaking bribe bribery brutal brutality brutally bully bullied bullying bumpy burden burdened burn burned burnt
calamity callous carelessly carelessness caricature casualties casualty catastrophes caution cautious censored
censorship cheesiest cheater cheats childish choke choppy claptrap clash clashes cliche-ridden clueless clumsily
clunker coarse coercion cold coldly collapse collapsed collapses collapsing commotion complacent complains condemn
condemned condescending conflict conflicts confrontation confuse confuses congestion conned con conspiracy
contaminated contempt contradict contradictory contradicts controversial controversy convoluted corrupt corrupted
corruption cowardly coward crack cracked cramped crappiest crash-prone craziness crazy creepy cringe cringeworthy
cripple crippled crippling crises crisis criticise criticism criticize criticized crude cruelty crumbling crush
crushed crushing cumbersome curse cursed cursing cynical cynicism dark darkness daunting deadly deadlock deaf debacle
debt debts decay decaying deceit deceitful deceptively defeat defeated defects deficiency deficient defunct degrade
degraded degrading dehumanizing delirious delusional demean demeaning demise demolish demoralizing denial denies dent
dented deplore deprive deprived derivative derogatory desperate desperately desperation desolate despair detached
deteriorate deteriorated deteriorating deterioration detract detracts devastate devastation deviate devoid
difficulties diffuse dilemma dilute diminish diminished dire dirt disable disabled disadvantage disagreeable
disagreement disappear disappeared disappears disapproval disapprove disbelief discard discomfort disconcerting
discontent discourage discouraged discouraging discrimination disease dishearten disheartened disheartening dishonesty
disillusion disillusioned disjointed dislikes dismal dismally dismay dismayed dismiss dismissed dismissive disorder
disorganized disorganised disoriented disparaging displease displeasure dispute disputes disqualify disregard
disregarded disrespected disrupt disrupted disrupting disruption disruptions disruptive dissatisfaction dissatisfying
dissent distort distorted distortion distract distracted distracting distraction distress distressed distressing
disturb disturbed disturbing doom doomed downfall downer downtime drab drain drained draining drawn-out dread dreaded
dreary drivel droning drought drown drunk dubious dud dullness dumped dumbed dupe duped dysfunctional egregious
embarrass emergency emptiness enemy enemies enrage erratic erroneous escape evade evasive evil exaggerate exaggerated
exasperated exasperating excessive excessively excruciatingly excuse excuses exhaust exhausted exhausting expire
exploitative explosion exposed extortion extortionate faithless fallacy falls falsely farcical far-fetched fatal
fatally fatigue fatigued fearful feeble fell fiddly fight fighting filth filthy fines fishy flailing flaky flare
flatness flee flimsily flop flopped flops forbidden forgetful forgettable forgot forgotten foul fragile frail frantic
freak freaking frightened frightening frightful frigid frustrates frustratingly frustrations fume fumbled fury fuss
fussy gaffe garbled ghastly glaring gloom gloomy glum gobbledygook godawful gore goofy grating gravely grievance
grievances grim grimy gripe gripes groan grotesque gruesome grumble grumpy guilt gullible half-baked half-hearted
ham-fisted handicapped hapless hardship hardships harm harmed harmful harms harsh harshly hassle hassles hasty
hatefulness hateful haunt headache headaches heartless heavy-going heinous hell-bent hesitation hinder hindrance hoax
hoaxes hogwash hollow homicide hopelessly hopelessness horrors hostage hostility humiliate humiliated humiliating
humiliation hung hunger hurtful hypocrisy hypocrite hypocritical hysterical idiocy ill-advised ill-conceived
ill-mannered illegal illegible illness illogical imbecile imbalance immature immoral impair impaired impasse impatient
impede imperfect implausible impostor impotent imprecise inability inaccessible inaccuracy inaccurate inaction
inadequacy inane inappropriate inattentive incapable incessant incessantly incomprehensible inconclusive inconsiderate
inconsistency inconsistent inconsistently incorrectly indecent indecisive indefensible indifference indifferent
indignant indignation inefficiency inefficient inept ineptitude inequality inert inexperienced infamous infected
infection infest infested inflated inflexible infringe infuriates inhuman inhumane injure injured injuries injury
injustice insane insanely insecure insecurity insensitive insidious insincere insipid insolent instability
insufferable insults interfere interference interruptions intimidate intimidating intolerance intrude intrusive invade
invalid invasive irrational irrelevant irresponsible irritable irritates isolated isolation jaded jam jammed jarring
jealous jealousy jeopardize jeopardy jitter jittery jobless joyless judder jumbled junky killjoy knock lack-luster
lackluster lacklustre laid-off lament lapse laughingstock laughably lawsuit lazy leak leaked lethargic lethal
liability limp listless litigation long-winded loneliness lonesome loophole losses ludicrous lurid maddening madness
malfunction malfunctioned malfunctioning malfunctions malicious malign maltreated manipulate manipulated manipulation
manipulative mar marred massacre mayhem meaningless mediocrity melancholy melodramatic menace menacing mendacious
merciless misbehave mischief miscommunication misfire misfit misfortune misguided misinformation misinformed misplaced
misrepresent misrepresented miserably mishandled mishmash mistakenly mistaken mistreat mistreated misunderstand
misunderstanding misunderstood misuse mob mock mocked mocking moan moaning molest monotonous monotony monster
monstrous moody moronic mortified muck muddle mundane murderer murky mushy nag nagging naive nastily nastiness naughty
nauseating nauseous needless needlessly negative negatively negativity neglectful negligence negligent nervously
nerve-racking nitpick nonexistent nonsensical notorious nuisance numb obnoxious obscene obscure obsolete obstacle
obstacles obstruct obstructed offend offended offends oppress oppressed oppression oppressive ordeal outcry outdated
outlandish overblown overburdened overcomplicated overcrowded overdone overheating overlook overlooked overloaded
overpower overprice overwhelmed overwhelming overwrought painfully panic panicked paranoia paranoid pathetically peeve
peeved perplexed perplexing persecute pessimism pessimistic petty phony phoney pitiful pitiless plague plagued plagues
plight plot-hole poison poisoned poisonous pollute pollution pompous ponderous poorest poverty preachy precarious
prejudice preposterous pressure pretend pretense prison problematic procrastinate profanity prohibitive prolonged
propaganda protest protests provoke puke punish punished punishment punitive purposeless quit quits racism racist
ragged raging rampant ransom rant rash reckless recession recoil redundant refusal regressive regretful regrettable
regrettably rejection rejects relentless reluctance reluctantly remorse repetition repugnant repulsed resented
resentful resentment resign resigned restless restrict restricted restriction restrictive retaliate retarded retreat
reviled revenge revolt ridicule ridiculed ridiculously rigid rigged riot rip ripped ripping risible rot rotting
roughly rowdy rubbishy rudely rudeness rue ruining ruthless sabotage sack sacked sacrifice sadder saddened saddening
sarcasm sarcastic savage scandals scant scar scare scarcity scares scarred scars scolded scorn scowl scramble scratch
scratchy scream screamed screaming screwed screw screws scuffed selfishness senile severe severely shabby shady
shambles shambolic shamefully shameless shatter shattered shock shocked shocking shockingly shoddy shortcoming
shortcomings shouted shouting shove shut-off sicken sickness silliness simplistic sin sinister skeptical sceptical
slander slap slaughter sleazy sloppy sloppily slog slow-moving slower slowness slug slump sly smear smelled smells
smelt smoke smother smug snag snags snatch sneaky snob snobbish snub sob sobbing soggy somber sore sorrow sour spammy
spat spite spiteful split-up spoils spooky sporadic squabble squander squeak squeaky stagnant stain stained starve
starving static steep sting stingy stink stinks stinky stolen stonewalled stormy strain strained stranded stricken
strife struggle struggled struggles struggling stumble stumbles stunted stupidest stupidly stutter stutters subpar
substandard subjugate suffers suicidal suicide suspicion suspicious swear swearing sweltering swindle swindled tacky
taint tainted tangled tantrum tardy tarnish tarnished taunt taxing tear tearful tedium temper tense tension terribly
terrified terrify terrifying terror terrorist terrorists thankless thin-skinned thoughtless thwart time-consuming
toothless torment tormented torn tortuous toxic tragedy tragic tragically traitor trap trapped trauma traumatic
traumatized tremble trial-and-error trite trivial troublesome troubling tumble turmoil twisted tyranny ugliest
ugliness unaccountable unaffordable unappealing unattractive unauthorised unauthorized unavailable unaware unbalanced
uncertain uncertainty uncivilised uncomfortably uncontrolled uncooperative underestimate underfed undermine undermined
underwhelmed underwhelming undeserved undesirable uneasy unemployed unethical unfaithful unfinished unfit unfocused
unforeseen unhappily unhappiness unhealthy unhelpfully unimpressed unimpressive uninformed uninstall uninstalled
uninstalling uninsured unintelligible unjustified unkind unlawful unlucky unmotivated unnatural unneeded unnerving
unprepared unpredictable unprofitable unqualified unrealistic unreasonable unreasonably unrest unruly unsavory
unscrupulous unsettled unsettling unsound unsuccessful unsupported unsustainable untenable untested untrue
untrustworthy unusual unusably unwelcome unwell unwieldy unwilling unwise unworkable unworthy upsets upsetting uproar
urgent usurp vain vandal vanish vanished vengeance victim victims villain villains violate violated violation
violently vulgar vulnerable wail warped wary wasteland weaken weakness weaknesses weary weep weeping weirdly whine
whined whining wicked wilt wimpy witless withheld woe woeful woefully worrisome worryingly worsening worst-ever
worthlessness wound wounded wounds wreck wrecked wreaks wrongdoing wrongful yawn yell yelled yelling zombie
"""
_STRONG_NEGATIVE = """
terrible awful horrible horrid horrendous horrific atrocious appalling abysmal dreadful disgusting disgusted disgust
disgrace disgraceful disaster disastrous catastrophe catastrophic pathetic worst hate hated hates hating hatred loathe
despise detest furious outraged outrageous outrage livid enraged rage fuming infuriating infuriated nightmare
unbelievably intolerable inexcusable unforgivable horrifying vile repulsive revolting sickening sickened hideous
insult insulting insulted offensive laughable joke scandal scandalous criminal fuck fucking fucked fucks fuckin shit
shitty bullshit bastard bastards asshole assholes bitch ass shithole deplorable despicable lousy wretched excruciating
torture hellish fiasco farce garbage heartbroken heartbreaking devastated devastating abhor abhorrent abominable
abomination abysmally appallingly atrociously awfully awfulness cesspool crapfest cursed dire disgustingly
disgracefully disastrously dreadfully dumpster egregiously execrable fraudsters godawful heinous hellhole horribly
horrifyingly horrified idiots ignominious incompetents infuriate insufferable insultingly loathing loathsome
monstrosity motherfucker nauseating nightmares obscene odious outrageously pissed piss pos putrid rancid repellent
reprehensible shittiest stupidest terribly travesty unacceptably unbearably vomit wankers wtf yuck
"""
NEGATORS = _set("""
    not no never none nobody nothing nowhere neither nor without hardly barely scarcely cannot lacks lack seldom
    """)
"""Words that turn what follows, up to the end of the clause."""
INTENSIFIERS = _set("""
    very really so extremely absolutely totally completely utterly highly incredibly truly super such too most
    """)
"""Words that strengthen the next word of feeling."""
CLAUSE_BREAKS = _set("""
    but however although though yet except because while whereas until
    """)
"""Words after which a clause speaks for itself."""

_SUFFIXES = ("s", "es", "ed", "d", "ing", "ly", "er", "est", "ness")


@cache
def polarities() -> dict[str, int]:
    """Every listed word with its polarity, -3 to 3."""
    table: dict[str, int] = {}
    for words, strength in (
        (_MILD_POSITIVE, 1),
        (_MILD_NEGATIVE, -1),
        (_POSITIVE, 2),
        (_NEGATIVE, -2),
        (_STRONG_POSITIVE, 3),
        (_STRONG_NEGATIVE, -3),
    ):
        table.update(dict.fromkeys(words.split(), strength))
    return table


@cache
def _stemmed(word: str) -> int:
    table = polarities()
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            stem = word[: -len(suffix)]
            found = table.get(stem) or table.get(stem + "e")
            if found:
                return found
    return 0


def polarity(word: str) -> int:
    """Polarity of a lower-case word, -3 to 3; 0 where it carries no feeling. Common endings are taken off."""
    # The cache of stems is for words of a language, not for whatever a stranger types.
    return polarities().get(word) or (_stemmed(word) if 5 <= len(word) <= 20 and word.isalpha() else 0)
