"""Messages parse back to one recipient, known headers and the same words, whatever names and subjects hold."""

import html
import re
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.outreach.messages import address_of, build_message, footer_text, header_text, is_https, unsubscribe_headers
from db.errors import InputError
from tests.bot.outreach.letters import AT, COMPANY, letter

PLAIN_HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "X-Unsent",
    "X-AI-Assisted",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
}

BREAKS = ["\r\n", "\n", "\r", "\x85", "\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\0"]
ENCODED = [
    "=?utf-8?q?x=0D=0ABcc=3A_eve@evil.example?=",
    "=?utf-8?b?eA0KQmNjOiBldmVAZXZpbC5leGFtcGxl?=",
    "=?iso-8859-1?Q?=0ABcc:_eve@evil.example?=",
    "Ada =?utf-8?q?=0D=0A=0D=0A<script>?= Byrne",
    "==?utf-8?q?=0D=0ABcc=3A_eve@evil.example?=",
    "=\u200b?utf-8?q?=0D=0ABcc=3A_eve@evil.example?=",
]
HOSTILE = [
    *(f"Ada{mark}Bcc: eve@evil.example" for mark in BREAKS),
    *ENCODED,
    "Byrne, Ada",
    "Ada <eve@evil.example>",
    "Ada, eve@evil.example",
    "Ada; eve@evil.example",
    'Ada" <eve@evil.example>, "',
    "eve@evil.example",
    "(comment) Ada",
    "undisclosed: eve@evil.example;",
    "\u202eeryB adA",
    "Ada \x1b]52;c;ZXZpbA==\x07",
    "Ada\ud800Byrne",
    "A" * 5000,
    "李小龍 " * 60,
    "",
]


def short(payload: str) -> str:
    return ascii(payload)[:40]


def parsed(message: EmailMessage) -> EmailMessage:
    found = BytesParser(policy=policy.default).parsebytes(message.as_bytes())
    assert isinstance(found, EmailMessage)
    return found


def headers_of_bytes(raw: bytes) -> list[str]:
    """Header names read without any mail library: what a relay sees."""
    head = raw.split(b"\r\n\r\n", 1)[0]
    return [line.split(b":", 1)[0].decode() for line in head.split(b"\r\n") if not line[:1].isspace()]


def is_safe(message: EmailMessage) -> bool:
    raw = message.as_bytes()
    names = headers_of_bytes(raw)
    back = parsed(message)
    return (
        set(names) <= PLAIN_HEADERS
        and len(names) == len(set(names))
        and [one.addr_spec for one in back["To"].addresses] == ["ada@mailbox.example"]
        and [one.addr_spec for one in back["From"].addresses] == ["help@pellmere.example"]
        and not any(part.defects for part in back.walk())
        and max(len(line) for line in raw.split(b"\r\n")) <= 998
        and b"\n" not in raw.replace(b"\r\n", b"")
    )


@pytest.mark.parametrize("payload", HOSTILE, ids=short)
def test_no_name_adds_a_header_or_a_recipient(payload: str) -> None:
    assert is_safe(build_message(letter(name=payload), COMPANY, AT))


@pytest.mark.parametrize("payload", HOSTILE, ids=short)
def test_no_subject_adds_a_header_or_a_recipient(payload: str) -> None:
    assert is_safe(build_message(letter(subject=payload), COMPANY, AT))


@pytest.mark.parametrize("payload", HOSTILE, ids=short)
def test_no_company_name_adds_a_header_or_a_recipient(payload: str) -> None:
    assert is_safe(build_message(letter(), replace(COMPANY, company=payload), AT))


@pytest.mark.parametrize("payload", HOSTILE, ids=short)
def test_no_body_or_preheader_adds_a_header_or_a_recipient(payload: str) -> None:
    assert is_safe(build_message(letter(body=payload, preheader=payload), COMPANY, AT))


@given(name=st.text(max_size=60), subject=st.text(max_size=120), body=st.text(max_size=200))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_no_text_at_all_adds_a_header_or_a_recipient(name: str, subject: str, body: str) -> None:
    assert is_safe(build_message(letter(name=name, subject=subject, body=body), COMPANY, AT))


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "ada@",
        "@mailbox.example",
        "ada@mailbox.example, eve@evil.example",
        "ada@mailbox.example\r\nBcc: eve@evil.example",
        "ada@mailbox.example\nBcc: eve@evil.example",
        "ada@mailbox.example>,<eve@evil.example",
        "Ada <ada@mailbox.example>",
        "ada@mailbox.example;eve@evil.example",
        "ada byrne@mailbox.example",
        "ada..byrne@mailbox.example",
        "=?utf-8?q?ada=0D=0A?=@mailbox.example",
        "ada@mailbox.example\u2028x",
        "ädä@mailbox.example",
        "ada@mailbox.example\0",
        "ada@-mailbox.example",
    ],
    ids=short,
)
def test_an_address_that_is_not_one_plain_address_is_refused(email: str) -> None:
    with pytest.raises(InputError, match="address cannot be used"):
        build_message(letter(email=email), COMPANY, AT)


