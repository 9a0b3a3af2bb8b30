"""JSON, also with comments, trailing commas and what else JSON5 allows: its keys by path."""

from __future__ import annotations

import re

from kwmagic.analysers.brackets import NUMBER, SPACE, Flow, Grammar, unquoted
from kwmagic.analysers.keys import Keys, Scope
from kwmagic.languages import Language
from kwmagic.model import Findings, Source

_COMMENT = r"//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)"
_STRING = r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"'
_LITERAL = rf"""(?:{NUMBER}|true|false|null|NaN|-?Infinity)(?![^ \t\n,:/\[\]{{}}"'])"""
_LOOSE = r""""(?:[^"\\\n]++|\\.)*+(?:"|(?=\n)|\Z)|'(?:[^'\\\n]++|\\.)*+(?:'|(?=\n)|\Z)|[^ \t\n"'\[\]{},:/]++|."""
"""Words and strings that only JSON5 allows, and what is wrong."""
_SIGN = rf"(?:{SPACE}(?:{_COMMENT}))*+{SPACE}:"
_TOKEN = re.compile(
    rf"""{SPACE}(?:
    (?P<open>[\[{{]) | (?P<close>[\]}}]) | (?P<comma>,) | (?P<comment>{_COMMENT})
    | (?P<atom>{_STRING}|{_LITERAL}) (?P<key>{_SIGN})?+ | (?P<loose>{_LOOSE}) (?P<loose_key>{_SIGN})?+ | \Z)""",
    re.VERBOSE | re.DOTALL,
)
_PLAIN = (".json", ".jsonc", ".geojson", ".webmanifest")
"""What is none of these may be JSON5."""


def analyse(source: Source, language: Language) -> Findings:
    """The keys of one file by path, with the values that stand for themselves; never raises."""
    del language
    keys = Keys()
    is_plain = source.ref.path.lower().endswith(_PLAIN)
    flow = Flow(source.text, Grammar(_TOKEN, ":", _parts, is_plain), keys)
    _read_values(flow)
    return keys.findings(source.text, flow.comments, flow.problems[:1])


def _read_values(flow: Flow) -> None:
    """Read the values that a file consists of: one, or one after another on lines of their own."""
    text, position, last = flow.text, 0, 0
    while (token := _TOKEN.match(text, position)) and token.lastgroup:
        what, start, position = token.lastgroup, token.start(token.lastgroup), token.end()
        if what == "comment":
            flow.comments.append((start, position))
            continue
        is_value = what in ("open", "atom") and (not last or "\n" in text[last:start])
        if not is_value and not flow.problems:
            flow.problems.append((start, f"unexpected {text[start]!r}"))
        if what == "open":
            position = flow.read(start, len(text), Scope.outermost(text[start] == "["))
        last = position
    if not last:
        flow.problems.append((0, "no JSON: nothing is in it"))


def _parts(key: str) -> tuple[str]:
    return (unquoted(key),)
