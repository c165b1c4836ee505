"""Feature columns know what they measure, of what, and which of them tell nearly the same."""

import pytest

from analytics.explanations import ColumnLabel, Measure
from analytics.explanations.patterns import PATTERNS
from analytics.features import FeaturePlan, KindPlan, feature_labels
from analytics.features.wording import noun_of

USAGE = KindPlan("usage", with_quantity=True, with_rhythm=True, with_negative=False)
NOTICE = KindPlan("renewal_notice", with_negative=False)
RETURNS = KindPlan("stock_move", with_amount=True, with_rhythm=True, with_negative=True)
TICKET = KindPlan("ticket", with_amount=True, with_quantity=True, with_rhythm=True, with_negative=False)
PLAN = FeaturePlan(kinds=(USAGE, NOTICE, RETURNS, TICKET))


def label(column: str) -> ColumnLabel:
    """The label of a column of the plan."""
    found = feature_labels(PLAN, "EUR")[column]
    assert isinstance(found, ColumnLabel)
    return found


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("renewal_notice_count_30d", 1.0, "A renewal notice went out in the last 30 days"),
        ("usage_quantity_trend_90d", -0.163, "Usage fell by 28 % against the 90 days before"),
        ("usage_quantity_of_last_ratio", 0.628, "The last usage was 37 % below their usual"),
        ("ticket_quantity_90d", 160.0, "The total quantity recorded with tickets was 160 in the last 90 days"),
        ("ticket_quantity_of_last", 7.0, "The quantity recorded with the last ticket was 7"),
        ("usage_quantity_per_act", 8.0, "Usage per usage record is 8 on average"),
        ("ticket_quantity_per_act", 8.0, "The quantity recorded with one ticket is 8 on average"),
        ("ticket_amount_90d", 60.0, "The total amount recorded with tickets was 60 in the last 90 days"),
        ("ticket_amount_trend_90d", -1.0, "The total amount recorded with tickets fell to zero in the last 90 days"),
        ("usage_count_90d", 8.0, "8 usage records in the last 90 days"),
        ("stock_move_count_30d", 1.0, "1 stock move event in the last 30 days"),
        ("usage_days_since_last_but_1", 12.0, "The last usage record but one was 12 days ago"),
        ("monthly_revenue", 39.9, "Pays 39.90 EUR a month"),
        ("messages_sent_90d", 2.0, "2 messages from us in the last 90 days"),
        ("contract_days_since_price_rise", 30.0, "The last price rise was 30 days ago"),
    ],
)
def test_columns_are_said_by_what_they_measure(column: str, value: float, said: str) -> None:
    found = label(column)
    assert PATTERNS[found.measure].own(found, value) == said


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("renewal_notice_days_since_last", "No renewal notice on record"),
        ("usage_days_since_last_but_2", "Fewer than 3 usage records on record"),
        ("contract_days_since_plan_change", "No change of plan on record"),
        ("messages_days_since_last", "No message from them on record"),
    ],
)
def test_what_never_happened_is_said_so(column: str, said: str) -> None:
    found = label(column)
    assert PATTERNS[found.measure].absent(found) == said


def test_sums_that_may_be_negative_tell_a_direction_and_no_percentage() -> None:
    assert label("stock_move_amount_trend_90d").measure is Measure.DIRECTION
    assert label("stock_move_amount_of_last_ratio").measure is Measure.PLAIN
    assert label("stock_move_count_trend_90d").measure is Measure.TREND


def test_changes_of_one_kind_are_one_group() -> None:
    names = ("usage_quantity_trend_30d", "usage_quantity_trend_90d", "usage_quantity_of_last_ratio")
    assert len({label(name).group for name in names}) == 1


def test_half_of_customers_without_any_are_said_to_have_none_where_nothing_is_negative() -> None:
    found = label("usage_quantity_30d")
    assert PATTERNS[found.measure].peer(found, 0.0, False, "half") == "for half it was 0"
    found = label("stock_move_amount_30d")
    assert PATTERNS[found.measure].peer(found, 0.0, False, "half") == "for half it was 0 or less"


def test_of_rare_events_how_often_and_how_long_ago_are_one_group() -> None:
    assert label("renewal_notice_count_30d").group == label("renewal_notice_days_since_last").group
    assert label("usage_count_30d").group != label("usage_days_since_last").group


@pytest.mark.parametrize("kind", ["{0}", "%s_x", "a__b", "[red]"])
def test_kinds_of_any_name_are_said_as_text(kind: str) -> None:
    assert noun_of(kind).one == " ".join(kind.replace("_", " ").split()) + " event"
    labels = feature_labels(FeaturePlan(kinds=(KindPlan(kind, with_rhythm=True),)))
    found = labels[f"{kind}_count_30d"]
    assert isinstance(found, ColumnLabel)
    assert "_" not in PATTERNS[found.measure].own(found, 2.0)


def test_no_label_holds_the_name_of_a_column() -> None:
    assert not [one for one in feature_labels(PLAN).values() if "_" in (one if isinstance(one, str) else one.label)]
