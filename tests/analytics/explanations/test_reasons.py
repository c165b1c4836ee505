"""Reasons are chosen one per thing measured and say what the data say, no more."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.churn import ChurnForecaster
from analytics.explanations import ColumnLabel, Measure, Noun, column_label, contributions, reasons
from analytics.explanations.reasons import grouped
from tests.analytics.churn.tables import customers

EVERYTHING = 20


@pytest.fixture(scope="module")
def fitted() -> ChurnForecaster:
    return ChurnForecaster().fit(*services())


def services(rows: int = 500, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers with yes/no services beside the usual columns."""
    frame, churned = customers(rows, seed)
    rng = np.random.default_rng(seed + 1)
    backup = np.where(rng.random(rows) < 0.2, "No internet service", np.where(churned == 1, "No", "Yes"))
    plans = rng.choice(["Month-to-month", "One year", "Two year"], rows)
    towns = rng.choice(["New York", "Reims"], rows)
    return frame.assign(
        contract=frame["contract"].replace("monthly", "by_month"),
        online_backup=backup,
        streaming=backup,
        Complained=rng.choice(["Yes", "No"], rows),
        terms=plans,
        town=towns,
        notices=(rng.random(rows) < 0.1).astype(float),
    ), churned


def told(forecaster: ChurnForecaster, frame: pd.DataFrame, **labels: ColumnLabel) -> dict[str, str]:
    """Every sentence about one customer by column, with weak contributions left out."""
    return {
        one.column: one.sentence for one in reasons(forecaster, frame, up=EVERYTHING, down=EVERYTHING, labels=labels)[0]
    }


def test_columns_of_a_group_make_one_reason_with_the_sum_of_their_contributions(fitted: ChurnForecaster) -> None:
    frame, _ = services(40, seed=3)
    labels = {name: ColumnLabel(name, group="length of stay") for name in ("tenure", "signed_up_on")}
    found = contributions(fitted, frame)
    at = [found.columns.index(name) for name in labels]
    for row, chosen in enumerate(reasons(fitted, frame, up=EVERYTHING, down=EVERYTHING, labels=labels)):
        together = [reason for reason in chosen if reason.column in labels]
        parts = found.values[row, at]
        assert len(together) <= 1
        for reason in together:
            assert reason.contribution == pytest.approx(parts.sum(), abs=1e-6)
            strongest = parts.argmax() if reason.raises else parts.argmin()
            assert reason.column == list(labels)[strongest]


def test_without_groups_every_column_stands_for_itself(fitted: ChurnForecaster) -> None:
    frame, _ = services(30, seed=5)
    found = contributions(fitted, frame)
    for row, chosen in enumerate(reasons(fitted, frame)):
        for reason in chosen:
            assert reason.contribution == pytest.approx(found.values[row, found.columns.index(reason.column)], abs=1e-6)


def test_groups_keep_the_order_of_their_first_columns() -> None:
    assert grouped(["a", "b", "a", "c"]) == [[0, 2], [1], [3]]


@pytest.mark.parametrize(
    ("value", "start"),
    [
        ("No", "No online backup, like"),
        ("Yes", "With online backup, like"),
        ("No internet service", "No internet service, like"),
    ],
)
def test_services_are_said_as_having_them_or_not(fitted: ChurnForecaster, value: str, start: str) -> None:
    frame = services(1)[0].assign(online_backup=value, streaming="Yes")
    found = told(fitted, frame).get("online_backup")
    assert found is not None
    assert found.startswith(start)


def test_the_same_lack_is_told_once(fitted: ChurnForecaster) -> None:
    frame = services(30)[0].assign(online_backup="No internet service", streaming="No internet service")
    for chosen in reasons(fitted, frame, up=EVERYTHING, down=EVERYTHING):
        assert [reason.sentence.startswith("No internet service") for reason in chosen].count(True) <= 1


