"""Inference proposes a mapping that fits, says why, and asks where only a person can know."""

from collections.abc import Sequence

import pytest

from db.errors import InputError
from db.importers.customers import import_customers
from db.importers.infer import Inference, infer_mapping
from db.importers.mapping import CustomersMapping, EventsMapping, MessagesMapping
from db.importers.mapping_files import parse_mapping
from db.importers.results import ImportOptions
from db.importers.tables import open_table
from db.session import Store
from db.vocabulary import ChurnDefinitionKind, ColumnRole, ColumnType
from tests.db.importers.conftest import MakeFile


def _table(header: str, rows: Sequence[str], delimiter: str = ",") -> str:
    return "\n".join((header, *rows)).replace(",", delimiter) + "\n"


def _customers(
    make_file: MakeFile, header: str, rows: Sequence[str], delimiter: str = ","
) -> tuple[Inference, CustomersMapping]:
    inference = infer_mapping(open_table(make_file(_table(header, rows, delimiter))), "customers")
    assert isinstance(inference.mapping, CustomersMapping)
    return inference, inference.mapping


def _roles(mapping: CustomersMapping) -> dict[str, str]:
    return {name: column.role.value for name, column in mapping.columns.items()}


def _rows(count: int, pattern: str) -> list[str]:
    """Rows with {n} counting, {c} the label of every third, {r} a reason where that is set."""
    return [
        pattern.format(
            n=number, c="Yes" if number % 3 == 0 else "No", r="Price" if number % 3 == 0 else "", m=number % 28 + 1
        )
        for number in range(count)
    ]


def test_a_subscription_table_is_understood(make_file: MakeFile) -> None:
    header = "CustomerId,FirstName,E-Mail,Gender,SignupDate,MonthlyFee,TotalFee,Plan,Newsletter,Exited"
    rows = _rows(60, "K{n},Eva{n},e{n}@x.example,F,2024-01-{m:02d},{n}.5,{n}9,P{n}".replace("P{n}", "Pro") + ",yes,{c}")
    rows[1] = rows[1].replace(",F,", ",M,").replace("Pro", "Basic")
    inference, mapping = _customers(make_file, header, rows)
    assert _roles(mapping) == {
        "CustomerId": "customer_id",
        "FirstName": "first_name",
        "E-Mail": "email",
        "Gender": "sensitive",
        "SignupDate": "signup_date",
        "MonthlyFee": "monthly_revenue",
        "TotalFee": "feature",
        "Plan": "plan",
        "Newsletter": "consent",
        "Exited": "label",
    }
    assert mapping.churn is not None
    assert (mapping.churn.positive, mapping.churn.negative) == (("Yes",), ("No",))
    assert all(proposal.reason for proposal in inference.proposals)
    assert any("currency" in question for question in inference.questions)


def test_what_is_proposed_can_be_read_and_imported(make_file: MakeFile, store: Store, options: ImportOptions) -> None:
    header, rows = "id,price,left on,Churn", _rows(40, "{n:03d},{n}.25,,{c}")
    inference, mapping = _customers(make_file, header, rows)
    assert parse_mapping(inference.as_yaml(), "proposed.yaml") == mapping
    result = import_customers(store, open_table(make_file(_table(header, rows))), mapping, options)
    assert result.counts.new == 40


def test_leaks_are_named_and_left_for_training_to_judge(make_file: MakeFile) -> None:
    header = "id,Churn,Churn Reason,Churn Category,Gone,Churn Score,Call count,hint"
    rows = _rows(90, "k{n},{c},{r},{r},{c},{n},{n},{n}")
    rows = [
        row.rsplit(",", 1)[0] + (f",{900 + place}" if place % 3 == 0 else f",{place}") for place, row in enumerate(rows)
    ]
    inference, mapping = _customers(make_file, header, rows)
    assert _roles(mapping) == {
        "id": "customer_id",
        "Churn": "label",
        "Churn Reason": "cancel_reason",
        "Churn Category": "feature",
        "Gone": "feature",
        "Churn Score": "feature",
        "Call count": "feature",
        "hint": "feature",
    }
    assert [question.split("'")[1] for question in inference.questions] == [
        "Churn Category",
        "Gone",
        "Churn Score",
        "hint",
    ]
    reasons = {proposal.column: proposal.reason for proposal in inference.proposals}
    assert "says the same as the label" in reasons["Gone"]
    assert "tells the label almost alone (AUC 1.00)" in reasons["hint"]


