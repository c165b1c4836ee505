"""Writers at work on held-out briefs: the figures add up, the page can be read back, blind pairs hide their origin."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from bot.generation.backend import Written, pieces
from bot.generation.brief import Brief, FactSheet
from bot.generation.evaluation.blind import blind_pairs
from bot.generation.evaluation.measures import NO_CORPUS, evaluation, measure
from bot.generation.evaluation.memorisation import TrainingText
from bot.generation.evaluation.page import render_page
from bot.generation.evaluation.runs import Run, run_writer
from bot.generation.evaluation.table import figure_rows
from bot.generation.evaluation.wording import body_of, wording
from bot.generation.held_out import held_out_briefs
from bot.generation.template.approved import TemplateBackend
from bot.wiring import build_writer
from db.errors import InputError
from db.vocabulary import Channel, Progress

HOSTILE = "<script>alert('x')</script> & \"<b>bold</b>\" it costs too much"


class Other:
    """Approved wording in its other variant; every third brief gets a promise that no record supports."""

    name = "other"

    def write(self, briefs: Sequence[Brief]) -> Iterator[Written]:
        approved = TemplateBackend()
        for brief in briefs:
            text = approved.compose(replace(brief, seed=brief.seed + 1))
            is_wild = brief.seed % 3 == 0 and not brief.objections
            yield Written(f"{text}\n\nWe will pay you €7,777 in cash." if is_wild else text, tokens=7)

    def stream(self, brief: Brief) -> Iterator[str]:
        for written in self.write([brief]):
            yield from pieces(written.text or "")


@pytest.fixture(scope="module")
def briefs() -> list[Brief]:
    made = [replace(brief, seed=number) for number, brief in enumerate(held_out_briefs(15, seed=4))]
    made[0] = replace(made[0], facts=FactSheet({**made[0].facts.values, "last_message": HOSTILE}))
    return made


@pytest.fixture(scope="module")
def runs(briefs: list[Brief]) -> tuple[Run, Run]:
    seen: list[Progress] = []
    template = run_writer(build_writer(TemplateBackend()), briefs, seen.append)
    assert [(one.done, one.total) for one in seen] == [(number + 1, len(briefs)) for number in range(len(briefs))]
    return template, run_writer(build_writer(Other()), briefs)


def test_the_shares_are_those_of_the_texts(runs: tuple[Run, Run]) -> None:
    found = measure(runs[1], None)
    assert found["briefs"] == found["email"]["briefs"] + found["chat"]["briefs"] == 15
    for name in ("first_try", "after_retries", "fallback", "released", "mandatory"):
        assert found[name]["hits"] == found["email"][name]["hits"] + found["chat"][name]["hits"]
        assert found[name]["low"] <= found[name]["value"] <= found[name]["high"]
    assert found["after_retries"]["hits"] + found["fallback"]["hits"] == 15
    # Five of the fifteen briefs get a promise first, and another text after the guard's objections.
    assert found["first_try"]["hits"] <= 10 < found["after_retries"]["hits"]
    assert sum(found["refused_by"].values()) >= 5
    assert found["speed"]["tokens"] >= 15 * 7
    assert found["email"]["memorisation"] == {"left_out": NO_CORPUS}
    assert found["email"]["exact_duplicates"] == 0


def test_what_was_learned_by_heart_is_found(runs: tuple[Run, Run]) -> None:
    letters = [(brief, str(text.text)) for brief, text in runs[0].of(Channel.EMAIL) if text.released]
    brief, text = letters[0]
    learned = wording(body_of(text, brief), brief)
    found = measure(runs[0], TrainingText([learned]))["email"]["memorisation"]
    assert found["longest_span"] == len(learned) > 25
    assert found["over_25"]["hits"] >= 1


class Page(HTMLParser):
    """Drafts, briefs, headings and tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.parts: dict[str, list[str]] = {"draft": [], "verdict": [], "brief": []}
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag == "meta":
            return
        names = (dict(attrs).get("class") or "").split()
        part = next((name for name in self.parts if name in names), "")
        self._open.append(part)
        if part:
            self.parts[part].append("")

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for part in {name for name in self._open if name}:
            self.parts[part][-1] += data


def test_the_page_holds_every_draft_and_no_markup_of_others(runs: tuple[Run, Run]) -> None:
    document = evaluation(runs, "held-out briefs", 4, None)
    page = render_page(runs, document, drafts=15)
    read = Page(page)
    wanted = [run.texts[place].text or "" for place in range(15) for run in runs]
    assert read.parts["draft"] == wanted
    assert len(read.parts["verdict"]) == 30
    assert any(HOSTILE in brief for brief in read.parts["brief"])
    assert not {"script", "b", "img", "link", "iframe", "form"} & set(read.tags)
    assert not {"src", "onclick", "style"} & set(read.attributes)
    assert "http://" not in page
    assert "https://" not in page
    assert len(Page(render_page(runs, document, drafts=4)).parts["draft"]) == 8


def test_rows_stand_side_by_side(runs: tuple[Run, Run]) -> None:
    rows = figure_rows(evaluation(runs, "held-out briefs", 4, None)["writers"])
    assert {len(row) for row in rows} == {3}
    assert ["briefs", "15", "15"] in rows
    assert ["e-mail: longest span from training", "left out", "left out"] in rows


def test_blind_pairs_show_what_the_key_says_and_nothing_more(runs: tuple[Run, Run]) -> None:
    pairs, key = blind_pairs(*runs, each=3, seed=2)
    assert [pair["pair"] for pair in pairs] == [line["pair"] for line in key] == list(range(1, len(pairs) + 1))
    by_name = {run.backend: run for run in runs}
    for pair, line in zip(pairs, key, strict=True):
        assert set(pair) == {"pair", "channel", "brief", "a", "b"}
        for side in ("a", "b"):
            assert by_name[line[side]].texts[line["brief"]].text == pair[side]
        assert pair["a"] != pair["b"]
    assert [pair["channel"] for pair in pairs].count("email") == 3
    assert "template" not in json.dumps(pairs)
    assert blind_pairs(*runs, each=3, seed=2) == (pairs, key)
    many = [blind_pairs(*runs, each=9, seed=seed)[1] for seed in range(8)]
    assert {line["a"] for lines in many for line in lines} == {"template", "other"}


def test_a_blind_comparison_needs_two_writers(runs: tuple[Run, Run]) -> None:
    with pytest.raises(InputError, match="two different backends"):
        blind_pairs(runs[0], runs[0], each=1, seed=0)
