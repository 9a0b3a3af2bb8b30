"""Logical lines of a text that is nearly Python: Cython, Starlark, a notebook's cell with its magics."""

from __future__ import annotations

import re

from kwmagic.analysers.python_lexis import BRACKET, COMMENT, STRING

CODE = rf"""(?:[^\n"'\#()\[\]{{}}\\]++|{STRING}|{BRACKET}|\\\n|["'()\[\]{{}}\\])*+"""
"""All of a logical line but its comment; a bracket or quote that is never closed is one character of it."""
LOGICAL_LINE = re.compile(
    rf"(?P<indent>[ \t\f]*+)(?P<code>{CODE})(?P<comment>{COMMENT})?(?P<end>\n|\Z)",
    re.DOTALL,
)
"""One logical line; it matches at the beginning of every line, and the empty text at the end."""
