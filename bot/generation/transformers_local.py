"""Any causal language model of the transformers library as a writer, on the CPU or a GPU, offline by default.

Weights are read from safetensors files only and no code of a model repository is ever run. Nothing is loaded before
the first text is asked for. torch and transformers are imported inside functions: they take seconds.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from bot.generation.backend import Written, pieces
from bot.generation.brief import Brief
from bot.generation.continuous import CONTINUOUS_BATCH, ContinuousError, continuous_rows, takes_continuous_batches
from bot.generation.prompts import Message, messages_for, plain_prompt
from bot.generation.structured import (
    GuideTokenizer,
    SchemaConstraint,
    email_from,
    email_grammar,
    guidance_installed,
)
from db.errors import BackendError, BackendUnavailableError
from db.vocabulary import Channel

log = logging.getLogger(__name__)

TOKENS = {Channel.EMAIL: 640, Channel.CHAT: 160}
"""Most new tokens by channel; 160 words of English are about 220 tokens, other languages need up to twice as many."""

MOST_COMPLETED = 2048
"""Most new tokens for a prompt that is no brief."""

LEAST_ROOM = 16
"""Tokens that must be left for a text beside its prompt."""

INSTALL_HINT = "Install the extra: pip install 'mainstay[llm]'."


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model in memory with its tokenizer and where it runs."""

    model: Any
    tokenizer: Any
    device: str
    dtype: str
    context: int
    eos: tuple[int, ...]
    guide: GuideTokenizer | None


