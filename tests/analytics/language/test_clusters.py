"""Topics without being told: known groups are found above chance, refits agree, noise has no topic."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from analytics.language.clusters import FEWEST_TEXTS, NONE, SMALLEST, TopicModel, Vectors, fit_topics
from tests.analytics.language.encoders import HashedEncoder
from tests.analytics.language.sentences import LABELS, TEXTS

VECTORS = HashedEncoder().encode(TEXTS)


@pytest.fixture(scope="module")
def model() -> TopicModel:
    return fit_topics(VECTORS)


def random_units(rows: int, seed: int = 0) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(rows, 384))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def test_written_groups_are_found_well_above_chance(model: TopicModel) -> None:
    labels, _ = model.assign(VECTORS)
    inside = labels != NONE
    assert 3 <= len(model) <= 10
    assert inside.mean() > 0.6
    shuffled = np.random.default_rng(1).permutation(np.array(LABELS)[inside])
    assert adjusted_rand_score(np.array(LABELS)[inside], labels[inside]) > 0.4
    assert abs(adjusted_rand_score(shuffled, labels[inside])) < 0.1


def test_the_same_texts_in_another_order_make_the_same_topics(model: TopicModel) -> None:
    order = np.random.default_rng(3).permutation(len(TEXTS))
    again = fit_topics(VECTORS[order])
    np.testing.assert_allclose(again.centres, model.centres)
    assert (again.assign(VECTORS)[0] == model.assign(VECTORS)[0]).all()


def test_a_text_that_was_sent_many_times_counts_once(model: TopicModel) -> None:
    repeated = fit_topics(np.vstack([VECTORS, np.repeat(VECTORS[:1], 200, axis=0)]))
    np.testing.assert_allclose(repeated.centres, model.centres)


def test_topics_come_largest_first_and_none_is_small(model: TopicModel) -> None:
    labels, _ = model.assign(VECTORS)
    sizes = np.bincount(labels[labels != NONE], minlength=len(model))
    assert sizes.tolist() == sorted(sizes, reverse=True)
    assert sizes.min() >= SMALLEST


def test_new_messages_go_to_the_topic_of_their_like(model: TopicModel) -> None:
    labels, _ = model.assign(VECTORS)
    new = HashedEncoder().encode(
        ["The connection drops again and the internet is down", "Another price increase, it is too expensive"]
    )
    found, likeness = model.assign(new)
    for label, group in zip(found, ("outage", "price"), strict=True):
        members = [truth for truth, own in zip(LABELS, labels, strict=True) if own == label]
        assert label != NONE
        assert members.count(group) > len(members) / 2
    assert (likeness > 0).all()


def test_what_resembles_nothing_has_no_topic(model: TopicModel) -> None:
    strange = random_units(200, seed=5)
    assert (model.assign(strange)[0] == NONE).mean() > 0.8


@pytest.mark.parametrize("rows", [0, 1, FEWEST_TEXTS - 1])
def test_few_texts_have_no_topics(rows: int) -> None:
    model = fit_topics(VECTORS[:rows])
    assert len(model) == 0
    assert (model.assign(VECTORS)[0] == NONE).all()


def test_texts_without_groups_have_no_topics() -> None:
    model = fit_topics(random_units(600))
    assert len(model) == 0
    assert model.agreement < 0.2


def test_texts_that_say_nothing_do_no_harm(model: TopicModel) -> None:
    empty = np.zeros((5, 384), dtype=np.float32)
    assert len(fit_topics(np.vstack([VECTORS, empty]))) == len(model)
    assert len(fit_topics(empty)) == 0
    assert len(model.assign(np.empty((0, 384), dtype=np.float32))[0]) == 0


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 1000))
def test_every_seed_finds_groups_above_chance(seed: int) -> None:
    labels, _ = fit_topics(VECTORS, seed=seed).assign(VECTORS)
    inside = labels != NONE
    assert adjusted_rand_score(np.array(LABELS)[inside], labels[inside]) > 0.25
