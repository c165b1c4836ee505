"""What would be decided now against what stands in the store: levers that changed, and the customers they move."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from analytics.decisions.documents import digest
from analytics.jobs.deciding import PLAN, RULES, Run
from db.errors import NotFoundError
from db.queries import deciding as queries
from db.repositories.decisions import DecisionRepository
from db.repositories.jobs import JobRepository
from db.repositories.settings import SettingsRepository
from db.vocabulary import Json

ABSENT = "(not there)"


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """The stored plan and the one that would be made now.

    levers: what differs between the rules, as (path, before, after). other_inputs: what else has changed since, so
    that not every move comes from a lever. moves: customers by (offer or rule before, offer or rule after).
    customers: (customer_id, before, after) of everyone who moves. before, after: customers with an offer, expected
    profit and, where it was kept, expected spend.
    """

    levers: tuple[tuple[str, Any, Any], ...]
    other_inputs: tuple[str, ...]
    moves: dict[tuple[str, str], int]
    customers: tuple[tuple[str, str, str], ...]
    unchanged: int
    before: Json
    after: Json

    def as_json(self) -> Json:
        """The difference as a JSON object."""
        return {
            "levers": [{"lever": path, "before": old, "after": new} for path, old, new in self.levers],
            "other_inputs": list(self.other_inputs),
            "moves": [{"from": old, "to": new, "customers": count} for (old, new), count in self.moves.items()],
            "customers": [{"customer_id": key, "from": old, "to": new} for key, old, new in self.customers],
            "unchanged": self.unchanged,
            "before": self.before,
            "after": self.after,
        }


def compare(run: Run) -> PlanDifference:
    """Compare what `run` would decide with the newest stored decisions; nothing is written.

    Raises NotFoundError when nothing has been decided.
    """
    with run.store.read() as session:
        job = JobRepository(session).latest_done("decide")
        if job is None:
            raise NotFoundError("There is no stored plan to compare with.", hint="Run `mainstay decide` first.")
        stored = {key: (code, rule, profit) for key, code, rule, profit in DecisionRepository(session).plan(job.id)}
        settings = SettingsRepository(session)
        rules = settings.get(RULES + str(job.parameters["rules"])) or {}
        kept = settings.get(f"{PLAN}{job.id}") or {}
        contacts = queries.contact_fingerprint(session)
    table, plan = run.table()
    now = {
        str(key): (str(code), None if rule is None else str(rule), float(profit))
        for key, code, rule, profit in table[["customer_id", "offer_code", "blocked_by", "priority"]].itertuples(
            index=False, name=None
        )
    }
    everyone = sorted(stored.keys() | now.keys())
    steps = [(key, _word(stored.get(key)), _word(now.get(key))) for key in everyone]
    moved = tuple(step for step in steps if step[1] != step[2])
    moves = Counter((old, new) for _, old, new in moved)
    return PlanDifference(
        levers=tuple(changed_levers(rules, {"catalogue": run.catalogue.as_json(), "policy": run.policy.as_json()})),
        other_inputs=tuple(_other_inputs(job.parameters, run, contacts)),
        moves=dict(sorted(moves.items(), key=lambda item: (-item[1], item[0]))),
        customers=moved,
        unchanged=len(steps) - len(moved),
        before=_totals(stored, kept),
        after=_totals(now, plan),
    )


def changed_levers(before: Json, after: Json) -> list[tuple[str, Any, Any]]:
    """Every value that differs between two sets of rules, by path; offers go by their code."""
    old, new = _flat(before), _flat(after)
    return [
        (path, old.get(path, ABSENT), new.get(path, ABSENT))
        for path in sorted(old.keys() | new.keys())
        if old.get(path, ABSENT) != new.get(path, ABSENT)
    ]


def _flat(document: Any, path: str = "") -> dict[str, Any]:
    if isinstance(document, list) and document and all(isinstance(item, dict) and "code" in item for item in document):
        document = {item["code"]: {key: value for key, value in item.items() if key != "code"} for item in document}
    if not isinstance(document, dict):
        return {path: document}
    return {
        inner: value
        for key, part in document.items()
        for inner, value in _flat(part, f"{path}.{key}" if path else str(key)).items()
    }


def _other_inputs(parameters: Json, run: Run, contacts: Json) -> list[str]:
    """What a decision is made from besides the rules, where it is not as it was."""
    is_now: Json = {
        "score_job": run.score_job,
        "channel": run.channel.value,
        "today": run.now.date().isoformat(),
        "contacts": contacts,
        "reading_model": run.reading_model,
        "effects": run.effects.source if run.effects else None,
        "bandit": run.bandit.source if run.bandit else None,
    }
    return [name for name, value in is_now.items() if digest(parameters.get(name)) != digest(value)]


def _word(decided: tuple[str, str | None, float] | None) -> str:
    """The offer, the rule that left a customer without one, or none."""
    if decided is None:
        return ABSENT
    code, rule, _ = decided
    return f"none ({rule})" if rule else code


def _totals(decided: dict[str, tuple[str, str | None, float]], plan: Json) -> Json:
    made = [profit for code, _, profit in decided.values() if code != "none"]
    totals: Json = {"customers": len(made), "expected_profit": round(sum(made), 2)}
    return totals | ({"spend": round(sum(row["spend"] for row in plan["rows"]), 2)} if "rows" in plan else {})
