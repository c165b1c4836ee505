"""`mainstay decide` and `explain`: what to offer whom under which budget, and why this and not that."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import DryRunOption, JsonOption, StoreOption, moods_read_by, reading_model_of, services
from bot.cli.output import progress_line, say, write_json, write_line, write_table
from db.errors import InputError

if TYPE_CHECKING:
    from analytics.decisions.offers import Catalogue
    from analytics.decisions.policy import DecisionPolicy
    from analytics.jobs.deciding import DecidingReport
    from analytics.jobs.plan_difference import PlanDifference
    from bot.wiring import Services

SHOWN = 20
METHOD_WORDS = {
    "uplift": "effects estimated per customer",
    "average_effect": "the measured average effect of the offer",
    "propensity": "propensity x context x value x lever, for want of data",
}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("decide")(decide)
    app.command("explain")(explain)


def decide(
    store: StoreOption = None,
    budget: Annotated[
        float | None, typer.Option("--budget", min=0, help="The most that offers and contacts may cost in expectation.")
    ] = None,
    limit: Annotated[
        list[str] | None, typer.Option("--limit", metavar="OFFER=N", help="Make this offer at most N times.")
    ] = None,
    lever: Annotated[
        list[str] | None,
        typer.Option("--lever", metavar="OFFER=X", help="What if this offer weighed X times as much? (--dry-run)"),
    ] = None,
    explore: Annotated[
        float | None,
        typer.Option("--explore", metavar="SHARE", help="Draw the offer, to learn from, for so many at most: 0 to 1."),
    ] = None,
    dry_run: DryRunOption = False,
    diff: Annotated[bool, typer.Option("--diff", help="Compare with the stored plan; implies --dry-run.")] = False,
    json: JsonOption = False,
) -> None:
    """Decide for every scored customer what to offer, or nothing, under one contact policy and within a budget."""
    from analytics.jobs.deciding import decide_run, the_run
    from analytics.jobs.plan_difference import compare

    if lever and not (dry_run or diff):
        raise InputError("--lever only asks what would be.", hint="Add --dry-run, or set the lever in offers.yaml.")
    with services(store) as built, progress_line("decide") as show:
        catalogue = _with_levers(built.catalogue, lever or [])
        policy = _with_limits(built, budget, limit or [], explore)
        model, models = reading_model_of(built), built.models
        run = the_run(built.store, catalogue, policy, built.now(), reading_model=model, models=models, progress=show)
        if diff:
            found = compare(run)
        else:
            report = decide_run(run, dry_run=dry_run, progress=show)
        read_by = moods_read_by(built)
    if read_by:
        say(read_by)
    if diff:
        _show_difference(found, json=json)
    elif json:
        write_json({**report.as_json(), "dry_run": dry_run})
    else:
        _show_plan(report)
        say("Nothing was kept (--dry-run)." if dry_run else "Next: `mainstay draft --top 20`.")


def explain(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="The id your company uses.")],
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Tell everything about one customer: forecast, reasons, value, and why this offer and not another."""
    from bot.dossier import dossier

    with services(store) as built:
        found = dossier(built.store, built.models, customer, built.now(), reading_model=reading_model_of(built))
    if json:
        write_json(found.as_json())
    else:
        for line in found.lines():
            write_line(line)


def _with_limits(built: "Services", budget: float | None, limits: list[str], explore: float | None) -> "DecisionPolicy":
    """The policy with the limits and the exploration of this call on top of its own."""
    policy = built.policy
    volumes = dict(policy.volumes)
    for text in limits:
        code, number = _pair(text, "--limit")
        if number != int(number):
            raise InputError(f"--limit {text}: an offer is made a whole number of times.")
        volumes[built.catalogue.offer(code).code] = int(number)
    share = policy.explore_share if explore is None else explore
    if not 0 <= share <= 1:
        raise InputError(
            f"--explore {share:g} is no share.", hint="Such as --explore 0.1, for a tenth of the customers."
        )
    budget = policy.budget if budget is None else budget
    return policy.model_copy(update={"budget": budget, "volumes": volumes, "explore_share": share})


def _with_levers(catalogue: "Catalogue", levers: list[str]) -> "Catalogue":
    """The catalogue with other levers, for asking what would be."""
    wanted = dict(_pair(text, "--lever") for text in levers)
    for code in wanted:
        catalogue.offer(code)
    offers = tuple(
        offer.model_copy(update={"lever": wanted[offer.code]}) if offer.code in wanted else offer
        for offer in catalogue.offers
    )
    return catalogue.model_copy(update={"offers": offers})


def _pair(text: str, flag: str) -> tuple[str, float]:
    code, sign, number = text.partition("=")
    try:
        value = float(number)
    except ValueError:
        value = -1.0
    if not sign or not code or not 0 <= value < float("inf"):
        raise InputError(f"{flag} {text} cannot be read.", hint=f"Write OFFER=NUMBER, such as {flag} save-10=50.")
    return code, value


