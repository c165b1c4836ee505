"""The customer's own words turned round: a clause in the second person (`my bill went up`: `your bill went up`).

Only what can be turned round without doubt is: a plain clause of known words that begins with its subject. A text may
report it ("You say that ..."), so it is never a claim of the company.
"""

import re
from collections.abc import Container, Iterator

from analytics.language.text import printable


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


LEAST, MOST = 4, 13
"""Words of a clause that is worth repeating and still short."""

_CLAUSES = re.compile(
    r"[.!?;:\n()…]+|\s[-–—]\s|,?\s+(?:and|but|because|so|since|cos|cause|although|though|while|whereas|yet)\s+|,\s+"
)
_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")
_AUXILIARY = _words("""
    am is are was were have has had do does did can could will would should must cannot
    isn't aren't wasn't weren't haven't hasn't hadn't don't doesn't didn't can't couldn't won't wouldn't shouldn't
    """)
_VERBS = _AUXILIARY | _words("""
    keep keeps kept need needs needed want wants wanted pay pays paid get gets got use uses used move moved moving
    went goes go came come comes cut cuts cost costs drop drops dropped fail fails failed freeze freezes froze
    take takes took work works worked stop stops stopped start starts started feel feels felt find finds found think
    thought like liked love loved hate hated know knew see saw try tried call called wait waited waiting ask asked
    tell told wrote sent send bought buy buys changed change changes doubled rose rises increased crash crashes crashed
    lost lose loses miss misses missed watch watched play played live lived left leave leaves live lives lag lags lagged
    switched switch received receive gave give gives signed sign cancelled canceled charged charge charges expected
    expect broke breaks disappeared vanished happened happens hang hangs hung run runs ran takes look looks looked seem
    seems makes made make say says said offers offered offer prefer preferred wish hope hoped appreciate enjoy enjoyed
    answer answers answered reply replies replied listen listens picks picked respond responds responded submit
    """)
_SUBJECT = r"(?:i|we|it|this|that|there|nobody|everything|nothing|no one)"
_OWNED = r"(?:my|our|your|the|this|these|those)(?: [a-z'-]+){1,3}?"
_ADVERB = r"(?:just|really|never|always|still|only|hardly|barely|often|also|already|simply|even|now)"
_IS_ADVERB = re.compile(_ADVERB)
_PLAIN = re.compile(rf"(?:{_SUBJECT}|{_OWNED}) (?:{_ADVERB} )?(?P<verb>[a-z']+)(?= |$)")
_SHORT = {
    "i'm": "i am", "i've": "i have", "i'll": "i will", "i'd": "i would", "we're": "we are", "we've": "we have",
    "we'll": "we will", "we'd": "we would", "you're": "you are", "you've": "you have", "you'll": "you will",
    "you'd": "you would", "im": "i am", "ive": "i have", "dont": "don't", "doesnt": "doesn't", "didnt": "didn't",
    "cant": "can't", "isnt": "isn't", "wasnt": "wasn't", "wont": "won't", "it's": "it is", "that's": "that is",
    "there's": "there is", "gonna": "going to", "wanna": "want to", "u": "you", "ur": "your",
}  # fmt: skip
_TURNED = {
    "i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "we": "you", "us": "you",
    "our": "your", "ours": "yours", "ourselves": "yourselves", "your": "our", "yours": "ours",
}  # fmt: skip
_PRONOUNS = frozenset({"i", "we", "it", "he", "she", "they", "there"})
_BEFORE_OBJECT = _words("to from with of for at by on about than tell told ask asked leave left like")
_LINKS = _words("""
    that if when what how where who which why because before after until than as whenever everything all time once since
    way unless whether whatever anything nothing something
    """)
"""What may stand before a second clause; without one, two sentences have run together."""
_INSERTED = frozenset({"please", "thanks", "thank", "lol", "ok", "okay", "yes", "no", "hi", "hello", "sorry", "haha"})
_LEFT_OPEN = _words("""
    the a an my your our to of for with from at in on by and or but if that which who because so when where while than
    as am is are was were be been i we not very too more most just can't don't doesn't didn't won't will would could
    should
    """)
_POINTS_BACK = frozenset({"it", "that", "them", "those", "then"})
"""Words for something said before: in a clause that stands alone nobody sees what."""

_SUBJECTS = _words("i we you he she they the a my our your")

_DEATH = re.compile(
    r"\b(?:died|death|dead|passed (?:away|on)|funeral|deceased|widow\w*|lost (?:my )?(?:dad|mum|mom|him|her))\b"
)
_CUT = re.compile(r"\b(?:nothing|nobody|no one|anything|not|never) but\b|\bso (?:much|many|\w+ that)\b")
"""Where a clause would say the contrary without what comes after it."""

