"""The magics: a line in, Markdown in a cell out."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class, needs_local_scope, no_var_expand
from IPython.core.magic_arguments import argument, magic_arguments
from traitlets import Bool, Dict, Enum, Int, Unicode, Union

from kwmagic import config, words
from kwmagic.arguments import MAGICS
from kwmagic.config import BYTES, ENTRIES, GROUPS, KEYS, SORTS, Settings
from kwmagic.errors import KwmagicError
from kwmagic.options import LINKS, SOURCES

if TYPE_CHECKING:
    pass

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
    diagram = Bool(None, allow_none=True, help="Whether %docfile draws diagrams in a cell (False).").tag(config=True)
    private = Bool(None, allow_none=True, help="Whether %kwindex shows private names (True).").tag(config=True)
    local = Bool(None, allow_none=True, help="Whether %kwindex shows what functions define (True).").tag(config=True)
    sort = Enum(SORTS, None, allow_none=True, help="Order of %kwindex (name).").tag(config=True)
    group = Enum(GROUPS, None, allow_none=True, help="Groups of %kwindex (kind for one file, else file).").tag(
        config=True
    )
    depth = Int(None, min=1, allow_none=True, help="Levels of a folder that %kwindex goes down (all).").tag(config=True)
    cache = Unicode(None, allow_none=True, help="Folder of the indexes of projects (that of the user).").tag(
        config=True
    )

    @no_var_expand
    @needs_local_scope
    @line_cell_magic
    @_takes_arguments
    def kwindex(self, line: str, cell: str | None = None, local_ns: Mapping[str, Any] | None = None) -> Any:
        """Show the keyword index: every class, function, variable, import … of a module, file, folder or object."""
        return self._run("kwindex", line, cell, local_ns)

    @no_var_expand
    @needs_local_scope
    @line_cell_magic
    @_takes_arguments
    def docfile(self, line: str, cell: str | None = None, local_ns: Mapping[str, Any] | None = None) -> Any:
        """Show the documentation of a module, file, folder or object.

        A body under `%%docfile TARGET` is your own Markdown, which joins the sections; without a target the body is
        source code to document.
        """
        return self._run("docfile", line, cell, local_ns)

    def _run(self, name: str, line: str, cell: str | None, local_ns: Mapping[str, Any] | None) -> Any:
        """Wrong use is one line without a traceback, which only `UsageError` itself gives; never a subclass of it."""
        prefix = f"%{name}" if cell is None else f"%%{name}"
        try:
            from kwmagic.call import Call  # noqa: PLC0415  # all that reads and renders: not needed to load the extension

            assert self.shell is not None  # it is registered in one
            return Call(
                name=name,
                parser=getattr(KWMagics, name).parser,
                shell=self.shell,
                settings=self.settings,
                line=words.split(line),
                body=cell if cell and cell.strip() else "",
                namespace={**self.shell.user_ns, **(local_ns or {})},
            ).run()
        except KeyboardInterrupt:  # without the frames of where the work just was
            raise KeyboardInterrupt(f"{prefix} was interrupted") from None
        except (KwmagicError, UsageError) as error:
            from kwmagic.mdtext import one_line  # noqa: PLC0415

            raise UsageError(f"{prefix}: {one_line(str(error))}") from None

    def settings(self) -> Settings:
        """What holds now; warns of unknown keys once each."""
        over = {key: value for key in KEYS if (value := getattr(self, key)) is not None}
        settings, warnings = config.load(config.working_folder(), over)
        for warning in warnings:
            if warning not in _warned:
                _warned.add(warning)
                print(f"kwmagic: {warning}", file=sys.stderr)
        return settings


_warned: set[str] = set()
