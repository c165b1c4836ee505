"""`mainstay policy compare`: what another policy would have earned, from decisions and outcomes on record."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import JsonOption, StoreOption, services
from bot.cli.output import progress_line, say, write_json, write_line, write_table

if TYPE_CHECKING:
    from analytics.jobs.comparing import Contest

POLICY_HELP = "decided (what was decided), propensity, effects or bandit."
HOW_TO_SWITCH = {
    "propensity": "To switch, set `weigh_by: propensity` in policy.yaml.",
    "effects": "To switch, leave `weigh_by` out of policy.yaml: measured effects are then used wherever there are any.",
    "bandit": "To switch, set `explore_share: 1` in policy.yaml: all offers are then drawn.",
    "decided": "To switch, decide as was decided then.",
}
METHOD_NAMES = {"ips": "IPS", "snips": "SNIPS", "dr": "DR"}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(help="Would another way to choose offers have done better?", no_args_is_help=True)
    group.command("compare")(compare)
    app.add_typer(group, name="policy")


def compare(
    store: StoreOption = None,
    champion: Annotated[str, typer.Option("--champion", help=POLICY_HELP)] = "decided",
    challenger: Annotated[str, typer.Option("--challenger", help=POLICY_HELP)] = "effects",
    reward: Annotated[str, typer.Option("--reward", help="money, or saves: who stays.")] = "money",
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="Days after a decision that count.")] = 90,
    json: JsonOption = False,
) -> None:
    """Estimate two policies from decisions and outcomes on record, and say whether to switch; switches nothing."""
    from analytics.jobs.comparing import compare_policies

    named: Any = {"champion": champion, "challenger": challenger, "reward": reward}
    with services(store) as built, progress_line("compare") as show:
        found = compare_policies(built.store, built.policy, built.now(), horizon_days=days, progress=show, **named)
    if json:
        write_json({**found.as_json(), "horizon_days": days})
    else:
        _show(found, days)


def _show(found: "Contest", days: int) -> None:
    write_line(
        f"{found.followed:,} customers followed for {days} days; {found.champion} and {found.challenger} choose "
        f"differently for {found.differing:,} of them."
    )
    for name, share in zip((found.champion, found.challenger), found.replaced, strict=True):
        if share > 0:
            write_line(f"{share:.1%} of what {name} chooses was never given to anybody; what was decided stands in.")
    if found.estimates:
        write_line("")
        rows = [
            (
                METHOD_NAMES[method],
                found.shown(one.champion.value),
                found.shown(one.challenger.value),
                found.shown(one.difference.estimate, signed=True),
                f"{found.shown(one.difference.low, signed=True)} to {found.shown(one.difference.high, signed=True)}",
            )
            for method, one in found.estimates.items()
        ]
        headers = ["per customer", found.champion, found.challenger, "difference", "95 % interval"]
        write_table(headers, rows, right=[1, 2, 3])
        sizes = " and ".join(f"{size:,.0f}" for size in found.effective_sample_size)
        write_line(f"Effective sample size where they differ: {sizes}.")
    write_line("")
    write_line(found.sentence)
    say(HOW_TO_SWITCH[found.challenger] if found.verdict == "switch" else "Nothing was switched.")