@pytest.mark.parametrize(
    "url",
    [
        "http://www.pellmere.example/u",
        "javascript:alert(1)",
        "https://www.pellmere.example/u\r\nBcc: eve@evil.example",
        "https://www.pellmere.example/u>, <mailto:eve@evil.example",
        "https://www.pellmere.example/u=?utf-8?q?=0D=0ABcc=3A?= x",
        "https:///nowhere",
        "https://www.pellmere.example/ü",
        "=?utf-8?q?https=3A//x=0D=0ABcc=3A_e?=",
        "https://www.pellmere.example/u?t==?utf-8?q?=0D=0ABcc=3A_eve@evil?=",
    ],
    ids=short,
)
def test_only_a_plain_https_address_stands_in_the_unsubscribe_header(url: str) -> None:
    company = replace(COMPANY, unsubscribe_url=url)
    assert not is_https(url)
    assert unsubscribe_headers(company) == {"List-Unsubscribe": "<mailto:help@pellmere.example?subject=unsubscribe>"}
    message = build_message(letter(), company, AT)
    assert is_safe(message)
    assert url not in message.as_string()


def test_one_click_unsubscribe_follows_rfc_8058() -> None:
    message = parsed(build_message(letter(), COMPANY, AT))
    assert message["List-Unsubscribe"] == f"<{COMPANY.unsubscribe_url}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_message_tells_sender_place_way_out_and_that_a_machine_helped() -> None:
    message = parsed(build_message(letter(), COMPANY, AT))
    text = message.get_body(("plain",))
    assert text is not None
    for piece in ("Pellmere", COMPANY.postal_address, COMPANY.unsubscribe_url):
        assert piece in text.get_content()
    assert (message["X-Unsent"], message["X-AI-Assisted"]) == ("1", "yes")
    assert message["Date"].datetime == AT


def test_without_an_unsubscribe_address_the_footer_says_how_to_stop() -> None:
    assert 'answer with the word "unsubscribe"' in footer_text(replace(COMPANY, unsubscribe_url=""))


class _Page(HTMLParser):
    """The tags, addresses and visible text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "<img src=https://evil.example/p.gif onerror=alert(1)>",
        "</p></body><iframe src=//evil.example>",
        "<a href='javascript:alert(1)'>click</a>",
        "<style>@import url(//evil.example)</style>",
        "&lt;script&gt;",
        "</title><svg onload=alert(1)>",
    ],
)
def test_markup_in_a_text_stays_text(payload: str) -> None:
    built = letter(subject=payload, body=f"Hello,\n\n{payload}", preheader=payload, name=payload)
    message = parsed(build_message(built, replace(COMPANY, company=f"Pellmere {payload}"), AT))
    part = message.get_body(("html",))
    assert part is not None
    page = _Page()
    page.feed(part.get_content())
    assert page.tags <= {"html", "head", "meta", "title", "body", "div", "p", "br"}
    assert page.attributes <= {"lang", "charset", "style"}
    assert html.unescape(part.get_content()).count(payload) >= 1


@pytest.mark.parametrize(
    "body",
    ["Grüße 李小龍 👋", "مرحبا بك", "x" * 3000, "a\n\nb\nc", "From the start\n.\n..\n>From", "tab\tand   spaces"],
    ids=short,
)
def test_both_parts_say_what_the_letter_says(body: str) -> None:
    message = build_message(letter(body=body), COMPANY, AT)
    assert is_safe(message)
    back = parsed(message)
    plain, page = back.get_body(("plain",)), back.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().replace("\r\n", "\n").startswith(f"{body}\n\n-- \n")
    reader = _Page()
    reader.feed(page.get_content())
    assert re.sub(r"\s", "", body) in re.sub(r"\s", "", "".join(reader.text))


def test_invisible_characters_do_not_travel_in_a_body() -> None:
    message = parsed(build_message(letter(body="pay\u200bment \u202eneew\x1b[31m"), COMPANY, AT))
    assert not set("\u200b\u202e\x1b") & set(message.as_string())


def test_the_same_letter_has_the_same_id_and_another_text_another() -> None:
    first = build_message(letter(), COMPANY, AT)["Message-ID"]
    assert build_message(letter(), COMPANY, AT)["Message-ID"] == first
    assert build_message(letter(body="Another"), COMPANY, AT)["Message-ID"] != first
    assert build_message(letter(draft_id=2), COMPANY, AT)["Message-ID"] != first


def test_long_names_and_subjects_are_cut() -> None:
    assert len(header_text("x" * 500, 200)) == 200
    assert len(address_of("y" * 500, "ada@mailbox.example").display_name) == 80
