"""Loading into IPython and out again, leaving nothing behind."""

from __future__ import annotations

import sys
from typing import Any

from traitlets import TraitError

from kwmagic.cells import line_form
from kwmagic.completion import matcher
from kwmagic.magics import KWMagics

_RESULTS = (
    *(("kwmagic.results", name) for name in ("KeywordIndex", "Document")),
    *(("kwmagic.found", name) for name in ("SearchResult", "UsesResult")),
    ("kwmagic.changelist", "Changes"),
)
"""Module and name, since to import them would import all that reads and renders."""


def load(shell: Any) -> None:
    """Register magics, completion and the form of cells; a second time changes nothing."""
    unload(shell)
    shell.register_magics(_magics(shell))
    shell.input_transformers_cleanup.append(line_form)
    if shell.Completer is not None:
        shell.Completer.custom_matchers.append(matcher(shell.user_ns))
    for module, name in _RESULTS:
        shell.display_formatter.mimebundle_formatter.for_type_by_name(module, name, _bundle)


def _magics(shell: Any) -> KWMagics:
    try:
        return KWMagics(shell=shell)
    except TraitError as error:  # a bad value in IPython's configuration, which `%config` can then set right
        print(f"kwmagic: {error}; nothing is taken from IPython's configuration", file=sys.stderr)
        unload(shell)
        return KWMagics(shell=shell, parent=None)


def unload(shell: Any) -> None:
    """Take all of it out again."""
    for table in shell.magics_manager.magics.values():
        for name in [name for name, function in table.items() if _is_ours(function)]:
            del table[name]
    shell.magics_manager.registry.pop(KWMagics.__name__, None)
    shell.configurables[:] = [each for each in shell.configurables if not isinstance(each, KWMagics)]
    shell.input_transformers_cleanup[:] = [each for each in shell.input_transformers_cleanup if each is not line_form]
    if shell.Completer is not None:
        matchers = shell.Completer.custom_matchers
        matchers[:] = [each for each in matchers if getattr(each, "matcher_identifier", None) != "kwmagic"]
    for module, name in _RESULTS:
        shell.display_formatter.mimebundle_formatter.pop(f"{module}.{name}", None)


def _is_ours(function: object) -> bool:
    return isinstance(getattr(function, "__self__", None), KWMagics)


def _bundle(result: Any) -> tuple[dict[str, str], dict[str, Any]]:
    """What a cell gets of a result: its data, and metadata by which tools find it again."""
    metadata = {"target": result.label, "schema": 1, "anchor": result.anchor}
    return result._repr_mimebundle_(), {"kwmagic": metadata}
