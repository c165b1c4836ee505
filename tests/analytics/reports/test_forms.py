import io
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from analytics.reports.assemble import SECTIONS, build_document
from analytics.reports.document import ReportDocument, Sentence
from analytics.reports.facts import ReportFacts
from analytics.reports.page import render_page
from analytics.reports.plain import as_json, render_json
from analytics.reports.terminal import WIDTH, render_text
from analytics.reports.workbook import render_workbook
from tests.analytics.reports.example import HOSTILE, empty_facts, full_facts, scoring
from tests.analytics.reports.reading import Page

ORDER = [
    "headline",
    "actions",
    "in_time",
    "risk",
    "drivers",
    "quality",
    "voice",
    "retention",
    "decisions",
    "drafts",
    "health",
    "card",
]
TABLES = {
    "headline": ["change"],
    "actions": ["segments", "capacity"],
    "in_time": ["horizons"],
    "risk": ["bands", "distribution"],
    "drivers": ["drivers", "common_reasons"],
    "quality": ["metrics", "calibration", "gains"],
    "voice": ["mood_by_month", "mood_by_topic", "complaints_lately", "praise_lately", "risk_by_mood"],
    "retention": ["survival", "months", "cohorts"],
    "decisions": ["offers", "blocks", "outcomes"],
    "drafts": ["drafts"],
    "health": ["freshness", "missing", "imports"],
    "card": ["model_card", "findings"],
}


@pytest.fixture(scope="module")
def full() -> ReportDocument:
    return build_document(full_facts())


def numbers_of(section: dict[str, Any]) -> list[float]:
    """The numbers of the tables of a section as JSON."""
    cells = [value for table in section["tables"] for row in table["rows"] for value in row.values()]
    return [float(value) for value in cells if isinstance(value, int | float)]


def test_the_sections_answer_in_the_order_a_manager_asks(full: ReportDocument) -> None:
    assert [section.id for section in full.sections] == ORDER
    assert {section.id: [table.name for table in section.tables] for section in full.sections} == TABLES


def test_table_names_are_unique_since_they_name_drawings_and_sheets(full: ReportDocument) -> None:
    names = [table.name for section in full.sections for table in section.tables]
    assert len(names) == len(set(names))


def test_every_number_on_the_page_is_in_the_json_and_every_cell_of_it_on_the_page(full: ReportDocument) -> None:
    page = Page(render_page(full))
    for section in as_json(full)["sections"]:
        figures = [float(one["value"]) for one in section["figures"].values() if not isinstance(one["value"], str)]
        shown = page.numbers.get(section["id"], [])
        assert set(shown) <= {*figures, *numbers_of(section)}
        assert not Counter(numbers_of(section)) - Counter(shown)


def test_no_sentence_has_a_number_of_its_own(full: ReportDocument) -> None:
    for section in full.sections:
        for sentence in [*section.sentences, *(Sentence(tile.remark) for tile in section.tiles)]:
            literal = "".join(text for text, name in sentence.parts() if not name)
            assert not re.search(r"\d", literal), literal


def test_every_figure_a_sentence_names_is_there(full: ReportDocument) -> None:
    for section in full.sections:
        named = {name for one in section.sentences for _, name in one.parts() if name}
        assert named <= set(section.figures)


@pytest.mark.parametrize("facts", [full_facts(), full_facts(HOSTILE), empty_facts()], ids=["full", "hostile", "empty"])
def test_the_page_stands_alone(facts: ReportFacts) -> None:
    html = render_page(build_document(facts))
    page = Page(html)
    assert len(html.encode()) < 1_000_000
    assert not page.elements & {"script", "img", "iframe", "object", "embed", "link", "form", "foreignobject"}
    assert not {name for name in page.attributes if name.startswith("on") or name in ("src", "action", "srcset")}
    assert "url(http" not in html
    assert "@import" not in html
    assert all(link.startswith("#") for link in page.links)


@pytest.mark.parametrize("facts", [full_facts(), empty_facts()], ids=["full", "empty"])
def test_the_page_can_be_walked(facts: ReportFacts) -> None:
    html = render_page(build_document(facts))
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert page.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    for drawing in re.findall(r"<svg.*?</svg>", html, flags=re.S):
        assert "<title" in drawing
        assert "<desc" in drawing
    assert html.count("<svg") == html.count("<details>")


def test_hostile_text_is_shown_as_it_stands_and_does_nothing() -> None:
    html = render_page(build_document(full_facts(HOSTILE)))
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "{{ 7*7 }}" in html
    assert "{leavers}" in html


def test_control_characters_never_reach_the_terminal() -> None:
    text = render_text(build_document(full_facts(HOSTILE + "\u202e\x07")))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