def test_columns_without_use_are_left_out_with_a_reason(make_file: MakeFile) -> None:
    header = "id,constant,empty,City,note,other id,Churn"
    rows = _rows(60, "k{n},same,,Town {n},I wrote them {n} times about the bill,z{n},{c}")
    inference, mapping = _customers(make_file, header, rows)
    roles = _roles(mapping)
    assert [roles[name] for name in ("constant", "empty", "City", "note", "other id")] == ["ignore"] * 4 + ["id"]
    reasons = {proposal.column: proposal.reason for proposal in inference.proposals}
    assert "same in every row" in reasons["constant"]
    assert "free text" in reasons["note"]


def test_a_cancellation_date_says_who_left(make_file: MakeFile) -> None:
    rows = [f"k{number},2020-01-02,{'2024-05-06' if number % 4 == 0 else ''}" for number in range(40)]
    _, mapping = _customers(make_file, "account_id,created_at,cancelled_at", rows)
    assert _roles(mapping) == {"account_id": "customer_id", "created_at": "signup_date", "cancelled_at": "cancel_date"}
    assert mapping.churn is not None
    assert mapping.churn.definition is ChurnDefinitionKind.CANCEL_DATE


def test_one_clear_date_decides_the_others(make_file: MakeFile) -> None:
    rows = [f"k{number},{number % 28 + 1:02d}/03/2024,05/0{number % 9 + 1}/2025" for number in range(40)]
    inference, mapping = _customers(make_file, "id,signup date,renewal date", rows)
    assert mapping.source.date_format == "day-first"
    assert _roles(mapping)["renewal date"] == "renewal_date"
    assert not any("day first or month first" in question for question in inference.questions)


def test_an_undecidable_date_is_asked_about(make_file: MakeFile) -> None:
    rows = [f"k{number},0{number % 9 + 1}/03/2024" for number in range(40)]
    inference, mapping = _customers(make_file, "id,signup date", rows)
    assert _roles(mapping)["signup date"] == "ignore"
    assert any("day first or month first" in question for question in inference.questions)


def test_decimal_commas_are_found(make_file: MakeFile) -> None:
    path = make_file("id;monthly price;big\n" + "".join(f"k{n};{n},90;1.{n:03d}\n" for n in range(40)))
    mapping = infer_mapping(open_table(path), "customers").mapping
    assert isinstance(mapping, CustomersMapping)
    assert mapping.source.decimal == ","
    assert mapping.columns["big"].type is ColumnType.NUMBER
    assert mapping.column_of(ColumnRole.MONTHLY_REVENUE) == "monthly price"


def test_missing_words_in_numbers_are_listed_and_zip_codes_stay_text(make_file: MakeFile) -> None:
    rows = [f"k{number},{'NA' if number % 5 == 0 else number},0{number % 9}123" for number in range(40)]
    _, mapping = _customers(make_file, "id,calls,code", rows)
    assert mapping.columns["calls"].type is ColumnType.NUMBER
    assert mapping.columns["calls"].missing_values == ("NA",)
    assert mapping.columns["code"].type is ColumnType.TEXT


def test_one_dirty_cell_does_not_make_text_of_a_column(
    make_file: MakeFile, store: Store, options: ImportOptions
) -> None:
    header = "CustomerId,SignupDate,MonthlyFee,Exited"
    rows = _rows(120, "K{n},2024-01-{m:02d},{n}.5,{c}")
    rows[60] = rows[60].replace("60.5", "twenty-ish")
    rows[61] = rows[61].replace("2024-01-06", "some day")
    inference, mapping = _customers(make_file, header, rows)
    assert _roles(mapping)["MonthlyFee"] == "monthly_revenue"
    assert _roles(mapping)["SignupDate"] == "signup_date"
    asked = " ".join(inference.questions)
    assert "1 of 120 cells of 'MonthlyFee' are not numbers ('twenty-ish')" in asked
    assert "1 of 120 cells of 'SignupDate' are not dates ('some day')" in asked
    report = import_customers(store, open_table(make_file(_table(header, rows))), mapping, options)
    assert (report.counts.new, report.counts.rejected) == (118, 2)


def test_a_column_of_words_with_many_numbers_stays_text(make_file: MakeFile) -> None:
    lockers = [str(number) if number % 10 else f"A{number}" for number in range(100)]
    rows = [f"K{number},{locker},{'Yes' if number % 3 else 'No'}" for number, locker in enumerate(lockers)]
    inference, mapping = _customers(make_file, "CustomerId,Locker,Exited", rows)
    assert mapping.columns["Locker"].type is not ColumnType.NUMBER
    assert not any("Locker" in question for question in inference.questions)


def test_a_table_without_ids_gets_row_numbers_and_a_question(make_file: MakeFile) -> None:
    inference, mapping = _customers(make_file, "calls,Churn", [f"{number % 4},{number % 2}" for number in range(40)])
    assert mapping.customer_id is not None
    assert any("unique id" in question for question in inference.questions)


