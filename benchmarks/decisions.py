"""Effects and targeting on Hillstrom's e-mail trial (64,000 customers, three arms): ours beside the peers.

    python -m benchmarks.decisions [--quick] [--json FILE]

Ranking: Qini coefficient (scikit-uplift's convention) on held-out folds, women's and men's e-mail against none, for
visits and conversions. Policy: rules learned on one half and judged on the other by doubly robust values; ours falls
back to the best single arm unless it surely gains. A gain is called a win only where its paired 95 % interval lies
above zero. Peers that are not installed are named and skipped.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedKFold, StratifiedShuffleSplit
from threadpoolctl import threadpool_limits

from analytics.decisions.uplift import (
    DRLearner,
    EffectLearner,
    SLearner,
    TLearner,
    Trial,
    XLearner,
    as_trial,
    auuc,
    choose_targeting,
    cross_fit,
    effect_calibration,
    outcome_scores,
    policy_gain,
    policy_value,
    qini_coefficient,
    uplift_at_k,
    uplift_gain,
    uplift_interval,
)
from analytics.decisions.uplift.policy_value import best_arms, single_arm
from analytics.decisions.uplift.trial import Floats, Integers
from analytics.evaluation.intervals import Interval
from benchmarks.decision_peers import Effects, installed_peers
from benchmarks.report import parse_arguments, require_data, say, show_table, write_json

OURS = "S-learner (default)"
CONTROL, MEN, WOMEN = "No E-Mail", "Mens E-Mail", "Womens E-Mail"
COVARIATES = ["recency", "history_segment", "history", "mens", "womens", "zip_code", "newbie", "channel"]
BUDGETS = (0.3, 0.5)
BARS = {
    "women's e-mail, visit: Qini": (0.060, 0.068),
    "men's e-mail, visit: Qini": (0.010, 0.022),
    "policy, visit: value": (0.1821, 0.1845),
    "policy, conversion: value": (0.0122, 0.0125),
    "budget 30 %, visit: gain / random men's": (1.15, 1.25),
}


@dataclass(frozen=True)
class Size:
    """How much is run: outcomes, fold seeds, halves, bootstrap draws, and whether the slower learners take part."""

    outcomes: tuple[str, ...]
    seeds: tuple[int, ...]
    halves: int
    draws: int
    all_learners: bool


FULL = Size(("visit", "conversion"), (11, 12), 20, 200, True)
QUICK = Size(("visit",), (11,), 4, 50, False)


def hillstrom(data: Path, outcome: str) -> Trial:
    """The trial with its known assignment probabilities of one third each."""
    table = pd.read_csv(require_data(data / "hillstrom_email" / "hillstrom_data.csv.gz"))
    known = dict.fromkeys((CONTROL, MEN, WOMEN), 1 / 3)
    return as_trial(table[COVARIATES], table["segment"], table[outcome], control=CONTROL, assignment_probability=known)


def ours(all_learners: bool) -> dict[str, Effects]:
    """Our learners by name, as functions from a trial and new covariates to effects (n, offers)."""
    kinds: dict[str, type[EffectLearner]] = {OURS: SLearner}
    if all_learners:
        kinds |= {"T-learner": TLearner, "X-learner": XLearner, "DR-learner": DRLearner}
    return {name: _learned(kind) for name, kind in kinds.items()}


def _learned(kind: Callable[[], EffectLearner]) -> Effects:
    def effects(trial: Trial, covariates: pd.DataFrame) -> Floats:
        return kind().fit(trial).effects(covariates)

    return effects


def strata(trial: Trial) -> Integers:
    """Arm and outcome together, so that every part has its share of both."""
    return np.asarray(trial.arm * 2 + (trial.outcome == 1), dtype=np.int64)


def out_of_fold(trial: Trial, effects: Effects, seed: int) -> tuple[Floats, Integers]:
    """Effects (n, offers) of customers by models that did not see them, and the fold (n,) of each."""
    found, fold_of = np.empty((len(trial), len(trial.offers))), np.empty(len(trial), dtype=np.int64)
    folds = StratifiedKFold(5, shuffle=True, random_state=seed).split(trial.covariates, strata(trial))
    for fold, (train, test) in enumerate(folds):
        with threadpool_limits(1):
            found[test] = effects(trial.take(train), trial.covariates.iloc[test])
        fold_of[test] = fold
    return found, fold_of


def rank(trial: Trial, outcome: str, size: Size) -> dict[str, Any]:
    """Qini of every learner on both e-mails, printed and returned by task; pooled figures are of the first seed."""
    learners = {**ours(size.all_learners and outcome == "visit"), **installed_peers()}
    folds: dict[str, list[tuple[Floats, Integers]]] = {}
    for name, effects in learners.items():
        folds[name] = [out_of_fold(trial, effects, seed) for seed in size.seeds]
        say(f"  {outcome}: {name} done")
    return {
        f"{whose} e-mail, {outcome}": _judge_task(trial, arm, f"{whose} e-mail, {outcome}", folds, size.draws)
        for arm, whose in ((WOMEN, "women's"), (MEN, "men's"))
    }


def _judge_task(
    trial: Trial, arm: str, title: str, folds: Mapping[str, list[tuple[Floats, Integers]]], draws: int
) -> dict[str, Any]:
    position = trial.arms.index(arm)
    kept = np.flatnonzero((trial.arm == 0) | (trial.arm == position))
    y, treated = trial.outcome[kept], (trial.arm[kept] == position).astype(np.float64)
    pooled = {name: runs[0][0][kept, position - 1] for name, runs in folds.items()}
    rows: list[dict[str, Any]] = []
    for name, runs in folds.items():
        by_fold = []
        for effects, fold_of in runs:
            score, fold = effects[kept, position - 1], fold_of[kept]
            by_fold += [qini_coefficient(y[fold == k], score[fold == k], treated[fold == k]) for k in range(5)]
        same = name == OURS
        gain = None if same else uplift_gain(qini_coefficient, y, pooled[OURS], pooled[name], treated, draws=draws)
        rows.append(
            {
                "learner": name,
                "qini": float(np.mean(by_fold)),
                "error": float(np.std(by_fold, ddof=1) / len(by_fold) ** 0.5),
                "auuc": auuc(y, pooled[name], treated),
                "uplift_at_30": uplift_at_k(y, pooled[name], treated, k=0.3),
                "pooled_qini": uplift_interval(qini_coefficient, y, pooled[name], treated, draws=draws),
                "ours less this": gain,
            }
        )
    show_table(f"{title}: mean of {5 * len(next(iter(folds.values())))} folds; pooled with 95 % intervals", rows)
    part = trial.against_control(arm)
    scores = outcome_scores(part)
    found = effect_calibration(pooled[OURS], scores[:, 1] - scores[:, 0])
    say(
        f"  calibration of ours: slope {found.slope.estimate:.2f} [{found.slope.low:.2f}, {found.slope.high:.2f}], "
        f"group error {found.error:.4f} (chance alone {found.error_floor:.4f})"
    )
    return {"learners": rows, "calibration": asdict(found)}


def play(trial: Trial, outcome: str, size: Size) -> dict[str, Any]:
    """Values of rules over held-out halves, printed and returned."""
    peers = installed_peers()
    chosen = {name: effects for name, effects in peers.items() if "two-model" in name}
    halves = StratifiedShuffleSplit(size.halves, test_size=0.5, random_state=0).split(trial.covariates, strata(trial))
    found = []
    for number, (train, test) in enumerate(halves):
        with threadpool_limits(1):
            found.append(_half(trial.take(train), trial.take(test), chosen))
        say(f"  {outcome}: half {number + 1} of {size.halves} done, {found[-1]['reason']}")
    value_rows = [_averaged("rule", name, [half["values"][name] for half in found]) for name in found[0]["values"]]
    show_table(f"{outcome}: value over {size.halves} held-out halves, doubly robust", value_rows)
    gain_rows = [_averaged("less always men's", n, [half["gains"][n] for half in found]) for n in found[0]["gains"]]
    show_table(f"{outcome}: paired gain over always men's (mean ends of one half's 95 % interval)", gain_rows)
    budget_rows = [_budget_row(name, [half["budgets"][name] for half in found]) for name in found[0]["budgets"]]
    show_table(f"{outcome}: gain over none under a budget", budget_rows)
    kept = sum(half["learned"] for half in found)
    say(f"{outcome}: the learned rule was kept on {kept} of {size.halves} halves, else the best single arm")
    return {"values": value_rows, "gains": gain_rows, "budgets": budget_rows, "learned": kept, "halves": size.halves}


def _half(train: Trial, test: Trial, peers: Mapping[str, Effects]) -> dict[str, Any]:
    """Fit on one half, judge on the other."""
    evidence = cross_fit(train)
    targeting = choose_targeting(evidence)
    scores = outcome_scores(test, evidence.learner.outcomes(test.covariates))
    effects = evidence.learner.effects(test.covariates)
    everyone = {arm: single_arm(k, len(test), len(test.arms)) for k, arm in enumerate(test.arms)}
    rules: dict[str, Any] = {
        "none": everyone[CONTROL],
        "random arm": np.full(scores.shape, 1 / scores.shape[1]),
        "always women's": everyone[WOMEN],
        "always men's": everyone[MEN],
        "women's to buyers of women's goods only": _by_goods(test),
        "ours, learned in any case": best_arms(effects),
        "ours": targeting.assign(test.covariates),
    }
    by_peer = {name: peer(train, test.covariates) for name, peer in peers.items()}
    rules |= {name: best_arms(found) for name, found in by_peer.items()}
    others = [name for name in rules if name not in {"none", "always men's"}]
    men, budgets = test.arms.index(MEN), {}
    for share in BUDGETS:
        random = single_arm(men, len(test), len(test.arms), share)
        ours_at = choose_targeting(evidence, budget_share=share).assign(test.covariates)
        at = {"ours": ours_at} | {name: best_arms(e, budget_share=share) for name, e in by_peer.items()}
        for name, rule in at.items():
            gain, other = policy_gain(scores, rule, everyone[CONTROL]), policy_gain(scores, random, everyone[CONTROL])
            budgets[f"{name}, {share:.0%}"] = (gain, other, policy_gain(scores, rule, random))
    return {
        "values": {name: policy_value(scores, rule) for name, rule in rules.items()},
        "gains": {name: policy_gain(scores, rules[name], everyone[MEN]) for name in others},
        "budgets": budgets,
        "learned": targeting.learned,
        "reason": targeting.reason,
    }


def _by_goods(test: Trial) -> Integers:
    """The rule that people found by looking at the whole table."""
    only_women = (test.covariates["womens"] == 1) & (test.covariates["mens"] == 0)
    return np.where(only_women, test.arms.index(WOMEN), test.arms.index(MEN)).astype(np.int64)


def _mean(found: Sequence[Interval]) -> Interval:
    """Mean estimate over halves with the mean ends of one half's interval: halves overlap and add little precision."""
    estimate, low, high = np.mean([(one.estimate, one.low, one.high) for one in found], axis=0)
    return Interval(float(estimate), float(low), float(high))


