"""Judges a training table before it trains a forecaster: leaks, identifiers, empty columns, too little evidence."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import roc_auc_score

from analytics.churn.encoding import Floats, as_days, as_numbers, column_kind, has_id_name, is_identifier, normalised
from analytics.churn.thin_data import REFUSE_BELOW, WARN_BELOW, thin_data_abstention

LEAK_AUC = 0.90
PURE_RATE = 0.98
PURE_SHARE = 0.2
LEAST_PER_CLASS = 10
LEAST_KEYS = 50
FOLDS = 5
BINS = 20
RATE_PRIOR = 2.0
MOST_ROWS = 50_000
DUPLICATE_SHARE = 0.01

Severity = Literal["refuse", "warn"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a training table; `refuse` means that no forecaster should be trained on it as it is."""

    code: str
    severity: Severity
    columns: tuple[str, ...]
    message: str
    hint: str


def check_training_table(
    X: pd.DataFrame,
    y: Any,
    *,
    refuse_below: int = REFUSE_BELOW,
    warn_below: int = WARN_BELOW,
    allow_leaks: bool = False,
    seed: int = 0,
) -> list[Finding]:
    """Check a table (n, p) and its 0/1 target (n,); refusals first.

    Codes: missing_target, target_gaps, target_not_binary, single_class, few_churners, no_columns, leak,
    identifier, constant, repeated_rows. With `allow_leaks` a leak is a warning.
    """
    if y is None:
        return [_finding("missing_target", "refuse", (), "The table has no target.", "Name the label in the mapping.")]
    target = pd.Series(np.asarray(y, dtype=object), index=X.index)
    findings = _target_findings(target, refuse_below, warn_below)
    if any(finding.severity == "refuse" and finding.code != "few_churners" for finding in findings):
        return findings
    known = target.notna().to_numpy()
    labels = _as_labels(target[known])
    frame = X.loc[known]
    findings += _column_findings(frame, labels, "warn" if allow_leaks else "refuse", seed)
    findings += _repeated_rows(frame)
    return sorted(findings, key=lambda finding: finding.severity != "refuse")


def _finding(code: str, severity: Severity, columns: tuple[str, ...], message: str, hint: str) -> Finding:
    return Finding(code, severity, columns, message, hint)


def _as_labels(target: pd.Series) -> Floats:
    """The later of two values in sort order as 1, as the forecaster reads it."""
    texts = target.map(normalised)
    return np.asarray(texts == max(texts.unique()), dtype=np.float64)


def _target_findings(target: pd.Series, refuse_below: int, warn_below: int) -> list[Finding]:
    findings = []
    gaps = int(target.isna().sum())
    if gaps == len(target):
        message = "Every row's target is empty." if len(target) else "The table has no rows."
        return [_finding("missing_target", "refuse", (), message, "Name another label in the mapping.")]
    if gaps:
        message = f"{gaps:,} of {len(target):,} rows have no target; they are left out of training."
        findings.append(_finding("target_gaps", "warn", (), message, "Fill the label, or leave such rows out."))
    values = sorted(target.dropna().map(normalised).unique())
    if len(values) > 2:
        message = f"The target has {len(values)} values ({', '.join(values[:5])}); a churn label has two."
        findings.append(_finding("target_not_binary", "refuse", (), message, "Map the label to churned or stayed."))
    elif len(values) == 1:
        message = f"All {len(target) - gaps:,} rows have the target {values[0]!r}; there is nothing to tell apart."
        hint = "Import customers who left as well as customers who stayed."
        findings.append(_finding("single_class", "refuse", (), message, hint))
    else:
        labels = _as_labels(target.dropna())
        thin = thin_data_abstention(labels, refuse_below=refuse_below, warn_below=warn_below)
        if thin is not None:
            message, hint = f"Too little evidence: {thin.reason}.", "Import more history, or widen the churn horizon."
            findings.append(_finding("few_churners", thin.severity, (), message, hint))
    return findings


