"""Forgetting a customer outside the rows about them: remembered screens, jobs and their files, saved audiences."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.background.folder import END, LOCK, LOG, OUTPUT, JobFolder, JobStanding, held
from bot.erasing import REMEMBERED, erase
from bot.tui import habits
from bot.tui.habits import Habits
from db.masking import Mask
from db.models import Job
from db.queries.audience import parse_audience
from db.queries.customers import customer_detail
from db.repositories.audiences import AudienceRepository
from db.repositories.jobs import JobRepository
from tests.bot.conftest import Talks
from tests.conftest import NOW, Command

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def job_about(talks: Talks, customer_id: str) -> JobFolder:
    """The folder of a job that was begun for one customer, told of them, and ended."""
    where = f'customer_id = "{customer_id}"'
    steps = [["draft", "--where", where], ["explain", customer_id]]
    folder = JobFolder.create(talks.services.settings.home / "jobs", "draft", f"draft {where}", steps, "s.db", AT)
    (folder.path / LOG).write_bytes(f"customer {customer_id}: no offer\n20 drafts \xe9\n".encode("latin-1"))
    (folder.path / OUTPUT).write_text(json.dumps({"customer": {"customer_id": customer_id}}), encoding="utf-8")
    folder.write(END, {"code": 3, "at": 1.0})
    return folder


def holding(home: Path, *words: str) -> list[str]:
    """The files outside the store that hold one of these words."""
    files = [path for path in home.rglob("*") if path.is_file() and ".db" not in path.name]
    return sorted(path.name for path in files if any(word.encode() in path.read_bytes() for word in words))


def test_nothing_in_the_home_folder_names_who_was_erased(talks: Talks, mainstay: Command) -> None:
    home, customer_id = talks.services.settings.home, talks.customer
    with talks.store.read() as session:
        found = customer_detail(session, customer_id)
    assert found.email
    Habits(customer_id=customer_id, screens={"customers": {"search": found.email, "sort": "name"}}).write(home)
    folder = job_about(talks, customer_id)
    words = (customer_id, found.email)
    assert len(holding(home, *words)) == 4
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("MAINSTAY_HOME", str(home))
        at_store = ("--store", talks.services.settings.store_location)
        receipt = mainstay("customers", "erase", customer_id, "--yes", "--json", *at_store).json
    assert holding(home, *words) == []
    assert sorted(Path(path).name for path in receipt["files_masked"]) == [
        "log.txt", "output.txt", "request.json", REMEMBERED,
    ]  # fmt: skip
    assert receipt["files_left"] == []
    remembered = Habits.read(home)
    assert (remembered.customer_id, remembered.screens["customers"]["sort"]) == (None, "name")
    job = folder.look()
    assert job.standing is JobStanding.FAILED
    assert job.request.steps[1] == ("explain", receipt["pseudonym"])
    assert (folder.path / LOG).read_bytes().endswith(b"no offer\n20 drafts \xe9\n")


def test_a_job_that_runs_is_left_and_named(talks: Talks) -> None:
    folder = job_about(talks, talks.customer)
    (folder.path / END).unlink()
    with held(folder.path / LOCK):
        receipt = erase(talks.services, talks.customer)
    assert {path.name for path in receipt.left} == {"log.txt", "output.txt", "request.json"}
    assert receipt.masked == ()
    assert talks.customer in (folder.path / LOG).read_text("latin-1")


def test_audiences_and_jobs_in_the_store_go_on_without_who_was_erased(talks: Talks) -> None:
    named, other = f'customer_id in ("{talks.customer}", "X-1")', "tenure_months >= 7"
    with talks.store.write() as session:
        AudienceRepository(session).save(f"only {talks.customer}", named)
        AudienceRepository(session).save("loyal", other)
        jobs = JobRepository(session)
        key = jobs.begin("draft", {"where": named, "customers": [talks.customer, "X-1"]}, NOW).id
        untouched = jobs.begin("draft", {"where": other}, NOW).id
        before = session.scalars(select(Job.idempotency_key).where(Job.id == untouched)).one()
        old_key = session.scalars(select(Job.idempotency_key).where(Job.id == key)).one()
    done = erase(talks.services, talks.customer).erasure
    assert (done.audiences, done.jobs) == (1, 1)
    with talks.store.read() as session:
        kept = AudienceRepository(session).all()
        changed, same = session.get(Job, key), session.get(Job, untouched)
        assert changed is not None
        assert same is not None
        assert changed.parameters["customers"] == [done.pseudonym, "X-1"]
        assert talks.customer not in json.dumps(changed.parameters)
        assert changed.idempotency_key != old_key
        assert same.idempotency_key == before
    assert kept == {"loyal": other, f"only {done.pseudonym}": f'customer_id in ("{done.pseudonym}", "X-1")'}
    parse_audience(kept[f"only {done.pseudonym}"])


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("customer_id = 7 and tenure_months >= 7", "customer_id = gone and tenure_months >= 7"),
        ("customer_id in (5, '7', 17)", "customer_id in (5, 'gone', 17)"),
        ('"customer_id": "7"', '"customer_id": "gone"'),
        ("Customer 7: no offer", "Customer gone: no offer"),
        ("7 drafts for customer 17", "7 drafts for customer 17"),
        ("7", "gone"),
        ("written to Ann.Lee@x.example, twice", "written to gone, twice"),
        ("to joann.lee@x.example", "to joann.lee@x.example"),
    ],
)
def test_a_number_is_a_customer_only_where_the_text_says_so(text: str, masked: str) -> None:
    assert Mask(["7", "ann.lee@x.example", None, " "], "gone").text(text) == masked


def test_the_file_of_the_screens_is_the_one_that_is_masked() -> None:
    assert habits.FILE == REMEMBERED
