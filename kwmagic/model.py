"""The types every other module speaks in; imports nothing of the package."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple


class Kind(StrEnum):
    """What a symbol is; the values are the words of the JSON format. In the order in which pages show them."""

    MODULE = "module"
    """The file itself, in Python with the flag `FILE`; in other languages a definition inside of one."""
    PACKAGE = "package"
    NAMESPACE = "namespace"
    CLASS = "class"
    STRUCT = "struct"
    UNION = "union"
    RECORD = "record"
    INTERFACE = "interface"
    PROTOCOL = "protocol"
    TRAIT = "trait"
    OBJECT = "object"
    EXTENSION = "extension"
    ANNOTATION = "annotation"
    CONCEPT = "concept"
    ENUM = "enum"
    ENUMERATOR = "enumerator"
    MESSAGE = "message"
    SERVICE = "service"
    FUNCTION = "function"
    KERNEL = "kernel"
    METHOD = "method"
    CONSTRUCTOR = "constructor"
    DESTRUCTOR = "destructor"
    OPERATOR = "operator"
    RPC = "rpc"
    PROCEDURE = "procedure"
    TRIGGER = "trigger"
    DELEGATE = "delegate"
    EVENT = "event"
    PROPERTY = "property"
    FIELD = "field"
    CONSTANT = "constant"
    VARIABLE = "variable"
    ATTRIBUTE = "attribute"
    TYPE_ALIAS = "type_alias"
    TYPEDEF = "typedef"
    MACRO = "macro"
    TABLE = "table"
    VIEW = "view"
    COLUMN = "column"
    INDEX = "index"
    TARGET = "target"
    OPTION = "option"
    STAGE = "stage"
    SECTION = "section"
    KEY = "key"
    HEADING = "heading"
    LABEL = "label"


FILE = "file"
"""The flag of the symbol that stands for the file itself."""


class Symbol(NamedTuple):
    """One definition. A NamedTuple, since a package has 100,000 of them and they cross process pipes as tuples."""

    kind: str
    """A value of `Kind`."""
    name: str
    qualname: str
    """As Python writes it: `Outer.method`, `function.<locals>.Inner`; the module's own name for a module."""
    line: int
    """1-based line of the `def`, `class` or assignment itself, never of its decorator."""
    end_line: int
    """1-based line of the last statement inside; comments and blank lines after it do not count."""
    signature: str | None = None
    """`(a, b=1) -> int` for functions, `[T]` for generic classes, `: int = 3` for assignments; as written, one line."""
    doc: str | None = None
    """The docstring as Python evaluates it, indentation kept; None where there is none."""
    decorators: tuple[str, ...] = ()
    """Source text after the `@`, outermost first, one line each."""
    bases: tuple[str, ...] = ()
    """Source text of the classes that a class derives from; `metaclass=ABCMeta` stands in the signature alone."""
    condition: str | None = None
    """The tests it stands under, outermost first, joined by ` / `: `if TYPE_CHECKING`, `except ImportError`."""
    flags: tuple[str, ...] = ()
    """Sorted, of: async, conditional, local, overload, private; other languages add words of their own (`static`)."""
    cell: int = 0
    """1-based number of the notebook's cell that `line` counts in; 0 outside notebooks."""


SEPARATORS = (".", "::", " > ")
"""Between the parts of qualnames, in any language."""


def is_part(qualname: str, owner: str) -> bool:
    """Whether a definition is *owner* or inside it, by their qualnames."""
    return qualname == owner or qualname.startswith(tuple(owner + separator for separator in SEPARATORS))


class Import(NamedTuple):
    """One name bound by an import statement; `import a, b` gives two."""

    module: str
    """With its leading dots where relative: `..pkg`."""
    name: str | None
    """The imported name; None for `import a.b`; `*` for a star."""
    alias: str | None
    line: int
    """1-based line of the statement."""
    flags: tuple[str, ...] = ()
    """Sorted, of: conditional, local, re-export, star, typing-only; of an include: own or system."""
    cell: int = 0


class Problem(NamedTuple):
    """Something that could not be read, decoded or parsed; listed, never raised."""

    line: int
    """1-based; 0 where no line applies."""
    message: str
    cell: int = 0


class Use(NamedTuple):
    """One place where a Python file names what it imports or what it defines at its own top level."""

    name: str
    """Resolved through scopes and imports: `torch.nn.functional.relu`; own names begin with the file's own module."""
    line: int
    """1-based line of the name."""
    scope: str
    """Qualname of the enclosing class or function; "" at the top of the module."""
    how: str
    """`call`, `decorator`, `base`, `annotation` or `reference`."""
    first: int
    """First line of the statement that it is part of; of a compound statement, such as `if`, the header."""
    last: int
    """Last line of that statement or header."""


