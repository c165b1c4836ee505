"""The model store: whole versions, verified before reading, nothing untrusted."""

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from analytics import artifacts
from analytics.artifacts import ModelCard, ModelStore, ModelVersion, table_fingerprint
from analytics.churn import ChurnForecaster
from db.errors import ArtifactError, NotFoundError
from tests.analytics.churn.tables import customers

CARD = ModelCard(
    title="Churn forecast",
    created_at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
    purpose="Says who may leave within 90 days.",
    churn_definition="cancelled within 90 days",
    training_rows=300,
    churners=120,
    data_start=date(2026, 1, 1),
    columns={"tenure": "number", "a|b": "category"},
    metrics={"auc": 0.81},
    limitations=("Drivers are not causes.",),
)


@pytest.fixture(scope="module")
def fitted() -> ChurnForecaster:
    return ChurnForecaster().fit(*customers(rows=300))


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory, fitted: ChurnForecaster) -> tuple[ModelStore, ModelVersion]:
    store = ModelStore(tmp_path_factory.mktemp("models"))
    return store, store.save("churn", fitted, CARD)


def test_a_loaded_model_forecasts_bit_for_bit_the_same(
    stored: tuple[ModelStore, ModelVersion], fitted: ChurnForecaster
) -> None:
    loaded, version = stored[0].load("churn", ChurnForecaster)
    frame, _ = customers(seed=9)
    assert np.array_equal(loaded.predict_proba(frame), fitted.predict_proba(frame))
    assert version == stored[1]
    assert version.card == CARD


def test_the_card_is_readable_and_escapes_markup(stored: tuple[ModelStore, ModelVersion]) -> None:
    text = (stored[1].path / "card.md").read_text()
    assert "| auc | 0.81 |" in text
    assert r"| a\|b | category |" in text


@settings(derandomize=True, deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=st.sampled_from(["model.skops", "card.md", "manifest.json"]), at=st.floats(0, 0.999), bit=st.integers(0, 7))
def test_any_flipped_bit_is_refused(stored: tuple[ModelStore, ModelVersion], file: str, at: float, bit: int) -> None:
    store, version = stored
    path = version.path / file
    whole = path.read_bytes()
    changed = bytearray(whole)
    changed[int(at * len(whole))] ^= 1 << bit
    try:
        path.write_bytes(changed)
        with pytest.raises(ArtifactError, match="changed after it was written"):
            store.load("churn", ChurnForecaster)
    finally:
        path.write_bytes(whole)


def test_a_type_outside_the_list_is_neither_saved_nor_loaded(tmp_path: Path, fitted: ChurnForecaster) -> None:
    class Stranger:
        pass

    with pytest.raises(ArtifactError, match="not trusted"):
        ModelStore(tmp_path).save("churn", Stranger(), CARD)
    ModelStore(tmp_path).save("churn", fitted, CARD)
    with pytest.raises(ArtifactError, match="not trusted"):
        ModelStore(tmp_path, trusted=()).load("churn", ChurnForecaster)


def test_another_kind_of_model_is_refused(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    store.save("churn", LogisticRegression().fit([[0.0], [1.0]], [0, 1]), CARD)
    with pytest.raises(ArtifactError, match=r"not a analytics\.churn"):
        store.load("churn", ChurnForecaster)


def test_another_library_version_asks_to_train_again(
    stored: tuple[ModelStore, ModelVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "library_versions", lambda: {"scikit-learn": "9.9"})
    with pytest.raises(ArtifactError, match=r"trained with scikit-learn .*; this is 9\.9") as caught:
        stored[0].load("churn", ChurnForecaster)
    assert "mainstay train" in caught.value.hint


def test_the_latest_version_is_the_last_trained(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    model = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
    made = [
        store.save("churn", model, ModelCard("Churn", datetime(2026, 11, day, tzinfo=UTC), "test")).version
        for day in (20, 21, 19)
    ]
    assert store.describe("churn").version == made[1]
    assert store.prune("churn", keep=1) == [made[2], made[0]]
    assert store.versions("churn") == [made[1]]


def test_an_unfinished_version_is_not_seen(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    (tmp_path / "churn" / ".20261121T090000000000Z-0123456789ab.1.partial").mkdir(parents=True)
    assert store.versions("churn") == []
    with pytest.raises(NotFoundError, match="no model named 'churn'"):
        store.load("churn", ChurnForecaster)


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "A", "con", "a" * 65, "a\x00", "é"])
def test_names_that_are_no_names_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArtifactError, match="cannot name a model"):
        ModelStore(tmp_path).versions(name)


@pytest.mark.parametrize("version", ["..", "../../x", "1"])
def test_versions_that_are_no_versions_are_refused(stored: tuple[ModelStore, ModelVersion], version: str) -> None:
    with pytest.raises(ArtifactError, match="no version id"):
        stored[0].describe("churn", version)


def test_the_fingerprint_changes_with_any_cell_and_name() -> None:
    frame, churned = customers(rows=20)
    base = table_fingerprint(frame, churned)
    assert base == table_fingerprint(frame.copy(), churned)
    assert base != table_fingerprint(frame.assign(tenure=frame["tenure"] + (frame.index == 3)), churned)
    assert base != table_fingerprint(frame.rename(columns={"tenure": "age"}), churned)
    assert base != table_fingerprint(frame, 1 - churned)
