"""The lexical grammar of the C family as regular expressions.

Every quantifier over foreign text is possessive or bounded, so each expression is linear on any input. Brackets are
matched to a fixed depth; `c_preprocessor.flatten` makes deeper ones fit.
"""

from __future__ import annotations

import re

DEPTH = 5
"""Round and angle brackets nested this deep are matched inside one expression."""


def _nested(opening: str, closing: str, other: str, inside: str = "", depth: int = DEPTH) -> str:
    """An expression for one pair of brackets and all in it; *other* are the characters that are no bracket."""
    inner = f"|{_nested(opening, closing, other, inside, depth - 1)}" if depth else ""
    return rf"{opening}(?:{other}++{inside}{inner})*+{closing}"


PARENS = _nested(r"\(", r"\)", "[^()]")
BRACES = _nested(r"\{", r"\}", "[^{}]", depth=8)
ANGLES = _nested("<", ">", "[^<>(){};-]", r"|->?+|[<>]=|\{[^{}<>;]{0,99}+\}|" + _nested(r"\(", r"\)", "[^()]", depth=3))
NAME = r"[^\W\d]\w*+"

_LINE_COMMENT = r"(?:[^\n\\]++|\\.)*+"
_BLOCK_COMMENT = r"\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/|\Z)"
_CHARACTERS = r"(?:[^'\\\n]++|\\.)*+"
_CHARS = r'(?:[^"\\\n]++|\\.)*+'
_RAW = (
    r'(?:(?<=\bR")|(?<=\b[uUL]R")|(?<=\bu8R"))'
    r'(?P<raw>(?P<mark>[^\s()\\"]{0,16})\((?:[^)]++|\)(?!(?P=mark)"))*+(?:\)(?P=mark)|\Z))"?+'
)

TOKEN = re.compile(
    rf"/(?:(?P<line>/(?:[/!]<{_LINE_COMMENT}(?:\n[ \t]*+//[/!]<{_LINE_COMMENT})*+"
    rf"|{_LINE_COMMENT}(?:\n[ \t]*+//{_LINE_COMMENT})*+))|(?P<block>{_BLOCK_COMMENT}))"
    rf'|"(?:{_RAW}|(?P<string>{_CHARS}"?+))'
    rf"|'(?:(?<![0-9a-fA-F]')|(?<=u8'))(?P<character>{_CHARACTERS}'?+)"
    rf"|\#[ \t]*+(?P<directive>\w*+)(?P<rest>(?:[^\n\\/\"']++|\\.|/(?:/{_LINE_COMMENT}|{_BLOCK_COMMENT})?"
    rf"|\"{_CHARS}\"?+|'{_CHARACTERS}'?+|\\)*+)"
    r"|\\(?=\n)",
    re.DOTALL,
)
"""What is no code: a comment (the line comments of consecutive lines are one), a literal, a directive."""
COMMENT = re.compile(rf"/(?:/{_LINE_COMMENT}|{_BLOCK_COMMENT})|\"{_CHARS}\"?+|'{_CHARACTERS}'?+|\\\n", re.DOTALL)
"""A comment or joined line, and the literals that may seem to hold one."""
_ATTRIBUTE = r"\[\[[^\]]*+(?:\](?!\])[^\]]*+)*+\]\]"
_MACRO = r"(?:[A-Z_][A-Z0-9_]{2,}+\b)"
_AFTER_MACRO = (
    r"(?:template|class|struct|union|enum|namespace|using|typedef|extern|static|inline|constexpr|virtual|friend"
    r"|public|private|protected|explicit)\b|@"
)
_BEHIND_PARAMETERS = r"const|volatile|noexcept|override|final|requires|throw|try|__attribute__|asm|__asm__"
_PRIMARY = rf"(?:!\s*+)?(?:{PARENS}|(?:\w++|::|{ANGLES})(?:\s*+(?:::\s*+\w++|{ANGLES}))*+)"
REQUIRES = rf"requires\b\s*+{_PRIMARY}(?:\s*+(?:&&|\|\|)\s*+{_PRIMARY})*+\s*+"

_LABEL = r"(?:public|private|protected|signals|Q_SIGNALS)\b\s*+(?:(?:slots|Q_SLOTS)\b\s*+)?:(?!:)"
_TYPE_LINE = (
    rf"{_MACRO}\([\w \t*]++\)[ \t]*+\n(?:[ \t]*+{_MACRO}(?:{PARENS})?[ \t]*+\n){{0,4}}+"
    r"[ \t]*+(?![A-Z0-9_]++\b)\w++\s*+\("
)
"""`XMLPARSEAPI(void)`, and the name of the function on the next line."""
_STRAY_MACRO = (
    rf"(?:__attribute__\s*+{PARENS}\s*+(?=@)|(?:{_MACRO}(?:\s*+{PARENS})?+\s++){{1,9}}+(?={_AFTER_MACRO})"
    rf"|(?!{_TYPE_LINE}){_MACRO}\s*+{PARENS}[ \t]*+\n\s*+(?=(?!(?:{_BEHIND_PARAMETERS})\b)[\w~\[@+-]|::))"
)
"""Those in front of a keyword, and one with arguments on a line of its own."""

