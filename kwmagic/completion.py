"""What may come next in a line of `%kwindex` or `%docfile`; looks at this line only and imports nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher

from kwmagic.arguments import MAGICS, Argument

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LINE = re.compile(r"\s*(?:[\w.,\s*\[\]\"']+=\s*)?%{1,2}(kwindex|docfile)\s+(.*)", re.DOTALL)
_LAST_WORD = re.compile(r"""(?:"[^"]*"|'[^']*'|[^\s"'])*(?:["'][^"']*)?\Z""")


def matcher(namespace: Mapping[str, Any]) -> Callable[[CompletionContext], SimpleMatcherResult]:
    """The matcher for `Completer.custom_matchers`; `namespace` is looked at each time."""

    @context_matcher(identifier="kwmagic")  # type: ignore[untyped-decorator]
    def kwmagic_matcher(context: CompletionContext) -> SimpleMatcherResult:
        match = _LINE.fullmatch(context.line_with_cursor[: context.cursor_position])
        if match is None:
            return {"completions": [], "suppress": False}
        fragment, kind, texts = _next(MAGICS[match[1]], match[2], namespace)
        completions = [SimpleCompletion(text, type=kind) for text in texts]
        # suppressed even where nothing fits: Python's keywords are no answer here, and files without quotes break
        return {"completions": completions, "matched_fragment": fragment, "suppress": True, "ordered": True}

    return kwmagic_matcher  # type: ignore[no-any-return]


def _next(arguments: Sequence[Argument], text: str, namespace: Mapping[str, Any]) -> tuple[str, str, list[str]]:
    """(the part typed so far, what it is, how it may go on)."""
    word = _LAST_WORD.search(text)
    last = word[0] if word else ""
    before = text[: len(text) - len(last)].split()
    flag, equals, value = last.partition("=")
    option = _option(arguments, flag) if equals else _option(arguments, before[-1] if before else "")
    if option is not None and option.takes_value:
        part = (value if equals else last).rpartition(",")[2] if "," in last else value if equals else last
        return part, "option value", [each for each in option.values if each.startswith(part)]
    if last.startswith("-"):
        flags = (each for argument in arguments if argument.flags[0].startswith("-") for each in argument.words)
        return last, "option", sorted(each for each in flags if each.startswith(last))
    from kwmagic import targets  # noqa: PLC0415  # a third of the time to load the extension; needed at the first Tab

    return last, "target", targets.complete(last, namespace=namespace)


def _option(arguments: Sequence[Argument], flag: str) -> Argument | None:
    return next((each for each in arguments if flag.startswith("-") and flag in each.flags), None)
