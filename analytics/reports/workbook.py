"""The report as an Excel workbook: a sheet that says what is in it, then one sheet for each table."""

import io
import re
from datetime import UTC
from typing import Any

import xlsxwriter

from analytics.reports.document import Figure, Kind, ReportDocument, Section, Table, Value
from analytics.reports.numbers import SYMBOLS, sentence_text

FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
# A spreadsheet refuses control characters and longer cells.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST_CELL = 32_000
LONGEST_SHEET_NAME = 31


def render_workbook(document: ReportDocument) -> bytes:
    """The document as the bytes of an .xlsx file; no cell is ever a formula."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": clean(document.title), "created": document.generated_at.astimezone(UTC)})
        formats = _formats(book, document.currency)
        names = _sheet_names(document)
        _summary(book, document, formats, names)
        for section in document.sections:
            for table in section.tables:
                _sheet(book.add_worksheet(names[table.name]), table, formats)
    return out.getvalue()


def clean(text: str) -> str:
    """The text without what a cell cannot hold."""
    return _CONTROL.sub(" ", text).encode("utf-8", "replace").decode("utf-8")[:LONGEST_CELL]


def _formats(book: Any, currency: str | None) -> dict[str, Any]:
    symbol = SYMBOLS.get(currency or "", "")
    money = f'"{symbol}"#,##0.00' if symbol else "#,##0.00"
    return {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "section": book.add_format({"bold": True, "font_size": 12}),
        Kind.TEXT: book.add_format({"text_wrap": True, "valign": "top"}),
        Kind.DATE: book.add_format({"valign": "top"}),
        Kind.COUNT: book.add_format({"num_format": "#,##0", "valign": "top"}),
        Kind.EXPECTED: book.add_format({"num_format": "#,##0.0", "valign": "top"}),
        Kind.NUMBER: book.add_format({"num_format": "#,##0.000", "valign": "top"}),
        Kind.SHARE: book.add_format({"num_format": "0.0%", "valign": "top"}),
        Kind.MONEY: book.add_format({"num_format": money, "valign": "top"}),
    }


def _sheet_names(document: ReportDocument) -> dict[str, str]:
    """A sheet name for each table: its name in words, unique, short enough."""
    found: dict[str, str] = {}
    for section in document.sections:
        for table in section.tables:
            base = FORBIDDEN.sub(" ", table.name.replace("_", " ")).strip().capitalize()[:LONGEST_SHEET_NAME]
            name, number = base, 2
            while name.casefold() in {taken.casefold() for taken in found.values()}:
                name, number = f"{base[: LONGEST_SHEET_NAME - 3]} {number}", number + 1
            found[table.name] = name
    return found


def _summary(book: Any, document: ReportDocument, formats: dict[str, Any], names: dict[str, str]) -> None:
    sheet = book.add_worksheet("Report")
    sheet.set_column(0, 0, 90)
    sheet.set_column(1, 1, 28)
    sheet.write_string(0, 0, clean(document.title), formats["title"])
    sheet.write_string(1, 0, f"As of {document.as_of:%Y-%m-%d}; amounts in {document.currency or 'the stored unit'}")
    row = 3
    for section in document.sections:
        sheet.write_string(row, 0, section.title, formats["section"])
        for text in _texts(section, document.currency):
            row += 1
            sheet.write_string(row, 0, clean(text), formats["wrap"])
        for table in section.tables:
            row += 1
            sheet.write_string(row, 0, f"Table: {table.title}", formats["wrap"])
            sheet.write_url(row, 1, f"internal:'{names[table.name]}'!A1", string=names[table.name])
        row += 2


def _texts(section: Section, currency: str | None) -> list[str]:
    texts = [section.empty] if section.empty else []
    texts += [sentence_text(sentence, section, currency) for sentence in section.sentences]
    texts += [f"{case.title}: {' '.join(case.lines)}" for case in section.cases]
    return texts + [f"{quotes.topic}: “{text}”" for quotes in section.quotes for text in quotes.texts]


def _sheet(sheet: Any, table: Table, formats: dict[str, Any]) -> None:
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, clean(column.label), formats["head"])
        longest = max((len(str(row[place])) for row in table.rows), default=0) if column.kind is Kind.TEXT else 12
        sheet.set_column(place, place, min(70, max(12, longest + 2)))
    for number, row in enumerate(table.rows, start=1):
        for place, value in enumerate(row):
            _cell(sheet, number, place, Figure(value, table.columns[place].kind), formats)
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _cell(sheet: Any, row: int, place: int, figure: Figure, formats: dict[str, Any]) -> None:
    value: Value = figure.value
    if value is None:
        sheet.write_blank(row, place, None, formats[figure.kind])
    elif isinstance(value, str):
        sheet.write_string(row, place, clean(value), formats[Kind.TEXT])
    else:
        sheet.write_number(row, place, value, formats[figure.kind])