def _show_plan(report: "DecidingReport") -> None:
    rows = {row["offer"]: row for row in report.plan.get("rows", [])}
    table = [
        (
            code,
            f"{count:,}",
            *(_money(rows[code][name]) if code in rows else "" for name in ("spend", "expected_profit")),
        )
        for code, count in report.offers.items()
    ]
    write_table(["offer", "customers", "expected cost", "expected profit"], table, right=[1, 2, 3])
    if report.blocked:
        write_line("")
        blocked = [(rule.replace("_", " "), f"{count:,}") for rule, count in report.blocked.items()]
        write_table(["no offer because of", "customers"], blocked, right=[1])
    for line in _limit_lines(report.plan.get("limits"), report.plan.get("exploration")):
        write_line(line)
    for line in _exploration_lines(report.plan.get("exploration")):
        write_line(line)
    if "experiment" in report.plan:
        write_line("")
        write_line(report.plan["experiment"]["sentence"])
    if report.plan.get("methods"):
        say(_weighed(report.plan["methods"]))


def _weighed(methods: dict[str, int]) -> str:
    """What offers were weighed by, the surest first."""
    if not set(methods) - {"propensity"}:
        return "Offers were weighed by propensity x context x value x lever: no effect has been measured yet."
    told = [f"{words}: {methods[name]:,} customers" for name, words in METHOD_WORDS.items() if methods.get(name)]
    return f"Weighed by {'; by '.join(told)}. `mainstay effects` shows the effects."


def _exploration_lines(explored: dict[str, Any] | None) -> list[str]:
    """For whom offers were drawn, and what that costs."""
    if not explored:
        return []
    if not explored["drawn_for"]:
        few = "too few customers, or too small a budget, for the share"
        return ["", f"Nothing was drawn: {few} of {explored['share']:.0%}."]
    drawn = ", ".join(f"{code} {count:,}" for code, count in explored["drawn"].items())
    tones = ", ".join(f"{tone} {count:,}" for tone, count in explored["tones"].items())
    return [
        "",
        f"Drawn, to learn from, for {explored['drawn_for']:,} of {explored['eligible']:,} customers with an offer: "
        f"{drawn}.",
        *([f"The tones of their letters were drawn as well: {tones}."] if tones else []),
        f"That gives up {_money(explored['expected_profit_given_up'])} of expected profit, by what is believed today.",
    ]


def _limit_lines(limits: dict[str, Any] | None, explored: dict[str, Any] | None) -> list[str]:
    """What the limits let through, what they cost, and what a little more of each would bring."""
    if not limits:
        return []
    lines = [""]
    if limits["budget"] is not None:
        beside = f" beside {_money(explored['spent'])} for drawn offers" if explored and explored["spent"] else ""
        lines.append(
            f"Budget {_money(limits['budget'])}{beside}: {_money(limits['spent'])} planned, for an expected profit of "
            f"{_money(limits['expected_profit'])}."
        )
        price = limits["last_unit_of_budget_buys"]
        lines.append(
            f"The last unit of budget buys {price:,.2f} of expected profit."
            if price
            else "The budget does not bind: more of it would buy nothing."
        )
    for code, price in limits["last_place_buys"].items():
        lines.append(f"One more {code} would bring {price:,.2f}.")
    lines.append(
        f"Without limits: {_money(limits['unlimited_spend'])} for an expected profit of "
        f"{_money(limits['unlimited_profit'])}."
    )
    return lines


def _show_difference(found: "PlanDifference", *, json: bool) -> None:
    if json:
        write_json({**found.as_json(), "dry_run": True})
        return
    for path, before, after in found.levers:
        write_line(f"{path}: {before} -> {after}")
    if not found.levers:
        write_line("No lever differs from the stored plan.")
    if found.other_inputs:
        say(f"Other inputs have changed as well: {', '.join(name.replace('_', ' ') for name in found.other_inputs)}.")
    write_line("")
    moves = [(before, after, f"{count:,}") for (before, after), count in found.moves.items()]
    write_table(["stored", "now", "customers"], [*moves, ("the same", "", f"{found.unchanged:,}")], right=[2])
    write_line("")
    names = ("customers", "spend", "expected_profit")
    totals = [
        (name.replace("_", " "), *(_figure(side.get(name)) for side in (found.before, found.after))) for name in names
    ]
    write_table(["with an offer", "stored", "now"], totals, right=[1, 2])
    for key, before, after in found.customers[:SHOWN]:
        write_line(f"{key}: {before} -> {after}")
    if len(found.customers) > SHOWN:
        say(f"{len(found.customers) - SHOWN:,} more customers move; --json lists them all.")
    say("Nothing was kept (--diff).")


def _figure(value: Any) -> str:
    return "-" if value is None else f"{value:,}" if isinstance(value, int) else _money(value)


def _money(amount: float) -> str:
    return f"{amount:,.2f}"