def _averaged(key: str, name: str, found: Sequence[Interval]) -> dict[str, Any]:
    mean = _mean(found)
    row: dict[str, Any] = {key: name, "mean": mean.estimate, "interval": mean}
    if key != "rule":
        row["verdict"] = "win" if mean.low > 0 else "loss" if mean.high < 0 else "tie"
    return row


def _budget_row(name: str, found: Sequence[tuple[Interval, Interval, Interval]]) -> dict[str, Any]:
    gain, random, difference = (_mean([half[k] for half in found]) for k in range(3))
    return {
        "rule": name,
        "gain over none": gain,
        "random men's": random.estimate,
        "ratio": gain.estimate / random.estimate if random.estimate else float("nan"),
        "less random men's": difference,
        "verdict": "win" if difference.low > 0 else "loss" if difference.high < 0 else "tie",
    }


def against_bars(ranking: Mapping[str, Any], policies: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Our figures beside the bars, as rows."""
    figures = {
        f"{task}: Qini": next(row["qini"] for row in found["learners"] if row["learner"] == OURS)
        for task, found in ranking.items()
    }
    for outcome, found in policies.items():
        figures[f"policy, {outcome}: value"] = next(r["mean"] for r in found["values"] if r["rule"] == "ours")
        ratio = next(row["ratio"] for row in found["budgets"] if row["rule"] == "ours, 30%")
        figures[f"budget 30 %, {outcome}: gain / random men's"] = ratio
    rows = []
    for name, (passing, excellent) in BARS.items():
        if name in figures:
            figure = figures[name]
            verdict = "excellent" if figure >= excellent else "pass" if figure >= passing else "below"
            rows.append({"bar": name, "pass": passing, "excellent": excellent, "ours": figure, "verdict": verdict})
    return rows


def main(argv: Sequence[str] | None = None) -> None:
    """Run the benchmark."""
    options = parse_arguments("Effects and targeting on Hillstrom's e-mail trial, beside peers.", argv)
    size = QUICK if options.quick else FULL
    ranking: dict[str, Any] = {}
    policies: dict[str, Any] = {}
    for outcome in size.outcomes:
        trial = hillstrom(options.data, outcome)
        ranking |= rank(trial, outcome, size)
        policies[outcome] = play(trial, outcome, size)
    bars = against_bars(ranking, policies)
    show_table("against the bars", bars)
    results = {"size": asdict(size), "ranking": ranking, "policies": policies, "bars": bars}
    write_json(options.json, "decisions", results)


if __name__ == "__main__":
    main()
