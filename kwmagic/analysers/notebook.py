"""Jupyter notebooks: headings of their Markdown cells, definitions and imports of their Python cells."""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kwmagic.analysers.markdown import Heading, blocks, headings, paths, symbols, title
from kwmagic.analysers.python_lexis import BRACKET, COMMENT, GAP, STRING
from kwmagic.analysers.python_scanner import scan
from kwmagic.languages import Language
from kwmagic.model import Findings, Import, Problem, Source, Symbol

_CURRENT = 4
"""The major version of nbformat that is read as it is; older ones are brought up to it."""
_MAX_DIGITS = 4_000
"""Python refuses to read integers much longer than these."""
_PYTHON_MAGICS = frozenset(
    ("capture", "debug", "heat", "lprun", "memit", "mprun", "mypy", "prun", "pyinstrument", "px", "time", "timeit")
)
"""Cell magics whose body is Python of this notebook all the same."""
_CELL_MAGIC = re.compile(r"(?:[ \t]*+\n)*+[ \t]*+%%(?P<name>[\w.!]*+)[^\n]*+")
_MAY_HAVE_COMMANDS = re.compile(r"[%!?]|^[ \t]*+[,;/]", re.MULTILINE)
_COMMAND = r"(?:[^\\\n]++|\\.|\\)*+"
_LINE = re.compile(
    rf"(?P<indent>[ \t\f]*+)(?:(?P<command>[%!?,;/]{_COMMAND})"
    rf"|(?P<code>(?:[^\n\"'\#()\[\]{{}}\\=]++|{STRING}|{BRACKET}|\\\n|=(?!{GAP}*+[%!])|[\"'()\[\]{{}}\\])*+)"
    rf"(?:=(?P<assigned>{GAP}*+[%!]{_COMMAND}))?+(?:{COMMENT})?)(?:\n|\Z)",
    re.DOTALL,
)
"""One logical line of IPython; no Python statement begins like a command, or assigns what begins with `!` or `%`."""
_WORD = re.compile(r"(?:%%?|!!?|[?,;/])[ \t]*+[\w.-]*+")


class Cell(NamedTuple):
    """One cell of a notebook."""

    number: int
    """1-based, over all cells."""
    kind: str
    """`markdown`, `code`, `raw`."""
    source: str
    """With newlines `\\n`."""
    fields: dict[str, Any]
    """As the file has it."""


@dataclass(frozen=True, slots=True)
class Notebook:
    """What is in a notebook's file; where it is none, only the problem that says so."""

    cells: tuple[Cell, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)
    version: tuple[int, int] = (0, 0)
    """Major and minor version of nbformat that the file says it has."""
    problems: tuple[Problem, ...] = ()

    @property
    def language(self) -> str:
        """The language of its kernel, or the kernel's name where it doesn't say; empty where it says nothing."""
        kernel, info = as_object(self.metadata, "kernelspec"), as_object(self.metadata, "language_info")
        words = (kernel.get("language"), info.get("name"), self.metadata.get("language"), kernel.get("name"))
        return next((word for word in words if isinstance(word, str) and word), "")

    @property
    def is_python(self) -> bool:
        """Whether its code cells are: `python`, `ipython`, `pyspark`, `sage`, or where nothing else is said."""
        language = self.language.lower()
        return not language or "py" in language or "sage" in language


class Command(NamedTuple):
    """A magic, a shell escape or a question in a cell of code."""

    name: str
    """Its first word with what marks it: `%matplotlib`, `%%time`, `!pip`; `?` for `obj?`."""
    line: int


class Code(NamedTuple):
    """The Python in a cell of code."""

    text: str
    """Line by line as in the cell, with `pass` in place of commands; empty where all of it is for a cell magic."""
    commands: tuple[Command, ...] = ()
    assigned: dict[int, str] = {}  # noqa: RUF012  # never changed
    """Line of `name = !command` -> what is assigned, as written."""


def analyse(source: Source, language: Language) -> Findings:
    """The headings, definitions and imports of one notebook; never raises, never runs it."""
    del language
    notebook = parse(source.text)
    found: list[Symbol] = []
    imports: list[Import] = []
    problems = list(notebook.problems)
    outline = headings_by_cell(notebook)
    where = iter(paths([heading for found_here in outline.values() for heading in found_here]))
    for cell in notebook.cells:
        if cell.kind == "markdown":
            here = outline[cell.number]
            found += symbols(here, [next(where) for _ in here], cell.source, cell.number)
        elif cell.kind == "code" and notebook.is_python:
            code = python(cell.source)
            scanned = scan(code.text)
            found += [_in_cell(symbol, cell.number, code.assigned) for symbol in scanned.symbols]
            imports += [each._replace(cell=cell.number) for each in scanned.imports]
            problems += [problem._replace(cell=cell.number) for problem in scanned.problems]
    doc = title([heading for found_here in outline.values() for heading in found_here])
    return Findings("notebook", tuple(found), tuple(imports), problems=tuple(problems), doc=doc)


