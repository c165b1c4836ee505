"""The report as one self-contained HTML page without scripts or requests."""

from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from analytics.reports.charts import draw
from analytics.reports.document import (
    Block,
    Case,
    Column,
    Figure,
    Kind,
    Quotes,
    ReportDocument,
    Section,
    Sentence,
    Table,
    Tile,
    Value,
)
from analytics.reports.numbers import figure_text, write

BLOCK_NAMES: dict[type[Block], str] = {Sentence: "sentence", Table: "table", Case: "case", Quotes: "quotes"}


def render_page(document: ReportDocument) -> str:
    """The document as HTML; all text from outside is escaped."""
    environment = Environment(
        loader=PackageLoader("analytics.reports", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    currency = document.currency

    def cell(value: Value, column: Column) -> Markup:
        return _data(Figure(value, column.kind), currency)

    def sentence(one: Sentence, section: Section) -> Markup:
        return _sentence(one, section, currency)

    def remark(tile: Tile, section: Section) -> Markup:
        return _sentence(Sentence(tile.remark), section, currency)

    def drawing(table: Table) -> Markup:
        return draw(table, currency)

    template = environment.get_template("report.html.j2")
    style = Markup(files("analytics.reports").joinpath("templates/report.css").read_text(encoding="utf-8"))
    return template.render(
        document=document,
        style=style,
        cell=cell,
        sentence=sentence,
        remark=remark,
        drawing=drawing,
        figure=lambda name, section: _data(section.figures[name], currency),
        kind_of=lambda block: BLOCK_NAMES[type(block)],
        is_text=lambda column: column.kind in (Kind.TEXT, Kind.DATE),
    )


def _sentence(one: Sentence, section: Section, currency: str | None) -> Markup:
    return Markup("").join(
        _data(section.figures[name], currency) if name else escape(literal) for literal, name in one.parts()
    )


def _data(figure: Figure, currency: str | None) -> Markup:
    """A value as text, with the exact number beside it for whoever reads the page by program."""
    if isinstance(figure.value, str) or figure.value is None:
        return escape(write(figure.value, figure.kind, currency))
    return Markup('<data value="{}">{}</data>').format(
        repr(figure.value), figure_text(figure, currency).replace(" %", "\u00a0%")
    )
