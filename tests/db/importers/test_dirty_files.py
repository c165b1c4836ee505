"""Files as people really send them: each comes in cell for cell, is refused row by row, or is named unusable."""

import gzip
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select

from db.errors import InputError
from db.importers.customers import import_customers
from db.importers.mapping import SourceSettings
from db.importers.results import ImportOptions
from db.importers.tables import open_table
from db.models import Customer
from db.session import Store
from tests.db.importers.samples import customers

Cells = tuple[str | None, float | int | None]


@dataclass(frozen=True)
class Dirty:
    """A file, the customers it must bring (note and amount by id), and the rows it must lose (code by line)."""

    name: str
    content: bytes
    kept: dict[str, Cells]
    refused: dict[int, str] = field(default_factory=dict)
    file_name: str = "dirty.csv"
    source: SourceSettings = field(default_factory=SourceSettings)


HEAD = b"id,note,amount\n"
GOOD: dict[str, Cells] = {"a": ("x", 1), "b": ("y", 2)}

USABLE = [
    Dirty("plain", HEAD + b"a,x,1\nb,y,2\n", GOOD),
    Dirty("no newline at the end", HEAD + b"a,x,1\nb,y,2", GOOD),
    Dirty("byte order mark", b"\xef\xbb\xbf" + HEAD + b"a,x,1\nb,y,2\n", GOOD),
    Dirty("utf-16 with mark", (HEAD + b"a,x,1\nb,y,2\n").decode().encode("utf-16"), GOOD),
    Dirty("utf-16 little endian without mark", (HEAD + b"a,x,1\nb,y,2\n").decode().encode("utf-16-le"), GOOD),
    Dirty("utf-16 big endian without mark", (HEAD + b"a,x,1\nb,y,2\n").decode().encode("utf-16-be"), GOOD),
    Dirty("utf-32 with mark", (HEAD + b"a,x,1\nb,y,2\n").decode().encode("utf-32"), GOOD),
    Dirty(
        "mark that the declared encoding keeps",
        "\ufeffid,note,amount\na,x,1\nb,y,2\n".encode("utf-16-le"),
        GOOD,
        source=SourceSettings(encoding="utf-16-le"),
    ),
    Dirty(
        "windows code page",
        HEAD + "a,Zoë Müller,1\nb,50 €,2\n".encode("cp1252"),
        {"a": ("Zoë Müller", 1), "b": ("50 €", 2)},
    ),
    Dirty(
        "declared code page",
        HEAD + "a,Łódź,1\n".encode("cp1250"),
        {"a": ("Łódź", 1)},
        source=SourceSettings(encoding="cp1250"),
    ),
    Dirty(
        "one unreadable byte in utf-8",
        HEAD + "a,Zoë,1\nb,ünï,2\n".encode() + b"c,\xff,3\n",
        {"a": ("Zoë", 1), "b": ("ünï", 2)},
        {4: "encoding-error"},
    ),
    Dirty("windows line ends", HEAD.replace(b"\n", b"\r\n") + b"a,x,1\r\nb,y,2\r\n", GOOD),
    Dirty("old mac line ends", (HEAD + b"a,x,1\nb,y,2\n").replace(b"\n", b"\r"), GOOD),
    Dirty("mixed line ends", b"id,note,amount\r\na,x,1\nb,y,2\r", GOOD),
    Dirty("semicolons", b"id;note;amount\na;x,y;1\nb;y;2\n", {"a": ("x,y", 1), "b": ("y", 2)}),
    Dirty("tabs", b"id\tnote\tamount\na\tx\t1\nb\ty\t2\n", GOOD),
    Dirty("pipes", b"id|note|amount\na|x|1\nb|y|2\n", GOOD),
    Dirty("excel names its delimiter", b"sep=;\nid;note;amount\na;x;1\nb;y;2\n", GOOD),
    Dirty("declared delimiter", b"id~note~amount\na~x~1\nb~y~2\n", GOOD, source=SourceSettings(delimiter="~")),
    Dirty(
        "decimal comma",
        b"id;note;amount\na;x;1.234,56\nb;y;0,5\n",
        {"a": ("x", 1234.56), "b": ("y", 0.5)},
        source=SourceSettings(decimal=","),
    ),
    Dirty("decimal comma not declared", b"id;note;amount\na;x;1.234,56\nb;y;2\n", {"b": ("y", 2)}, {2: "bad-number"}),
    Dirty("short row", HEAD + b"a,x,1\nc,z\nb,y,2\n", GOOD, {3: "short-row"}),
    Dirty("long row", HEAD + b"a,x,1\nc,z,3,4\nb,y,2\n", GOOD, {3: "long-row"}),
    Dirty("first row is longer", HEAD + b"c,z,3,4\na,x,1\nb,y,2\n", GOOD, {2: "long-row"}),
    Dirty(
        "quoted line break",
        HEAD + b'a,"x\ny",1\nb,y,2\nb2,z,oops\n',
        {"a": ("x\ny", 1), "b": ("y", 2)},
        {5: "bad-number"},
    ),
    Dirty("quoted delimiter and quote", HEAD + b'a,"x, ""q""",1\nb,y,2\n', {"a": ('x, "q"', 1), "b": ("y", 2)}),
    Dirty("text after a closing quote", HEAD + b'a,x,1\nc,"z"z,3\nb,y,2\n', GOOD, {3: "bad-quote"}),
    Dirty(
        "quotes mean nothing",
        b'id\tnote\tamount\na\t"x\t1\nb\ty"\t2\n',
        {"a": ('"x', 1), "b": ('y"', 2)},
        source=SourceSettings(quote="none"),
    ),
    Dirty("nul in a cell", HEAD + b"a,x,1\nc,z\x00z,3\nb,y,2\n", GOOD, {3: "control-character"}),
    Dirty("escape sequence in a cell", HEAD + b"a,x,1\nc,\x1b]52;c;AA\x07,3\nb,y,2\n", GOOD, {3: "control-character"}),
    Dirty("blank lines", HEAD + b"\n\na,x,1\n\nb,y,2\n\n\n", GOOD),
    Dirty("rows of nothing but commas", HEAD + b"a,x,1\n,,\nb,y,2\n,,\n", GOOD),
    Dirty("double row with the same cells", HEAD + b"a,x,1\nb,y,2\na,x,1\n", GOOD),
    Dirty("double id with other cells", HEAD + b"a,x,1\nb,y,2\na,z,1\n", GOOD, {4: "duplicate-key"}),
    Dirty("missing id", HEAD + b"a,x,1\n,z,3\nb,y,2\n", GOOD, {3: "missing-id"}),
    Dirty("ids with leading zeros", HEAD + b"007,x,1\n7,y,2\n", {"007": ("x", 1), "7": ("y", 2)}),
    Dirty("ids with blanks around them", HEAD + b" a ,x,1\nb,y,2\n", GOOD),
    Dirty(
        "words that look like nothing",
        HEAD + b"NA,null,1\nNone,nan,2\nnull,N/A,\n",
        {"NA": ("null", 1), "None": ("nan", 2), "null": ("N/A", None)},
    ),
    Dirty(
        "numbers beyond doubles",
        HEAD + b"9007199254740993,x,9007199254740993\nb,y,\n",
        {"9007199254740993": ("x", 2**53 + 1), "b": ("y", None)},
    ),
    Dirty(
        "emoji and scripts", HEAD + "a,👩‍👩‍👧 是 שלום,1\nb,y,2\n".encode(), {"a": ("👩‍👩‍👧 是 שלום", 1), "b": ("y", 2)}
    ),
    Dirty("formulas", HEAD + b"a,=1+1,1\nb,@x,2\n", {"a": ("=1+1", 1), "b": ("@x", 2)}),
    Dirty(
        "infinite and no numbers",
        HEAD + b"a,x,inf\nb,y,2\nc,z,1e999\nd,w,NaN\n",
        {"b": ("y", 2)},
        {2: "bad-number", 4: "bad-number", 5: "bad-number"},
    ),
    Dirty("blank cells are missing", HEAD + b"a, ,1\nb,y, \n", {"a": (None, 1), "b": ("y", None)}),
    Dirty("blanks in a text stay", HEAD + b"a,  x ,1\nb,y,2\n", {"a": ("  x ", 1), "b": ("y", 2)}),
    Dirty("a cell too long", HEAD + b"a,x,1\nc," + b"z" * 200_000 + b",3\nb,y,2\n", GOOD, {3: "cell-too-long"}),
    Dirty("an id too long", HEAD + b"a,x,1\n" + b"z" * 300 + b",x,3\nb,y,2\n", GOOD, {3: "bad-id"}),
    Dirty("a line break in an id", HEAD + b'a,x,1\n"c\nd",x,3\nb,y,2\n', GOOD, {3: "bad-id"}),
    Dirty("gzip", gzip.compress(HEAD + b"a,x,1\nb,y,2\n"), GOOD, file_name="dirty.csv.gz"),
    Dirty("a column without a name", b"id,note,amount,\na,x,1,\nb,y,2,\n", GOOD),
]