@pytest.mark.parametrize("facts", [full_facts(), full_facts(HOSTILE), empty_facts()], ids=["full", "hostile", "empty"])
def test_the_text_fits_a_terminal_of_eighty_columns(facts: ReportFacts) -> None:
    lines = render_text(build_document(facts)).splitlines()
    assert max(len(line) for line in lines) <= WIDTH


def test_the_workbook_has_a_sheet_for_each_table_with_its_numbers(full: ReportDocument) -> None:
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(full)))
    tables = [table for section in full.sections for table in section.tables]
    assert len(book.sheetnames) == 1 + len(tables)
    for sheet, table in zip(book.worksheets[1:], tables, strict=True):
        cells = list(sheet.iter_rows(values_only=True))
        assert cells[0] == tuple(column.label for column in table.columns)
        for found, row in zip(cells[1:], table.rows, strict=True):
            wanted = [value for value in row if isinstance(value, int | float)]
            assert [value for value in found if isinstance(value, int | float)] == pytest.approx(wanted)


def test_no_cell_of_the_workbook_is_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(build_document(full_facts("=1+1")))))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == "=1+1" for cell in cells)
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_the_json_is_one_document_with_the_version_of_every_figure(full: ReportDocument) -> None:
    found = json.loads(render_json(full))
    headline = found["sections"][0]
    run = full_facts().run
    assert run is not None
    assert headline["figures"]["leavers"]["value"] == pytest.approx(run.scores["churn_probability"].sum())
    assert headline["figures"]["at_risk"]["value"] == pytest.approx(run.scores["revenue_at_risk"].sum())


@pytest.mark.parametrize("render", [render_page, render_text, render_json], ids=["html", "text", "json"])
def test_two_reports_on_the_same_facts_differ_in_the_line_of_their_making_alone(render: Any) -> None:
    first, again = build_document(full_facts()), build_document(full_facts())
    later = replace(again, generated_at=again.generated_at + timedelta(hours=3))
    assert render(first) == render(again)
    before, after = render(first).splitlines(), render(later).splitlines()
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


def test_an_empty_store_says_what_to_do_in_every_section() -> None:
    document = build_document(empty_facts())
    assert all(section.empty and not section.blocks for section in document.sections)
    text = render_text(document)
    assert all(section.empty.split()[0] in text for section in document.sections)


def test_what_is_missing_is_said_in_a_line_and_the_rest_stands() -> None:
    facts = full_facts(
        run=scoring(money=False), voice=None, lifetimes=None, deciding=None, drafts={}, previous=None, explained=()
    )
    document = build_document(replace(facts, totals=replace(facts.totals, messages=0, events=0)))
    said = {section.id: section.empty for section in document.sections}
    assert "no messages" in said["voice"]
    assert {name for name, why in said.items() if why} == {"voice", "retention", "decisions", "drafts"}
    assert [tile.figure for tile in document.section("headline").tiles] == ["leavers", "leavers_share", "high_risk"]


def test_sections_are_built_by_functions_that_share_an_interface() -> None:
    assert [module.ID for module in SECTIONS] == ORDER


def test_before_offers_are_decided_the_reach_of_a_team_is_told_all_the_same() -> None:
    section = build_document(full_facts(deciding=None)).section("actions")
    assert [column.key for column in section.tables[0].columns] == ["customers", "share", "leavers", "reached", "money"]
    assert "mainstay decide" in section.sentences[0].text


def test_a_store_without_money_speaks_of_customers_alone() -> None:
    section = build_document(full_facts(run=scoring(money=False), previous=None)).section("headline")
    assert "at_risk" not in section.figures
    assert not any("evenue" in sentence.text for sentence in section.sentences)


def test_cases_are_told_without_ids_unless_names_were_asked_for() -> None:
    titles = [case.title for case in build_document(full_facts()).section("drivers").cases]
    assert [title.split(":")[0] for title in titles] == ["Case A", "Case B", "Case C"]
    assert not any("C-0" in title for title in titles)
    named = build_document(full_facts(with_names=True)).section("drivers").cases
    assert all("C-0" in case.title for case in named)


def test_complaints_and_praise_stand_beside_the_period_before() -> None:
    section = build_document(full_facts()).section("voice")
    complaints, praise = (table for table in section.tables if table.name in {"complaints_lately", "praise_lately"})
    assert complaints.column("customers") == [30]
    assert complaints.column("customers_before") == [5]
    assert complaints.column("change") == ["rose"]
    assert complaints.column("revenue") == [600.0]
    assert complaints.column("left") == [0.25]
    assert praise.column("left") == [None]
    assert [quotes.topic for quotes in section.quotes] == ["A credit"]


def test_without_messages_of_late_older_ones_are_quoted() -> None:
    section = build_document(full_facts(voices=None)).section("voice")
    assert [quotes.topic for quotes in section.quotes] == ["Price"]
    assert "complaints_lately" not in {table.name for table in section.tables}
