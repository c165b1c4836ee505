"""The state of the data: how fresh, how complete, and what the imports refused."""

from analytics.reports.building import SectionBuilder, count, nothing, share, spoken
from analytics.reports.document import Column, Kind, Section
from analytics.reports.facts import ReportFacts

ID, TITLE = "health", "The data behind it"
FIELDS_SHOWN = 12


def build(facts: ReportFacts) -> Section:
    """The health of the data."""
    if not facts.totals.customers:
        return nothing(ID, TITLE, "The store holds no data.")
    section = SectionBuilder(ID, TITLE)
    totals, health = facts.totals, facts.health
    section.lead(
        "The store holds {customers} customers ({active} still with us, {churned} gone), {events} events and "
        "{messages} messages from customers.",
        customers=count(totals.customers),
        active=count(totals.active),
        churned=count(totals.churned),
        events=count(totals.events),
        messages=count(totals.messages),
    )
    _freshness(section, facts)
    gaps = sorted(((part, name) for name, part in health.missing.items() if part > 0), reverse=True)
    section.table(
        "missing",
        "Fields with gaps, most gaps first",
        (Column("field", "Field"), Column("missing", "Missing", Kind.SHARE)),
        [(spoken(name).capitalize() if name.islower() else name, part) for part, name in gaps[:FIELDS_SHOWN]],
    )
    section.note(
        "{complete} of {fields} fields have no gaps; counted over {looked_at} customers still with us"
        + (", those imported first" if health.rows_looked_at < totals.active else "")
        + ". Fields that nobody has are left out.",
        complete=count(len(health.missing) - len(gaps)),
        fields=count(len(health.missing)),
        looked_at=count(health.rows_looked_at),
    )
    _imports(section, facts)
    return section.done()


def _freshness(section: SectionBuilder, facts: ReportFacts) -> None:
    section.table(
        "freshness",
        "Newest record of each kind",
        (
            Column("kind", "Kind"),
            Column("newest", "Newest", Kind.DATE),
            Column("days", "Days old", Kind.COUNT),
        ),
        [
            (spoken(kind).capitalize(), newest.isoformat(), (facts.today - newest).days)
            for kind, newest in sorted(facts.health.newest.items(), key=lambda item: (item[1], item[0]), reverse=True)
        ],
    )


def _imports(section: SectionBuilder, facts: ReportFacts) -> None:
    imports = facts.health.imports
    if not len(imports):
        section.note("No file has been imported into this store.")
        return
    rows_in, rejected = int(imports["rows_in"].sum()), int(imports["rejected"].sum())
    section.say(
        "The last imports read {rows_in} rows and refused {rejected} ({rejected_share}).",
        rows_in=count(rows_in),
        rejected=count(rejected),
        rejected_share=share(rejected / rows_in if rows_in else 0.0),
    )
    section.table(
        "imports",
        "Last imports, newest first",
        (
            Column("kind", "Kind"),
            Column("source", "Source"),
            Column("finished_on", "Day", Kind.DATE),
            Column("rows_in", "Rows in", Kind.COUNT),
            Column("new", "New", Kind.COUNT),
            Column("updated", "Updated", Kind.COUNT),
            Column("unchanged", "Unchanged", Kind.COUNT),
            Column("rejected", "Refused", Kind.COUNT),
        ),
        list(imports.itertuples(index=False, name=None)),
    )
