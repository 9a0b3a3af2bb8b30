"""The magics: a line in, Markdown in a cell out."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class, needs_local_scope, no_var_expand
from IPython.core.magic_arguments import argument, magic_arguments
from traitlets import Bool, Dict, Enum, Int, Unicode, Union

from . import config, frontend, words
from .arguments import MAGICS, doc_options, index_options
from .config import BYTES, ENTRIES, GROUPS, KEYS, SORTS, Settings
from .display import Fate, JsonObject, Screen, fate
from .errors import KwmagicError, OptionError
from .options import LINKS, SOURCES

if TYPE_CHECKING:
    from .results import Document, KeywordIndex

_Method = TypeVar("_Method")


def _takes_arguments(method: _Method) -> _Method:
    """`@magic_arguments` with the arguments of the table; `%kwindex?` shows them."""
    for each in reversed(MAGICS[method.__name__]):  # type: ignore[attr-defined]
        quotes = {"type": words.unquoted} if each.takes_value else {}
        argument(*each.flags, **{**quotes, **each.settings})(method)  # type: ignore[no-untyped-call]
    magic_arguments()(method)  # type: ignore[no-untyped-call]
    method.parser.allow_abbrev = False  # type: ignore[attr-defined]  # so that a new option never changes an old line
    return method


@magics_class
class KWMagics(Magics):
    """Keyword index and file documentation; what is not set here comes from pyproject.toml or the user's file."""

    links = Enum(LINKS, None, allow_none=True, help="Where links lead (auto).").tag(config=True)
    source_url = Union(
        [Unicode(), Dict()],
        default_value=None,
        allow_none=True,
        help="Template of links to a forge, https://…/{path}#L{line}; or a dict of them by package.",
    ).tag(config=True)
    max_bytes = Int(
        None, min=BYTES[0], max=BYTES[1], allow_none=True, help="Bytes of one output in a cell (200,000)."
    ).tag(config=True)
    max_entries = Int(
        None, min=ENTRIES[0], max=ENTRIES[1], allow_none=True, help="Entries of one output in a cell (2,000)."
    ).tag(config=True)
    headings = Bool(None, allow_none=True, help="Whether sections of a document are headings; bold if not (True).").tag(
        config=True
    )
    source = Enum(SOURCES, None, allow_none=True, help="How %docfile shows the source (folded up to 64 KB).").tag(
        config=True
    )
    diagram = Bool(None, allow_none=True, help="Whether %docfile draws a class diagram (False).").tag(config=True)
    private = Bool(None, allow_none=True, help="Whether %kwindex shows private names (True).").tag(config=True)
    local = Bool(None, allow_none=True, help="Whether %kwindex shows what functions define (True).").tag(config=True)
    sort = Enum(SORTS, None, allow_none=True, help="Order of %kwindex (name).").tag(config=True)
    group = Enum(GROUPS, None, allow_none=True, help="Groups of %kwindex (kind for one file, else file).").tag(
        config=True
    )
    depth = Int(None, min=1, allow_none=True, help="Levels of a folder that %kwindex goes down (all).").tag(config=True)

    @no_var_expand
    @needs_local_scope
    @line_cell_magic
    @_takes_arguments
    def kwindex(self, line: str, cell: str | None = None, local_ns: Mapping[str, Any] | None = None) -> Any:
        """Show the keyword index: every class, function, variable, import … of a module, file, folder or object."""
        return _Call(self, "kwindex", line, cell, local_ns).run()

    @no_var_expand
    @needs_local_scope
    @line_cell_magic
    @_takes_arguments
    def docfile(self, line: str, cell: str | None = None, local_ns: Mapping[str, Any] | None = None) -> Any:
        """Show the documentation of a module, file, folder or object.

        A body under `%%docfile TARGET` is your own Markdown, which joins the sections; without a target the body is
        source code to document.
        """
        return _Call(self, "docfile", line, cell, local_ns).run()

    def settings(self) -> Settings:
        """What holds now; warns of unknown keys once each."""
        over = {key: value for key in KEYS if (value := getattr(self, key)) is not None}
        settings, warnings = config.load(os.getcwd(), over)
        for warning in warnings:
            if warning not in _warned:
                _warned.add(warning)
                print(f"kwmagic: {warning}", file=sys.stderr)
        return settings


_warned: set[str] = set()