class TransformersBackend:
    """Writes with the causal language model `model`, a folder or a hub id.

    `device` and `dtype` are chosen where they are None: a GPU where there is one, bfloat16 where the hardware
    computes in it, else float32. A hub id is looked up in the local cache, and fetched only with `allow_download`.
    `temperature` 0 decodes greedily. The seed of a batch is drawn from the seeds of its briefs, so the same batch
    gives the same texts on the same machine. `structured` binds e-mails to a JSON schema (needs llguidance; None
    means where it is installed). `cancelled` is asked at every token: where it says yes, the texts in hand break off.
    On a GPU, texts that no schema binds are generated in continuous batches, `CONTINUOUS_BATCH` at a time.
    One object serves one thread at a time.
    """

    name = "transformers"

    def __init__(
        self,
        model: str,
        *,
        device: str | None = None,
        dtype: str | None = None,
        allow_download: bool = False,
        max_new_tokens: int | None = None,
        temperature: float = 0.7,
        top_p: float = 0.9,
        repetition_penalty: float = 1.0,
        batch_size: int = 8,
        threads: int | None = None,
        structured: bool | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self.model = model
        self.device = device
        self.dtype = dtype
        self.allow_download = allow_download
        self.max_new_tokens = max_new_tokens
        self.temperature = temperature
        self.top_p = top_p
        self.repetition_penalty = repetition_penalty
        self.batch_size = batch_size
        self.threads = threads
        self.structured = guidance_installed() if structured is None else structured
        self.cancelled = cancelled
        self._continuous_fails = False
        self._loaded: Loaded | None = None
        self._lock = threading.Lock()

    def load(self) -> Loaded:
        """The model in memory, read on the first call; raises BackendUnavailableError where it cannot be."""
        with self._lock:
            if self._loaded is None:
                self._loaded = self._read()
            return self._loaded

    def write(self, briefs: Sequence[Brief]) -> Iterator[Written]:
        """A text for each brief in order, a batch at a time; briefs of different channels share no batch."""
        self.load()
        source = iter(briefs)
        most = max(self.batch_size, CONTINUOUS_BATCH) if self._continuous(Channel.CHAT) else self.batch_size
        while batch := list(islice(source, most)):
            texts: dict[int, Written] = {}
            for channel in dict.fromkeys(brief.channel for brief in batch):
                places = [place for place, brief in enumerate(batch) if brief.channel is channel]
                size = most if self._continuous(channel) else self.batch_size
                for start in range(0, len(places), size):
                    some = places[start : start + size]
                    texts |= zip(some, self._written([batch[place] for place in some]), strict=True)
            yield from (texts[place] for place in range(len(batch)))

    def stream(self, brief: Brief) -> Iterator[str]:
        """A chat reply as it is generated; an e-mail once it is whole, because its parts are read from JSON."""
        if brief.channel is Channel.EMAIL:
            written = next(self.write([brief]))
            if written.text is None:
                raise BackendError(written.problem or "the model wrote nothing")
            yield from pieces(written.text)
        else:
            yield from _trimmed(self._tokens_of(brief))

    def prompt(self, brief: Brief) -> str:
        """What the model reads for a brief, in its own chat format or as plain text where it has none."""
        return self._formatted(messages_for(brief, as_json=self._as_json(brief)))

    def complete(self, messages: Sequence[Mapping[str, str]], *, most_tokens: int | None = None) -> Written:
        """What the model answers to any turns; the same turns get the same answer on the same machine."""
        self.load()
        started = time.perf_counter()
        turns = [{"role": turn["role"], "content": turn["content"]} for turn in messages]
        most = min(most_tokens or TOKENS[Channel.EMAIL], self.max_new_tokens or MOST_COMPLETED)
        try:
            inputs, options = self._inputs([self._formatted(turns)], most)
            output, tokens = self._outputs(inputs, options, seed=0)[0]
        except MemoryError:
            return Written(None, problem=f"not enough memory for {self.model}")
        except BackendError as error:
            return Written(None, problem=error.message)
        seconds = time.perf_counter() - started
        if not output.strip():
            return Written(None, "the model wrote nothing", tokens, seconds)
        return Written(output.strip(), tokens=tokens, seconds=seconds)

    def _formatted(self, messages: list[Message]) -> str:
        tokenizer = self.load().tokenizer
        if not tokenizer.chat_template:
            return plain_prompt(messages)
        from jinja2 import TemplateError

        try:
            return str(tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True))
        except TemplateError:  # some models know no system turn
            merged = "\n\n".join(message["content"] for message in messages)
            turn = [{"role": "user", "content": merged}]
            return str(tokenizer.apply_chat_template(turn, tokenize=False, add_generation_prompt=True))

    def _continuous(self, channel: Channel) -> bool:
        """Whether texts of this channel are generated in continuous batches, which know no schema."""
        if self._continuous_fails or self.repetition_penalty != 1.0 or (self.structured and channel is Channel.EMAIL):
            return False
        loaded = self.load()
        return takes_continuous_batches(loaded.model, loaded.device)

    def _as_json(self, brief: Brief) -> bool:
        return self.structured and brief.channel is Channel.EMAIL

    def _read(self) -> Loaded:
        source = self._source()
        try:
            import torch
            import transformers
        except ImportError as error:
            missing = error.name or "torch"
            raise BackendUnavailableError(f"local language models need {missing}", hint=INSTALL_HINT) from error
        if self.threads is not None:
            torch.set_num_threads(self.threads)
        device = self.device or _best_device()
        dtype = self.dtype or _best_dtype(device)
        options = {"local_files_only": not self.allow_download, "trust_remote_code": False}
        # Progress bars and notices on stderr would spoil the screen of a terminal UI.
        notices: Any = transformers.utils.logging
        notices.disable_progress_bar()
        notices.set_verbosity_error()
        with _reading(self.model):
            tokenizer = transformers.AutoTokenizer.from_pretrained(source, padding_side="left", **options)
            model: Any = transformers.AutoModelForCausalLM.from_pretrained(
                source, dtype=getattr(torch, dtype), use_safetensors=True, **options
            )
            model = model.to(device).eval()
        eos = _end_tokens(model, tokenizer)
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token_id = eos[0] if eos else 0
        context = int(getattr(model.config, "max_position_embeddings", 0) or 1 << 20)
        guide = None
        if self.structured:
            size = int(model.get_output_embeddings().weight.shape[0])
            guide = GuideTokenizer.of(tokenizer, size, list(eos))
        return Loaded(model, tokenizer, device, dtype, context, eos, guide)

    def _source(self) -> str:
        """The folder or hub id; a path that does not exist is refused before anything is looked up."""
        path = Path(self.model).expanduser()
        if path.is_dir():
            return str(path)
        looks_like_path = self.model.startswith((".", "/", "~")) or self.model.count("/") > 1 or "\\" in self.model
        if looks_like_path or path.exists():
            raise BackendUnavailableError(
                f"there is no model folder at {self.model}",
                hint="Give a folder with config.json, tokenizer.json and *.safetensors, or a hub id.",
            )
        return self.model

    def _written(self, briefs: list[Brief]) -> list[Written]:
        """One batch; where memory runs out, its halves one after the other."""
        started = time.perf_counter()
        try:
            outputs = self._generate(briefs)
        except MemoryError:
            if len(briefs) == 1:
                return [Written(None, problem=f"not enough memory for {self.model}")]
            middle = len(briefs) // 2
            return self._written(briefs[:middle]) + self._written(briefs[middle:])
        except BackendError as error:
            return [Written(None, problem=error.message) for _ in briefs]
        seconds = (time.perf_counter() - started) / len(briefs)
        return [_finished(brief, *output, seconds) for brief, output in zip(briefs, outputs, strict=True)]

    def _generate(self, briefs: list[Brief]) -> list[tuple[str, int]]:
        """The output and the number of tokens for each brief of a batch."""
        inputs, options = self._call(briefs)
        is_batch = len(briefs) > 1 and self._continuous(briefs[0].channel)
        return self._outputs(inputs, options, _seed_of(briefs), continuous=is_batch)

    def _outputs(
        self, inputs: Any, options: dict[str, Any], seed: int, *, continuous: bool = False
    ) -> list[tuple[str, int]]:
        """The output and the number of tokens of each row."""
        loaded, outputs = self.load(), []
        for row in self._rows(inputs, options, seed, continuous=continuous):
            tokens = _until_end(row, loaded.eos)
            outputs.append((loaded.tokenizer.decode(tokens, skip_special_tokens=True), len(tokens)))
        return outputs

    def _rows(self, inputs: Any, options: dict[str, Any], seed: int, *, continuous: bool) -> list[list[int]]:
        """The new tokens of each row."""
        loaded = self.load()
        with _computing(self.model), _seeded(seed):
            if continuous:
                kept = zip(inputs["input_ids"].tolist(), inputs["attention_mask"].tolist(), strict=True)
                prompts = [[token for token, is_read in zip(*row, strict=True) if is_read] for row in kept]
                try:
                    return continuous_rows(loaded.model, prompts, options["generation_config"], seed, self.cancelled)
                except ContinuousError as error:
                    log.warning("continuous batches do not work with %s: %s", self.model, error)
                    self._continuous_fails = True
            rows = loaded.model.generate(**inputs, **options)
        new: list[list[int]] = rows[:, inputs["input_ids"].shape[1] :].tolist()
        return new

    def _call(self, briefs: list[Brief]) -> tuple[Any, dict[str, Any]]:
        """The inputs and options of `generate` for a batch of one channel."""
        loaded, channel = self.load(), briefs[0].channel
        most = self.max_new_tokens or TOKENS.get(channel, TOKENS[Channel.CHAT])
        inputs, options = self._inputs([self.prompt(brief) for brief in briefs], most)
        if channel is Channel.EMAIL and loaded.guide is not None:
            length, most = int(inputs["input_ids"].shape[1]), options["generation_config"].max_new_tokens
            constraint = SchemaConstraint(loaded.guide, email_grammar(), len(briefs), length, most)
            options["logits_processor"] = [constraint]
        return inputs, options

    def _inputs(self, prompts: list[str], most: int) -> tuple[Any, dict[str, Any]]:
        """The inputs and options of `generate` for prompts of any kind, at most `most` new tokens each."""
        import transformers

        config_class: Any = transformers.GenerationConfig
        loaded = self.load()
        has_template = bool(loaded.tokenizer.chat_template)
        inputs = loaded.tokenizer(prompts, return_tensors="pt", padding=True, add_special_tokens=not has_template)
        inputs.pop("token_type_ids", None)
        length = int(inputs["input_ids"].shape[1])
        if loaded.context - length < LEAST_ROOM:
            raise BackendError(f"the brief needs {length} tokens, and the model reads only {loaded.context}")
        sampled = self.temperature > 0
        sampling = {"temperature": self.temperature, "top_p": self.top_p, "top_k": 0} if sampled else {}
        config = config_class(
            max_new_tokens=min(most, loaded.context - length),
            do_sample=sampled,
            repetition_penalty=self.repetition_penalty,
            eos_token_id=list(loaded.eos) or None,
            pad_token_id=loaded.tokenizer.pad_token_id,
            **sampling,
        )
        return inputs.to(loaded.device), {"generation_config": config, "stopping_criteria": _until(self.cancelled)}

    def _tokens_of(self, brief: Brief) -> Iterator[str]:
        """The pieces of one output as they come, from a thread of their own; an error there is raised here.

        Closing the generator stops the thread at its next token.
        """
        from transformers import TextIteratorStreamer

        loaded, (inputs, options) = self.load(), self._call([brief])
        streamer: Any = TextIteratorStreamer(loaded.tokenizer, skip_prompt=True, skip_special_tokens=True)
        failures: list[BackendError | MemoryError] = []
        left = threading.Event()
        options["stopping_criteria"] = _until(lambda: left.is_set() or self.cancelled())

        def generate() -> None:
            try:
                with _computing(self.model), _seeded(_seed_of([brief])):
                    loaded.model.generate(**inputs, **options, streamer=streamer)
            except (BackendError, MemoryError) as error:
                failures.append(error)
            finally:
                streamer.end()  # a second end is not read; without one, the reader would wait for ever

        worker = threading.Thread(target=generate, name="mainstay-generate", daemon=True)
        worker.start()
        try:
            yield from streamer
        finally:
            left.set()
            worker.join()
        if failures:
            raise BackendError(f"the model stopped: {failures[0]}") from failures[0]


