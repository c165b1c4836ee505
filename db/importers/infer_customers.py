"""A mapping proposed for a table of customers."""

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from db.importers import name_hints as hints
from db.importers.billing import BILLING_WORDS
from db.importers.cells import FALSE_WORDS, TRUE_WORDS
from db.importers.leaks import filled_only_for_churners, leak_reason
from db.importers.mapping import ChurnSettings, CustomerColumn, CustomersMapping, GeneratedId, SourceSettings
from db.importers.profiles import ColumnProfile
from db.importers.proposals import ColumnProposal, ambiguous_date, date_style, settled, source_settings
from db.importers.rows import Table
from db.vocabulary import ChurnDefinitionKind, ColumnRole, ColumnType

Proposed = tuple[CustomersMapping, list[ColumnProposal], list[str]]

_CODED_TYPES = 12
_FEW_PLACES = 30
_MOST_MONTHS = 1200


def propose_customers(table: Table, profiles: list[ColumnProfile], currency: str | None) -> Proposed:
    """The mapping, a reason for each column, and the questions that the table leaves open."""
    proposer = _Proposer(profiles, source_settings(table, profiles))
    proposer.find_id()
    proposer.find_label()
    proposer.find_dates()
    proposer.find_by_name()
    proposer.find_money_and_tenure()
    proposer.find_the_rest()
    if currency is None and proposer.has(ColumnRole.MONTHLY_REVENUE) and not proposer.has(ColumnRole.CURRENCY):
        proposer.questions.append("Which currency are the amounts in? Write it as `currency: EUR` at the top level.")
    ordered = {one.name: proposer.columns[one.name] for one in profiles}
    mapping = CustomersMapping(
        version=1,
        kind="customers",
        source=proposer.source,
        customer_id=None if proposer.has(ColumnRole.CUSTOMER_ID) else GeneratedId(generate="row_number"),
        columns=ordered,
        churn=proposer.churn,
        currency=currency,
    )
    reasons = proposer.reasons
    proposals = [ColumnProposal(name, one.role, one.cell_type, reasons[name]) for name, one in ordered.items()]
    return mapping, proposals, proposer.questions


