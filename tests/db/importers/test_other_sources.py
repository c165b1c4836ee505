"""Excel, Parquet and SQL bring the same rows as the same table in CSV."""

import sqlite3
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from db.errors import InputError
from db.importers.as_text import cell_text
from db.importers.mapping import SourceSettings
from db.importers.rows import BadRow, Row, Table
from db.importers.tables import open_table

HEADER = ("id", "name", "born", "price", "seats", "vip")
CELLS = [
    ["007", "Zoë", "2024-03-01", "29.85", "3", "true"],
    ["8", "=x", "", "", "9007199254740993", "false"],
]


def _cells(table: Table) -> list[list[str]]:
    rows = list(table.rows())
    assert all(isinstance(row, Row) for row in rows)
    return [row.cells for row in rows if isinstance(row, Row)]


def _workbook(path: Path, rows: list[list[object]], sheet: str = "Data") -> Path:
    book = openpyxl.Workbook()
    active = book.active
    assert active is not None
    active.title = sheet
    for row in rows:
        active.append(row)
    book.save(path)
    return path


def test_a_workbook_is_read_as_text(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        list(HEADER),
        ["007", "Zoë", date(2024, 3, 1), 29.85, 3, True],
        [None, None, None, None, None, None],
        [8, "x", None, None, 2.0, False],
        [9, "y", datetime(2024, 3, 1, 10, 30), -1.5, 0, None],
    ]
    table = open_table(_workbook(tmp_path / "t.xlsx", rows))
    assert table.header == HEADER
    assert _cells(table) == [
        CELLS[0],
        ["8", "x", "", "", "2", "false"],
        ["9", "y", "2024-03-01 10:30:00", "-1.5", "0", ""],
    ]
    assert [row.line for row in table.rows()] == [2, 4, 5]


def test_a_cell_beyond_the_header_is_refused(tmp_path: Path) -> None:
    table = open_table(_workbook(tmp_path / "t.xlsx", [["id", "n"], ["a", 1], ["b", 2, "stray"]]))
    refused = [row for row in table.rows() if isinstance(row, BadRow)]
    assert [(row.line, row.code) for row in refused] == [(3, "long-row")]


def test_a_sheet_can_be_named(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "t.xlsx", [["id"], ["a"]], sheet="Kunden")
    assert "'Kunden'" in open_table(path, SourceSettings(sheet="Kunden")).notes[0]
    with pytest.raises(InputError, match="no sheet 'Customers'") as caught:
        open_table(path, SourceSettings(sheet="Customers"))
    assert "'Kunden'" in caught.value.hint


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 cut off"])
def test_a_broken_workbook_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError, match="no Excel workbook"):
        open_table(path)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(InputError, match="no Excel workbook"):
        open_table(path)


def test_a_workbook_that_swells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (65 << 20))
    with pytest.raises(InputError, match="unpacks to"):
        open_table(path)


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is empty"):
        open_table(_workbook(tmp_path / "t.xlsx", []))


def test_a_parquet_file_is_read_as_text(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = {
        "id": ["007", "8"],
        "name": ["Zoë", "=x"],
        "born": [date(2024, 3, 1), None],
        "price": [29.85, None],
        "seats": pyarrow.array([3, 9007199254740993], pyarrow.int64()),
        "vip": [True, False],
    }
    path = tmp_path / "t.parquet"
    parquet.write_table(pyarrow.table(columns), path)
    table = open_table(path)
    assert (table.header, table.lines) == (HEADER, 3)
    assert _cells(table) == CELLS
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputError, match="no Parquet file"):
        open_table(path)


@pytest.fixture
def database(tmp_path: Path) -> str:
    path = tmp_path / "crm.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE crm (id TEXT, name TEXT, born TEXT, price REAL, seats INTEGER, vip TEXT)")
    connection.executemany(
        "INSERT INTO crm VALUES (?, ?, ?, ?, ?, ?)",
        [("007", "Zoë", "2024-03-01", 29.85, 3, "true"), ("8", "=x", None, None, 9007199254740993, "false")],
    )
    connection.commit()
    connection.close()
    return f"sqlite:///{path}"


def test_a_query_is_read_as_text(database: str) -> None:
    table = open_table(database, SourceSettings(query="SELECT * FROM crm ORDER BY id"))
    assert table.header == HEADER
    assert _cells(table) == _cells(table) == CELLS


@pytest.mark.parametrize(
    ("query", "match"),
    [
        (None, "needs a query"),
        ("DELETE FROM crm", "must begin with SELECT"),
        ("SELECT * FROM elsewhere", "no such table"),
        ("WITH gone AS (SELECT 1) DELETE FROM crm", "readonly|attempt to write"),
        ("SELECT 1 AS a, 2 AS a", "both called 'a'"),
    ],
)
def test_a_query_that_cannot_be_used_is_refused(query: str | None, match: str, database: str) -> None:
    with pytest.raises(InputError, match=match):
        list(open_table(database, SourceSettings(query=query)).rows())
    assert len(_cells(open_table(database, SourceSettings(query="SELECT * FROM crm")))) == 2


def test_an_address_can_come_from_the_environment(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = SourceSettings(url_env="CRM_URL", query="SELECT id FROM crm ORDER BY id")
    with pytest.raises(InputError, match="CRM_URL holds no database address"):
        open_table("", source)
    monkeypatch.setenv("CRM_URL", database)
    assert _cells(open_table("", source)) == [["007"], ["8"]]


def test_passwords_are_not_shown() -> None:
    with pytest.raises(InputError) as caught:
        open_table("postgresql://me:hunter2@localhost:1/crm", SourceSettings(query="SELECT 1"))
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in caught.value.hint


def test_an_unknown_database_is_refused() -> None:
    with pytest.raises(InputError, match="the database refuses"):
        open_table("oracle9://x/y", SourceSettings(query="SELECT 1"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (17850.0, "17850"),
        (0.1, "0.1"),
        (Decimal("1.10"), "1.10"),
        (datetime(2024, 1, 2, 3, 4), "2024-01-02 03:04:00"),
        (datetime(2024, 1, 2), "2024-01-02"),
        (b"\xff", "\udcff"),
        ({"a": 1}, '{"a": 1}'),
    ],
)
def test_values_become_the_text_of_a_csv_file(value: object, text: str) -> None:
    assert cell_text(value) == text
