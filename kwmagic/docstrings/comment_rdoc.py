"""Ruby's doc comments: RDoc's markup -> Markdown and the tags that `comment_tags` reads, YARD's among them."""

from __future__ import annotations

import re

from kwmagic.docstrings.comment_code import fenced, runs
from kwmagic.docstrings.comment_plain import code_by_indentation

_HIDDEN = re.compile(r"^ *--$(?:(?!\n *\+\+$)[\s\S])*+(?:\n *\+\+$)?\n?", re.MULTILINE)
"""What RDoc's comments keep to themselves, between `#--` and `#++`."""
_SILENT = re.compile(r"^ *:(?:nodoc|startdoc|stopdoc|doc|markup|call-seq):.*\n?", re.MULTILINE)
_TAG = re.compile(r" *@[a-z]")
_EXAMPLE = re.compile(r"( *@example) +([^<>\n]++)$")
_HEADING = re.compile(r"={1,6} *([^\s=].*?)[ =]*$")
_WORD = re.compile(
    r"(?P<span>`++[^`]*+`++)|(?<![\w+])\+(?P<code>[\w:.#@$?!=&*-]++)\+(?![\w+])|(?<![\w\\`])\\(?P<name>[A-Z]\w*+)"
)


def as_tags(doc: str) -> str:
    """`doc` with headings and code as Markdown writes them; the text of YARD's tags is left to their reader."""
    text = fenced(_SILENT.sub("", _HIDDEN.sub("\n", doc)))
    lines = text.split("\n")
    end = next((at for at, line in enumerate(lines) if _TAG.match(line)), len(lines))
    above: list[str] = []
    for run in runs(lines[:end]):
        above += run.lines if run.is_code else code_by_indentation(run.lines)
    written: list[str] = []
    for run in runs([*above, *lines[end:]]):
        written += run.lines if run.is_code else map(_prose, run.lines)
    return "\n".join(written)


def _prose(line: str) -> str:
    if heading := _HEADING.match(line):
        line = f"# {heading[1]}"
    line = _EXAMPLE.sub(r"\1 <caption>\2</caption>", line)
    return _WORD.sub(_word, line)


def _word(found: re.Match[str]) -> str:
    return f"`{found['code']}`" if found["code"] else found["span"] or found["name"]
