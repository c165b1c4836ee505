"""Customers come in once, change when their facts change, and never come back once erased."""

import csv
import hashlib
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from db.errors import MappingError, TooManyRejectsError
from db.importers.customers import import_customers
from db.importers.mapping import CustomersMapping
from db.importers.results import ImportOptions, ImportResult
from db.importers.rows import BadRow, Row
from db.importers.run import import_table
from db.importers.tables import open_table
from db.models import Consent, Customer, ImportBatch, MappingFile, Suppression
from db.repositories.settings import SettingsRepository
from db.session import Store
from db.vocabulary import (
    Channel,
    ChurnDefinitionKind,
    ConsentStatus,
    CustomerStatus,
    Progress,
    ReconciledCounts,
    SuppressionReason,
)
from tests.db.importers.conftest import NOW, MakeFile
from tests.db.importers.samples import customers, from_yaml

TABLE = "id,note,amount\na,x,1\nb,y,2\nc,z,3\n"

FULL = from_yaml(
    """
columns:
  key: {role: customer_id}
  name: {role: full_name}
  mail: {role: email}
  joined: {role: signup_date, date_format: day-first}
  left: {role: cancel_date}
  why: {role: cancel_reason}
  price: {role: monthly_revenue}
  every: {role: billing_period}
  plan: {role: plan}
  ok: {role: consent}
  secret: {role: ignore}
currency: EUR
defaults: {language: de}
churn: {definition: cancel_date, churn_horizon_days: 60}
company: {company: Beispiel GmbH, support_email: hilfe@beispiel.example}
life_event_reasons: [Deceased]
"""
)
FULL_HEAD = "key,name,mail,joined,left,why,price,every,plan,ok,secret\n"


def _import(store: Store, path: Path, options: ImportOptions, mapping: CustomersMapping | None = None) -> ImportResult:
    return import_customers(store, open_table(path), mapping or customers(), options)


def _customer(store: Store, external_id: str) -> Customer:
    with store.read() as session:
        found = session.scalars(select(Customer).where(Customer.external_id == external_id)).one()
        session.expunge(found)
        return found


