"""Exceptions meant for users: their text is shown as it stands, without a traceback. Standard library only."""


class UserError(Exception):
    """Something that the person can understand and mend. The message says what is wrong and what to do."""


class NotAllowedError(UserError):
    """The person may not do this, or it does not exist: both look the same."""

    def __init__(self, message: str = "There is nothing here that you can open.") -> None:
        super().__init__(message)


class FileRefusedError(UserError):
    """A file that cannot be read at all: it is not a workbook, is damaged, protected, or over a limit."""


class MappingError(UserError):
    """A mapping that is not one, or that does not fit the file or the rubrics."""


class ChangedMeanwhileError(UserError):
    """Somebody else saved first; nothing was overwritten."""


class StoreUnavailableError(UserError):
    """The database cannot be used as it is: not a database, read-only, busy, full, or out of reach."""
