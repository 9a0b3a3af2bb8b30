"""The errors kwmagic raises on purpose: one root, so a caller can catch them all."""


class KwmagicError(Exception):
    """Wrong use or an outside failure; `str(error)` is one line that says what, which and what to do."""


class TargetError(KwmagicError):
    """What the user typed names nothing that can be shown."""


class OptionError(KwmagicError):
    """An option has a value that can't be used (a bad regular expression, an unknown section key)."""


class UnreadableError(KwmagicError):
    """A source can't be read or decoded; the caller turns it into a `Problem`, never into a stop."""


class ForeignError(KwmagicError):
    """Where a page belongs is something that kwmagic did not write; it was left as it is."""

    def __init__(self, page: str, found: str) -> None:
        """*found*: what is there, as in `is a folder`."""
        super().__init__(f"{page} {found} and is left as it is; move it away or build into another folder")
        self.page = page
