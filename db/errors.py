"""One family of errors, each with a sentence for the user and a hint on what to do next.

MainstayError
├── SettingsError            a setting or flag cannot be used
├── StoreError               the store cannot be opened, read or written
│   ├── StoreBusyError       another process is writing (retryable)
│   ├── ConversationMovedError  a conversation went on elsewhere (retryable)
│   ├── AlreadyKeptError     a message with the same id is kept already
│   ├── StoreFormatError     not a mainstay store, or a newer one
│   └── StoreCorruptError    the integrity check failed
├── InputError               a file, mapping or catalogue cannot be used
│   ├── MappingError         the mapping file is wrong
│   └── TooManyRejectsError  more rows were refused than the mapping allows
├── NotFoundError            no such customer, draft, decision, model ...
├── TrainingError            the data cannot train a forecaster
│   └── LeakageError         columns give the label away
├── ArtifactError            a stored model is missing, changed or of another version
├── BackendError             a writer failed
│   └── BackendUnavailableError  the writer cannot be reached or loaded (retryable)
└── PolicyError              a rule of contact, consent or approval forbids it
"""

from pathlib import Path


class MainstayError(Exception):
    """Something the user can be told in a sentence; `hint` says what to do next."""

    hint: str = ""
    retryable: bool = False

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if hint is not None:
            self.hint = hint

    def __str__(self) -> str:
        return self.message


class SettingsError(MainstayError):
    """A setting or flag cannot be used."""

    hint = "See `mainstay config show` for the settings in force and where each comes from."


class StoreError(MainstayError):
    """The store cannot be opened, read or written."""

    hint = "Check the path with `mainstay db path` and its health with `mainstay db check`."


class StoreBusyError(StoreError):
    """Another process is writing to the store."""

    hint = "Try again in a moment."
    retryable = True


class ConversationMovedError(StoreError):
    """A conversation went on elsewhere while a turn of it was made; that turn was not kept."""

    hint = "Say it again."
    retryable = True


class AlreadyKeptError(StoreError):
    """A message with the same id is kept already, perhaps by another process; nothing was kept a second time."""

    hint = "The answer to it is kept with it."


class StoreFormatError(StoreError):
    """The file is not a mainstay store, or was written by a newer version."""

    hint = "Point --store at a mainstay store, or at a path that does not exist yet."


class StoreCorruptError(StoreError):
    """The integrity check of the store failed."""

    hint = "Restore the newest backup; `mainstay db path` shows where backups lie."


class InputError(MainstayError):
    """A file cannot be used; the message names file, line and column where they are known."""

    hint = "Mend it and run the command again; nothing was changed."

    def __init__(
        self,
        message: str,
        *,
        path: str | Path | None = None,
        line: int | None = None,
        column: str | None = None,
        hint: str | None = None,
    ) -> None:
        place = "".join(
            (
                f"{Path(path).name}" if path is not None else "",
                f", line {line}" if line is not None else "",
                f", column {column!r}" if column is not None else "",
            )
        ).lstrip(", ")
        super().__init__(f"{place}: {message}" if place else message, hint=hint)
        self.path = path
        self.line = line
        self.column = column


class MappingError(InputError):
    """The mapping file is wrong."""

    hint = "Compare it with `mainstay import customers FILE --infer --dry-run`, which prints a mapping that fits."


class TooManyRejectsError(InputError):
    """More rows were refused than the mapping allows; nothing was imported."""

    hint = "Read the .rejects.csv beside the file; raise `max_reject_share` in the mapping if the rejects are expected."


class NotFoundError(MainstayError):
    """Nothing has that id."""

    hint = "List customers with `mainstay score --top 20`, drafts with `mainstay drafts list`."


class TrainingError(MainstayError):
    """The data cannot train a forecaster."""

    hint = "Import more history, or name another label in the mapping."


class LeakageError(TrainingError):
    """Columns give the label away."""

    hint = "Give them the role `ignore` in the mapping, or pass --allow-leaks if you know that they are known in time."


class ArtifactError(MainstayError):
    """A stored model is missing, changed on disk, or made by another library version."""

    hint = "Train again with `mainstay train`."


class BackendError(MainstayError):
    """A writer failed on this text."""

    hint = "The approved wording is used instead; `mainstay doctor` shows the state of the writer."


class BackendUnavailableError(BackendError):
    """The writer cannot be reached or loaded."""

    hint = "Check the model path or address with `mainstay doctor`."
    retryable = True


class PolicyError(MainstayError):
    """A rule of contact, consent or approval forbids it."""

    hint = "`mainstay explain CUSTOMER` shows which rule."
