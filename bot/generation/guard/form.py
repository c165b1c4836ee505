"""The form of a text: characters, markup, placeholders, headers, length."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from bot.generation.guard.reading import MASK
from bot.generation.guard.report import Finding
from bot.generation.guard.rules import finding
from db.vocabulary import Channel

MAX_WORDS = {Channel.EMAIL: 360, Channel.CHAT: 140}
MAX_CHARS = {Channel.EMAIL: 4000, Channel.CHAT: 1200}
MIN_WORDS = {Channel.EMAIL: 10, Channel.CHAT: 1}
MAX_SUBJECT = 150

_HARMLESS_FORMS = frozenset("ªº™…½¼¾⅓⅔⅛ﬁﬂ\u00a0\u202f\u2009\u2007\u2002\u2003´¨")
_SIGN_WORDS = frozenset("🆓💯🔟🆒🆕🆙🈚🈹🉐💲🏧🔢")
_FINE = frozenset("\n\t\r\ufe0f")

_MARKUP = (
    ("markup", re.compile(r"<[a-zA-Z/!?][^>\n]{0,200}>?|</|/>")),
    ("encoded", re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z]{2,8});")),
    (
        "encoded",
        re.compile(r"%[0-9A-Fa-f]{2}(?=%|[A-Za-z0-9])|\\[ux][0-9a-fA-F]{2,4}|\\[0-7]{3}|=[0-9A-F]{2}(?==)|=\?"),
    ),
    (
        "encoded",
        re.compile(
            r"(?<![\w@./-])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[0-9A-Z]{2})"
            r"[A-Za-z0-9+/]{20,}={0,2}(?![\w@])"
        ),
    ),
    (
        "encoded",
        re.compile(
            r"(?<!\w)(?:[0-9a-fA-F]{2}[ :]){5,}[0-9a-fA-F]{2}(?!\w)|\b[01]{7,}\b"
            r"|(?:^|\s)[.\-–·]{1,5}(?:[ /]+[.\-–·]{1,5}){3,}"
        ),
    ),
    (
        "markup",
        re.compile(r"!?\[[^\]\n]{0,200}\]\([^)\n]{0,300}\)|\*\*|__|```|~~|^#{1,6} |(?<!\w)\*\w[^*\n]{0,60}\*", re.M),
    ),
    (
        "placeholder",
        re.compile(
            r"\{[^}\n]{0,80}\}?|\[[^\]\n]{0,80}\]|%[A-Za-z_]{3,30}%|\bX{3,}\b|\bTBD\b|\bTODO\b"
            r"|[Ll]orem ipsum|\.\.\._|_{2,}"
        ),
    ),
    ("markup", re.compile(r"[{}\[\]<>`^~\\_]|=(?! )|(?<! )=|(?<! )\||\|(?! )|\bjavascript:|\bdata:|\bon\w+\s*=|://")),
    ("markup", re.compile(r"\b(?:select .{1,40} from|drop table|insert into|curl |wget |rm -rf|eval\(|print\()", re.I)),
    (
        "role_line",
        re.compile(
            r"^\s*(?:system|assistant|user|human|ai|developer|tool|agent|bot|instruction|customer)\s*:", re.I | re.M
        ),
    ),
)
_HEADER = re.compile(
    r"^[ \t]*(?:to|from|cc|bcc|reply-to|sender|return-path|content-[\w-]+|mime-version|x-[\w-]+|list-[\w-]+"
    r"|received|date"
    r"|message-id|an|von|de|para|cco|cci|subject|betreff|objet|asunto|assunto|oggetto|onderwerp"
    r"|preheader|resent-\w+)[ \t]*:[ \t]*(?=\S)",
    re.I | re.M,
)
_SUBJECT = re.compile(
    r"^(?:subject|betreff|objet|asunto|assunto|oggetto|onderwerp)[ \t]*:[ \t]*(?P<subject>[^\n]*)", re.I
)
_REPLY = re.compile(r"^\s*(?:re|fwd?|aw|wg|tr|rv|enc|antw|res|ref|r|i)\s*(?:\[\d+\])?\s*:", re.I)
_PREHEADER = re.compile(r"\n[ \t]*preheader[ \t]*:[^\n]*", re.I)


def characters(text: str) -> Iterator[Finding]:
    """Characters that hide, turn around or imitate: control, zero-width, bidi, look-alikes, styled letters."""
    if text.isascii() and text.isprintable():
        return
    strange = {char: rule for char in set(text) if (rule := _strange(char))}
    if not strange and "\r" not in text.replace("\r\n", ""):
        return
    for index, char in enumerate(text):
        rule = strange.get(char)
        if char == "\r" and text[index + 1 : index + 2] != "\n":
            rule = "control_characters"
        if char == "\u200d" and _joins_emoji(text, index):
            rule = None
        if rule:
            yield finding(rule, text, index, index + 1)


def _strange(char: str) -> str | None:
    if " " <= char <= "~" or char in _FINE:
        return None
    category = unicodedata.category(char)
    if category == "Cc" or char in "\u2028\u2029\x85":
        return "control_characters"
    if category in {"Cf", "Co", "Cn", "Cs"}:
        return "hidden_characters"
    if char in _SIGN_WORDS or "\U0001f100" <= char <= "\U0001f1ff" or category in {"Me"}:
        return "disguised_characters"
    if char in _HARMLESS_FORMS:
        return None
    if category == "Nd" or (category in {"No", "Nl"} and unicodedata.normalize("NFKC", char)[:1].isalnum()):
        return "disguised_characters"
    plain = unicodedata.normalize("NFKC", char)
    if plain != char and any(" " < piece <= "~" for piece in unicodedata.normalize("NFC", plain)):
        return "disguised_characters"
    return None


def _joins_emoji(text: str, index: int) -> bool:
    around = text[max(index - 2, 0) : index] + text[index + 1 : index + 2]
    return any(unicodedata.category(char) == "So" for char in around)


def markup(text: str, plain: str) -> Iterator[Finding]:
    """Markup, encodings, placeholders and lines that speak to a model; masked spans are blank in `plain`."""
    seen: set[int] = set()
    for rule, pattern in _MARKUP:
        for match in pattern.finditer(plain):
            if _breadcrumb(plain, match) or match.start() in seen:
                continue
            seen.update(range(match.start(), match.end()))
            yield finding(rule, text, match.start(), match.end())


def _breadcrumb(plain: str, match: re.Match[str]) -> bool:
    """Whether a sign is the arrow of a menu path (Account > Plan) or the mark of a quoted line."""
    if match.group() != ">":
        return False
    before, after = plain[: match.start()], plain[match.end() : match.end() + 1]
    return after in {" ", ""} and (not before or before.endswith((" ", "\n")))


def envelope(text: str, channel: Channel, words: int) -> Iterator[Finding]:
    """The subject line of an e-mail, header lines that do not belong, and the length."""
    body_at = 0
    if channel is Channel.EMAIL:
        match = _SUBJECT.match(text)
        if match is None or not match["subject"].strip():
            yield finding("subject_missing", text, 0, min(len(text), 40))
        else:
            body_at = match.end()
            subject = match["subject"]
            if _REPLY.match(subject):
                yield finding("reply_spoof", text, match.start("subject"), match.end())
            if len(subject) > MAX_SUBJECT:
                yield finding("too_long", text, match.start("subject"), match.end())
            preheader = _PREHEADER.match(text, body_at)
            body_at = preheader.end() if preheader else body_at
    for match in _HEADER.finditer(text, body_at):
        if match.start() >= body_at:
            yield finding("header_line", text, match.start(), match.end())
    if words > MAX_WORDS.get(channel, 360) or len(text) > MAX_CHARS.get(channel, 4000):
        yield finding("too_long", text, 0, min(len(text), 80))
    if words < MIN_WORDS.get(channel, 1):
        yield finding("too_short", text, 0, len(text))


_LINK = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,10}:/{1,2}|\bwww\.|\bmailto:|\btel:)\S+"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*"
    r"|(?<![\w-])(?:[\w-]{1,63}\.){1,6}(?:com|net|org|info|biz|io|co|de|fr|es|it|nl|pt|br|eu|uk|us|ch|at|be|ru|cn|xyz|top|app|dev|shop"
    r"|online|site|club|link|click|ly|me|tv|ai|example|test|invalid|local|gg|tk|ml|store|live|page|cc|ws|to|gl|su|in"
    r"|ca|au|pl|cz|se|no|dk|ie|lu|mobi|pro|name|world|support|help|zip|mov|deals|gift|win|bid|icu|vip)\b(?:/[^\s]*)?"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b"
    r"|@\w+",
    re.I,
)
_SPELLED_LINK = re.compile(
    r"\b[\w-]+\s*[\[(]?\s*(?:dot|punkt|point|punto|ponto|punt)\s*[\])]?\s*(?:com|net|org|info|biz|io|de|fr|es|it|nl|pt|eu"
    r"|uk|example)\b|\b[\w.-]+\s*[\[(]\s*(?:at|arroba|chiocciola)\s*[\])]\s*[\w.-]+",
    re.I,
)
_SPELLED = re.compile(r"\b(?:dot|punkt|point|punto|ponto|punt|at|arroba|chiocciola)\b", re.I)
_PHONE = re.compile(r"(?<![\w.,€$£])(?:\+|00)?\(?\d{1,5}\)?(?:[ \u00a0./-]?\(?\d{2,5}\)?){2,6}(?!\w)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,7}(?:[ ]?[A-Z0-9]{1,4})?\b")


def contacts(text: str, plain: str) -> Iterator[Finding]:
    """Links, addresses and numbers that no fact holds; those that are known are blank in `plain`."""
    patterns = [("unknown_link", _LINK), ("bank_details", _IBAN)]
    if _SPELLED.search(plain):
        patterns.append(("unknown_link", _SPELLED_LINK))
    for rule, pattern in patterns:
        for match in pattern.finditer(plain):
            yield finding(rule, text, match.start(), match.end())
    for match in _PHONE.finditer(plain):
        count = sum(char.isdigit() for char in match.group())
        if count >= 7 and not re.fullmatch(r"\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", match.group()):
            yield finding("unknown_phone", text, match.start(), match.end())


def blank(text: str, masks: Iterable[str], spans: Iterable[tuple[int, int]] = ()) -> str:
    """The text with every known name, address and link replaced by as many spaces, so that offsets stay."""
    plain = text
    for mask in masks:
        edge = r"(?<![\w@.-])" if mask[0].isalnum() else ""
        tail = r"(?![\w@])" if mask[-1].isalnum() else ""
        if "/" in mask or re.fullmatch(r"[\w-]+(\.[\w-]+)+", mask):
            edge = r"(?<![\w@.-])(?:https?://)?(?:www\.)?"
            tail = r"/?(?![\w@/?#%&=:-]|\.\w)"
            mask = re.sub(r"^https?://(?:www\.)?", "", mask).rstrip("/")
        pattern = edge + r"\s+".join(re.escape(part) for part in mask.split()) + tail
        plain = re.sub(pattern, lambda match: _space(match.group()), plain, flags=re.I)
    return plain


def _space(text: str) -> str:
    return re.sub(r"[^\n]", MASK, text)