def test_an_event_table_is_understood(make_file: MakeFile) -> None:
    rows = [
        f"c{number % 5},O{number // 2},2024-0{number % 9 + 1}-01 10:00:00,purchase,{number}.5" for number in range(40)
    ]
    inference = infer_mapping(
        open_table(make_file(_table("customer_id,order_id,created_at,event,amount", rows))), "events"
    )
    mapping = inference.mapping
    assert isinstance(mapping, EventsMapping)
    assert (mapping.customer_id.column, mapping.occurred_at.column, mapping.event_kind.column) == (
        "customer_id",
        "created_at",
        "event",
    )
    assert mapping.amount is not None
    assert mapping.amount.column == "amount"
    assert mapping.reference is not None
    assert mapping.reference.column == "order_id"
    assert parse_mapping(inference.as_yaml(), "proposed.yaml") == mapping


def test_a_message_table_is_understood(make_file: MakeFile) -> None:
    rows = [
        f"m{n},c{n % 5},2024-03-01T10:00:0{n % 9}Z,This is what I think of number {n},{n % 5 + 1},chat"
        for n in range(40)
    ]
    inference = infer_mapping(open_table(make_file(_table("id,customer,sent,body,rating,channel", rows))), "messages")
    mapping = inference.mapping
    assert isinstance(mapping, MessagesMapping)
    assert (mapping.customer_id.column, mapping.text.column, mapping.sent_at.column) == ("customer", "body", "sent")
    assert mapping.message_id is not None
    assert mapping.channel.column == "channel"
    assert parse_mapping(inference.as_yaml(), "proposed.yaml") == mapping


def test_nothing_is_inferred_from_nothing(make_file: MakeFile) -> None:
    with pytest.raises(InputError, match="no rows below the header"):
        infer_mapping(open_table(make_file("id,Churn\n")), "customers")


@pytest.mark.parametrize(
    ("kind", "match"), [("events", "no column names the customer"), ("messages", "no column holds texts")]
)
def test_a_table_of_another_kind_is_refused(kind: str, match: str, make_file: MakeFile) -> None:
    with pytest.raises(InputError, match=match):
        infer_mapping(open_table(make_file("x,y\n1,2\n")), "events" if kind == "events" else "messages")


KNOWN_SHAPES = {
    "a bank": (
        "RowNumber,CustomerId,Surname,Geography,Gender,Age,Tenure,Balance,IsActiveMember,Exited",
        "{n},156{n:05d},Hill,Spain,Male,{m},{m},{n}.75,1,{b}",
        {"RowNumber": "id", "CustomerId": "customer_id", "Age": "sensitive", "Tenure": "tenure", "Exited": "label"},
    ),
    "a credit card": (
        "CLIENTNUM,Attrition_Flag,Customer_Age,Marital_Status,Months_on_book,Naive_Bayes_Attrition_Flag_1",
        "7{n:08d},{f},{m},Single,{m},0.{n:04d}",
        {
            "CLIENTNUM": "customer_id",
            "Attrition_Flag": "label",
            "Customer_Age": "sensitive",
            "Months_on_book": "tenure",
            "Naive_Bayes_Attrition_Flag_1": "feature",
        },
    ),
    "a service": (
        "account_id,company,seats,mrr,signup_date,churn_date,churned",
        "A-{n:04d},Co {n},{m},{n}.5,2024-01-{m:02d},,{b}",
        {"account_id": "customer_id", "mrr": "monthly_revenue", "signup_date": "signup_date", "churned": "label"},
    ),
    "an index first": (
        ",user,is_active,price",
        "{n},u{n},{c},{m}.99",
        {"unnamed_1": "id", "user": "customer_id", "is_active": "label", "price": "monthly_revenue"},
    ),
}


@pytest.mark.parametrize("shape", KNOWN_SHAPES)
def test_tables_of_other_trades_are_understood(shape: str, make_file: MakeFile) -> None:
    header, pattern, expected = KNOWN_SHAPES[shape]
    words = {0: "Attrited Customer", 1: "Existing Customer"}
    rows = [
        pattern.format(
            n=n, m=n * 7 % 28 + 1, b=int(n % 3 == 0), f=words[int(n % 3 > 0)], c="no" if n % 3 == 0 else "yes"
        )
        for n in range(1, 85)
    ]
    _, mapping = _customers(make_file, header, rows)
    roles = _roles(mapping)
    assert {name: roles[name] for name in expected} == expected
    assert mapping.churn is not None
    assert mapping.churn.positive[0] in {"1", "Attrited Customer", "no"}
