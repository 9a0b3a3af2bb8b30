"""The Markdown that pages are written in: CommonMark with tables, strikethrough and formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from kwmagic.html.missing import needs_more

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

NESTING = 200
"""Levels of lists and quotations, two a list; what is deeper would be left out. Parsing takes two frames a level."""
_LINK = re.compile(r"\[(?:`([^`\n ](?:[^`\n]*[^`\n ])?)`|([\w.,()/→↓↑– -]+))\]\(([\w./#-]+)\)", re.ASCII)


def make_parser(rules: Mapping[str, Callable[..., str]]) -> MarkdownIt:
    """A parser; *rules*: how it writes tokens of these types. Raises `OptionError` where the extra is not installed."""
    from markdown_it import MarkdownIt  # noqa: PLC0415  # only pages are parsed

    try:
        from mdit_py_plugins.amsmath import amsmath_plugin  # noqa: PLC0415  # of the extra
        from mdit_py_plugins.dollarmath import dollarmath_plugin  # noqa: PLC0415
    except ImportError:
        raise needs_more() from None
    parser = MarkdownIt("commonmark", {"xhtmlOut": False, "maxNesting": NESTING}).enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True)
    parser.use(amsmath_plugin)
    parser.inline.ruler.before("link", "simple_link", _simple_link)
    for name, rule in rules.items():
        parser.add_render_rule(name, rule)
    return parser


def _simple_link(state: StateInline, silent: bool) -> bool:
    """What markdown-it's own rule makes of a link from a name to a page, only faster: most links are of this kind."""
    match = _LINK.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("link_open", "a", 1).attrs = {"href": match[3]}
        name = state.push("code_inline", "code", 0) if match[1] else state.push("text", "", 0)
        name.content = match[1] or match[2]
        if match[1]:
            name.markup = "`"
        state.push("link_close", "a", -1)
    state.pos = match.end()
    return True
