"""The report as JSON: every figure and table with its full value, and every sentence as people read it."""

import json

from analytics.reports.document import ReportDocument, Section
from analytics.reports.numbers import sentence_text, write
from db.vocabulary import Json


def as_json(document: ReportDocument) -> Json:
    """The document as a JSON object."""
    return {
        "title": document.title,
        "company": document.company,
        "as_of": document.as_of.isoformat(),
        "generated_at": document.generated_at.isoformat(timespec="seconds"),
        "currency": document.currency,
        "with_names": document.with_names,
        "sections": [_section(section, document.currency) for section in document.sections],
    }


def render_json(document: ReportDocument) -> str:
    """The document as one JSON text that ends with a line break."""
    return json.dumps(as_json(document), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _section(section: Section, currency: str | None) -> Json:
    return {
        "id": section.id,
        "title": section.title,
        "empty": section.empty,
        "figures": {
            name: {
                "value": figure.value,
                "kind": figure.kind.value,
                "text": write(figure.value, figure.kind, currency),
            }
            for name, figure in section.figures.items()
        },
        "text": [sentence_text(sentence, section, currency) for sentence in section.sentences],
        "tables": [table.as_json() for table in section.tables],
        "cases": [{"title": case.title, "lines": list(case.lines)} for case in section.cases],
        "quotes": [{"topic": quotes.topic, "texts": list(quotes.texts)} for quotes in section.quotes],
    }
