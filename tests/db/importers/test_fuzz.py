"""Whatever bytes come, an import ends with counts that add up or with an error for the user."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db.errors import InputError
from db.importers.customers import import_customers
from db.importers.infer import infer_mapping
from db.importers.mapping import CustomersMapping
from db.importers.results import ImportOptions
from db.importers.rows import Row
from db.importers.tables import open_table
from db.models import Customer
from db.session import Store, open_store
from tests.db.importers.conftest import NOW
from tests.db.importers.samples import customers

VALID = (
    'id,note,amount\na1,"plain, quoted",12.5\nb2,"two\nlines",0\nc3,"say ""hi""",-3\n'
    "007,NA,\nZoë,€ 5,1e3\nf,,9007199254740993\n"
).encode()

FUZZ = settings(
    derandomize=True,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("fuzz") / "store.db") as opened:
        yield opened


def _survives(content: bytes, store: Store, folder: Path) -> None:
    path = folder / "fuzz.csv"
    path.write_bytes(content)
    options = ImportOptions(now=NOW, out_dir=folder, dry_run=True)
    try:
        table = open_table(path)
        proposed = infer_mapping(table, "customers").mapping
        assert isinstance(proposed, CustomersMapping)
        rows = sum(1 for _ in table.rows())
        for mapping in (proposed, customers()):
            counts = import_customers(store, open_table(path), mapping, options).counts
            assert counts.rows_in == rows
    except InputError as error:
        told = error.message
    else:
        told = "every row is accounted for"
    assert told.isprintable()


@FUZZ
@given(st.binary(max_size=400))
def test_random_bytes(shared_store: Store, tmp_path: Path, content: bytes) -> None:
    _survives(content, shared_store, tmp_path)


@FUZZ
@given(st.binary(max_size=200))
def test_random_bytes_below_a_good_header(shared_store: Store, tmp_path: Path, content: bytes) -> None:
    _survives(b"id,note,amount\n" + content, shared_store, tmp_path)


_MUTATIONS = st.lists(
    st.tuples(st.integers(0, len(VALID) - 1), st.sampled_from(["flip", "drop", "double", "cut"]), st.integers(0, 255)),
    min_size=1,
    max_size=6,
)


def _mutated(mutations: list[tuple[int, str, int]]) -> bytes:
    content = bytearray(VALID)
    for place, kind, byte in mutations:
        if place >= len(content):
            continue
        if kind == "flip":
            content[place] = byte
        elif kind == "drop":
            del content[place]
        elif kind == "double":
            content[place:place] = content[place : place + byte % 40]
        else:
            del content[place:]
    return bytes(content)


@FUZZ
@given(_MUTATIONS)
def test_damaged_files(shared_store: Store, tmp_path: Path, mutations: list[tuple[int, str, int]]) -> None:
    _survives(_mutated(mutations), shared_store, tmp_path)


_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=30)


@FUZZ
@given(st.lists(st.tuples(_TEXT, _TEXT), min_size=1, max_size=20, unique_by=lambda row: row[0]))
def test_every_cell_survives(shared_store: Store, tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    path = tmp_path / "cells.csv"
    written = [(f"{place}{key}".strip(), note) for place, (key, note) in enumerate(rows)]
    lines = ["id,note"] + [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in written]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    table = open_table(path, None)
    assert [tuple(row.cells) for row in table.rows() if isinstance(row, Row)] == written


def test_cells_survive_the_store(store: Store, options: ImportOptions, tmp_path: Path) -> None:
    notes = [
        "=1+1",
        "  blanks  ",
        "tab\there",
        "two\r\nlines",
        'quote "',
        "NA",
        "0x1F",
        "\ufeff",
        "👩‍👩‍👧",
        "e\u0301",
        "\u202e",
        "'",
    ]
    path = tmp_path / "cells.csv"
    lines = [f'k{place},"{note.replace(chr(34), chr(34) * 2)}",{place}' for place, note in enumerate(notes)]
    path.write_text("id,note,amount\n" + "\n".join(lines), encoding="utf-8", newline="")
    import_customers(store, open_table(path), customers(), options)
    with store.read() as session:
        stored = session.scalars(select(Customer).order_by(Customer.id)).all()
        assert [row.attributes["note"] for row in stored] == notes
