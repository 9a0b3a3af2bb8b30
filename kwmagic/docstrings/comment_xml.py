"""C# doc comments: XML -> the tags that `comment_tags` reads."""

from __future__ import annotations

import re
from html import unescape

_ATTRIBUTES = r"((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)"
_TAG = re.compile(rf"<(/?)([A-Za-z][A-Za-z0-9]{{0,20}}+){_ATTRIBUTES}>")
_CDATA = re.compile(r"<!\[CDATA\[([^\]]*+(?:\](?!\]>)[^\]]*+)*+)\]\]>")
_NAME = re.compile(r"(?:name|cref|langword|href|path)\s*=\s*[\"']([^\"'<]*)[\"']")
_CREF_KIND = re.compile(r"^[A-Z!]:|(?<=\w)`+\d+")

_BLOCKS = {
    "summary": "", "returns": "@returns ", "remarks": "@remarks ", "value": "@value ", "example": "@par Example\n",
    "param": "@param {} ", "typeparam": "@typeparam {} ", "exception": "@exception {{{}}} ", "permission": "@see {} ",
    "seealso": "@see {} ", "inheritdoc": "@inheritdoc {}", "include": "", "overloads": "",
}  # fmt: skip
_INLINE = {
    ("", "c"): "<code>", ("/", "c"): "</code>", ("", "code"): "<pre>", ("/", "code"): "</pre>",
    ("", "para"): "<p>", ("/", "para"): "<p>", ("", "list"): "<ul>", ("/", "list"): "</ul>",
    ("", "item"): "<li>", ("/", "item"): "</li>", ("", "listheader"): "<li>", ("/", "listheader"): "</li>",
    ("", "term"): "", ("/", "term"): " ", ("", "description"): "", ("/", "description"): "",
    ("/", "see"): "", ("/", "paramref"): "", ("/", "typeparamref"): "",
}  # fmt: skip


def as_tags(doc: str) -> str:
    """The text of an XML doc comment with block tags and HTML; what is no known tag stays as it is."""
    text = _TAG.sub(_tag, _CDATA.sub(lambda found: found[1].replace("<", "&lt;").replace(">", "&gt;"), doc))
    return "\n".join(line.lstrip(" ") if line.lstrip(" ").startswith("@") else line for line in text.split("\n"))


def _tag(match: re.Match[str]) -> str:
    closing, name, attributes = match[1], match[2].lower(), match[3]
    named = _NAME.search(attributes)
    target = _CREF_KIND.sub("", unescape(named[1])).strip() if named else ""
    if name in _BLOCKS:
        end = "\n\n" if attributes.rstrip().endswith("/") else ""
        return "\n\n" if closing else f"\n{_BLOCKS[name].format(target)}{end}"
    if name == "list" and not closing and "number" in attributes:
        return "<ol>"
    if name in ("see", "paramref", "typeparamref") and not closing:
        return f"<code>{target}</code>" if attributes.rstrip().endswith("/") else ""
    return _INLINE.get((closing, name), match[0])