class _Call:
    """One call of a magic."""

    def __init__(
        self, magics: KWMagics, name: str, line: str, cell: str | None, local_ns: Mapping[str, Any] | None
    ) -> None:
        self._magics = magics
        self._shell: Any = magics.shell
        self._name = name
        self._prefix = f"%{name}" if cell is None else f"%%{name}"
        self._line = words.split(line)
        self._cell = cell if cell and cell.strip() else ""
        self._namespace: dict[str, Any] = {**self._shell.user_ns, **(local_ns or {})}

    def run(self) -> Any:
        """Do it; wrong use is one line without a traceback, which only `UsageError` itself gives."""
        try:
            args = self._parsed()
            if args.help:
                print(getattr(KWMagics, self._name).__doc__)
                return None
            return self._result(args)
        except KeyboardInterrupt:  # without the frames of where the work just was
            raise KeyboardInterrupt(f"{self._prefix} was interrupted") from None
        except (KwmagicError, UsageError) as error:
            raise UsageError(f"{self._prefix}: {error}") from None

    def _parsed(self) -> argparse.Namespace:
        parser = getattr(KWMagics, self._name).parser
        args: argparse.Namespace = parser.parse_intermixed_args(self._line.words)
        if args.output is not None and not args.output.isidentifier():
            raise OptionError(f"-o needs a variable name, not '{args.output}'")
        args.target = " ".join(words.expanded(word, self._namespace) for word in args.target)
        self._check_body(args)
        return args

    def _check_body(self, args: argparse.Namespace) -> None:
        """Options of a body need one that is source; only a document takes Markdown."""
        source = bool(self._cell) and not args.target
        for option in ("lang", "run"):
            if getattr(args, option, None) and not source:
                raise OptionError(f"--{option} is for a %%{self._name} cell whose body is source, without a target")
        if self._name == "kwindex" and self._cell and args.target:
            raise OptionError("give a target or a body of source, not both")

    def _result(self, args: argparse.Namespace) -> Any:
        """Make what was asked for, and show or keep it."""
        if getattr(args, "run", False):
            self._run_body()
        screen = Screen(self._shell)
        try:
            result = self._made(args, screen)
        except BaseException:
            screen.end("stopped")
            raise
        if args.output is not None:
            self._shell.user_ns[args.output] = result
        return self._shown(result, screen)

    def _run_body(self) -> None:
        """The body as a cell; its traceback is shown there, so one line is enough here."""
        outcome = self._shell.run_cell(self._cell, store_history=False)
        error = outcome.error_before_exec or outcome.error_in_exec
        if isinstance(error, KeyboardInterrupt):
            raise error
        if error is not None:
            raise OptionError(f"the body stopped with {type(error).__name__}, see above")

    def _made(self, args: argparse.Namespace, screen: Screen) -> Any:
        from . import documents, results  # noqa: PLC0415  # all that reads and renders: not needed to load the extension

        if not args.target and not self._cell:
            return documents.help_page()
        settings = self._magics.settings()
        links = args.links or settings.links
        kernel = getattr(self._shell, "kernel", None) is not None
        how: dict[str, Any] = {
            "reader": frontend.for_notebook(links, settings, self._shell.user_ns, kernel=kernel),
            "limits": results.Limits(settings.max_bytes, settings.max_entries),
        }
        if args.target:
            how |= self._where(args, screen)
        make = self._index if self._name == "kwindex" else self._document
        result: Any = make(args, settings, how)
        return JsonObject(result.to_dict(), settings.max_bytes) if args.format == "json" else result

    def _where(self, args: argparse.Namespace, screen: Screen) -> dict[str, Any]:
        """Where the target is looked for."""
        return {
            "namespace": self._namespace,
            "cells": self._shell.history_manager.input_hist_raw,
            "cell_files": getattr(self._shell.compile, "_filename_map", None),
            "dot": "cells",
            "everything": args.everything,
            "trust_stat": True,
            "progress": screen.progress,
        }

    def _index(self, args: argparse.Namespace, settings: Settings, how: dict[str, Any]) -> KeywordIndex:
        from . import documents  # noqa: PLC0415

        how["options"] = index_options(args, settings)
        return documents.index(args.target, **how) if args.target else documents.index_source(self._cell, **how)

    def _document(self, args: argparse.Namespace, settings: Settings, how: dict[str, Any]) -> Document:
        from . import documents  # noqa: PLC0415

        how |= {"options": doc_options(args, settings), "headings": settings.headings}
        if not args.target:
            return documents.document_source(self._cell, language=args.lang or "Python", **how)
        return documents.document(args.target, body=self._cell, **how)

    def _shown(self, result: Any, screen: Screen) -> Any:
        """Show a bare call, wherever it stands; hand an assigned one over in silence."""
        what = fate()
        if what is Fate.KEPT or self._line.silent:
            screen.end("done")
            return result if what is Fate.KEPT else None
        return screen.show(result, printed=what is Fate.PRINTED)