def _finished(brief: Brief, output: str, tokens: int, seconds: float) -> Written:
    """An output as a text, or the problem why it is none."""
    try:
        text = email_from(output).as_text() if brief.channel is Channel.EMAIL else output.strip()
    except BackendError as error:
        return Written(None, problem=error.message, tokens=tokens, seconds=seconds)
    if not text:
        return Written(None, problem="the model wrote nothing", tokens=tokens, seconds=seconds)
    return Written(text, tokens=tokens, seconds=seconds)


def _until(cancelled: Callable[[], bool]) -> Any:
    """The stopping criteria of `generate` that end every row once nobody waits for it."""
    import torch
    import transformers

    def stop(input_ids: "torch.Tensor", scores: Any, **_: Any) -> "torch.Tensor":
        return torch.full((input_ids.shape[0],), cancelled(), dtype=torch.bool, device=input_ids.device)

    criteria: Any = transformers.StoppingCriteriaList
    return criteria([stop])


def _trimmed(parts: Iterator[str]) -> Iterator[str]:
    """The parts without white space at either end of the whole."""
    held, begun = "", False
    for part in parts:
        text = held + (part if begun else part.lstrip())
        begun = begun or bool(text)
        visible = text.rstrip()
        held = text[len(visible) :]
        if visible:
            yield visible


