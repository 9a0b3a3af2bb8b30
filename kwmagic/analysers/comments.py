"""What a comment says, without the marks that make it one."""

from __future__ import annotations

import re
from inspect import cleandoc

_OPENING = re.compile(r"/\*(?:[*!](?!/)<?)?|\(\*+|=begin\b|--\[=*\[")
_CLOSINGS = ("*/", "*)", "=end")
_STAR = re.compile(r"^[ \t]*+\*(?![*/])[ \t]?", re.MULTILINE)
_LINE_MARK = re.compile(r"^[ \t]*+(?:///?[!<]*|\#++[!:]?|--+|;++|%++) ?", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*+[-=*#/~_+]{4,}+[ \t]*+$", re.MULTILINE)
"""A line drawn to frame a banner."""
_CENTRED = re.compile(r"\A( ++)(?!.*\n\1)")
"""The indentation of a first line that stands further right than the next one: it is a title, not code."""


def clean(comment: str) -> str:
    """The text of one block comment, or of the line comments of consecutive lines; its line structure is kept."""
    text = comment.strip()
    if opening := _OPENING.match(text):
        body = text[opening.end() :]
        lua = opening[0][2:].replace("[", "]")  # `--[==[` closes with `]==]`
        closing = next(filter(body.endswith, (*_CLOSINGS, lua)), "")
        body = body.removesuffix(closing).rstrip(" \t\n*")
        lines = body.split("\n")
        stars = sum(bool(_STAR.match(line)) for line in lines[1:])
        if stars and stars >= sum(bool(line.strip()) for line in lines[1:]) - 1:
            body = _STAR.sub(" ", body)
        return cleandoc(_RULE.sub("", body).expandtabs()).strip()
    body = _LINE_MARK.sub("", text).expandtabs()
    return _CENTRED.sub("", cleandoc("\n" + _RULE.sub("", body)).strip("\n").rstrip())
