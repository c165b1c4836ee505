"""An approved draft as an e-mail message: safe headers, text and HTML parts, one-click unsubscribe (RFC 8058).

Names, addresses and subjects come from imports and models: they are cleaned before they become a header, and the
finished message is parsed back and must hold exactly the headers and the one recipient it was built with.
"""

import hashlib
import html
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from urllib.parse import quote, urlsplit

from db.errors import InputError, PolicyError
from db.vocabulary import CompanyProfile

MAX_SUBJECT = 200
MAX_NAME = 80

POLICY = policy.SMTP.clone(max_line_length=78)

_ADDRESS = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$")
_HEADERS = {
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


@dataclass(frozen=True, slots=True)
class Letter:
    """What becomes a message: an approved text and whom it is for."""

    draft_id: int
    customer_id: str
    name: str
    email: str
    subject: str
    preheader: str | None
    body: str


def header_text(value: str, limit: int) -> str:
    """Text that cannot end a header or start an encoded word, at most `limit` characters long."""
    kept = "".join(" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in value)
    kept = "".join(char for char in kept if unicodedata.category(char) not in {"Cf", "Cs", "Co", "Cn"})
    # `=?...?=` would be decoded by readers, and by Python before 3.12.5 even into new headers.
    return " ".join(kept.replace("=?", "= ?").split())[:limit]


def address_of(name: str, email: str) -> Address:
    """A recipient. Raises InputError for an address that is not one plain address."""
    email = email.strip()
    if not _ADDRESS.match(email) or ".." in email or "=?" in email:
        raise InputError("the e-mail address cannot be used.", hint="Mend the customer's address and import it again.")
    display = header_text(re.sub(r'[<>",;:@\\()\[\]]', " ", name), MAX_NAME)
    return Address(display_name=display, addr_spec=email)


def build_message(letter: Letter, company: CompanyProfile, at: datetime) -> EmailMessage:
    """The message for one letter.

    Raises InputError when the customer's or the company's address cannot be used, PolicyError when the finished
    message does not parse back to what was built.
    """
    message = EmailMessage(policy=POLICY)
    sender = address_of(company.company, company.support_email)
    message["From"] = sender
    message["To"] = address_of(letter.name, letter.email)
    message["Subject"] = header_text(letter.subject, MAX_SUBJECT)
    message["Date"] = at
    content = f"{letter.draft_id}:{letter.customer_id}:{letter.body}".encode(errors="replace")
    message["Message-ID"] = f"<{hashlib.sha256(content).hexdigest()[:24]}.{letter.draft_id}@{sender.domain}>"
    message["X-Unsent"] = "1"
    message["X-AI-Assisted"] = "yes"
    for name, value in unsubscribe_headers(company).items():
        message[name] = value
    footer = clean_body(footer_text(company))
    message.set_content(f"{clean_body(letter.body)}\n\n-- \n{footer}\n", cte="quoted-printable")
    message.add_alternative(_html(letter, footer), subtype="html", cte="quoted-printable")
    _verify(message, letter)
    return message


def unsubscribe_headers(company: CompanyProfile) -> dict[str, str]:
    """One-click headers where the company has an https address, else a mailto that a person answers."""
    url = company.unsubscribe_url.strip()
    if is_https(url):
        return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    if company.support_email:
        return {"List-Unsubscribe": f"<mailto:{company.support_email}?subject={quote('unsubscribe')}>"}
    return {}


def is_https(url: str) -> bool:
    """Whether `url` is one plain https address that can stand in a header."""
    if not url.isascii() or re.search(r"[\s<>\"'\\]|=\?", url):
        return False
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(parts.hostname)


def footer_text(company: CompanyProfile) -> str:
    """Who writes, from where, and how to stop it."""
    way = (
        f"Unsubscribe: {company.unsubscribe_url}"
        if is_https(company.unsubscribe_url.strip())
        else 'To stop these e-mails, answer with the word "unsubscribe".'
    )
    return "\n".join(line for line in (company.company, company.postal_address, way) if line)


def clean_body(body: str) -> str:
    """The text without characters that a reader cannot see."""
    kept = (char for char in body.replace("\r\n", "\n").replace("\r", "\n") if char == "\n" or _visible(char))
    return "".join(kept).strip()


def _visible(char: str) -> bool:
    return char == "\t" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _html(letter: Letter, footer: str) -> str:
    paragraphs = "".join(
        f'<p style="margin:0 0 16px">{html.escape(part).replace(chr(10), "<br>")}</p>'
        for part in re.split(r"\n{2,}", clean_body(letter.body))
    )
    preheader = (
        f'<div style="display:none;max-height:0;overflow:hidden">{html.escape(clean_body(letter.preheader))}</div>'
        if letter.preheader
        else ""
    )
    small = "color:#555;font-size:13px;border-top:1px solid #ddd;padding-top:12px"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(header_text(letter.subject, MAX_SUBJECT))}</title></head>"
        '<body style="margin:0;padding:24px;background:#fff;color:#1a1a1a;'
        'font:16px/1.5 system-ui,-apple-system,Segoe UI,Roboto,Arial,sans-serif">'
        f'{preheader}<div style="max-width:600px;margin:0 auto">{paragraphs}'
        f'<p style="{small}">{html.escape(footer).replace(chr(10), "<br>")}</p></div></body></html>\n'
    )


def _verify(message: EmailMessage, letter: Letter) -> None:
    """Parse the message back: nothing that was data may have become a header or a second recipient."""
    parsed = BytesParser(policy=POLICY).parsebytes(message.as_bytes())
    names = [name for name, _ in parsed.items()]
    recipients = parsed["To"].addresses
    if (
        len(names) != len(set(names))
        or not set(names) <= _HEADERS
        or len(recipients) != 1
        or recipients[0].addr_spec.casefold() != letter.email.strip().casefold()
    ):
        raise PolicyError(
            f"Draft {letter.draft_id} cannot be turned into a safe message.",
            hint="Look at the customer's name and address for line breaks or encoded words.",
        )
