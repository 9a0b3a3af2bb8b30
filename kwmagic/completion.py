"""What may come next in a line of `%kwindex` or `%docfile`; looks at this line only, imports nothing of the user's."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher

from kwmagic.arguments import MAGICS, Argument

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LINE = re.compile(r"\s*(?:[\w.,\s*\[\]\"']+=\s*)?%{1,2}(kwindex|docfile)\s+(.*)", re.DOTALL)
_WORD = re.compile(r"""(?:"[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|[^\s"'])+""")
"""A quote that is not closed yet reaches to the cursor."""
_LONGEST = 2_000
"""Characters of a line that are still looked at."""


def matcher(namespace: Mapping[str, Any]) -> Callable[[CompletionContext], SimpleMatcherResult]:
    """The matcher for `Completer.custom_matchers`; `namespace` is looked at each time."""

    @context_matcher(identifier="kwmagic")  # type: ignore[untyped-decorator]
    def kwmagic_matcher(context: CompletionContext) -> SimpleMatcherResult:
        line = context.line_with_cursor[: context.cursor_position]
        match = _LINE.fullmatch(line) if len(line) < _LONGEST else None
        if match is None:
            return {"completions": [], "suppress": False}
        fragment, kind, texts = _next(MAGICS[match[1]], match[2], namespace)
        completions = [SimpleCompletion(text, type=kind) for text in texts]
        # suppressed even where nothing fits: Python's keywords are no answer here, and files without quotes break
        return {"completions": completions, "matched_fragment": fragment, "suppress": True, "ordered": True}

    return kwmagic_matcher  # type: ignore[no-any-return]


def _next(arguments: Sequence[Argument], text: str, namespace: Mapping[str, Any]) -> tuple[str, str, list[str]]:
    """(the part typed so far, what it is, how it may go on)."""
    typed = [match[0] for match in _WORD.finditer(text)]
    last = typed.pop() if typed and text.endswith(typed[-1]) else ""
    flag, equals, value = last.partition("=")
    option = _option(arguments, flag) if equals else _option(arguments, typed[-1] if typed else "")
    if option is not None and option.takes_value:
        part = (value if equals else last).rpartition(",")[2]
        values = _commits() if "--since" in option.flags else option.values
        return part, "option value", [each for each in values if each.startswith(part)]
    if last.startswith("-"):
        flags = (each for argument in arguments if argument.flags[0].startswith("-") for each in argument.words)
        return last, "option", sorted(each for each in flags if each.startswith(last))
    from kwmagic import targets  # noqa: PLC0415  # a third of the time to load the extension; needed at the first Tab

    return last, "target", targets.complete(last, namespace=namespace)


def _commits() -> list[str]:
    """What git knows by name around the working folder."""
    from kwmagic.git.versions import names  # noqa: PLC0415  # not needed to load the extension

    return names(os.getcwd())


def _option(arguments: Sequence[Argument], flag: str) -> Argument | None:
    return next((each for each in arguments if flag.startswith("-") and flag in each.flags), None)