def _count(store: Store, model: type[Customer | Consent | Suppression | ImportBatch | MappingFile]) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_importing_again_changes_nothing(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    path = make_file(TABLE)
    assert _import(store, path, options).counts == ReconciledCounts(3, 3, 0, 0, 0)
    before = _customer(store, "a").updated_at
    later = replace(options, now=datetime(2027, 1, 1, tzinfo=UTC))
    assert _import(store, path, later).counts == ReconciledCounts(3, 0, 0, 3, 0)
    assert _customer(store, "a").updated_at == before


def test_exactly_the_changed_rows_are_updated(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    _import(store, make_file(TABLE), options)
    changed = make_file("id,note,amount\nd,w,4\nc,z,3\nb,changed,2\na,x,\n")
    assert _import(store, changed, options).counts == ReconciledCounts(4, 1, 2, 1, 0)
    assert _customer(store, "b").attributes == {"note": "changed", "amount": 2}
    assert _customer(store, "a").attributes == {"note": "x", "amount": None}


def test_a_second_table_adds_to_what_the_first_said(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    first, second = make_file(TABLE), make_file("id,city\na,Ulm\nb,Bonn\n", "second.csv")
    cities = from_yaml("columns:\n  id: {role: customer_id}\n  city: {role: feature}\n")
    _import(store, first, options)
    assert _import(store, second, options, cities).counts == ReconciledCounts(2, 0, 2, 0, 0)
    assert _customer(store, "a").attributes == {"note": "x", "amount": 1, "city": "Ulm"}
    assert _import(store, first, options).counts == ReconciledCounts(3, 0, 0, 3, 0)
    assert _import(store, second, options, cities).counts == ReconciledCounts(2, 0, 0, 2, 0)


def test_a_column_that_is_now_ignored_leaves_the_store(
    store: Store, options: ImportOptions, make_file: MakeFile
) -> None:
    path = make_file(TABLE)
    _import(store, path, options)
    less = from_yaml("columns:\n  id: {role: customer_id}\n  note: {role: ignore}\n")
    assert _import(store, path, options, less).counts.updated == 3
    assert _customer(store, "a").attributes == {"amount": 1}


def test_the_columns_become_facts(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    path = make_file(
        FULL_HEAD
        + "k1,Eva Klein,eva@x.example,03.02.2024,,,19.99,monthly,Basic,yes,s\n"
        + 'k2,"Groß, Ina",,01.12.2023,2026-10-01,Too dear,240,annual,Plus,no,s\n'
        + "k3,Dr. Max von Berg,,15.05.2025,2027-01-31,,,,,,s\n"
    )
    assert _import(store, path, options, FULL).counts.new == 3
    eva, ina, max_ = (_customer(store, key) for key in ("k1", "k2", "k3"))
    assert (eva.first_name, eva.last_name, eva.email, eva.language) == ("Eva", "Klein", "eva@x.example", "de")
    assert (eva.signed_up_on, eva.monthly_revenue, eva.billing_period) == (date(2024, 2, 3), 19.99, "month")
    assert (eva.currency, eva.plan, eva.status) == ("EUR", "Basic", CustomerStatus.ACTIVE)
    assert (ina.first_name, ina.last_name, ina.billing_period) == ("Ina", "Groß", "year")
    assert (ina.status, ina.churned_on) == (CustomerStatus.CHURNED, date(2026, 10, 1))
    assert ina.cancellation_reason == "Too dear"
    # Three words leave doubt about which is the first name, and a cancellation in the future has not happened.
    assert (max_.first_name, max_.last_name, max_.attributes["name"]) == (None, None, "Dr. Max von Berg")
    assert (max_.status, max_.churned_on) == (CustomerStatus.ACTIVE, date(2027, 1, 31))
    assert "secret" not in eva.attributes


def test_churn_and_company_of_the_mapping_become_settings(
    store: Store, options: ImportOptions, make_file: MakeFile
) -> None:
    _import(store, make_file(FULL_HEAD + "k1,,,,,,,,,,\n"), options, FULL)
    with store.read() as session:
        churn, company = SettingsRepository(session).churn_definition(), SettingsRepository(session).company()
    assert churn is not None
    assert (churn.kind, churn.churn_horizon_days) == (ChurnDefinitionKind.CANCEL_DATE, 60)
    assert company is not None
    assert (company.company, company.currency) == ("Beispiel GmbH", "EUR")


def test_consent_is_recorded_once_and_never_outranks_the_customer(
    store: Store, options: ImportOptions, make_file: MakeFile
) -> None:
    path = make_file(FULL_HEAD + "k1,,,,,,,,A,yes,\nk2,,,,,,,,A,no,\nk3,,,,,,,,A,,\n")
    _import(store, path, options, FULL)
    with store.write() as session:
        assert sorted(session.scalars(select(Consent.status))) == [ConsentStatus.DENIED, ConsentStatus.GRANTED]
        told = {"customer_id": 1, "channel": Channel.EMAIL, "status": ConsentStatus.DENIED}
        session.execute(insert(Consent).values(**told, source="chat", recorded_at=NOW))
    _import(store, make_file(FULL_HEAD + "k1,,,,,,,,B,yes,\nk2,,,,,,,,B,no,\n"), options, FULL)
    assert _count(store, Consent) == 3


def test_nobody_writes_to_the_dead(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    path = make_file(FULL_HEAD + "k1,,,,2026-01-01,Deceased,,,,,\nk2,,,,2026-01-01,Too dear,,,,,\n")
    _import(store, path, options, FULL)
    _import(store, path, options, FULL)
    with store.read() as session:
        found = session.execute(select(Suppression.customer_id, Suppression.reason)).all()
    assert found == [(1, SuppressionReason.LIFE_EVENT)]


def test_too_many_refused_rows_change_nothing(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    path = make_file("id,note,amount\na,x,1\nb,y,oops\n")
    with pytest.raises(TooManyRejectsError, match=r"1 of 2 rows are refused \(bad-number 1\).*line 3"):
        _import(store, path, options, customers(max_reject_share=0.4))
    assert _count(store, Customer) == _count(store, ImportBatch) == _count(store, MappingFile) == 0
    assert (options.out_dir / "table.csv.rejects.csv").exists()


def test_refused_rows_lie_in_a_private_file(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    result = _import(store, make_file('id,note,amount\na,x,1\n=cmd(),"y, z",oops\n'), options)
    path = result.rejects_path
    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["line"], row["column"], row["code"]) for row in rows] == [("3", "amount", "bad-number")]
    assert rows[0]["raw"] == '\'=cmd(),"y, z",oops'
    assert "'oops'" in rows[0]["message"]


def test_a_dry_run_counts_exactly_and_writes_nothing(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    _import(store, make_file(TABLE), options)
    path = make_file("id,note,amount\na,x,1\na,x,1\nb,other,2\nd,w,4\nd,v,4\ne,,oops\n", "next.csv")
    dry = _import(store, path, replace(options, dry_run=True))
    assert dry.counts == ReconciledCounts(6, 1, 1, 2, 2)
    assert (dry.batch_id, dry.rejects_path) == (None, None)
    assert [bad.code for bad in dry.first_rejects] == ["duplicate-key", "bad-number"]
    assert _count(store, Customer) == 3
    assert not (options.out_dir / "next.csv.rejects.csv").exists()
    assert _import(store, path, options).counts == dry.counts


def test_doubles_are_found_across_chunks(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    rows = "".join(f"c{number % 40},x,{number // 80}\n" for number in range(120))
    result = _import(store, make_file("id,note,amount\n" + rows), replace(options, chunk_rows=7))
    assert result.counts == ReconciledCounts(120, 40, 0, 40, 40)
    assert result.reject_codes == {"duplicate-key": 40}
    assert "stands in line 2 already" in result.first_rejects[0].message


def test_rows_without_ids_are_named_by_their_number(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    mapping = from_yaml(
        "customer_id: {generate: row_number}\nmax_reject_share: 1\ncolumns:\n  n: {role: feature, type: number}\n"
    )
    path = make_file("n\n1\n1\noops\n2\n")
    assert _import(store, path, options, mapping).counts == ReconciledCounts(4, 3, 0, 0, 1)
    assert _customer(store, "row-4").attributes == {"n": 2}
    mended = make_file("n\n1\n1\n5\n2\n")
    assert _import(store, mended, options, mapping).counts == ReconciledCounts(4, 1, 0, 3, 0)


@pytest.mark.parametrize("line", ["gone,x@y.example", "other,Gone@Mail.example"], ids=["by id", "by address"])
def test_erased_customers_stay_erased(line: str, store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    def hashed(text: str) -> bytes:
        return hashlib.sha256(text.encode()).digest()

    with store.write() as session:
        for text in ("gone", "gone@mail.example"):
            session.add(
                Suppression(reason=SuppressionReason.ERASED, address_hash=hashed(text), since=NOW, source="request")
            )
    mapping = from_yaml("max_reject_share: 1\ncolumns:\n  id: {role: customer_id}\n  mail: {role: email}\n")
    path = make_file(f"id,mail\n{line}\nhere,z@y.example\n")
    result = _import(store, path, replace(options, hash_identity=hashed), mapping)
    assert result.reject_codes == {"erased": 1}
    assert _count(store, Customer) == 1


def test_progress_runs_through_both_passes(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    told: list[Progress] = []
    _import(store, make_file(TABLE), replace(options, progress=told.append, chunk_rows=2))
    assert [(one.stage, one.done) for one in told] == [("check", 2), ("check", 3), ("write", 2), ("write", 3)]
    assert all(one.total is not None and one.total >= one.done for one in told)


def test_the_mapping_and_the_batch_are_kept(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    mapping = customers()
    result = _import(store, make_file(TABLE), options, mapping)
    _import(store, make_file(TABLE), options, mapping)
    assert _count(store, MappingFile) == 1
    with store.read() as session:
        batch = session.get_one(ImportBatch, result.batch_id)
        kept = session.get_one(MappingFile, batch.mapping_id)
        assert (batch.source, batch.rows_in, batch.rows_new, batch.finished_at) == ("table.csv", 3, 3, NOW)
        assert kept.sha256 == mapping.sha256()
        assert CustomersMapping.model_validate(kept.document) == mapping


def test_a_label_needs_to_know_its_values(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    columns = "columns:\n  id: {role: customer_id}\n  gone: {role: label}\n"
    path = make_file("id,gone\na,Yes\nb,No\nc,\nd,maybe\n")
    with pytest.raises(MappingError, match="does not say which of its cells means churned"):
        _import(store, path, options, from_yaml(columns))
    mapping = from_yaml(columns + "max_reject_share: 1\nchurn: {definition: label, positive: Yes, negative: No}\n")
    result = _import(store, path, options, mapping)
    assert result.reject_codes == {"bad-label": 1}
    assert [_customer(store, key).churned for key in "abc"] == [True, False, None]
    assert _customer(store, "a").status is CustomerStatus.CHURNED


def test_columns_left_out_of_the_mapping_are_said(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    result = _import(store, make_file("id,note,amount,extra\na,x,1,2\n"), options)
    assert any("extra" in note and "not imported" in note for note in result.notes)


class _ChangingTable:
    """A table whose second reading brings a row that the first did not."""

    name = "changing"
    header = ("id", "note", "amount")
    notes = ()
    lines = None
    fingerprint = ""

    def __init__(self) -> None:
        self._readings = 0

    def rows(self) -> Iterator[Row | BadRow]:
        self._readings += 1
        yield Row(2, ["a", "x", "1"])
        if self._readings > 1:
            yield Row(3, ["b", "y", "oops"])


def test_a_table_that_changes_meanwhile_is_said(store: Store, options: ImportOptions) -> None:
    result = import_table(store, _ChangingTable(), customers(), options)
    assert result.counts == ReconciledCounts(2, 1, 0, 0, 1)
    assert "changed during the import" in result.notes[-1]


def test_rows_that_others_write_meanwhile_are_seen(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    def interfere(progress: Progress) -> None:
        if (progress.stage, progress.done) == ("write", 2):
            values = {"attributes": {}, "status": CustomerStatus.ACTIVE, "created_at": NOW, "updated_at": NOW}
            with store.write() as session:
                session.execute(insert(Customer).values(external_id="c", **values))

    quick = replace(options, progress=interfere, chunk_rows=2)
    assert _import(store, make_file(TABLE + "d,w,4\n"), quick).counts == ReconciledCounts(4, 3, 1, 0, 0)
