"""Words that carry feeling, written for this package: their polarity in everyday customer English.

The strength of a word is +-1 (mild), +-2 (plain) or +-3 (strong). The linear models learn what each strength is
worth; the list only says which words belong together, so that a rare word counts like a common one.
"""

from functools import cache

_STRONG_POSITIVE = """
amazing awesome brilliant superb outstanding excellent fantastic wonderful perfect perfection marvellous marvelous
magnificent phenomenal spectacular stunning stellar exceptional extraordinary incredible terrific fabulous masterpiece
masterful flawless unbeatable unforgettable breathtaking dazzling exquisite glorious sublime thrilled ecstatic
overjoyed delighted elated love loved loves loving adore best finest greatest hero heroes genius gem dream heavenly
divine triumph triumphant riveting mesmerizing mesmerising enchanting captivating spellbinding exhilarating blissful
bliss gorgeous hilarious unmissable top-notch first-rate world-class second-to-none faultless impeccable lifesaver
godsend kudos bravo hurray hooray yay woohoo
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
joyful joyous smile smiling laugh laughing laughter hope hopeful hopefully optimistic confident confidence
trust trusted trustworthy loyal safe secure relief relieved relaxed calm peaceful blessed blessing lucky luck cool
cute pretty elegant stylish graceful classy attractive adorable favorite favourite faves popular wow yes super ideal
gladly warmly kindly pleasing favorable favourable positive positively remarkable remarkably memorable admirable
admire admired praise praised applause acclaim honor honour honored honoured respect respected support supportive
strength strong healthy energetic lively vibrant rich richly subtle nuanced poignant soulful sincere genuine genuinely
authentic accurate precise compact lightweight versatile flexible seamless seamlessly painless hassle-free
user-friendly simple straightforward resolved solved fixed restored sorted works delivers accomplished polished
skillful skilled talented gifted expert competent hit victory champion cheers enjoyably pleasurable tasteful glowing
sparkling irresistible addictive magical magic charm humor humour humorous comic amused amusing playful whimsical
suspenseful sensitive compassionate compassion wise wisdom truthful wonderfully perfectly greatly nicely superbly
brilliantly
"""
_MILD_POSITIVE = """
ok okay decent adequate acceptable alright agreeable fairly like liked likes likable likeable welcome want wish please
interested works working suitable sufficient reasonable reasonably bearable sensible tidy neat quiet ready able free
gain save saved saving
"""
_MILD_NEGATIVE = """
however unfortunately unfortunate sadly lack lacks lacking lacked limited limitation miss missing missed issue issues
concern concerned concerns average mediocre ordinary mild odd strange weird unclear unsure doubt doubtful doubts
complicated complex difficult difficulty hard harder wait waiting waited delay delayed delays late slow slowly slower
old dated expensive pricey cost costly fee fees stop stopped leave leaving cancel cancelled canceled lose loses try
tried bit sorry busy heavy loud tired tiring
"""
_NEGATIVE = """
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
unforgivable disconnect disconnected disconnects disconnecting
"""
_STRONG_NEGATIVE = """
terrible awful horrible horrid horrendous horrific atrocious appalling abysmal dreadful disgusting disgusted disgust
disgrace disgraceful disaster disastrous catastrophe catastrophic pathetic worst hate hated hates hating hatred loathe
despise detest furious outraged outrageous outrage livid enraged rage fuming infuriating infuriated nightmare
unbelievably intolerable inexcusable unforgivable horrifying vile repulsive revolting sickening sickened hideous
insult insulting insulted offensive laughable joke scandal scandalous criminal fuck fucking fucked fucks fuckin shit
shitty bullshit bastard bastards asshole assholes bitch ass shithole deplorable despicable lousy wretched excruciating
torture hellish fiasco farce garbage heartbroken heartbreaking devastated devastating
"""
NEGATORS = frozenset(
    [
        "not",
        "no",
        "never",
        "none",
        "nobody",
        "nothing",
        "nowhere",
        "neither",
        "nor",
        "without",
        "hardly",
        "barely",
        "scarcely",
        "cannot",
        "lacks",
        "lack",
        "seldom",
    ]
)
"""Words that turn what follows, up to the end of the clause."""
INTENSIFIERS = frozenset(
    [
        "very",
        "really",
        "so",
        "extremely",
        "absolutely",
        "totally",
        "completely",
        "utterly",
        "highly",
        "incredibly",
        "truly",
        "super",
        "such",
        "too",
        "most",
    ]
)
"""Words that strengthen the next word of feeling."""
CLAUSE_BREAKS = frozenset(
    ["but", "however", "although", "though", "yet", "except", "because", "while", "whereas", "until"]
)
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
