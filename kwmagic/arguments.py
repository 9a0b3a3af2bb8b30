"""All options, written once: the magics, the command line and completion read this table."""

from __future__ import annotations

import argparse
from typing import Any, NamedTuple

from kwmagic.config import Settings
from kwmagic.errors import OptionError
from kwmagic.options import (
    FORMATS,
    INPUTS,
    KINDS,
    KINDS_OF_PAGES,
    LINKS,
    SECTIONS,
    SOURCES,
    DocOptions,
    ExportOptions,
    IndexOptions,
    SiteOptions,
)


class Argument(NamedTuple):
    """One option, as `argparse` takes it, and what completion offers after it."""

    flags: tuple[str, ...]
    settings: dict[str, Any]
    values: tuple[str, ...] = ()
    """The words that may follow, where they are known."""

    @property
    def takes_value(self) -> bool:
        """Whether a word follows the flag."""
        return "action" not in self.settings or self.settings["action"] == "append"

    @property
    def words(self) -> tuple[str, ...]:
        """Its flags as completion offers them."""
        both = self.settings.get("action") is argparse.BooleanOptionalAction
        return (*self.flags, *(f"--no-{flag[2:]}" for flag in self.flags if both))


def _choice(flag: str, values: tuple[str, ...], explanation: str) -> Argument:
    return Argument((flag,), {"choices": values, "help": explanation}, values)


def _switch(flag: str, explanation: str, **settings: Any) -> Argument:
    return Argument((flag,), {"action": "store_true", "help": explanation, **settings})


def _yes_or_no(flag: str, explanation: str) -> Argument:
    return Argument((flag,), {"action": argparse.BooleanOptionalAction, "help": explanation, "default": None})


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


TARGET = Argument(
    ("target",), {"nargs": "*", "default": [], "help": "a module, a path, a glob, an object, or `.`; none: help"}
)
_ALL = _switch("--all", "include what .gitignore and the usual exclusions leave out of a folder", dest="everything")
_HELP = _switch("--help", "show this help")._replace(flags=("-h", "--help"))
_COMMON = (
    _ALL,
    _choice("--links", LINKS, "where links lead; auto: by where the notebook is open"),
    _choice("--format", ("md", "json"), "Markdown (as usual) or the JSON object"),
    _HELP,
)
_NAME = Argument(("-o", "--output"), {"metavar": "NAME", "help": "keep the result in this variable, and show it"})
_FILE = Argument(("-o", "--output"), {"metavar": "FILE", "help": "write to this file instead of standard output"})
_STRICT = _switch("--strict", "exit with 1 when a file could not be read or parsed")
_KINDS = {"action": "append", "metavar": "KIND", "help": f"only this kind; repeatable; of: {', '.join(KINDS)}"}
_INDEX = (
    Argument(("-k", "--kind"), _KINDS, KINDS),
    Argument(("-m", "--match"), {"metavar": "PATTERN", "help": "only names that match a glob, or /regex/"}),
    _yes_or_no("--private", "whether to show names that begin with an underscore (shown)"),
    _yes_or_no("--local", "whether to show what is defined inside functions (shown)"),
    _choice("--sort", ("name", "line"), "order of the entries"),
    _choice("--group", ("kind", "file"), "in groups by kind (one file) or by file (several)"),
    Argument(("--depth",), {"type": int, "metavar": "N", "help": "levels of a folder; 1: only its own files"}),
    Argument(("--since",), {"metavar": "REF", "help": "only what changed since this git commit, tag or branch"}),
)
_WORDS = Argument(("words",), {"metavar": "WORDS", "help": "what to look for; several words in quotes"})
_SEARCH = Argument(
    ("-s", "--search"),
    {
        "action": "append",
        "metavar": "WORDS",
        "help": "definitions that match these words, best first; repeatable; no target: in the project around here",
    },
)
_USES = _switch("--uses", "where a definition is used in its project, and how")
_FILTERS = ("kind", "match", "private", "local", "sort", "group", "depth", "since")
_ONLY = f"only these sections, comma-separated, of: {', '.join(SECTIONS)}"
_SECTIONS = (
    Argument(("--only",), {"metavar": "SECTIONS", "help": _ONLY}, SECTIONS),
    Argument(("--without",), {"metavar": "SECTIONS", "help": "all sections but these"}, SECTIONS),
)
_DIAGRAM = _yes_or_no("--diagram", "whether to draw diagrams (Mermaid): of classes, of the modules of a package")
_DOC = (*_SECTIONS, _choice("--source", SOURCES, "how the original source is shown"), _DIAGRAM)
_LANG = Argument(
    ("--lang",), {"metavar": "LANGUAGE", "help": "of a body without a target: cpp, rust …; Python where it is left out"}
)
_RUN = _switch("--run", "also run the body of a cell without a target")
_JOBS = Argument(
    ("-j", "--jobs"), {"type": _positive, "metavar": "N", "help": "processes; without it as the work needs"}
)
_QUIET = _switch("--quiet", "no progress on standard error")
_URL = "where the sources are on the web, as https://…/{path}#L{line}; without it links lead to the files"
_OUT = Argument(("-o", "--output"), {"metavar": "OUT", "help": "the folder for the pages", "required": True})
_PAGES = (
    _choice("--to", KINDS_OF_PAGES, "Markdown (as usual) or a static HTML site"),
    _choice("--format", FORMATS, "what Markdown pages will be read with; markdown: forges and editors"),
    Argument(("--source-url",), {"metavar": "TEMPLATE", "help": _URL}),
    Argument(("--mermaid",), {"metavar": "FILE", "help": "mermaid.min.js, for diagrams that HTML pages show as text"}),
)
_CHECKED = _switch("--check", "follow every link of the pages afterwards; exit with 1 when one leads nowhere")
_BUILD = (
    Argument(("source",), {"metavar": "SRC", "help": "a folder, or a package by its name, which is not imported"}),
    _OUT,
    *_PAGES,
    *_SECTIONS,
    _DIAGRAM,
    _JOBS,
    Argument(
        ("--executor",),
        {"metavar": "NAME", "help": "who does the work: ipyparallel[:PROFILE], dask[:ADDRESS] or MODULE:CALLABLE"},
    ),
    _STRICT,
    _CHECKED,
    _QUIET,
    _ALL,
    _HELP,
)
_WITH = "pages that `kwmagic build` wrote: links to their sources lead there"
_EXPORT = (
    Argument(("notebooks",), {"metavar": "NOTEBOOK", "nargs": "+", "help": "notebooks, or folders of them"}),
    _OUT,
    *_PAGES,
    _switch("--execute", "run each notebook first, in its own folder; the notebook itself stays as it is"),
    Argument(("--timeout",), {"type": _positive, "metavar": "SECONDS", "help": "for each cell that is run"}),
    _choice("--inputs", INPUTS, "the code of cells that no tag speaks of"),
    Argument(("--with-pages",), {"metavar": "DIR", "help": _WITH}),
    Argument(("--site",), {"metavar": "NAME", "help": "the name of an HTML site; without it the notebooks' folder's"}),
    _switch("--trusted", "keep HTML and scripts of the notebooks as they are"),
    _STRICT,
    _CHECKED,
    _QUIET,
    _HELP,
)
_NOTEBOOK = (
    TARGET,
    Argument(("-o", "--output"), {"metavar": "FILE", "help": "a new notebook", "required": True}),
    _HELP,
)
_CHECK = (
    Argument(("output",), {"metavar": "OUT", "help": "a folder of pages"}),
    _choice("--format", ("text", "json"), "lines (as usual) or a JSON object"),
    _JOBS,
    _QUIET,
    _HELP,
)
MAGICS = {
    "kwindex": (TARGET, *_INDEX, _SEARCH, _USES, _LANG, _NAME, *_COMMON),
    "docfile": (TARGET, *_DOC, _LANG, _RUN, _NAME, *_COMMON),
}
"""By magic."""
COMMANDS = {
    "index": (TARGET, *_INDEX, _SEARCH, _USES, _FILE, _STRICT, *_COMMON),
    "doc": (TARGET, *_DOC, _FILE, _STRICT, *_COMMON),
    "search": (_WORDS, TARGET, _FILE, _STRICT, *_COMMON),
    "build": _BUILD,
    "check": _CHECK,
    "export": _EXPORT,
    "notebook": _NOTEBOOK,
}
"""By command of the command line."""


