import pandas as pd
import pytest

from analytics.evaluation.shares import difference_interval, wilson_interval
from analytics.reports.assemble import build_document
from analytics.reports.facts import OUTCOME_COLUMNS
from analytics.reports.numbers import sentence_text
from tests.analytics.reports.example import deciding, full_facts


def test_the_interval_of_a_difference_is_that_of_the_paper() -> None:
    # Newcombe 1998, table II, contrast (a): 56/70 less 48/80, method 10.
    assert difference_interval(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)


@pytest.mark.parametrize(("hits", "total"), [(0, 5), (5, 5), (3, 7)])
def test_an_interval_of_a_share_holds_the_share(hits: int, total: int) -> None:
    low, high = wilson_interval(hits, total)
    assert 0 <= low <= hits / total <= high <= 1


def test_an_empty_group_has_no_share() -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson_interval(0, 0)


def said(treated: tuple[int, int], holdout: tuple[int, int]) -> str:
    """What the report says of customers who stayed and left on either side."""
    rows = [
        ("treated", "retained", treated[0]),
        ("treated", "canceled", treated[1]),
        ("holdout", "retained", holdout[0]),
        ("holdout", "canceled", holdout[1]),
    ]
    run = deciding("A credit")
    outcomes = pd.DataFrame([row for row in rows if row[2]], columns=list(OUTCOME_COLUMNS))
    changed = type(run)(run.job_id, run.decisions, run.offers, run.holdout_share, outcomes)
    section = build_document(full_facts(deciding=changed)).section("decisions")
    return " ".join(sentence_text(one, section, None) for one in section.sentences)


@pytest.mark.parametrize(
    ("treated", "holdout", "words"),
    [
        ((900, 100), (80, 20), "share of customers kept by the programme"),
        ((85, 15), (8, 2), "has not been shown"),
        ((700, 300), (95, 5), "Stop and find out why"),
        ((900, 100), (0, 0), "can be told once"),
    ],
)
def test_an_effect_is_claimed_only_where_the_holdout_shows_it(
    treated: tuple[int, int], holdout: tuple[int, int], words: str
) -> None:
    assert words in said(treated, holdout)