class _Proposer:
    """Columns are settled one after the other, the surest roles first; a settled column is not looked at again."""

    def __init__(self, profiles: list[ColumnProfile], source: SourceSettings) -> None:
        self.profiles = profiles
        self.source = source
        self.columns: dict[str, CustomerColumn] = {}
        self.reasons: dict[str, str] = {}
        self.questions: list[str] = []
        self.churn: ChurnSettings | None = None
        self._churned: list[bool | None] | None = None

    def has(self, role: ColumnRole) -> bool:
        """Whether a column has this role already."""
        return any(column.role is role for column in self.columns.values())

    def find_id(self) -> None:
        """The column that names the customer: its name says so, and no two rows share a cell."""
        for pattern in hints.CUSTOMER_ID:
            for one in self._open():
                if pattern.search(one.words) and one.is_unique and not _is_measure(one):
                    reason = f"its name says so and its {one.distinct:,} cells are all different"
                    self._settle(one, ColumnRole.CUSTOMER_ID, reason, type=ColumnType.TEXT)
                    return
        named = next((one for one in self._open() if hints.CUSTOMER_ID[0].search(one.words)), None)
        if named is not None:
            repeated = len(named.filled) - named.distinct
            reason = "its name says so, though it is not unique"
            self._settle(named, ColumnRole.CUSTOMER_ID, reason, type=ColumnType.TEXT)
            self.questions.append(
                f"Column {named.name!r} holds {repeated:,} ids more than once. A table with several rows per customer "
                "is imported with `import events` or `import messages`."
            )
            return
        self.questions.append(
            "No column holds a unique id, so rows are named row-1, row-2 ... That works for a file that never changes; "
            "give a column the role customer_id if there is one."
        )

    def find_label(self) -> None:
        """The column that says who left: two values, and a name for it."""
        for pattern in hints.LABEL:
            for one in self._open():
                if one.distinct == 2 and pattern.search(one.words) and not hints.NOT_LABEL.search(one.words):
                    positive = _positive_value(one)
                    if positive is None:
                        continue
                    self._settle_label(one, positive)
                    return
        for one in self._open():
            if hints.STILL_ACTIVE.search(one.words) and one.distinct == 2 and _is_yes_no(one):
                self._settle_label(one, next(text for text in one.counts if text.strip().casefold() in FALSE_WORDS))
                return

    def find_dates(self) -> None:
        """Sign-up, cancellation and renewal; without a label the cancellation date says who left."""
        for role, pattern in (
            (ColumnRole.CANCEL_DATE, hints.CANCEL_DATE),
            (ColumnRole.RENEWAL_DATE, hints.RENEWAL_DATE),
            (ColumnRole.SIGNUP_DATE, hints.SIGNUP_DATE),
        ):
            for one in self._open(ColumnType.DATE):
                if pattern.search(one.words) and not hints.SENSITIVE.search(one.words) and not self.has(role):
                    self._settle_date(one, role)
        for one in self._open(ColumnType.DATE):
            if date_style(one, self.source) is None:
                self._settle_date(one, ColumnRole.FEATURE)
        if self.churn is None and self.has(ColumnRole.CANCEL_DATE):
            self.churn = ChurnSettings(definition=ChurnDefinitionKind.CANCEL_DATE)
        if self.churn is None:
            self.questions.append(
                "No column says who left. Give one the role label or cancel_date, or import events and set "
                "`churn: {definition: inactivity, inactivity_days: 90}`."
            )

    def find_by_name(self) -> None:
        """Contact data, consent, plan and billing."""
        for role, pattern in hints.ROLE_NAMES:
            for one in self._open():
                if pattern.search(one.words) and not self.has(role) and _could_be(role, one):
                    self._settle(one, role, "its name says so and its cells fit", type=ColumnType.TEXT)
        for one in self._open():
            if hints.NO_CONSENT.search(one.words) and _is_yes_no(one):
                reason = "its name says that these customers do not want to be contacted"
                words = {"true_values": _those(one, FALSE_WORDS), "false_values": _those(one, TRUE_WORDS)}
                self._settle(one, ColumnRole.CONSENT, reason, type=ColumnType.BOOLEAN, **words)
            elif hints.CONSENT.search(one.words) and _is_yes_no(one):
                self._settle(one, ColumnRole.CONSENT, "its name speaks of consent", type=ColumnType.BOOLEAN)
            elif hints.BILLING_PERIOD.search(one.words) and all(
                text.strip().casefold() in BILLING_WORDS for text in one.counts
            ):
                self._settle_once(one, ColumnRole.BILLING_PERIOD, "its cells are billing periods")
            elif hints.PLAN.search(one.words) and one.type is ColumnType.TEXT and 1 < one.distinct <= 60:
                self._settle_once(one, ColumnRole.PLAN, f"its name says so and it has {one.distinct} values")

    def find_money_and_tenure(self) -> None:
        """What a customer pays in a month, and for how many months they have been one."""
        for pattern in hints.MONEY:
            for one in self._open(ColumnType.NUMBER):
                if pattern.search(one.words) and not hints.NOT_MONEY.search(one.words) and _is_money(one):
                    self._settle_once(one, ColumnRole.MONTHLY_REVENUE, "its name speaks of a monthly amount")
        for pattern in hints.TENURE:
            for one in self._open(ColumnType.NUMBER):
                other = hints.OTHER_UNIT.search(one.words) or hints.SENSITIVE.search(one.words)
                if pattern.search(one.words) and not other and _is_months(one):
                    reason = "its name says so; it is taken as months (if it counts other units, make it a feature)"
                    self._settle_once(one, ColumnRole.TENURE, reason)

    def find_the_rest(self) -> None:
        """Leaks, sensitive columns, columns without use, and the features."""
        for one in self._open():
            leak = leak_reason(one, self._churned) if self._churned is not None else None
            if leak is not None and not _is_constant(one):
                self._settle_leak(one, leak)
            elif hints.SENSITIVE.search(one.words):
                reason = (
                    "it tells of a protected trait; forecasts may learn from it unless you say use_sensitive: false"
                )
                self._settle(one, ColumnRole.SENSITIVE, reason)
            elif hints.SPECIAL.search(one.words):
                self._settle(one, ColumnRole.IGNORE, "it tells of a special category of personal data; it is not kept")
            elif one.is_unique and len(one.texts) > 20 and (hints.OTHER_ID.search(one.words) or _is_counter(one)):
                self._settle(one, ColumnRole.ID, "it is another id: different in every row", type=ColumnType.TEXT)
            elif (useless := _why_useless(one)) is not None:
                self._settle(one, ColumnRole.IGNORE, useless)
            else:
                self._settle(one, ColumnRole.FEATURE, _why_feature(one))

    def _open(self, kind: ColumnType | None = None) -> Iterable[ColumnProfile]:
        return [one for one in self.profiles if one.name not in self.columns and (kind is None or one.type is kind)]

    def _settle(self, one: ColumnProfile, role: ColumnRole, reason: str, **more: Any) -> None:
        self.columns[one.name] = settled(one, role, self.source, **more)
        self.reasons[one.name] = f"{role.value}: {reason}."

    def _settle_once(self, one: ColumnProfile, role: ColumnRole, reason: str) -> None:
        if not self.has(role):
            self._settle(one, role, reason)

    def _settle_date(self, one: ColumnProfile, role: ColumnRole) -> None:
        if date_style(one, self.source) is None:
            self.questions.append(ambiguous_date(one))
            self._settle(one, ColumnRole.IGNORE, "day and month cannot be told apart", type=ColumnType.TEXT)
        else:
            self._settle(one, role, "its cells are dates and its name says so")

    def _settle_label(self, one: ColumnProfile, positive: str) -> None:
        negative = next(text for text in one.counts if text != positive)
        share = one.counts[positive] / len(one.filled)
        reason = f"two values and a name for it; {positive!r} means left ({share:.1%} of the rows)"
        self._settle(one, ColumnRole.LABEL, reason, type=ColumnType.TEXT, missing_values=())
        self.churn = ChurnSettings(
            definition=ChurnDefinitionKind.LABEL, positive=(positive.strip(),), negative=(negative.strip(),)
        )
        words = {positive: True, negative: False}
        self._churned = [words.get(text) for text in one.texts]

    def _settle_leak(self, one: ColumnProfile, leak: str) -> None:
        churned = self._churned or []
        if hints.CANCEL_REASON.search(one.words) and filled_only_for_churners(one, churned):
            reason = "it says why customers left; it is shown, and never used to forecast"
            if not self.has(ColumnRole.CANCEL_REASON):
                self._settle(one, ColumnRole.CANCEL_REASON, reason, type=ColumnType.TEXT, missing_values=())
                return
        self._settle(one, ColumnRole.FEATURE, f"under suspicion: {leak}; training judges it and leaves it out")
        self.questions.append(f"Was {one.name!r} known before the customer left? {leak[:1].upper()}{leak[1:]}.")


