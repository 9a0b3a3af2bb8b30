"""Where a text comes from: written by a program, squeezed by one, or by a person."""

from __future__ import annotations

import re

from kwmagic.languages import Language

_HEAD = 2048
"""Characters in which a generator signs."""
_GENERATED = re.compile(r"@generated\b")
_LONG = 500
"""Characters of an average line that nobody types."""


def flags(text: str, language: Language, engine: str) -> tuple[str, ...]:
    """Sorted, of: generated, low confidence, minified."""
    found = []
    if _GENERATED.search(text, 0, _HEAD):
        found.append("generated")
    if engine == "generic":
        found.append("low confidence")
    if language.analyser == "tree_sitter" and len(text) > _LONG * (text.count("\n") + 1):
        found.append("minified")
    return tuple(found)