def _until_end(row: list[int], eos: tuple[int, ...]) -> list[int]:
    """The tokens before the first end token; what follows it is padding."""
    return row[: next((place for place, token in enumerate(row) if token in eos), len(row))]


def _end_tokens(model: Any, tokenizer: Any) -> tuple[int, ...]:
    configured = model.generation_config.eos_token_id
    found = configured if isinstance(configured, list) else [configured]
    return tuple(dict.fromkeys(int(token) for token in (*found, tokenizer.eos_token_id) if token is not None))


def _seed_of(briefs: list[Brief]) -> int:
    """A seed for the whole batch, different on each try of the same briefs."""
    seed = 0
    for brief in briefs:
        seed = (seed * 1_000_003 + brief.seed * 31 + len(brief.objections)) % (1 << 31)
    return seed


def _best_device() -> str:
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _best_dtype(device: str) -> str:
    """bfloat16 where the hardware computes in it; float16 on other GPUs; float32 on other processors."""
    import torch

    if device.startswith("cuda"):
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float16"
    if device == "mps":
        return "float16"
    able: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return "bfloat16" if able.get("amx_bf16") or able.get("avx512_bf16") else "float32"


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Sampling from `seed`, leaving torch's own random state as it was."""
    import torch

    with torch.random.fork_rng(), torch.inference_mode():
        torch.manual_seed(seed)
        yield


@contextmanager
def _reading(model: str) -> Iterator[None]:
    """Errors of loading in our words."""
    from safetensors import SafetensorError

    try:
        yield
    except (OSError, ValueError, ImportError, KeyError, RuntimeError, SafetensorError) as error:
        said = " ".join(str(error).split())
        raise BackendUnavailableError(_loading_problem(model, said)) from error


def _loading_problem(model: str, said: str) -> str:
    """A sentence for what transformers said about a model that it could not load."""
    lowered = said.lower()
    if "trust_remote_code" in lowered or "custom code" in lowered:
        return f"the model {model} needs code from its repository, and that is never run"
    if "safetensors" in lowered or ".bin" in lowered:
        return f"the model {model} has no safetensors weights, and other formats can carry code"
    if "local_files_only" in lowered or "offline" in lowered or "couldn't connect" in lowered or "cached" in lowered:
        return f"the model {model} is not on this machine; name its folder, or allow the download"
    if "out of memory" in lowered:
        return f"not enough memory to load {model}"
    return f"the model {model} cannot be loaded: {said[:200]}"


@contextmanager
def _computing(model: str) -> Iterator[None]:
    """Errors of generating in our words; MemoryError where memory ran out, on whatever device."""
    import torch

    try:
        yield
    except torch.OutOfMemoryError as error:
        raise MemoryError(f"not enough memory for {model}") from error
    except RuntimeError as error:
        if "allocate memory" in str(error):
            raise MemoryError(f"not enough memory for {model}") from error
        raise BackendError(f"the model {model} failed: {' '.join(str(error).split())[:200]}") from error
    except (ValueError, IndexError) as error:
        raise BackendError(f"the model {model} failed: {' '.join(str(error).split())[:200]}") from error
