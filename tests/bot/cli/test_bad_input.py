"""Whatever is typed or pointed at, a command answers with a sentence on stderr and the right exit code."""

import sqlite3
from pathlib import Path

import pytest

import db.session
from db.models import APPLICATION_ID
from db.session import Store, open_store
from tests.conftest import Command, Company, Ran

USAGE, FAILED, RETRYABLE = 2, 1, 3

STORE_COMMANDS = [
    ("train",),
    ("score",),
    ("decide",),
    ("draft",),
    ("drafts", "list"),
    ("drafts", "show", "1"),
    ("drafts", "approve", "1"),
    ("drafts", "approve", "--all"),
    ("drafts", "reject", "1"),
    ("drafts", "undo", "1"),
    ("drafts", "edit", "1", "--subject", "x"),
    ("drafts", "export"),
    ("explain", "C1"),
    ("evaluate", "churn"),
    ("evaluate", "writing"),
    ("evaluate", "decisions"),
    ("db", "check"),
    ("db", "backup"),
    ("db", "upgrade"),
    ("init", "--company", "Pellmere"),
    ("demo", "--no-tui"),
    ("report",),
    ("chat", "--plain", "--customer", "C1"),
]


def named(command: tuple[str, ...]) -> str:
    return " ".join(command)


def refused(ran: Ran, code: int, *pieces: str) -> bool:
    """Whether a command ended with this code, a short sentence holding these pieces, and nothing on stdout."""
    assert ran.code == code, ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert len(ran.err) < 2_500
    for piece in pieces:
        assert piece in ran.err
    return True


@pytest.fixture(params=["text", "bytes", "other program", "folder"])
def no_store(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "victim.db"
    if request.param == "text":
        path.write_text("customer,churn\n1,yes\n", encoding="utf-8")
    elif request.param == "bytes":
        path.write_bytes(bytes(range(256)) * 40)
    elif request.param == "other program":
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE t (a)")
        other.close()
    else:
        path.mkdir()
    return path


@pytest.mark.parametrize("command", STORE_COMMANDS, ids=named)
def test_what_is_no_store_is_named_and_left_alone(command: tuple[str, ...], no_store: Path, mainstay: Command) -> None:
    before = no_store.read_bytes() if no_store.is_file() else b""
    assert refused(mainstay(*command, "--store", no_store), FAILED, "mainstay: ", "victim.db")
    assert (no_store.read_bytes() if no_store.is_file() else b"") == before


@pytest.mark.parametrize("command", STORE_COMMANDS, ids=named)
def test_a_store_of_a_newer_version_is_left_alone(command: tuple[str, ...], tmp_path: Path, mainstay: Command) -> None:
    path = tmp_path / "newer.db"
    with sqlite3.connect(path) as newer:
        newer.execute(f"PRAGMA application_id={APPLICATION_ID}")
        newer.execute("PRAGMA user_version=9999")
        newer.execute("CREATE TABLE t (a)")
    newer.close()
    before = path.read_bytes()
    assert refused(mainstay(*command, "--store", path), FAILED, "newer version", "Upgrade mainstay")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("command", "code", "piece"),
    [
        (("train",), FAILED, "does not say what churn is"),
        (("score",), USAGE, "mainstay train"),
        (("decide",), USAGE, "mainstay score"),
        (("draft",), USAGE, "mainstay decide"),
        (("drafts", "show", "7"), USAGE, "no draft 7"),
        (("drafts", "approve", "7"), USAGE, "no draft 7"),
        (("drafts", "reject", "7"), USAGE, "no draft 7"),
        (("drafts", "undo", "7"), USAGE, "no draft 7"),
        (("drafts", "edit", "7", "--subject", "x"), USAGE, "no draft 7"),
        (("drafts", "approve"), USAGE, "Name the drafts"),
        (("drafts", "export"), 5, "mainstay init"),
        (("explain", "C1"), USAGE, "no customer C1"),
        (("chat", "--plain", "--customer", "C1"), USAGE, "no customer C1"),
        (("evaluate", "churn"), USAGE, "mainstay train"),
        (("evaluate", "writing"), USAGE, "mainstay decide"),
        (("evaluate", "decisions"), USAGE, "mainstay decide"),
    ],
    ids=str,
)
def test_an_empty_store_says_what_comes_first(
    command: tuple[str, ...], code: int, piece: str, store: Store, mainstay: Command
) -> None:
    assert refused(mainstay(*command, "--store", store.path), code, piece)
    if "--plain" not in command and command[0] in {"train", "score", "decide", "draft", "explain", "evaluate"}:
        assert refused(mainstay(*command, "--json", "--store", store.path), code, piece)