UNUSABLE = [
    ("empty", b"", "the file is empty"),
    ("only a mark", b"\xef\xbb\xbf", "no header"),
    ("blank lines only", b"\n\n\n", "no header"),
    ("binary", bytes(range(256)) * 40, "not a text table"),
    ("zip archive", b"PK\x03\x04" + b"\0" * 100, "a ZIP archive"),
    ("sqlite database", b"SQLite format 3\x00" + b"\0" * 100, "a SQLite database"),
    ("parquet", b"PAR1" + b"\0" * 100, "a Parquet file"),
    ("double column name", b"id,note,note\na,x,1\n", "columns 2 and 3 are both called 'note'"),
    ("unclosed quote", HEAD + b'a,"x,1\nb,y,2\n', "line 2: a quoted cell .* is never closed"),
    ("key column missing", b"customer,note,amount\na,x,1\n", "there is no column 'id'"),
    ("key column in other letters", b"ID,note,amount\na,x,1\n", "Did you mean 'ID'"),
    ("a line too long", HEAD + b"a," + b"x" * (1 << 20) + b",1\n", "line 2: the line is longer"),
    ("a header too wide", b",".join(b"c%d" % place for place in range(10_001)) + b"\n", "10,001 columns"),
    ("control character in the header", b"id,no\x07te,amount\na,x,1\n", "column 2 .* cannot be printed"),
]


