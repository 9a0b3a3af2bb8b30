"""Doc comments without a markup of their own: what stands indented in them is code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kwmagic.docstrings.blocks import dedent, indent_of, indented_end
from kwmagic.docstrings.comment_code import fence, quoted, runs
from kwmagic.docstrings.sections import SECTIONS

_DIRECTIVE = re.compile(r"^ *\.\. (?:[\w:-]+::|_)", re.MULTILINE)
"""A sign of reStructuredText, which docstrings are written in as well: there, indentation means more than code."""


def translated(doc: str) -> str:
    """The text of a comment of a language that has no convention."""
    is_rest = _DIRECTIVE.search(doc) is not None
    written: list[str] = []
    for run in runs(doc.split("\n")):
        if run.is_code or is_rest:
            written += run.lines
        else:
            written += code_by_indentation([quoted(line) for line in run.lines])
    return "\n".join(written)


def code_by_indentation(lines: Sequence[str]) -> Iterator[str]:
    """Indented lines behind a blank one, or deep ones behind a colon, are code, unless they continue a list."""
    at, in_list = 0, False
    while at < len(lines):
        line = lines[at]
        above = lines[at - 1].rstrip() if at else ""
        is_introduced = above.endswith(":") and above.strip(" :").lower() not in SECTIONS
        is_set_off = not above or (is_introduced and indent_of(line) - indent_of(above) >= 4)
        is_code = line.startswith(" ") and is_set_off and not in_list
        end = indented_end(lines, at) if is_code and not is_list(line) else at
        if end > at:
            if above:
                yield ""
            yield from fence("\n" + "\n".join(dedent(lines[at:end])), "verbatim")
            at = end
            continue
        if line.strip():
            if is_list(line) and not in_list and above:
                yield ""  # or the line above would be taken for a term that the list explains
            in_list = is_list(line) or (in_list and line.startswith(" "))
        yield line
        at += 1


def is_list(line: str) -> bool:
    """Whether an item of a list starts on `line`."""
    return bool(re.match(r" *(?:[-*+•]|\d{1,3}[.)]) +\S", line))
