"""Reads a page back: the numbers, elements and links it holds, by section."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Page(HTMLParser):
    """What a page holds."""

    html: str
    numbers: dict[str, list[float]] = field(default_factory=dict)
    elements: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    section: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        given = dict(attrs)
        self.attributes |= set(given)
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag == "section":
            self.section = given.get("id") or ""
        if tag == "data":
            self.numbers.setdefault(self.section, []).append(float(given["value"] or "nan"))
        if tag == "a":
            self.links.append(given.get("href") or "")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))

    def handle_data(self, data: str) -> None:
        self.words.append(data)
