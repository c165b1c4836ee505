"""The churn report of the store in use, as a page, text, JSON or a workbook, for a terminal or a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bot.outreach.exports import write_whole
from db.errors import InputError

if TYPE_CHECKING:
    from analytics.reports.document import ReportDocument
    from bot.wiring import Services

ReportForm = Literal["html", "text", "json", "xlsx"]
FORMS: tuple[ReportForm, ...] = ("html", "text", "json", "xlsx")


def churn_report(services: "Services", *, with_names: bool = False) -> "ReportDocument":
    """The report of the store as it stands."""
    from analytics.jobs.reporting import report
    from db.queries.reporting import reading_models

    with services.store.read() as session:
        readers = reading_models(session)
    # The language model is loaded only where its version decides whose readings count.
    reader = services.understander.version if len(readers) > 1 else None
    return report(
        services.store, services.now(), generated_at=services.clock(), reading_model=reader, with_names=with_names
    )


def render_report(services: "Services", form: str, with_names: bool = False) -> str:
    """The report as text for stdout. Raises InputError for a form that is no text."""
    if form == "xlsx":
        raise InputError("A workbook cannot be written to the terminal.", hint="Name a file with -o FILE.")
    return rendered(churn_report(services, with_names=with_names), form).decode("utf-8")


def write_report(
    services: "Services", path: Path, form: str, with_names: bool = False, overwrite: bool = False
) -> Path:
    """Write the report to a file that is there whole or not at all, readable by its owner only; returns its path.

    Raises InputError for an unknown form or an existing file, StoreError when the disk refuses.
    """
    content = rendered(churn_report(services, with_names=with_names), form)
    return write_whole(Path(path), content, overwrite=overwrite)


def rendered(document: "ReportDocument", form: str) -> bytes:
    """The document in one of the forms. Raises InputError for an unknown one."""
    if form == "html":
        from analytics.reports.page import render_page

        return render_page(document).encode("utf-8")
    if form == "text":
        from analytics.reports.terminal import render_text

        return render_text(document).encode("utf-8")
    if form == "json":
        from analytics.reports.plain import render_json

        return render_json(document).encode("utf-8")
    if form == "xlsx":
        from analytics.reports.workbook import render_workbook

        return render_workbook(document)
    raise InputError(f"There is no report form {form!r}.", hint=f"Forms are {', '.join(FORMS)}.")