def index_options(args: argparse.Namespace, settings: Settings) -> IndexOptions:
    """What was typed, over what is configured."""
    return IndexOptions(
        kinds=tuple(args.kind or ()),
        match=args.match,
        private=_first(args.private, settings.private),
        local=_first(args.local, settings.local),
        sort=args.sort or settings.sort,
        group=args.group or settings.group,
        depth=_first(args.depth, settings.depth),
    )


def check_alone(args: argparse.Namespace) -> None:
    """What a search or a list of uses can't take into account is not silently left out."""
    asked = [flag for flag in ("search", "uses") if getattr(args, flag, None)]
    filters = [flag for flag in _FILTERS if getattr(args, flag, None) is not None] if asked else []
    if len(asked) + len(filters) > 1:
        raise OptionError(f"--{asked[0]} can't be combined with --{[*asked[1:], *filters][0]}")


def doc_options(args: argparse.Namespace, settings: Settings) -> DocOptions:
    """What was typed, over what is configured."""
    return DocOptions(
        only=_sections("--only", args.only),
        without=_sections("--without", args.without),
        source=args.source or settings.source,
        diagram=_first(args.diagram, settings.diagram),
    )


def site_options(args: argparse.Namespace, settings: Settings) -> SiteOptions:
    """What was typed, over what is configured."""
    doc = DocOptions(
        only=_sections("--only", args.only),
        without=_sections("--without", args.without),
        diagram=_first(args.diagram, settings.diagram),
    )
    return SiteOptions(
        source_url=args.source_url,
        format=args.format or "markdown",
        doc=doc,
        to=args.to or "md",
        mermaid=args.mermaid,
    )


def export_options(args: argparse.Namespace) -> ExportOptions:
    """What was typed."""
    return ExportOptions(
        to=args.to or "md",
        format=args.format or "markdown",
        inputs=args.inputs or "show",
        trusted=args.trusted,
        source_url=args.source_url,
        site=args.site,
    )


def _first(given: Any, configured: Any) -> Any:
    return configured if given is None else given


def _sections(flag: str, given: str | None) -> tuple[str, ...]:
    if given is None:
        return ()
    keys = tuple(key for part in given.split(",") if (key := part.strip()))
    if not keys:
        raise OptionError(f"{flag} needs section keys; there are: {', '.join(SECTIONS)}")
    return keys
