"""Source text of the C family as pages show it: on one line, without comments."""

from __future__ import annotations

import re

from kwmagic.analysers import c_lexis as lexis

_DIRECTIVE = re.compile(r"^[ \t]*+#(?:[^\\\n]++|\\.)*+", re.DOTALL | re.MULTILINE)
LONGEST_VALUE = 80


def plain(source: str) -> str:
    """*source* on one line, without comments."""
    if "/" in source or "\\" in source:
        source = lexis.COMMENT.sub(lambda found: found[0] if found[0][0] in "\"'" else " ", source)
    if "#" in source:
        source = _DIRECTIVE.sub("", source)
    return " ".join(source.split())


def bracketed(source: str) -> str:
    """`plain`, without space inside the brackets around *source*."""
    inner = plain(source[1:-1])
    return f"{source[0]}{inner}{source[-1]}"


def shortened(value: str) -> str:
    """*value*, with `…` for what is beyond the length that fits a line."""
    return value if len(value) <= LONGEST_VALUE else f"{value[: LONGEST_VALUE - 1].rstrip()}…"
