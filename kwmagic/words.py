"""A magic's line as words: quotes, a trailing comment, a trailing semicolon, and `{…}` and `$name` in targets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from kwmagic.errors import OptionError

_WORD = re.compile(r"""(?:"[^"]*"|'[^']*'|\{[^{}"']*(?:(?:"[^"]*"|'[^']*')[^{}"']*)*\}|\S)+""")
"""A quote that is never closed is a character like any other: `it's.py`."""
_FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|\$(\$|[^\W\d]\w*)")


class Line(NamedTuple):
    """What was typed after a magic."""

    words: list[str]
    """Quotes still around them."""
    silent: bool
    """Whether it ended in `;`."""


def split(line: str) -> Line:
    """The words of a line, without a comment at its end."""
    words: list[str] = []
    for match in _WORD.finditer(line):
        if match[0].startswith("#"):
            break
        words.append(match[0])
    silent = bool(words) and words[-1].endswith(";")
    if silent:
        words[-1] = words[-1].rstrip(";")
    return Line([word for word in words if word], silent)


def unquoted(word: str) -> str:
    """A word as an option takes it: without quotes around it."""
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] and word[0] in "\"'" else word


def expanded(word: str, namespace: Mapping[str, Any]) -> str:
    """A word of a target with `{expression}` and `$name` filled in; in single quotes it stays as typed.

    `{{`, `}}` and `$$` stand for the characters themselves. Raises `OptionError` where an expression fails.
    """
    if word.startswith("'") and word.endswith("'"):
        return word
    return _FIELD.sub(lambda match: _filled(match, namespace), word)


def _filled(match: re.Match[str], namespace: Mapping[str, Any]) -> str:
    if match[0] in {"{{", "}}", "$$"}:
        return match[0][0]
    expression = match[1] if match[2] is None else match[2]
    try:
        return str(eval(expression, dict(namespace)))  # the user's own words, run where the user runs code
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        advice = "write it in single quotes to take it as it stands"
        raise OptionError(f"{match[0]} can't be filled in: {reason} ({advice})") from None
