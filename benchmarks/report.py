"""What every benchmark shares: its arguments, a plain table, and the same figures as JSON."""

import argparse
import json
import math
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]


def parse_arguments(description: str, argv: Sequence[str] | None = None) -> argparse.Namespace:
    """`--quick` (bool), `--json FILE` (Path or None) and `--data FOLDER` (Path), as every benchmark takes them."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="fewer repeats and rows: minutes become seconds")
    parser.add_argument("--json", type=Path, default=None, metavar="FILE", help="write the same figures to FILE")
    parser.add_argument("--data", type=Path, default=data_folder(), metavar="FOLDER", help="where the data sets lie")
    return parser.parse_args(argv)


def data_folder() -> Path:
    """The folder of public data sets: MAINSTAY_DATA, else shared/data beside the repository."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    return Path(os.environ.get("MAINSTAY_DATA", default))


def require_data(path: Path) -> Path:
    """The path, or an exit with a sentence when the data set is absent."""
    if not path.exists():
        sys.exit(f"no data at {path}; set MAINSTAY_DATA or --data to the folder of the public data sets")
    return path


def say(text: str = "") -> None:
    """Print one line at once, so that long runs show progress."""
    print(text, flush=True)


def cell(value: Any) -> str:
    """A figure as text: four decimals below ten, fewer above; an interval as 'estimate [low, high]'."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    if hasattr(value, "estimate"):
        return f"{value.estimate:+.4f} [{value.low:+.4f}, {value.high:+.4f}]"
    if isinstance(value, bool) or not isinstance(value, float):
        return str(value)
    return f"{value:.4f}" if abs(value) < 10 else f"{value:,.1f}"


def show_table(title: str, rows: Sequence[Row]) -> None:
    """Print rows of equal keys as an aligned table, numbers to the right."""
    say(f"\n{title}")
    if not rows:
        say("  (nothing)")
        return
    names = list(rows[0])
    texts = [[cell(row.get(name)) for name in names] for row in rows]
    widths = [max(len(name), *(len(line[k]) for line in texts)) for k, name in enumerate(names)]
    say(
        "  ".join(
            name.ljust(width) if k == 0 else name.rjust(width)
            for k, (name, width) in enumerate(zip(names, widths, strict=True))
        )
    )
    say("  ".join("-" * width for width in widths))
    for line in texts:
        say("  ".join(t.ljust(w) if k == 0 else t.rjust(w) for k, (t, w) in enumerate(zip(line, widths, strict=True))))


def write_json(path: Path | None, name: str, results: Mapping[str, Any]) -> None:
    """Write results under the benchmark's name, with the machine they were measured on; nothing without a path."""
    if path is None:
        return
    machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
    path.write_text(json.dumps({"benchmark": name, "machine": machine, **plain(results)}, indent=1) + "\n")


def plain(value: Any) -> Any:
    """Dataclasses, NumPy figures and mappings as JSON knows them; NaN becomes null."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if hasattr(value, "item"):
        return plain(value.item())
    return None if isinstance(value, float) and not math.isfinite(value) else value
