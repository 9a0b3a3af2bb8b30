"""`%%docfile TARGET` with nothing below it, which IPython would refuse, made a line; comments above it dropped."""

from __future__ import annotations

import re

_OURS = re.compile(r"%%(?:kwindex|docfile)\b")


def line_form(lines: list[str]) -> list[str]:
    """An input transformer for `input_transformers_cleanup`: the lines of a cell, ends kept."""
    start = next((n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")), None)
    if start is None or not _OURS.match(lines[start]):
        return lines
    if any(line.strip() for line in lines[start + 1 :]):
        return lines[start:]
    return [lines[start][1:]]


line_form.has_side_effects = True  # type: ignore[attr-defined]  # IPython then leaves it out when it asks whether a
# cell is complete: in a terminal `%%docfile TARGET` still waits for a body, until a blank line
