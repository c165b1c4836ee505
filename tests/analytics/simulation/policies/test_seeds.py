"""Seeds played in processes: the same report for any number of them, and an end when somebody wants one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from analytics.simulation.policies.contest import Terms
from analytics.simulation.policies.run import simulate_policies
from analytics.simulation.policies.seeds import play_seeds
from db.errors import InputError, MainstayError
from db.vocabulary import Progress

SMALL = Terms(customers=300, months=6, budget=60.0)
ROOT = Path(__file__).parents[4]


def test_the_report_does_not_depend_on_the_number_of_processes() -> None:
    shown: list[Progress] = []
    alone = simulate_policies(SMALL, seed=3, seeds=3, proofs=True, jobs=1)
    together = simulate_policies(SMALL, seed=3, seeds=3, proofs=True, jobs=2, progress=shown.append)
    assert together.as_json() == alone.as_json()
    assert together.seeds == (3, 4, 5)
    assert [(one.done, one.total) for one in shown] == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_fewer_than_one_process_is_refused() -> None:
    with pytest.raises(InputError, match="0 processes cannot play"):
        simulate_policies(SMALL, jobs=0)


ENDLESS = """
import signal
import sys
from analytics.simulation.policies.contest import Terms
from analytics.simulation.policies.seeds import play_seeds
from multiprocessing import active_children

def told(progress):
    print(*(child.pid for child in active_children()), flush=True)

if __name__ == "__main__":
    # Whoever runs the tests in the background has them ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    play_seeds(range(500), Terms(customers=300, months=3), proofs=False, jobs=2, progress=told)
"""


def playing(folder: Path) -> tuple[subprocess.Popen[str], list[int]]:
    """A process that plays for long, as soon as a seed has been played, and its children."""
    script = folder / "play.py"
    script.write_text(ENDLESS, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process, [int(number) for number in process.stdout.readline().split()]


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="process groups of POSIX")
def test_ctrl_c_ends_the_processes_and_they_stay_silent(tmp_path: Path) -> None:
    process, children = playing(tmp_path)
    assert len(children) == 2
    os.killpg(process.pid, signal.SIGINT)  # what a terminal does
    _, complaints = process.communicate(timeout=60)
    assert complaints.count("KeyboardInterrupt") == 1, complaints
    assert "Process" not in complaints
    assert not any(map(is_there, children))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="process groups of POSIX")
def test_processes_do_not_outlive_who_started_them(tmp_path: Path) -> None:
    process, children = playing(tmp_path)
    process.kill()
    process.communicate(timeout=60)  # their ends of the pipes close when the last child ends
    assert not any(map(is_there, children))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_process_that_was_killed_is_said() -> None:
    from multiprocessing import active_children

    def kill(progress: Progress) -> None:
        if progress.done == 1:
            active_children()[0].kill()

    with pytest.raises(MainstayError, match="a process ended before its seed was played"):
        play_seeds(range(200), Terms(customers=300, months=3), proofs=False, jobs=2, progress=kill)