class Statement(NamedTuple):
    """One true thing that an exact signal in a file's syntax tree tells."""

    section: str
    """Of the document: `patterns`, `performance` or `security`."""
    topic: str
    """What the statement is grouped under: `Network access`."""
    text: str
    """What is said, code between backticks: "Calls `torch.load(…, weights_only=False)`". Neither place nor line."""
    line: int
    scope: str
    """Qualname of the enclosing class or function; "" at the top of the module."""


class Evidence(NamedTuple):
    """What a syntax tree and the resolution of its names tell of one Python file."""

    uses: tuple[Use, ...] = ()
    """By line."""
    statements: tuple[Statement, ...] = ()
    """By section, topic and line."""
    runs: bool = False
    """Whether it has code for when it is run as a script, under `if __name__ == "__main__":`."""


@dataclass(frozen=True, slots=True)
class FileRef:
    """One file to analyse: how pages name it and where its content is."""

    path: str
    """The name in pages and JSON, `/` separated; undecodable bytes as lone surrogates."""
    file: str | None = None
    """Absolute path on disk; None where the content is not a file (a notebook cell, a live module)."""
    member: str | None = None
    """Name inside the zip archive `file`."""
    data: bytes | None = None
    """The content itself, where it is already in hand."""
    live: Any = None
    """The live module to introspect, where there is no source."""
    language: str = ""
    """The name of its language, where the user said it: neither path nor content can tell."""
    problem: Problem | None = None
    """Why it can't be read, where the walk already knows (a FIFO, a link that leads out of the tree)."""


@dataclass(frozen=True, slots=True)
class Target:
    """What the user typed, understood."""

    text: str
    """As typed, stripped."""
    label: str
    """How pages name it: a path relative to where the reader is, a dotted name, `this notebook`."""
    how: str
    """How it was understood: `imported module`, `file`, `class of the object `x`` …"""
    files: tuple[FileRef, ...]
    """Sorted by path."""
    root: str | None = None
    """The folder that `FileRef.path` is relative to; None where there is none."""
    focus: str | None = None
    """Qualname of the one definition that was asked for, inside `files[0]`, or `:12` for the one around line 12."""
    project: tuple[str, ...] = ()
    """The top-level packages that the files lie in: importing these is no dependency on others."""
    notes: tuple[str, ...] = ()
    """One sentence each: other readings of the same words, what was left out of a walk."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file, read and decoded."""

    ref: FileRef
    data: bytes
    text: str
    """Decoded, newlines made `\\n`, no BOM."""
    encoding: str
    newline: str
    """`LF`, `CRLF`, `CR`, `mixed`, or `none` where the file has no line end."""
    problems: tuple[Problem, ...] = ()
    """Bytes that did not decode, a cookie that names no codec."""

    @property
    def lines(self) -> int:
        """Physical lines."""
        return self.text.count("\n") + (self.text[-1:] not in ("", "\n"))


class Findings(NamedTuple):
    """What an analyser found in one text."""

    engine: str
    """Which analyser spoke, as in `FileFacts`."""
    symbols: tuple[Symbol, ...] = ()
    """By line."""
    imports: tuple[Import, ...] = ()
    exports: tuple[str, ...] | None = None
    problems: tuple[Problem, ...] = ()
    doc: str | None = None
    """What the text says of itself: its module docstring, file comment or title."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """All that is known of one file; what pages, JSON and the index are rendered from."""

    ref: FileRef
    language: str
    engine: str
    """Which analyser spoke: `scanner`, `tree-sitter`, `patterns`, `markdown`, `notebook`, `generic` (declarations
    guessed by their keywords), `live`, `none`."""
    size: int = 0
    """Bytes."""
    encoding: str = ""
    newline: str = ""
    lines: int = 0
    """Physical lines."""
    symbols: tuple[Symbol, ...] = ()
    """By line; in Python the module itself first."""
    imports: tuple[Import, ...] = ()
    exports: tuple[str, ...] | None = None
    """`__all__`, where it is written out; None where there is none or it is computed."""
    problems: tuple[Problem, ...] = ()
    doc: str | None = None
    """What the file says of itself: its module docstring, file comment or title."""
    flags: tuple[str, ...] = ()
    """Sorted, of: generated, low confidence, minified, page (written by kwmagic)."""

    @property
    def path(self) -> str:
        """The name in pages and JSON."""
        return self.ref.path