HEAD = re.compile(
    # the lookaheads: in 3.11 a group inside of a possessive repeat must not be set by a try that fails
    rf"(?:[\s;)>]++|__extension__\b|(?={_LABEL})(?P<access>\w++)[^:]*+:|(?={_STRAY_MACRO})(?P<macro>){_STRAY_MACRO})*+"
    rf"(?P<template>(?:template\s*+{ANGLES}\s*+(?:{REQUIRES})?)*+)"
    rf"(?P<attributes>(?:{_ATTRIBUTE}\s*+)*+)"
    rf"(?P<head>(?=(?P<word>\w*+))(?:[^(){{}};@]++|{PARENS})*+)"
)
"""A statement up to its `{`, `}`, `;`, or an `@` of Objective-C; what stands in front of it is kept apart."""
BODY = re.compile(BRACES)
ARGUMENTS = re.compile(PARENS)
ANGLE_PAIR = re.compile(ANGLES)
GROUP = re.compile(rf"{_ATTRIBUTE}|{PARENS}|\[[^\]]*+\]|{BRACES}")
REST = re.compile(rf"(?:[^(){{}};]++|{PARENS}|{BRACES})*+")
"""The rest of a statement that holds no body."""
TAIL = re.compile(rf"((?:[^(){{}};]++|{PARENS}|{BRACES})*+);")
"""What follows the `}` of a type up to its `;`."""
INITIALISERS = re.compile(rf"(?:{BRACES}\s*+(?:\.\.\.\s*+)?(?:,(?:[^(){{}};,]++|{PARENS})*+)?(?=\s*+\{{)\s*+)*+")
"""The initialisers of a constructor, from the first one in braces on."""
NOT_PARAMETERS = re.compile(
    rf"(?:\b(alignas|__attribute__|__attribute|__declspec|__launch_bounds__|_Alignas)\s*+|(?<=\bexplicit)\s*+){PARENS}"
)
CALLING_SIZE = re.compile(r"(?<=[\w`\]])\[[^\[\]()]*+\([^\[\]]*+\]")
"""The size of an array, worked out by a call."""
TYPE_OF = re.compile(rf"\b(?:decltype|typeof|__typeof__|__typeof|_Atomic)\s*+{PARENS}")
POINTER = re.compile(r"\(\s*+(?:[\w:`]++\s*+)*+[*&^]++(?:\s*+(?:const|volatile|\w++_NONNULL)\b)?\s*+(?P<name>\w++)")
BARE = re.compile(r"(?<=[\s*&])\((?P<name>\s*+\w++\s*+)\)(?=\s*+\()")
"""A name in brackets of its own, as in `int (isalpha)(int);`."""
MORE = re.compile(rf"\s*+(?!(?:{_BEHIND_PARAMETERS}|__asm)\b)[A-Za-z_:`][\w:`\s*&~]*+(?P<paren>\()?")
OLD_PARAMETERS = re.compile(r"\(\s*+\w++(?:\s*+,\s*+\w++)*+\s*+\)\s*+[A-Za-z_]")
OLD_DECLARATIONS = re.compile(r"(?:;\s*+\w[\w\s*,\[\]()]*+)*+;\s*+(?=\{)")
VALUES = re.compile(r"\(\s*+(?:[-+.\d\"']|(?:nullptr|true|false|sizeof|this|new)\b|[&*{]|\w++\s*+[-+/.](?!\.))")
OPERATOR = re.compile(
    r"(?:(?<=\W)|\A)(?P<scope>(?:(?:\w++`*+\s*+::\s*+)++)?+)operator\b\s*+(?P<symbol>\(\s*+\)|\[\s*+\]|\"\s*+\"\s*+\w++"
    r"|(?:new|delete)\b(?:\s*+\[\s*+\])?|co_await\b|[^\w\s(\"`:;\[]++|(?P<conversion>[^(]++))\s*+"
    rf"(?:{_ATTRIBUTE}\s*+)*+(?=\()"
)
QUALIFIERS = re.compile(rf"(?:\s*+(?:const\b|volatile\b|&&?|noexcept\b(?:\s*+{PARENS})?))++")
RETURNS = re.compile(r"->\s*+(?P<type>[^{;=]++)")
ATTRIBUTE = re.compile(_ATTRIBUTE)
CLASS = re.compile(
    rf"(?P<lead>(?:[\w:]++\s++)*?)(?P<key>class|struct|union|enum)\b"
    rf"(?P<words>(?:\s*+(?:{_ATTRIBUTE}|\w++\s*+{PARENS}|::|[\w`]++))*+)\s*+(?P<tail>:(?!:).*+)?\Z",
    re.DOTALL,
)
ENUMERATOR = re.compile(
    rf"\s*+(?P<name>[A-Za-z_]\w*+)(?P<call>\s*+{PARENS})?(?P<between>[^,=]*+)"
    rf"(?:=(?P<value>(?:[^,(){{}}\[\]]++|{PARENS}|{BRACES}|\[[^\]]*+\])*+))?[^,]*+(?:,|\Z)"
)
NAMESPACE = re.compile(
    rf"(?:inline\s++)?namespace\b\s*+(?:{_ATTRIBUTE}\s*+)*+(?P<name>(?:inline\s++)?\w++(?:\s*+::\s*+(?:inline\s++)?\w++)*+)?\s*+(?P<value>=.*+)?",
    re.DOTALL,
)
LINKAGE = re.compile(r'extern\s*+"(?P<language>[^"]*+)"\s*+')
BASE = re.compile(r"(?:\b(?:public|protected|private|virtual)\b\s*+)*+(?P<name>[\w:]++)`*+")
