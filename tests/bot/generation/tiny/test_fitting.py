"""Training of the small writer: it learns, and a run that was stopped ends where it would have ended."""

from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
import torch

from bot.generation.tiny.training.composing import Texts
from bot.generation.tiny.training.fitting import batches, fit, padded, row
from tests.bot.generation.tiny.small_writer import RECIPE, texts, vocabulary


def test_batches_are_of_the_size_asked_for_and_come_again() -> None:
    first = list(islice(batches(RECIPE, texts(), vocabulary(), 0), 20))
    again = list(islice(batches(RECIPE, texts(), vocabulary(), 5), 15))
    assert first[5:] == again
    sizes = [sum(len(one.ids) for one in rows) for rows in first]
    assert all(0.5 * RECIPE.batch_tokens < size < 1.5 * RECIPE.batch_tokens for size in sizes)


def test_headers_and_padding_are_not_learned() -> None:
    rows = [row(number, texts(), vocabulary(), 1) for number in range(4)]
    ids, labels = padded(rows, vocabulary().pad)
    for place, one in enumerate(rows):
        known = labels[place] != -100
        assert int(known.sum()) == len(one.ids) - one.given
        assert torch.equal(labels[place][known], ids[place][known])


@pytest.mark.slow
def test_a_run_goes_on_where_it_was_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.generation.tiny.training import fitting

    monkeypatch.setattr(fitting, "_KEEP_EVERY", 3)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    held_out = Texts(held_out=True)
    whole = fit(RECIPE, vocabulary(), texts(), held_out, tmp_path / "whole")
    kept = tmp_path / "stopped"

    class StoppedError(Exception):
        pass

    def stop(run: fitting._Run) -> None:
        keep(run)
        if run.done == 3:
            raise StoppedError

    keep = fitting._Run.keep
    monkeypatch.setattr(fitting._Run, "keep", stop)
    with pytest.raises(StoppedError):
        fit(RECIPE, vocabulary(), texts(), held_out, kept)
    monkeypatch.setattr(fitting._Run, "keep", keep)
    resumed = fit(RECIPE, vocabulary(), texts(), held_out, kept)
    torch.set_num_threads(threads)
    for one, other in zip(whole.parameters(), resumed.parameters(), strict=True):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-4)


@pytest.mark.slow
def test_it_learns(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    fit(replace(RECIPE, steps=100), vocabulary(), texts(), Texts(held_out=True), tmp_path)
    losses = [
        float(record.getMessage().split("loss ")[1].split(",")[0])
        for record in caplog.records
        if "step" in record.getMessage()
    ]
    assert losses[-1] < losses[0] - 0.5
