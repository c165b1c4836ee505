"""The cache of vectors: what was put is got, by text and by encoder, and a text can be forgotten."""

from hypothesis import given, settings
from hypothesis import strategies as st

from db.repositories.embeddings import EmbeddingRepository, text_hash
from db.session import Store


def keep(store: Store, model: str, texts: list[str]) -> int:
    with store.write() as session:
        return EmbeddingRepository(session).put(model, {text_hash(text): text.encode() for text in texts})


def held(store: Store, model: str, texts: list[str]) -> dict[bytes, bytes]:
    with store.read() as session:
        return EmbeddingRepository(session).get(model, [text_hash(text) for text in texts])


def test_what_was_put_is_got_by_text_and_by_encoder(store: Store) -> None:
    assert keep(store, "one", ["a", "b"]) == 2
    assert keep(store, "other", ["a"]) == 1
    assert held(store, "one", ["a", "b", "c", "a"]) == {text_hash("a"): b"a", text_hash("b"): b"b"}
    assert held(store, "other", ["b"]) == {}


def test_a_vector_is_kept_once(store: Store) -> None:
    assert [keep(store, "one", ["a"]), keep(store, "one", ["a", "b"])] == [1, 1]


def test_more_than_a_query_can_hold_goes_in_parts(store: Store) -> None:
    texts = [f"text {number}" for number in range(11_000)]
    assert keep(store, "one", texts) == len(held(store, "one", texts)) == 11_000


def test_a_text_is_forgotten_by_every_encoder(store: Store) -> None:
    keep(store, "one", ["a", "b"])
    keep(store, "other", ["a"])
    with store.write() as session:
        assert EmbeddingRepository(session).forget(["a", "never seen"]) == 2
    assert held(store, "other", ["a"]) == {}
    assert list(held(store, "one", ["a", "b"])) == [text_hash("b")]


def test_vectors_of_other_encoders_can_go(store: Store) -> None:
    keep(store, "one", ["a"])
    keep(store, "other", ["a"])
    with store.write() as session:
        vectors = EmbeddingRepository(session)
        vectors.forget_other_models("other")
        assert (vectors.count("one"), vectors.count("other")) == (0, 1)


@settings(max_examples=50)
@given(st.text(), st.text())
def test_texts_differ_where_their_hashes_do(one: str, other: str) -> None:
    assert (text_hash(one) == text_hash(other)) == (one == other)


def test_a_broken_character_has_a_hash_too() -> None:
    assert len(text_hash("\ud800")) == 16
