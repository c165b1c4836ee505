"""The writer that ships: whole, the same as transformers on its weights, and true on briefs it has never met."""

from dataclasses import fields, replace
from functools import cache
from importlib import resources

import pytest

from analytics.language import weights as language_weights
from bot.generation.brief import Brief
from bot.generation.guard import check
from bot.generation.held_out import held_out_briefs
from bot.generation.template.approved import TemplateBackend
from bot.generation.tiny import shipping
from bot.generation.tiny.backend import load
from bot.generation.tiny.decoding import Decoder, Manner
from bot.generation.tiny.header import Header
from bot.generation.tiny.situation import task_of
from bot.generation.writer import Text, Writer
from tests.bot.generation.tiny.small_writer import greedy

WEIGHTS = resources.files("bot.generation.tiny") / "weights"
MOST_BYTES = 30_000_000


def _headers(briefs: list[Brief]) -> list[Header]:
    return [task.header for brief in briefs if (task := task_of(brief)) is not None]


@cache
def texts() -> list[Text]:
    writer = Writer(load(TemplateBackend(), check, None), TemplateBackend(), check)
    return list(writer.write_many(held_out_briefs(40, seed=5)))


def test_it_is_small() -> None:
    assert sum(len(one.read_bytes()) for one in WEIGHTS.iterdir()) < MOST_BYTES


def test_it_writes_texts_of_its_own_that_the_guard_releases() -> None:
    own = [one for one in texts() if one.backend == "embedded"]
    assert len(own) >= 0.9 * len(texts())
    assert len({one.text for one in own}) == len(own)
    assert all(one.report is not None and one.report.released for one in own)


def test_greedy_texts_are_those_of_transformers_token_for_token() -> None:
    import torch
    from safetensors.torch import load as tensors
    from transformers import LlamaForCausalLM

    from bot.generation.tiny.training.fitting import Recipe

    network, vocabulary, *_ = shipping.load(threads=1)
    _, facts = language_weights.load_bytes(shipping.WEIGHTS, WEIGHTS)
    recipe = {one.name: facts[one.name] for one in fields(Recipe)}
    model = LlamaForCausalLM(Recipe(**recipe).config())
    weights = {name: part.float() for name, part in tensors((WEIGHTS / shipping.WEIGHTS).read_bytes()).items()}
    model.load_state_dict(weights, strict=False)
    model.tie_weights()
    model.eval()  # type: ignore[no-untyped-call]
    headers = [vocabulary.header(header) for header in _headers(held_out_briefs(8, seed=3))]
    for header, text in zip(headers, greedy(network, headers, 40), strict=True):
        with torch.no_grad():
            scores = model(torch.tensor([[*header, *text]])).logits[0, len(header) - 1 : -1]
        assert scores.argmax(dim=-1).tolist() == text


def test_refused_words_are_not_said_again() -> None:
    brief = next(one for one in held_out_briefs(40, seed=5) if (task := task_of(one)) and task.header.skill == "email")
    first = next(load(TemplateBackend(), None, None).write([brief]))
    assert first.text is not None
    said = next(line for line in first.text.split("\n\n")[2:] if len(line) > 40).split(". ")[0]
    again = next(load(TemplateBackend(), None, None).write([replace(brief, objections=(f"“{said}” is not so.",))]))
    assert again.text is not None
    assert said in first.text
    assert said not in again.text


@pytest.mark.slow
def test_other_seeds_give_other_letters() -> None:
    network, vocabulary, known, _ = shipping.load(threads=1)
    headers = [header for header in _headers(held_out_briefs(24, seed=9)) if header.skill == "email"]
    decoder = Decoder(network, vocabulary, known)
    first, other = (decoder.draw(headers, range(seed, seed + len(headers)), Manner()) for seed in (0, 100))
    assert len(headers) > 8
    assert all(one.ids != two.ids for one, two in zip(first, other, strict=True))
