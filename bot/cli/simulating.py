"""`mainstay simulate`: policies played against the company whose true effects are known, and the proofs."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.charts import line_chart, month_axis
from bot.cli.options import JsonOption, SeedOption
from bot.cli.output import ExitCode, progress_line, say, write_json, write_line, write_table

if TYPE_CHECKING:
    from analytics.evaluation.intervals import Interval
    from analytics.simulation.policies.run import SimulationReport

PROOF_SEEDS = 20


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("simulate")(simulate)


def simulate(
    seeds: Annotated[
        int | None,
        typer.Option("--seeds", help=f"How many companies to play; 1, or {PROOF_SEEDS} with --proofs.", min=1),
    ] = None,
    seed: SeedOption = 7,
    months: Annotated[int, typer.Option("--months", help="Months to play after the trial.")] = 24,
    customers: Annotated[int, typer.Option("--customers", help="People in the company's world.")] = 5_000,
    budget: Annotated[
        float | None,
        typer.Option(
            "--budget", help="Euros a month for offers and contacts; a fifth of a euro per customer if not set."
        ),
    ] = None,
    proofs: Annotated[
        bool, typer.Option("--proofs", help="Check estimators and policies against the truth; fails where one does.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", help="Processes that play seeds side by side; as many as cores if not set.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Play retention policies month by month on a company whose true effects are known."""
    from analytics.processes import usable_cores
    from analytics.simulation.policies.contest import Terms
    from analytics.simulation.policies.run import simulate_policies

    terms = Terms(customers, months, budget)
    count = seeds or (PROOF_SEEDS if proofs else 1)
    with progress_line("simulate") as show:
        report = simulate_policies(
            terms, seed=seed, seeds=count, proofs=proofs, jobs=usable_cores() if jobs is None else jobs, progress=show
        )
    if json:
        write_json(report.as_json())
    else:
        _show(report)
    if not report.proven:
        raise typer.Exit(ExitCode.FAILED)


def _show(report: "SimulationReport") -> None:
    first, last = report.seeds[0], report.seeds[-1]
    terms = report.terms
    write_line(
        f"{terms.customers:,} customers, {terms.months} months, {terms.monthly_budget:,.0f} EUR a month, "
        + (f"seed {first}" if first == last else f"means of {len(report.seeds)} seeds ({first} to {last})")
    )
    write_line()
    many = len(report.seeds) > 1
    rows = []
    for policy in report.policies:
        found = policy.figures
        rows.append(
            [
                policy.name.replace("_", " "),
                f"{found['profit'].estimate:,.0f}",
                *([_span(found["profit"])] if many else []),
                *(
                    f"{found[name].estimate:,.0f}"
                    for name in ("realised_profit", "saves", "cost", "contacts", "regret")
                ),
            ]
        )
    headers = [
        "policy",
        "profit",
        *(["95 % interval"] if many else []),
        "with luck",
        "saves",
        "cost",
        "contacts",
        "regret",
    ]
    write_table(headers, rows, right=range(1, len(headers)))
    write_line()
    write_line("Profit so far over doing nothing, in EUR:")
    curves = {policy.name: policy.as_json()["cumulative_profit"] for policy in report.policies}
    for line in line_chart(curves):
        write_line(line)
    write_line(month_axis(terms.months))
    write_line("  " + "  ".join(f"{name[0]} {name.replace('_', ' ')}" for name in curves))
    _show_proofs(report)
    say(
        "Profit and regret are expectations by the known truth; `with luck` is the money of the games as they fell out."
    )


def _show_proofs(report: "SimulationReport") -> None:
    for proof in report.proofs:
        write_line()
        write_line(f"{'holds' if proof.holds else 'FAILS'}: {proof.claim}")
        write_line(f"       {proof.words}")


def _span(found: "Interval") -> str:
    return f"{found.low:,.0f} to {found.high:,.0f}"
