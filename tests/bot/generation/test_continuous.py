import pytest

from bot.generation.continuous import ContinuousError, continuous_rows, takes_continuous_batches
from bot.generation.transformers_local import TransformersBackend
from db.vocabulary import Channel
from tests.bot.generation.briefs import brief
from tests.bot.generation.tiny_model import save_tiny_model

SIZES = {"num_blocks": 64, "max_batch_tokens": 512}


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> TransformersBackend:
    folder = save_tiny_model(tmp_path_factory.mktemp("tiny"))
    return TransformersBackend(str(folder), device="cpu", dtype="float32", temperature=0, max_new_tokens=24, threads=1)


def test_continuous_batches_are_for_gpus(backend: TransformersBackend) -> None:
    model = backend.load().model
    assert takes_continuous_batches(model, "cuda:0")
    assert not takes_continuous_batches(model, "cpu")
    assert not takes_continuous_batches(object(), "cuda")


def test_the_texts_are_those_of_plain_batches(backend: TransformersBackend) -> None:
    loaded = backend.load()
    briefs = [brief(number, Channel.CHAT, act) for number, act in enumerate(("greet", "present_offer", "goodbye"))]
    config = backend._call(briefs)[1]["generation_config"]
    prompts = [loaded.tokenizer(backend.prompt(one), add_special_tokens=False)["input_ids"] for one in briefs]
    rows = continuous_rows(loaded.model, prompts, config, 7, lambda: False, **SIZES)
    texts = [loaded.tokenizer.decode(row, skip_special_tokens=True).strip() for row in rows]
    assert texts == [written.text for written in backend.write(briefs)]
    assert continuous_rows(loaded.model, prompts, config, 7, lambda: True, **SIZES) == [[], [], []]
    with pytest.raises(ContinuousError):
        continuous_rows(loaded.model, prompts, config, 7, lambda: False, num_blocks=1, max_batch_tokens=8)
