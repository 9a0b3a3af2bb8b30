"""Keyword index and file documentation for any codebase, as Markdown in a notebook.

In IPython: `%load_ext kwmagic`, then `%kwindex TARGET` and `%docfile TARGET`. In Python, `index`, `document`, `search`,
`uses` and `changes` return what the magics show; `build` writes the pages of a whole project, `export` those of
notebooks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kwmagic.changelist import Changes
    from kwmagic.documents import changes, document, index
    from kwmagic.errors import KwmagicError
    from kwmagic.exploring import search, uses
    from kwmagic.found import SearchResult, UsesResult
    from kwmagic.publishing import build, export
    from kwmagic.results import Document, KeywordIndex

    __version__: str

__all__ = [
    "Changes",
    "Document",
    "KeywordIndex",
    "KwmagicError",
    "SearchResult",
    "UsesResult",
    "__version__",
    "build",
    "changes",
    "document",
    "export",
    "index",
    "search",
    "uses",
]

_HOMES = {
    "Changes": "changelist",
    "Document": "results",
    "KeywordIndex": "results",
    "KwmagicError": "errors",
    "SearchResult": "found",
    "UsesResult": "found",
    "build": "publishing",
    "changes": "documents",
    "document": "documents",
    "export": "publishing",
    "index": "documents",
    "search": "exploring",
    "uses": "exploring",
}
"""Where each public name lives; imported when it is first used, so that `import kwmagic` costs next to nothing."""


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415

        value: Any = version("kwmagic")
    elif name in _HOMES:
        from importlib import import_module  # noqa: PLC0415

        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def load_ipython_extension(ipython: Any) -> None:
    """`%load_ext kwmagic`."""
    from kwmagic.extension import load  # noqa: PLC0415  # needs IPython, which the package itself does not

    load(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """`%unload_ext kwmagic`."""
    from kwmagic.extension import unload  # noqa: PLC0415

    unload(ipython)
