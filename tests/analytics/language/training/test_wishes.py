"""Learning who asks for a person: folds of whole kinds, and judged by what has not seen them."""

import numpy as np
from scipy import sparse

from analytics.language.training import texts
from analytics.language.training.wishes import FOLDS, Told, shares_of, unseen_odds
from analytics.language.wishes import WISH


def test_every_text_is_told_once_and_every_fold_has_both_sorts() -> None:
    told = Told.ours()
    assert len(set(told.texts)) == len(told.texts) == len(told.wished)
    for fold in range(FOLDS):
        assert set(told.wished[told.folds == fold]) == {0, 1}
    assert 0 < told.plain.mean() < 1


def test_no_kind_is_in_two_folds() -> None:
    told = Told.ours()
    fold_of: dict[tuple[str, str], set[int]] = {}
    for example, fold in zip(texts.wish_examples(), told.folds, strict=True):
        if example.voice or example.label != WISH:
            fold_of.setdefault((example.label, example.voice), set()).add(int(fold))
    assert len(fold_of) > 60
    assert all(len(folds) == 1 for folds in fold_of.values())


def test_a_kind_unlike_all_others_is_not_known() -> None:
    wished = np.tile([0, 0, 0, 1], 50).astype(np.intp)
    folds = np.arange(200) % FOLDS
    told = Told([str(row) for row in range(200)], wished, folds, np.zeros(200, dtype=np.bool_))
    plain = sparse.csr_matrix(np.column_stack([wished * 4.0, np.ones(200)]))
    assert shares_of(unseen_odds(plain, told), told) == {
        "recall": 1.0,
        "false of near misses": 0.0,
        "false of all": 0.0,
    }
    by_fold = np.zeros((200, FOLDS))
    by_fold[np.arange(200), folds] = wished * 4.0
    assert shares_of(unseen_odds(sparse.csr_matrix(by_fold), told), told)["recall"] == 0.0
