"""Feature columns in plain words, for reasons and reports."""

from analytics.features.plan import FeaturePlan
from analytics.features.rhythm import HALF_LIVES

_CONTRACT = {
    "tenure_days": "Days as a customer",
    "contract_days": "Days since the first contract",
    "plan": "Plan",
    "billing_period": "Billing period",
    "monthly_revenue": "Monthly revenue",
    "discount_percent": "Discount in percent",
    "days_to_renewal": "Days to the next renewal",
    "contract_price_rises_365d": "Price rises in the last 365 days",
    "contract_days_since_price_rise": "Days since the last price rise",
    "contract_plan_changes_365d": "Plan changes in the last 365 days",
    "contract_days_since_plan_change": "Days since the last plan change",
}
_MESSAGES = {
    "messages_days_since_last": "Days since the last message",
    "messages_sent_90d": "Messages we sent in the last 90 days",
    "mood_last": "Mood of the last message (-1 to 1)",
    "mood_mean_30d": "Mean mood of the last 30 days (-1 to 1)",
    "mood_mean_90d": "Mean mood of the last 90 days (-1 to 1)",
    "mood_trend": "Change of mood in the last 90 days",
    "messages_negative_90d": "Negative messages in the last 90 days",
    "days_since_negative": "Days since the last negative message",
}
_EVENTS = {
    "days_since_last": "Days since the last {kind}",
    "days_since_last_but_1": "Days since the last {kind} but one",
    "days_since_last_but_2": "Days since the last {kind} but two",
    "count_all": "Number of {kind} events so far",
    "active_days": "Days with a {kind}",
    "active_weeks_share": "Share of weeks with a {kind}",
    "gap_mean_days": "Usual days from one {kind} to the next",
    "gap_sd_days": "Irregularity of the days between {kind} events",
    "gap_longest_days": "Longest wait between {kind} events in days",
    "last_gap_ratio": "Last wait between {kind} events against the usual wait",
    "running_gap_ratio": "Days since the last {kind} against the usual wait",
    "running_gap_to_longest": "Days since the last {kind} against the longest wait",
    "count_same_season": "Number of {kind} events in the coming season a year ago",
    "amount_per_act": "Amount per {kind}",
    "amount_of_last": "Amount of the last {kind}",
    "amount_of_last_ratio": "Amount of the last {kind} against the usual amount",
    "quantity_per_act": "Quantity per {kind}",
    "quantity_of_last": "Quantity of the last {kind}",
    "quantity_of_last_ratio": "Quantity of the last {kind} against the usual quantity",
    "lines_per_act": "Lines per {kind}",
    "lines_of_last": "Lines of the last {kind}",
    "lines_of_last_ratio": "Lines of the last {kind} against the usual number",
}


def feature_labels(plan: FeaturePlan) -> dict[str, str]:
    """Label of each column that a table of this plan may have; attributes keep their own names."""
    labels = _CONTRACT | _MESSAGES
    for window in plan.windows:
        labels[f"messages_count_{window}d"] = f"Messages in the last {window} days"
    for kind in plan.kinds:
        said = kind.name.replace("_", " ")
        labels |= {f"{kind.name}_{part}": text.format(kind=said) for part, text in _EVENTS.items()}
        for half_life in HALF_LIVES:
            labels[f"{kind.name}_fading_count_{half_life}d"] = (
                f"Recent {said} events, half-weight after {half_life} days"
            )
        for window in plan.windows:
            labels |= _window_labels(kind.name, said, window)
    return labels


def _window_labels(name: str, said: str, window: int) -> dict[str, str]:
    return {
        f"{name}_count_{window}d": f"Number of {said} events in the last {window} days",
        f"{name}_amount_{window}d": f"Amount of {said} events in the last {window} days",
        f"{name}_quantity_{window}d": f"Quantity of {said} events in the last {window} days",
        f"{name}_count_trend_{window}d": f"Change in {said} events against the {window} days before (-1 to 1)",
        f"{name}_amount_trend_{window}d": f"Change in {said} amount against the {window} days before (-1 to 1)",
        f"{name}_quantity_trend_{window}d": f"Change in {said} quantity against the {window} days before (-1 to 1)",
    }