@pytest.mark.parametrize(
    "command",
    [("train",), ("drafts", "approve", "1"), ("init", "--company", "Pellmere")],
    ids=named,
)
def test_a_store_that_somebody_else_is_writing_to_can_be_tried_again(
    command: tuple[str, ...], company: Company, mainstay: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db.session, "BUSY_TIMEOUT_MS", 50)
    arguments = command if command[0] != "train" else ("score",)
    with open_store(company.path) as other, other.write() as session:
        session.connection()
        assert refused(mainstay(*arguments, "--store", company.path), RETRYABLE, "Another process is writing")


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("train", "--nonsense"),
        ("draft", "--top", "0"),
        ("draft", "--top", "many"),
        ("drafts", "list", "--state", "lost"),
        ("drafts", "show", "first"),
        ("drafts", "export", "--format", "pst"),
        ("report", "--format", "docx"),
        ("demo", "--customers", "3"),
        ("explain",),
        ("import", "customers"),
        ("chat", "--plain"),
        ("evaluate", "nonsense"),
        ("config", "nonsense"),
    ],
    ids=named,
)
def test_a_slip_in_the_command_line_is_a_usage_error(arguments: tuple[str, ...], mainstay: Command) -> None:
    assert refused(mainstay(*arguments), USAGE, "Try 'mainstay")


@pytest.mark.parametrize(
    ("where", "piece"),
    [
        ("risk_band = = high", "was not expected"),
        ("risk_band", "comparison"),
        ("plan = 'Gold", "quote is not closed"),
        ("(plan = Gold", "closing bracket"),
        ("risk_bnad = high", "Did you mean 'risk_band'"),
        ("wholly_unheard_of = 3", "which no customer has"),
        ("(" * 400 + "plan = Gold" + ")" * 400, "nested"),
        ("not " * 400 + "plan = Gold", "nested"),
        ("x" * 3_000, "characters long"),
        ("1 = 1; drop table customer", "was not expected"),
    ],
    ids=lambda text: text[:30],
)
@pytest.mark.parametrize("command", [("score",), ("draft",)], ids=named)
def test_a_mistake_in_an_audience_is_pointed_at(
    command: tuple[str, ...], where: str, piece: str, company: Company, mainstay: Command
) -> None:
    assert refused(mainstay(*command, "--where", where, "--store", company.path), USAGE, piece)