def test_sentences_about_yes_no_labels_that_are_no_things_keep_the_label(fitted: ChurnForecaster) -> None:
    sentences = {
        reason.sentence.split(",")[0]
        for row in reasons(fitted, services(200)[0], up=EVERYTHING, down=EVERYTHING)
        for reason in row
        if reason.column == "Complained"
    }
    assert sentences <= {"Complained: yes", "Complained: no"}


def test_phrases_are_lowered_and_names_are_not(fitted: ChurnForecaster) -> None:
    sentences = {
        reason.sentence
        for row in reasons(fitted, services(300)[0], up=EVERYTHING, down=EVERYTHING)
        for reason in row
        if reason.column in ("terms", "town")
    }
    said = " ".join(sentences)
    assert "month-to-month" in said or "one year" in said or "two year" in said or "New York" in said
    assert not re.search(r"Month-to|One year|Two year|new York|reims", said)


def test_of_two_values_the_share_of_the_rarer_is_said(fitted: ChurnForecaster) -> None:
    notice = ColumnLabel("Notices", measure=Measure.COUNT, noun=Noun("notice", "notices", "went out"), window=30)
    share = services()[0]["notices"].mean()
    expected = {
        f"A notice went out in the last 30 days; {share:.0%} of customers had one".replace("%", " %"),
        f"No notice in the last 30 days, like {1 - share:.0%} of customers".replace("%", " %"),
        f"3 notices went out in the last 30 days; {1 - share:.0%} of customers had none".replace("%", " %"),
    }
    frame = services(200)[0]
    frame.loc[:20, "notices"] = 3.0
    found = {
        reason.sentence
        for row in reasons(fitted, frame, up=EVERYTHING, down=EVERYTHING, labels={"notices": notice})
        for reason in row
        if reason.column == "notices"
    }
    assert found <= expected
    assert found


def test_a_median_of_known_values_is_not_called_that_of_all_customers(fitted: ChurnForecaster) -> None:
    sentences = [
        reason.sentence
        for row in reasons(fitted, services(200)[0], up=EVERYTHING, down=EVERYTHING)
        for reason in row
        if reason.column == "usage" and ";" in reason.sentence
    ]
    assert sentences
    assert all("half of those where it is known" in sentence for sentence in sentences)


HOSTILE = st.one_of(
    st.sampled_from(["{0}", "%s", "[red]x[/]", "<b>", "{label.label.__class__}", "=cmd()", "nan", "a_b", "No {x}"]),
    st.text(min_size=1, max_size=20),
)


@given(value=HOSTILE)
@settings(derandomize=True, deadline=None, max_examples=25)
def test_hostile_values_stay_text(fitted: ChurnForecaster, value: str) -> None:
    frame = services(3)[0].assign(contract=value, terms=value, online_backup=value)
    said = " ".join(value.split())
    for row in reasons(fitted, frame, up=EVERYTHING, down=EVERYTHING):
        for reason in row:
            if reason.column in ("contract", "terms", "online_backup") and reason.value != "not known":
                assert reason.value == said or said.lower() in ("yes", "no")
                assert said[1:].lower().replace("_", " ") in reason.sentence.lower().replace("_", " ")


@given(seed=st.integers(0, 10_000))
@settings(derandomize=True, deadline=None, max_examples=10)
def test_sentences_hold_no_raw_names_and_no_missing_marks(fitted: ChurnForecaster, seed: int) -> None:
    frame = services(20, seed)[0]
    for row in reasons(fitted, frame, up=EVERYTHING, down=EVERYTHING):
        for reason in row:
            assert "_" not in reason.sentence
            assert not re.search(r"\b(nan|None|NaT|inf|missing)\b", reason.sentence)
            assert reason.label == column_label(reason.column).label


def test_values_joined_for_machines_are_read_as_words(fitted: ChurnForecaster) -> None:
    frame = services(3)[0].assign(contract="by_month")
    said = [reason for row in reasons(fitted, frame, up=EVERYTHING, down=EVERYTHING) for reason in row]
    found = [reason for reason in said if reason.column == "contract"]
    assert found
    assert all(reason.sentence.startswith("Contract is by month") and reason.value == "by_month" for reason in found)