def _stored(store: Store) -> dict[str, Cells]:
    with store.read() as session:
        return {
            row.external_id: (row.attributes["note"], row.attributes["amount"])
            for row in session.scalars(select(Customer))
        }


@pytest.mark.parametrize("dirty", USABLE, ids=lambda dirty: dirty.name)
def test_every_cell_arrives_or_its_row_is_refused_by_line(
    dirty: Dirty, store: Store, options: ImportOptions, tmp_path: Path
) -> None:
    path = tmp_path / dirty.file_name
    path.write_bytes(dirty.content)
    table = open_table(path, dirty.source)
    result = import_customers(store, table, customers(source=dirty.source.model_dump()), options)
    assert _stored(store) == dirty.kept
    assert {bad.line: bad.code for bad in result.first_rejects} == dirty.refused
    assert result.counts.rejected == len(dirty.refused)
    assert result.counts.new == len(dirty.kept)
    assert all(bad.raw and bad.message for bad in result.first_rejects)


@pytest.mark.parametrize(("content", "match"), [case[1:] for case in UNUSABLE], ids=[case[0] for case in UNUSABLE])
def test_an_unusable_file_is_named_with_what_is_wrong(
    content: bytes, match: str, store: Store, options: ImportOptions, tmp_path: Path
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=match) as caught:
        import_customers(store, open_table(path), customers(), options)
    assert "bad.csv" in caught.value.message
    assert caught.value.hint
    assert _stored(store) == {}


def test_line_breaks_in_column_names_become_blanks_and_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "wrapped.csv"
    path.write_bytes('"Monthly\nCharges",Call  Failure,Plan\xa0name\n1,2,3\n'.encode())
    table = open_table(path)
    assert table.header == ("Monthly Charges", "Call  Failure", "Plan name")
    assert len([note for note in table.notes if "is called" in note]) == 2


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder, not a file"):
        open_table(tmp_path)


def test_a_file_that_is_not_there_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        open_table(tmp_path / "nothing.csv")


def test_a_device_is_no_table() -> None:
    with pytest.raises(InputError, match="a device or a pipe"):
        open_table("/dev/null")


def test_a_cut_off_archive_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(gzip.compress(HEAD * 10_000)[:-20])
    with pytest.raises(InputError, match="damaged or cut off"):
        open_table(path)


def test_an_archive_that_swells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.importers.delimited._BOMB_BYTES", 1 << 20)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(HEAD + b"a,x,1\n" * 1_000_000))
    with pytest.raises(InputError, match="unpacks to more than 200 times"):
        open_table(path)


def test_the_reading_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "western.csv"
    path.write_bytes("id;note\na;Müller\n".encode("cp1252"))
    notes = open_table(path).notes
    assert "cp1252" in notes[0]
    assert "semicolon" in notes[1]
