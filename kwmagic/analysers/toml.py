"""TOML: tables and keys by path; arrays of tables once for each occurrence."""

from __future__ import annotations

import re

from kwmagic.analysers.brackets import Flow, Grammar, unquoted
from kwmagic.analysers.keys import Key, Keys, Scope
from kwmagic.analysers.lines import shortened
from kwmagic.languages import Language
from kwmagic.model import Findings, Kind, Problem, Source

_CHECKED = 1_000_000
"""Characters of a file up to which its syntax is checked."""
_DOTTED = re.compile(r"^(?:[^.\n]*+\.){200}", re.MULTILINE)
"""What may be a path so long that it is not: the time that `tomllib` takes grows with the square of its parts."""

_BLANKS = r"[ \t\n]*+"
_STRING = r""""(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'"""
_LONG_STRING = r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}' + r"|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}"
_BARE = r"""[^ \t\n=.,"'\#\[\]{}]++"""
_PART = rf"(?:{_STRING}|{_BARE})"
_PATH = rf"{_PART}(?:[ \t]*+\.[ \t]*+{_PART})*+"
_PARTS = re.compile(_PART)
_TOKEN = re.compile(
    rf"""{_BLANKS}(?:
    (?P<open>[\[{{]) | (?P<close>[\]}}]) | (?P<comma>,) | (?P<comment>\#[^\n]*+)
    | (?P<atom>{_LONG_STRING}|{_PATH}) (?P<key>{_BLANKS}=)?+ | (?P<loose>.) | \Z)""",
    re.VERBOSE | re.DOTALL,
)
_STATEMENT = re.compile(
    rf"""{_BLANKS}(?:
    (?P<comment>\#[^\n]*+)
    | \[[ \t]*+(?P<table>{_PATH})[ \t]*+\]
    | \[\[[ \t]*+(?P<array>{_PATH})[ \t]*+\]\]
    | (?P<key>{_PATH})[ \t]*+=[ \t]*+
    | (?P<other>[^\n]++)
    | \Z)""",
    re.VERBOSE,
)
_VALUE = re.compile(rf"""{_LONG_STRING}|{_STRING}|[^\n\#]*+""", re.DOTALL)
_REST = re.compile(r"[^\n\#]*+(?P<comment>\#[^\n]*+)?[^\n]*+")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def analyse(source: Source, language: Language) -> Findings:
    """The tables and keys of one file, by path; never raises."""
    del language
    keys = Keys()
    flow = Flow(source.text, Grammar(_TOKEN, "=", _parts), keys)
    _read(flow)
    found = keys.findings(source.text, flow.comments, flow.problems)
    if len(source.text) > _CHECKED or _DOTTED.search(source.text):
        return found
    cut = [problem for problem in found.problems if not problem.line]
    return found._replace(problems=(*_errors(source), *cut))


def _read(flow: Flow) -> None:
    """Read all statements."""
    text, keys, position = flow.text, flow.keys, 0
    table: Key | None = None
    scope = Scope()
    while (statement := _STATEMENT.match(text, position)) and (what := statement.lastgroup):
        start, position = statement.start(what), statement.end()
        if what == "comment":
            flow.comments.append((start, position))
        elif what == "key":
            key = keys.add(scope, _parts(statement["key"]), start, position)
            position = _read_value(flow, position, scope, key)
            if table is not None:
                table.end = position
        elif what in ("table", "array"):
            table = keys.add(Scope(), _parts(statement[what]), start, position, Kind.TABLE.value)
            scope = Scope().nested(table, False)
            scope.is_item = what == "array"
        if what not in ("comment", "other"):
            position = _read_rest(flow, position)


def _read_value(flow: Flow, position: int, scope: Scope, key: Key | None) -> int:
    """Read what stands behind a key's `=`; gives the offset after it."""
    text = flow.text
    if text.startswith(("[", "{"), position) and (end := flow.end_of(position)):
        return flow.read(position, end, scope.nested(key, text[position] == "["), key)
    value = _VALUE.match(text, position)
    end = position + len(value[0].rstrip()) if value else position
    if key is not None:
        key.end = end
        key.signature = f"= {shortened(text[position:end])}".rstrip()
    return end


def _read_rest(flow: Flow, position: int) -> int:
    """Step over the rest of a line, which should be no more than a comment."""
    rest = _REST.match(flow.text, position)
    if rest is None:
        return position
    if rest["comment"]:
        flow.comments.append(rest.span("comment"))
    return rest.end()


def _parts(path: str) -> list[str]:
    return [unquoted(part) for part in _PARTS.findall(path)]


def _errors(source: Source) -> list[Problem]:
    """What the standard library says against the file, if anything."""
    import tomllib  # noqa: PLC0415  # for files of TOML only

    try:
        tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = _PLACE.search(message)
        line = int(place[1] or source.lines) if place else 0
        return [Problem(line, f"no TOML: {message[: place.start()] if place else message}")]
    except (ValueError, RecursionError) as error:  # an integer of 5,000 digits, brackets 1,000 deep
        return [Problem(0, f"no TOML that can be read: {error}")]
    return []
