"""`mainstay effects`: what each offer did against the holdout, and whether single customers can be told apart."""

from math import isfinite
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import JsonOption, StoreOption, services
from bot.cli.output import progress_line, say, write_json, write_line, write_table

if TYPE_CHECKING:
    from analytics.decisions.uplift.programme import OfferEffect, ProgrammeEffects


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("effects")(effects)


def effects(
    store: StoreOption = None,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="Days after a decision that count.")] = 90,
    json: JsonOption = False,
) -> None:
    """Show how many more customers each offer keeps than the holdout, with 95 % intervals, or why that is not known."""
    from analytics.jobs.effects import Keeping, estimate_effects

    with services(store) as built, progress_line("effects") as show:
        keeping = Keeping(built.models, built.catalogue)
        found = estimate_effects(
            built.store, built.policy, built.now(), horizon_days=days, keeping=keeping, progress=show
        )
    if json:
        write_json({**found.as_json(), "horizon_days": days})
    else:
        _show(found, days)


def _show(found: "ProgrammeEffects", days: int) -> None:
    write_line(f"{found.followed:,} customers followed for {days} days.")
    write_line("")
    headers = ["offer", "followed", "held out", "effect", "95 % interval", "slope", "95 % interval", "weighed by"]
    write_table(headers, [_row(offer) for offer in found.offers], right=[1, 2, 3, 5])
    for offer in found.offers:
        if offer.thin is not None:
            write_line(f"{offer.offer_code}: data are too thin: {offer.thin}.")
    say("Effects are percentage points of customers kept. Slope: how far predicted differences between customers come")
    say("true, 1 being in full; an offer is weighed per customer where the whole interval lies above 0.")


def _row(offer: "OfferEffect") -> tuple[str, ...]:
    effect, slope = offer.effect, None if offer.calibration is None else offer.calibration.slope
    return (
        offer.offer_code,
        f"{offer.offered:,}",
        f"{offer.held_out:,}",
        "-" if effect is None else _points(effect.estimate),
        "" if effect is None else f"{_points(effect.low)} to {_points(effect.high)}",
        "-" if slope is None or not isfinite(slope.low) else f"{slope.estimate:.2f}",
        "" if slope is None or not isfinite(slope.low) else f"{slope.low:.2f} to {slope.high:.2f}",
        offer.weighed_by,
    )


def _points(share: float) -> str:
    return f"{share * 100:+.1f}"
