"""`mainstay segments` on a demo company: audiences by name, every customer in one tier and one group."""

from pathlib import Path

from tests.conftest import Command, Company


def test_segments_hold_every_customer_once_and_stay_until_a_refit(
    company: Company, mainstay: Command, tmp_path: Path
) -> None:
    store = ("--store", company.location)
    rule = tmp_path / "dear.yaml"
    rule.write_text("name: dear\nfield: monthly_revenue\nat_least: 30\n")
    size = mainstay("segments", "save", rule, "--json", *store).json["customers"]
    found = mainstay("segments", "show", "--json", *store).json
    assert [(row["name"], row["customers"]) for row in found["audiences"]] == [("dear", size)]
    total = sum(row["customers"] for row in found["tiers"])
    assert total == sum(row["customers"] for row in found["groups"]) > 200
    assert 0 < size < total
    assert len({row["name"] for row in found["groups"]}) == len(found["groups"]) >= 2
    assert mainstay("segments", "show", "--json", *store).json == found
    again = mainstay("segments", "show", "--refit", "--seed", 7, "--json", *store).json
    assert [row["name"] for row in again["groups"]] == [row["name"] for row in found["groups"]]
    shown = mainstay("segments", "show", *store)
    assert found["groups"][0]["name"] in shown.out
    rule.write_text("name: dear\nfield: no_such_column\nat_least: 30\n")
    refused = mainstay("segments", "save", rule, *store)
    assert refused.code == 2
    assert "no customer has" in refused.err
