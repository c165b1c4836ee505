"""What the imported columns of customers are for: roles and labels, from the mapping files that brought them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import MappingFile
from db.vocabulary import ColumnRole


@dataclass(frozen=True, slots=True)
class Attribute:
    """An imported column: its role, its label for people, and the source column that a role of ours came from."""

    name: str
    role: ColumnRole
    label: str | None = None


@dataclass(frozen=True, slots=True)
class ImportedColumns:
    """The columns of every customer mapping used so far; a later mapping outranks an earlier one.

    `use_sensitive` is what the mappings say about sensitive columns in training, None where none says anything.
    """

    attributes: dict[str, Attribute]
    use_sensitive: bool | None = None

    def not_for_training(self, *, use_sensitive: bool) -> set[str]:
        """Columns that must stay out of a forecast."""
        kept_out = {ColumnRole.ID, ColumnRole.IGNORE, ColumnRole.CANCEL_REASON, ColumnRole.LABEL}
        if not use_sensitive:
            kept_out.add(ColumnRole.SENSITIVE)
        return {name for name, attribute in self.attributes.items() if attribute.role in kept_out}

    def sensitive(self) -> set[str]:
        """Columns that tell of a protected trait."""
        return {name for name, attribute in self.attributes.items() if attribute.role is ColumnRole.SENSITIVE}

    def labels(self) -> dict[str, str]:
        """The labels that the mappings give to columns."""
        return {name: attribute.label for name, attribute in self.attributes.items() if attribute.label}

    def source_of(self, role: ColumnRole) -> str | None:
        """The source column with this role."""
        return next((name for name, attribute in self.attributes.items() if attribute.role is role), None)


def imported_columns(session: Session) -> ImportedColumns:
    """The roles and labels of all imported customer columns."""
    attributes: dict[str, Attribute] = {}
    use_sensitive: bool | None = None
    rows = session.scalars(select(MappingFile).where(MappingFile.kind == "customers").order_by(MappingFile.id))
    for row in rows:
        for name, column in row.document.get("columns", {}).items():
            attributes[name] = Attribute(name, ColumnRole(column["role"]), column.get("label"))
        use_sensitive = row.document.get("use_sensitive", use_sensitive)
    return ImportedColumns(attributes, use_sensitive)