def _column_findings(frame: pd.DataFrame, labels: Floats, leak_severity: Severity, seed: int) -> list[Finding]:
    findings, usable = [], 0
    rows = np.arange(len(labels))
    if len(rows) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(seed).choice(rows, MOST_ROWS, replace=False))
    fold = _folds(labels[rows], seed)
    for k in range(frame.shape[1]):
        values = frame.iloc[:, k]
        name, kind = str(values.name), column_kind(values)
        if _is_constant(values):
            message = f"{name!r} holds one value only and tells nothing."
            findings.append(_finding("constant", "warn", (name,), message, "Nothing to do: the column is left out."))
            continue
        leak = _leak(values.iloc[rows], kind, labels[rows], fold)
        if leak is not None:
            hint = "Give it the role `ignore` in the mapping, unless it is known before the customer leaves."
            findings.append(_finding("leak", leak_severity, (name,), f"{name!r} {leak}.", hint))
            continue
        if is_identifier(values, kind) or _is_key(values):
            message = f"{name!r} tells customers apart but says nothing about them."
            findings.append(_finding("identifier", "warn", (name,), message, "Give it the role `id` or `ignore`."))
            continue
        usable += 1
    if usable == 0:
        message, hint = "No column is left to learn from.", "Add features to the mapping."
        findings.append(_finding("no_columns", "refuse", (), message, hint))
    return findings


def _is_constant(values: pd.Series) -> bool:
    return len(pd.unique(values)) < 2 or int(values.notna().sum()) == 0


def _is_key(values: pd.Series) -> bool:
    """Whether a column is named as an id and has too many values to be a category, such as the id of a joined table."""
    return has_id_name(str(values.name)) and values.nunique() >= max(LEAST_KEYS, 0.01 * len(values))


def _folds(labels: Floats, seed: int) -> npt.NDArray[np.int64]:
    """Fold number (n,) of every row, stratified by the label."""
    fold = np.empty(len(labels), dtype=np.int64)
    order = np.lexsort((np.random.default_rng(seed).permutation(len(labels)), labels))
    fold[order] = np.arange(len(labels)) % FOLDS
    return fold


def _leak(values: pd.Series, kind: str, labels: Floats, fold: npt.NDArray[np.int64]) -> str | None:
    """How a single column gives the label away, or None."""
    if min(labels.sum(), (1 - labels).sum()) < LEAST_PER_CLASS:
        return None
    filled = (values.notna() & (values.astype(str).str.strip() != "")).to_numpy()
    for mask, word in ((filled, "filled"), (~filled, "empty")):
        inside = labels[mask]
        if inside.sum() >= PURE_SHARE * labels.sum() and inside.mean() >= PURE_RATE > 1.5 * labels.mean():
            return f"gives the label away: it is {word} for customers who left and for hardly anyone else"
    auc = single_column_auc(values, kind, labels, fold)
    return f"gives the label away: alone it ranks churners with an AUC of {auc:.2f}" if auc >= LEAK_AUC else None


def single_column_auc(values: pd.Series, kind: str, labels: Floats, fold: npt.NDArray[np.int64]) -> float:
    """AUC of one column alone, scored by the smoothed churn rate of its value or quantile bin in the other folds."""
    codes = _bins(values, kind)
    size = int(codes.max()) + 1
    score = np.empty(len(labels))
    for number in range(FOLDS):
        test = fold == number
        mass = np.bincount(codes[~test], minlength=size)
        churned = np.bincount(codes[~test], weights=labels[~test], minlength=size)
        rate = (churned + RATE_PRIOR * labels[~test].mean()) / (mass + RATE_PRIOR)
        score[test] = rate[codes[test]]
    return float(roc_auc_score(labels, score))


def _bins(values: pd.Series, kind: str) -> npt.NDArray[np.int64]:
    """One code per value, or per quantile bin of numbers and dates with many values; missing has a code of its own."""
    if kind not in ("number", "date"):
        return pd.factorize(values.map(normalised))[0].astype(np.int64)
    numbers = as_days(values) if kind == "date" else as_numbers(values)
    known = numbers[~np.isnan(numbers)]
    distinct = np.unique(known)
    edges = distinct if distinct.size <= 2 * BINS else np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)))
    codes = np.searchsorted(edges, numbers, side="right")
    return np.where(np.isnan(numbers), len(edges) + 1, codes).astype(np.int64)


def _repeated_rows(frame: pd.DataFrame) -> list[Finding]:
    repeated = int(frame.duplicated().sum())
    # Where most rows repeat, the columns are simply coarse.
    if not DUPLICATE_SHARE * len(frame) <= repeated <= 0.5 * len(frame) or repeated == 0:
        return []
    message = f"{repeated:,} of {len(frame):,} rows repeat another row in every column."
    hint = "Check the export for doubled customers; equal rows are kept together when the model is judged."
    return [_finding("repeated_rows", "warn", (), message, hint)]