def _in_cell(symbol: Symbol, cell: int, assigned: dict[int, str]) -> Symbol:
    if symbol.line in assigned:
        return symbol._replace(cell=cell, signature=f"= {assigned[symbol.line]}")
    return symbol._replace(cell=cell)


def headings_by_cell(notebook: Notebook) -> dict[int, list[Heading]]:
    """The headings of each Markdown cell; each cell is read alone, as front ends do."""
    return {cell.number: headings(blocks(cell.source)) for cell in notebook.cells if cell.kind == "markdown"}


# --- the file -----------------------------------------------------------------------------------------------------


def parse(text: str) -> Notebook:
    """The notebook in a text, of any version; never raises."""
    try:
        data = json.loads(text, parse_int=_integer)
    except json.JSONDecodeError as error:
        return _none(f"is not valid JSON: {error.msg}", error.lineno)
    except RecursionError:
        return _none("is not valid JSON for a notebook: it is nested too deep")
    if not isinstance(data, dict) or not isinstance(data.get("cells", data.get("worksheets")), list):
        return _none("is not a notebook: it has no list of cells")
    major, minor = (
        number if isinstance(number, int) else 0 for number in map(data.get, ("nbformat", "nbformat_minor"))
    )
    problems = []
    if 0 < major < _CURRENT:
        try:
            data = _upgraded(text)
        except Exception as error:  # whatever a file may lack
            reason = " ".join(str(error).split())[:200]
            return _none(f"is an nbformat {major} notebook that is not valid: {type(error).__name__}: {reason}")
    elif major != _CURRENT:
        said = f"is nbformat {major}, which is not known" if major else "doesn't say its version of nbformat"
        problems.append(Problem(0, f"{said}: read as version {_CURRENT}"))
    cells = []
    for number, fields in enumerate(data["cells"], 1):
        problem = _flaw(fields)
        if problem:
            problems.append(Problem(0, problem, number))
        if isinstance(fields, dict):
            cells.append(Cell(number, str(fields.get("cell_type")), _joined(fields.get("source")), fields))
    return Notebook(tuple(cells), as_object(data, "metadata"), (major, minor), tuple(problems))


def _none(message: str, line: int = 0) -> Notebook:
    return Notebook(problems=(Problem(line, message),))


def _integer(digits: str) -> int:
    return int(digits[:_MAX_DIGITS])


def _upgraded(text: str) -> dict[str, Any]:
    import nbformat  # noqa: PLC0415  # a second; few notebooks are that old

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what validation would correct is no concern of the reader
        return dict(nbformat.reads(text, as_version=_CURRENT))  # type: ignore[no-untyped-call]


def as_object(data: dict[str, Any], key: str) -> dict[str, Any]:
    """What *data* holds there, if it is a JSON object; else an empty one."""
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _flaw(fields: Any) -> str:
    """What keeps a cell from being read in full; empty where nothing does."""
    if not isinstance(fields, dict):
        return "this is no cell: it can't be read"
    if not isinstance(fields.get("cell_type"), str):
        return "the cell doesn't say its type: it is not read"
    lines = fields.get("source")
    if isinstance(lines, str) or (isinstance(lines, list) and all(isinstance(line, str) for line in lines)):
        return ""
    return "the cell's source is not text, or not all of it"


def _joined(source: Any) -> str:
    """The text of a cell which may be a list of lines."""
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


# --- the code of a cell -------------------------------------------------------------------------------------------


def python(source: str) -> Code:
    """The Python in a cell of code, without what IPython takes out before Python sees it."""
    commands: list[Command] = []
    line, start = 1, 0
    while magic := _CELL_MAGIC.match(source, start):
        line += source.count("\n", start, magic.end())
        start = magic.end()
        commands.append(Command(f"%%{magic['name']}", line))
        if magic["name"] not in _PYTHON_MAGICS:
            return Code("", tuple(commands))
    text = "\n" * (line - 1) + source[start:]
    if not _MAY_HAVE_COMMANDS.search(text):
        return Code(text, tuple(commands))
    assigned: dict[int, str] = {}
    parts, line, position = [], 1, 0
    while position < len(text) and (found := _LINE.match(text, position)):
        written, position = found[0], found.end()
        command = found["command"] or (found["assigned"] or "").strip()
        is_question = not command and found["code"].rstrip().endswith("?")
        newlines = written.count("\n")
        if command or is_question:
            name = _WORD.match(command)
            commands.append(Command("?" if is_question or name is None else name[0].replace(" ", ""), line))
            written = f"{found['indent']}pass" + "\n" * newlines
        if found["assigned"]:
            assigned[line] = " ".join(command.split())
            written = f"{found['indent']}{found['code']}= None" + "\n" * newlines
        parts.append(written)
        line += newlines
    return Code("".join(parts), tuple(commands), assigned)
