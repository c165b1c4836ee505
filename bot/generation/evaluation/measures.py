"""The figures of a writer's run: shares with intervals, variety, memorisation, length, speed and memory."""

from collections import Counter
from collections.abc import Iterable, Sequence

from analytics.language.evaluation import Share
from bot.generation.brief import Brief
from bot.generation.evaluation.memorisation import LONG_SPAN, TrainingText
from bot.generation.evaluation.runs import Run
from bot.generation.evaluation.variety import distinct, quantile, reading_ease, sample, self_bleu
from bot.generation.evaluation.wording import body_of, plain_words, wording, wordings
from bot.generation.guard import mandatory_parts
from bot.generation.template.situation import read
from bot.generation.writer import Text
from db.vocabulary import Channel, Json

NO_CORPUS = "the texts that the small writer learned from are not in this installation"
PROTOCOL = (
    "shares have Wilson intervals of 95 %; texts are measured where the backend's own were released, variety on "
    "their wording with facts replaced; the clock and the memory count the guard, the memory the whole process so far"
)
_ADDED_ON_EXPORT = frozenset({"opt_out"})
Pair = tuple[Brief, Text]


def measure(run: Run, training: TrainingText | None, seed: int = 0) -> Json:
    """Everything that is measured of one writer, as rounded figures.

    `handed_on` is the share of briefs that the backend gave to another writer at once. `first_try`, `after_retries`
    and `fallback` are shares of the others: released at once, released in the backend's own words, given up for
    approved wording. `mandatory` is the share of released texts with every part that they
    must hold. `email` and `chat` have the same shares and the figures of the texts. Without `training` what was
    learned by heart is left out, with the reason.
    """
    pairs = list(zip(run.briefs, run.texts, strict=True))
    tokens = sum(text.tokens for text in run.texts)
    channels = {channel.value: run.of(channel) for channel in (Channel.EMAIL, Channel.CHAT)}
    return {
        "backend": run.backend,
        **_shares(pairs, run.backend),
        "refused_by": _refusals(run.texts),
        **{
            name: _shares(part, run.backend) | texts_measured(part, training, seed, run.backend)
            for name, part in channels.items()
            if part
        },
        "speed": {
            "seconds": round(run.seconds, 2),
            "drafts": len(run.texts),
            "drafts_per_second": _per(len(run.texts), run.seconds),
            "tokens": tokens,
            "tokens_per_second": _per(tokens, run.seconds),
        },
        "peak_memory_mib": None if run.peak is None else round(run.peak, 1),
    }


def texts_measured(pairs: Sequence[Pair], training: TrainingText | None, seed: int, backend: str) -> Json:
    """The figures of the texts that the backend wrote itself and the guard released."""
    own = [(brief, text.text) for brief, text in pairs if text.text is not None and _is_own(text, backend)]
    bodies = [body_of(text, brief) for brief, text in own]
    worded = [wording(body, brief) for (brief, _), body in zip(own, bodies, strict=True)]
    chosen = sample(worded, seed)
    likeness = self_bleu(chosen)
    return {
        "texts": len(own),
        "words": _spread([len(plain_words(body)) for body in bodies]),
        "reading_ease": _spread([reading_ease(body) for body in bodies]),
        **{f"distinct_{n}": round(distinct(worded, n), 4) for n in (1, 2, 3)},
        "self_bleu": {"value": None if likeness is None else round(likeness, 4), "n": len(chosen)},
        "exact_duplicates": len(bodies) - len(set(bodies)),
        "same_wording": len(worded) - len(set(worded)),
        "memorisation": _memorisation([(brief, body) for (brief, _), body in zip(own, bodies, strict=True)], training),
    }


def _memorisation(texts: Sequence[tuple[Brief, str]], training: TrainingText | None) -> Json:
    if training is None:
        return {"left_out": NO_CORPUS}
    spans = [
        max((training.longest_span(words) for words in wordings(body, brief)), key=lambda span: span.length)
        for brief, body in texts
    ]
    longest = max(spans, key=lambda span: span.length, default=None)
    return {
        "longest_span": longest.length if longest else 0,
        "longest_span_words": " ".join(longest.words) if longest else "",
        "median_span": quantile([span.length for span in spans], 0.5),
        f"over_{LONG_SPAN}": share(span.length > LONG_SPAN for span in spans),
    }


def share(flags: Iterable[bool]) -> Json:
    """How many of n, with the interval."""
    found = [bool(flag) for flag in flags]
    return {"hits": sum(found), **Share(sum(found), len(found)).as_json()}


def _is_own(text: Text, backend: str) -> bool:
    return text.backend == backend and not text.fell_back


def _shares(pairs: Sequence[Pair], backend: str) -> Json:
    """Shares of the briefs that the backend took itself; released, complete and handed on of all."""
    texts = [text for _, text in pairs]
    taken = [text for text in texts if text.fell_back or text.backend == backend]
    return {
        "briefs": len(pairs),
        "handed_on": share(not text.fell_back and text.backend != backend for text in texts),
        "first_try": share(text.released and text.attempts == 1 and not text.fell_back for text in taken),
        "after_retries": share(text.released and not text.fell_back for text in taken),
        "fallback": share(text.fell_back for text in taken),
        "released": share(text.released for text in texts),
        "mandatory": share(
            _is_complete(text.text, brief) for brief, text in pairs if text.text is not None
        ),
    }  # fmt: skip


def _is_complete(text: str, brief: Brief) -> bool:
    """Whether a text holds what it must; after a death the terms of an offer are left unsaid and not asked for."""
    return read(brief).bereaved or not set(mandatory_parts(text, brief)) - _ADDED_ON_EXPORT


def _refusals(texts: Iterable[Text]) -> dict[str, int]:
    rules = Counter(finding.rule for text in texts for report in text.refused for finding in report.findings)
    return dict(rules.most_common())


def _spread(values: Sequence[float]) -> Json:
    return {
        "median": round(quantile(values, 0.5), 1),
        "p5": round(quantile(values, 0.05), 1),
        "p95": round(quantile(values, 0.95), 1),
    }


def _per(count: int, seconds: float) -> float:
    return round(count / seconds, 2) if seconds > 0 else 0.0


def evaluation(runs: Sequence[Run], source: str, seed: int, training: TrainingText | None) -> Json:
    """The document of several writers on the same briefs: protocol, briefs, and under `writers` the figures of each."""
    briefs = runs[0].briefs if runs else ()
    channels = Counter(brief.channel.value for brief in briefs)
    return {
        "protocol": PROTOCOL,
        "source": source,
        "seed": seed,
        "briefs": {"n": len(briefs), "email": channels["email"], "chat": channels["chat"]},
        "writers": [measure(run, training, seed) for run in runs],
    }
