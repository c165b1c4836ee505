"""Audiences that people saved by name: the same conditions in words that every list and command takes."""

from sqlalchemy.orm import Session

from db.errors import InputError, NotFoundError
from db.repositories.settings import SettingsRepository

KEY = "saved_audiences"
LONGEST_NAME = 60
MOST = 200


class AudienceRepository:
    """The saved audiences of a store. Whether a condition can be read is for its writer to check."""

    def __init__(self, session: Session) -> None:
        self.settings = SettingsRepository(session)

    def all(self) -> dict[str, str]:
        """Conditions by name, in the order of the names."""
        found = self.settings.get(KEY) or {}
        return {str(name): str(found[name]) for name in sorted(found)}

    def save(self, name: str, text: str) -> None:
        """Keep a condition under a name, in place of the one that had it. Raises InputError."""
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME:
            raise InputError(f"The name of an audience has 1 to {LONGEST_NAME} characters.")
        if not text.strip():
            raise InputError("There is no condition to save.", hint="Choose an audience first.")
        kept = {**self.all(), name: text.strip()}
        if len(kept) > MOST:
            raise InputError(f"A store keeps at most {MOST} audiences.", hint="Remove one that nobody uses.")
        self.settings.put(KEY, kept)

    def remove(self, name: str) -> None:
        """Drop an audience. Raises NotFoundError."""
        kept = self.all()
        if kept.pop(name, None) is None:
            raise NotFoundError(
                f"There is no saved audience {name!r}.", hint="List them with `mainstay audiences list`."
            )
        self.settings.put(KEY, kept)
