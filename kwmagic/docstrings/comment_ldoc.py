"""Lua's doc comments: the tags of LDoc and of the language server (EmmyLua) -> those that `comment_tags` reads."""

from __future__ import annotations

import re

_TYPE = (
    r"(?:fun\([^()\n]{0,200}\)(?::[ ]*[\w.|\[\]?]+)?"
    r"|(?:nil|any|boolean|string|number|integer|function|table|thread|userdata|self)\b(?:<[^<>\n]{1,80}>)?[\w.|\[\]?]*"
    r"|[A-Za-z_][\w.]*(?:\[\]|\?|\|[\w.|\[\]?\"]+|<[^<>\n]{1,80}>))"
)
_IS_TYPE = r"(?=[ \n]|\Z)(?![ ]+(?:of|to|for|which|in|from|is|that)\b)"
"""Behind a type; otherwise the word starts a sentence, as in `a number of things`."""
_LDOC_NAMED = re.compile(r"^( *@)t(param|field)(?:\[[^\[\]\n]{0,80}\])? +(\S+) +(?=\S)", re.MULTILINE)
_LDOC_RETURN = re.compile(r"^( *@)treturn(?:\[[^\[\]\n]{0,80}\])? +(\S+)", re.MULTILINE)
_EMMY_NAMED = re.compile(rf"^( *@(?:param|field)) +([\w.]+\??|\.\.\.) +({_TYPE}){_IS_TYPE}", re.MULTILINE)
_EMMY_RETURN = re.compile(rf"^( *@return) +({_TYPE}){_IS_TYPE}", re.MULTILINE)
_FIELD = re.compile(r"^( *@)field(?= )", re.MULTILINE)
_USAGE = re.compile(r"^( *@)usage\b", re.MULTILINE)
_SECTION = re.compile(r"^( *@)(?:section|classmod|script|submodule)(?= +\S)", re.MULTILINE)


def as_tags(doc: str) -> str:
    """`doc` with types in braces and code as an example."""
    doc = _LDOC_NAMED.sub(r"\1\2 {\3} ", doc)
    doc = _LDOC_RETURN.sub(r"\1return {\2}", doc)
    doc = _EMMY_NAMED.sub(r"\1 {\3} \2", doc)
    doc = _EMMY_RETURN.sub(r"\1 {\2}", doc)
    doc = _FIELD.sub(r"\1property", doc)
    return _SECTION.sub(r"\1par", _USAGE.sub(r"\1example", doc))