def _positive_value(one: ColumnProfile) -> str | None:
    first, second = one.counts
    for text, other in ((first, second), (second, first)):
        if text.strip().casefold() in TRUE_WORDS and other.strip().casefold() in FALSE_WORDS:
            return text
        if hints.LEFT_VALUE.search(text.casefold()) and not hints.LEFT_VALUE.search(other.casefold()):
            return text
    return None


def _is_measure(one: ColumnProfile) -> bool:
    """Numbers with decimals are measured, not given as names."""
    return one.type is ColumnType.DATE or (one.type is ColumnType.NUMBER and not one.is_whole)


def _is_money(one: ColumnProfile) -> bool:
    # Few small whole numbers are a scale, such as price classes 0 to 10.
    scale = one.is_whole and one.distinct <= _CODED_TYPES and max(one.numbers) <= _CODED_TYPES
    return min(one.numbers) >= 0 and not scale


def _is_counter(one: ColumnProfile) -> bool:
    """Whether it is the column of row numbers, without a name, that data frames write."""
    return (
        one.name.startswith("unnamed_")
        and one.is_whole
        and all(after - before == 1 for before, after in pairwise(one.numbers))
    )


def _is_months(one: ColumnProfile) -> bool:
    return min(one.numbers) >= 0 and max(one.numbers) <= _MOST_MONTHS


def _is_yes_no(one: ColumnProfile) -> bool:
    words = {text.strip().casefold() for text in one.counts}
    return bool(words) and words <= TRUE_WORDS | FALSE_WORDS


def _those(one: ColumnProfile, words: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(text for text in one.counts if text.strip().casefold() in words)) or tuple(sorted(words))


def _could_be(role: ColumnRole, one: ColumnProfile) -> bool:
    fits: Callable[[str], bool] = lambda text: not text.replace(".", "").isdigit()  # noqa: E731
    checks: dict[ColumnRole, Callable[[str], bool]] = {
        ColumnRole.EMAIL: lambda text: "@" in text,
        ColumnRole.CURRENCY: lambda text: len(text) == 3 and text.isupper(),
        ColumnRole.LANGUAGE: lambda text: 2 <= len(text) <= 10,
        ColumnRole.PHONE: lambda text: sum(sign.isdigit() for sign in text) >= 6,
    }
    check = checks.get(role, fits)
    sample = one.filled[:500]
    return bool(sample) and sum(check(text.strip()) for text in sample) >= 0.8 * len(sample)


def _is_constant(one: ColumnProfile) -> bool:
    return one.distinct == 1 and len(one.filled) == len(one.texts)


def _why_useless(one: ColumnProfile) -> str | None:
    if not one.filled:
        return "it is empty"
    if _is_constant(one):
        return f"it is the same in every row ({one.filled[0][:40]!r})"
    if hints.PLACE.search(one.words) and one.distinct > _FEW_PLACES:
        return "it is a place of residence, which stands in for protected traits and has too many values"
    if one.is_free_text:
        return "it is free text; texts of customers come in with `import messages`"
    if one.type is ColumnType.TEXT and one.distinct > max(100, 0.5 * len(one.filled)):
        return f"it has {one.distinct:,} different texts, nearly one per customer"
    return None


def _why_feature(one: ColumnProfile) -> str:
    blank = len(one.texts) - len(one.filled)
    missing = f"; {blank:,} are blank" if blank else ""
    if one.type is ColumnType.NUMBER:
        return f"its cells are numbers{missing}"
    if one.type is ColumnType.DATE:
        return f"its cells are dates{missing}"
    return f"it has {one.distinct} values{missing}"