@pytest.mark.parametrize("kind", ["customers", "messages", "events"])
@pytest.mark.parametrize(
    ("name", "content", "piece"),
    [
        ("missing.csv", None, "no such file"),
        ("empty.csv", b"", "empty"),
        ("header.csv", b"id,churn\n", "no rows"),
        ("binary.csv", bytes(range(256)) * 40, "binary.csv"),
        ("zip.xlsx", b"PK\x03\x04nonsense", "zip.xlsx"),
        ("broken.parquet", b"PAR1nonsense", "broken.parquet"),
    ],
)
def test_a_file_that_cannot_be_imported_is_named(
    kind: str,
    name: str,
    content: bytes | None,
    piece: str,
    tmp_path: Path,
    mainstay: Command,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    if content is not None:
        Path(name).write_bytes(content)
    ran = mainstay("import", kind, name, "--infer", "--yes", "--json", "--store", "new.db")
    assert refused(ran, USAGE, piece)


@pytest.mark.parametrize(
    ("mapping", "piece"),
    [
        ("version: [1", "not YAML"),
        ("", "mapping"),
        ("- a\n- b\n", "mapping"),
        ("version: 1\nkind: customers\ncolumns:\n  id: {role: custommer_id}\n", "line 4"),
        ("version: 1\nkind: customers\ncolumms: {}\n", "columms"),
        ("version: 99\nkind: customers\ncolumns: {}\n", "version"),
        ("!!python/object/apply:os.system ['touch hacked']", "YAML"),
        ("a: &a [*a]\nversion: 1\nkind: customers\n", "mapping.yaml"),
    ],
    ids=lambda text: text[:30],
)
def test_a_mistake_in_a_mapping_is_pointed_at(
    mapping: str, piece: str, tmp_path: Path, mainstay: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text("id,churn\n1,yes\n2,no\n", encoding="utf-8")
    Path("mapping.yaml").write_text(mapping, encoding="utf-8")
    ran = mainstay("import", "customers", "t.csv", "--mapping", "mapping.yaml", "--store", "new.db")
    assert refused(ran, USAGE, piece)
    assert not Path("hacked").exists()


def test_a_sample_mapping_of_another_kind_is_refused(tmp_path: Path, mainstay: Command) -> None:
    table = tmp_path / "t.csv"
    table.write_text("id,churn\n1,yes\n2,no\n", encoding="utf-8")
    ran = mainstay("import", "events", table, "--mapping", "telco", "--store", tmp_path / "new.db")
    assert refused(ran, USAGE, "for customers", "mainstay import customers")


def test_infer_or_mapping_is_asked_for(tmp_path: Path, mainstay: Command) -> None:
    for extra in ((), ("--infer", "--mapping", "telco")):
        ran = mainstay("import", "customers", "t.csv", *extra, "--store", tmp_path / "new.db")
        assert refused(ran, USAGE, "either --mapping FILE or --infer")


def test_without_yes_and_without_a_terminal_nothing_is_imported(tmp_path: Path, mainstay: Command) -> None:
    table = tmp_path / "t.csv"
    table.write_text("id,churn\n" + "".join(f"c{n},{'yes' if n % 3 else 'no'}\n" for n in range(30)), encoding="utf-8")
    ran = mainstay("import", "customers", table, "--infer", "--store", tmp_path / "new.db")
    assert (ran.code, ran.out) == (USAGE, "")
    assert "Nothing was imported" in ran.err


@pytest.mark.parametrize(
    ("content", "piece"),
    [
        ('backend = "gpt"', "'backend' cannot be used"),
        ('bakend = "template"', "Did you mean 'backend'?"),
        ("backend = ", "cannot be read"),
        ("holdout_share = 1.5", "'holdout_share' cannot be used"),
        ("\udcff", "cannot be read"),
    ],
    ids=ascii,
)
def test_a_mistake_in_the_configuration_is_named(
    content: str, piece: str, own_home: Path, mainstay: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAINSTAY_BACKEND")
    own_home.mkdir()
    (own_home / "config.toml").write_bytes(content.encode(errors="surrogateescape"))
    for command in (("config", "validate"), ("config", "show"), ("train",)):
        assert refused(mainstay(*command), USAGE, "config", piece)


@pytest.mark.parametrize(
    ("name", "content", "piece"),
    [
        ("offers.yaml", "offers: [", "offers.yaml, line"),
        ("offers.yaml", "version: 1\noffers:\n  - {code: a, nmae: b}\n", "nmae"),
        ("policy.yaml", "contact: {nonsense: 1}", "nonsense"),
        ("policy.yaml", "\udcff", "policy.yaml"),
    ],
    ids=ascii,
)
def test_a_mistake_in_offers_or_policy_is_named(
    name: str, content: str, piece: str, company: Company, mainstay: Command
) -> None:
    (company.home / name).write_bytes(content.encode(errors="surrogateescape"))
    assert refused(mainstay("decide", "--store", company.path), USAGE, piece)


@pytest.mark.parametrize(
    ("flag", "value"),
    [
        ("--support-email", "help at pellmere"),
        ("--support-email", "help@pellmere.example, eve@evil.example"),
        ("--unsubscribe-url", "http://www.pellmere.example"),
        ("--unsubscribe-url", "javascript:alert(1)"),
        ("--currency", "EURO"),
    ],
)
def test_a_sender_that_letters_could_not_carry_is_refused(
    flag: str, value: str, store: Store, mainstay: Command
) -> None:
    assert refused(mainstay("init", "--company", "Pellmere", flag, value, "--store", store.path), USAGE, flag)


@pytest.mark.parametrize("command", [("guard", "check", "--file"), ("understand", "--file")], ids=named)
def test_a_missing_file_of_lines_is_named(command: tuple[str, ...], mainstay: Command) -> None:
    assert refused(mainstay(*command, "missing.jsonl"), USAGE, "missing.jsonl: it cannot be read")


@pytest.mark.parametrize("line", ["hello", "[1]", "{", "3", '{"text": 3}', '{"text": "a", "facts": [], "channel": 1}'])
def test_a_bad_line_for_the_guard_is_named(line: str, tmp_path: Path, mainstay: Command) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    assert refused(mainstay("guard", "check", "--file", path), USAGE, "lines.jsonl, line 1")


def test_a_copy_never_overwrites(company: Company, mainstay: Command) -> None:
    before = company.path.read_bytes()
    ran = mainstay("db", "backup", "--to", company.path, "--store", company.path)
    assert refused(ran, USAGE, "never overwrites")
    assert company.path.read_bytes() == before


@pytest.mark.parametrize(
    ("address", "piece"),
    [("nonsense://x", "cannot be used"), ("postgresql://", "mainstay: "), ("sqlite://nowhere/x.db", "mainstay: ")],
)
def test_a_store_address_that_leads_nowhere_is_named(address: str, piece: str, mainstay: Command) -> None:
    ran = mainstay("train", "--store", address)
    assert ran.code in {FAILED, USAGE}
    assert refused(ran, ran.code, piece)


def test_the_terminal_ui_needs_a_terminal(mainstay: Command) -> None:
    assert refused(mainstay("tui"), USAGE, "needs a terminal")