_RUDE = re.compile(
    r"\b(?:f+u+c+k\w*|sh[i1]t\w*|crap\w*|bastards?|bitch\w*|arse\w*|ass(?:hole)?s?|damn\w*|hell|idiots?|moron\w*|stupid"
    r"|scam\w*|crooks?|thie(?:f|ves)|robb\w*|steal\w*|stole|rip\w*|lying|liars?|lie[ds]?|fraud\w*|joke|rubbish|garbage"
    r"|suck\w*|sue|lawyers?|kill\w*|die[ds]?|dead|death|passed|cancer|password|hate[ds]?)\b"
)
_UNFIT = re.compile(
    r"\b(?:you (?:promise|guarantee|said|told|owe|refund|agree)\w*|promis\w*|guarante\w*|refund\w*|free|compensat\w*"
    r"|contract law|bot|human|person|agent|colleague|cancel\w* my|ignore|instructions?|prompt|system|discount|offer\w*"
    r"|sick|fed|tired|cheaper|half|twice|double|one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|tonight|today"
    r"|tomorrow|yesterday|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may"
    r"|june|july|august|september|october|november|december|this|here|now|ago|last|next)\b"
)


def echo_of(message: str, known_words: Container[str]) -> str:
    """The clause of a message that says most and can be turned round, in the second person; empty where there is none.

    `known_words` are lower-case words that are spelled right.
    """
    if _DEATH.search(message.lower()) or _CUT.search(message.lower()):
        return ""
    found = [turned for clause in _clauses(message) if (turned := _turned(clause, known_words))]
    return max(found, key=lambda clause: min(len(clause.split()), 9), default="")


def _clauses(message: str) -> Iterator[str]:
    line = printable(message).replace("’", "'").replace("`", "'")
    for clause in _CLAUSES.split(line):
        words = " ".join(_SHORT.get(word.lower(), word) for word in clause.split()).split()
        yield " ".join(word if place and word[1:].islower() else word.lower() for place, word in enumerate(words))


def _turned(written: str, known_words: Container[str]) -> str:
    clause = written.lower()
    words = clause.split()
    match = _PLAIN.match(clause)
    if match is None or match["verb"] not in _VERBS or not LEAST <= len(words) <= MOST:
        return ""
    if not all(_WORD.fullmatch(word) and _is_known(word, known_words) for word in words):
        return ""
    if words[:2] in (["i", "am"], ["we", "are"]) and not words[2].endswith("ing"):
        return ""
    if words[-1] in _LEFT_OPEN or _points_back(words) or words[:2] == ["that", "is"] or _INSERTED & set(words):
        return ""
    if _RUDE.search(clause) or _UNFIT.search(clause) or not _is_one(words):
        return ""
    return _second_person(written.split())


def _is_one(words: list[str]) -> bool:
    """Whether the clause is a single statement: nothing has run into it, and every `you` has one reading."""
    for before, word, after in zip(words, words[1:], [*words[2:], ""], strict=False):
        goes_on = after in _VERBS or (word not in ("i", "we") and _IS_ADVERB.fullmatch(after) is not None)
        if word in _PRONOUNS and goes_on and before not in _LINKS:
            return False
        if word == "you" and (before in _AUXILIARY or (after in _VERBS and before in _BEFORE_OBJECT)):
            return False
        if word in ("been", "got", "gone", "become", "taken") and before == "is":
            return False
    return True


def _points_back(words: list[str]) -> bool:
    """Whether a word stands for something that the clause itself does not name."""
    return any(
        word in _POINTS_BACK and not (word == "that" and after in _SUBJECTS)
        for word, after in zip(words, [*words[1:], ""], strict=True)
    )


def _is_known(word: str, known_words: Container[str]) -> bool:
    parts = re.split(r"['-]", word)
    return (parts[0] in known_words and (len(parts[0]) > 1 or parts[0] in ("a", "i"))) or word in _AUXILIARY


def _second_person(words: list[str]) -> str:
    said: list[str] = []
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        after = words[place + 1] if place + 1 < len(words) else ""
        if word == "you":
            is_subject = after in _VERBS and before not in _BEFORE_OBJECT
            said.append("we" if is_subject else "us")
        elif before in ("i", "we") and word in ("am", "was", "wasn't"):
            said.append({"am": "are", "was": "were", "wasn't": "weren't"}[word])
        else:
            said.append(_TURNED.get(word, word))
    return " ".join(said)
