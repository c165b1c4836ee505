import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.reporting import render_report, write_report
from bot.settings import Settings
from bot.wiring import Services
from db.errors import InputError
from tests.conftest import NOW, Company


@pytest.fixture
def services(company: Company) -> Iterator[Services]:
    built = Services(Settings(home=company.home, store=company.location), clock=lambda: NOW)
    yield built
    built.close()


def test_text_and_json_can_go_to_the_terminal(services: Services) -> None:
    assert render_report(services, "text").startswith("Churn report for Pellmere\n")
    assert json.loads(render_report(services, "json"))["company"] == "Pellmere"


@pytest.mark.parametrize(
    ("form", "start"), [("html", b"<!DOCTYPE html>"), ("text", b"Churn"), ("json", b"{"), ("xlsx", b"PK")]
)
def test_a_report_can_be_written_in_each_form(services: Services, tmp_path: Path, form: str, start: bytes) -> None:
    path = write_report(services, tmp_path / "new" / f"report.{form}", form)
    assert path.read_bytes().startswith(start)
    assert path.stat().st_mode & 0o077 == 0
    assert path.stat().st_size < 1_000_000


def test_a_file_that_is_there_is_kept_unless_told_otherwise(services: Services, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="exists already"):
        write_report(services, path, "json")
    assert path.read_text(encoding="utf-8") == "mine"
    write_report(services, path, "json", overwrite=True)
    assert json.loads(path.read_text(encoding="utf-8"))["company"] == "Pellmere"


def test_a_form_that_does_not_exist_is_refused_by_name(services: Services, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'pdf'"):
        write_report(services, tmp_path / "report.pdf", "pdf")
    with pytest.raises(InputError, match="workbook"):
        render_report(services, "xlsx")
