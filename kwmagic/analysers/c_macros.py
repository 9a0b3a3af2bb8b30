"""Macros that are wrapped around a part of a C-family declaration: made blank, so that the rest reads as plain C."""

from __future__ import annotations

import re

from kwmagic.analysers.c_lexis import PARENS

_MACRO = r"\b[A-Z_][A-Z0-9_]*+"
_CALL = re.compile(r"\b[A-Z_][A-Z0-9_]++\s*+\(")
_WRAPPED = tuple(
    map(
        re.compile,
        (
            # `zlibVersion OF((void))`
            (
                rf"(?<=\w)(?<!\bconst)(?<!\bnoexcept)(?<!\boverride)(?<!\bfinal)\s++(?!\w*?(?:ATTR|ALIGN|FORMAT|PRINTF))"
                rf"{_MACRO}\s*+\((?!\s*+\(\s*+[\d\"])(\s*+{PARENS}\s*+)\)(?=\s*+(?:\Z|{_MACRO}\b|__attribute))"
            ),
            # `int BZ_API(BZ2_bzCompress) (…)`
            (
                rf"(?<=[\w*&)])(?<!\bextern)(?<!\bstatic)(?<!\binline)\s*+{_MACRO}\s*+"
                rf"\((?!\s*+(?:void|bool|char|short|int|long|float|double)\b)(\s*+\w++\s*+)\)(?=\s*+\()"
            ),
            # `__NTH (btowc (int __c))`
            rf"\b__NTH\w*+\s*+\((\s*+\w++\s*+{PARENS}\s*+)\)",
            # `__REDIRECT (name, (int a), other_name)`
            rf"\b__REDIRECT\w*+\s*+\((\s*+\w++\s*+),(\s*+{PARENS}\s*+),[^()]*+\)",
            # `PNG_EXPORT(1, int, name, (void))`
            rf"\A\s*+[A-Z]++_EXPORTA?+\s*+\(\s*+\d++\s*+,([^(),]++),(\s*+\w++\s*+),(\s*+{PARENS}\s*+)(?:,[^()]*+)?\)\s*+\Z",
            # `XMLPARSEAPI(void *)`, `XML_ATTR_ALLOC_SIZE(2)`, `XML_MemMalloc(…)`, each on its line
            rf"\A({_MACRO}\([\w\s*]++\)\s*+)(?:{_MACRO}(?:\s*+{PARENS})?[ \t]*+\n\s*+)++(?=\w++\s*+\()",
        ),
    )
)
"""The groups of each are what stays."""
_FIELD = re.compile(r"(?<=[\w*\s])\b__[A-Z]\w*+\(\s*+(\w++)\s*+\)(?=\s*+(?::\s*+\d++\s*+)?\Z)")
"""`char *__REPB_PREFIX(fastmap)`"""


def unwrapped(head: str, *, is_member: bool) -> str:
    """*head* without the macros around its name and parameters; as long as it."""
    if head.count("(") > 1 and _CALL.search(head):
        for wrapped in _WRAPPED:
            head = wrapped.sub(_groups, head)
    return _FIELD.sub(_groups, head) if is_member and "__" in head else head


def _groups(found: re.Match[str]) -> str:
    """What stands in the groups of a match, where it stood."""
    pieces, position = [], found.start()
    for group in range(1, found.re.groups + 1):
        start, end = found.span(group)
        pieces += [" " * (start - position), found[group]]
        position = end
    return "".join([*pieces, " " * (found.end() - position)])
