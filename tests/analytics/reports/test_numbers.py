import pytest

from analytics.reports.document import Kind, Section, Sentence, Value
from analytics.reports.numbers import sentence_text, write


@pytest.mark.parametrize(
    ("value", "kind", "currency", "written"),
    [
        (1298, Kind.COUNT, None, "1,298"),
        (76.114, Kind.COUNT, None, "76"),
        (1.733, Kind.EXPECTED, None, "1.7"),
        (0.058, Kind.SHARE, None, "5.8 %"),
        (0.34, Kind.SHARE, None, "34 %"),
        (0.0, Kind.SHARE, None, "0 %"),
        (0.0002, Kind.SHARE, None, "<0.1 %"),
        (0.9996, Kind.SHARE, None, "99.9 %"),
        (1.0, Kind.SHARE, None, "100 %"),
        (-0.12, Kind.SHARE, None, "−12 %"),
        (9404.48, Kind.MONEY, "EUR", "€9,404"),
        (26.635, Kind.MONEY, "USD", "$26.64"),
        (-5.5, Kind.MONEY, "GBP", "−£5.50"),
        (12.0, Kind.MONEY, "CHF", "12.00 CHF"),
        (12.0, Kind.MONEY, None, "12.00"),
        (0.7303, Kind.NUMBER, None, "0.730"),
        (-0.4989, Kind.NUMBER, None, "−0.499"),
        (3.5527, Kind.NUMBER, None, "3.55"),
        ("2026-11-01", Kind.DATE, None, "1 November 2026"),
        (None, Kind.MONEY, "EUR", "–"),
        (float("nan"), Kind.SHARE, None, "–"),
    ],
)
def test_values_are_written_for_people(value: Value, kind: Kind, currency: str | None, written: str) -> None:
    assert write(value, kind, currency) == written


def test_a_sentence_that_names_an_unknown_figure_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="nobody"):
        sentence_text(Sentence("There are {nobody}."), Section("a", "A"), None)
