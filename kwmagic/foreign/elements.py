"""Foreign HTML: tags and attributes of an allowlist written anew, all others as text, scripts and styles left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from kwmagic.foreign.addresses import Aim, aimed, as_written


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


_EVERYWHERE = _words("align id title")
_PLAIN = _words(
    "abbr b blockquote br caption center cite code col colgroup dd del dfn div dl dt em figcaption figure h1 h2 h3 h4"
    " h5 h6 hr i ins kbd li mark p pre q s samp small span strike strong sub summary sup table tbody tfoot thead tr tt"
    " u ul var wbr"
)
_TAGS = dict.fromkeys(_PLAIN, _EVERYWHERE) | {
    "a": _EVERYWHERE | {"href", "name"},
    "details": _EVERYWHERE | {"open", "markdown"},
    "img": _EVERYWHERE | {"src", "alt", "width", "height"},
    "ol": _EVERYWHERE | {"start"},
    "td": _EVERYWHERE | {"colspan", "rowspan"},
    "th": _EVERYWHERE | {"colspan", "rowspan"},
}
"""Tag -> the attributes it may have."""
_VOID = frozenset(("br", "col", "hr", "img", "wbr"))
_VALUES = {
    "align": re.compile(r"left|right|center|justify|top|middle|bottom", re.IGNORECASE),
    "markdown": re.compile("1"),
    "open": re.compile("|open"),
} | dict.fromkeys(("id", "name"), re.compile(r"[A-Za-z0-9._:-]+"))
_VALUES |= dict.fromkeys(("colspan", "rowspan", "start", "width", "height"), re.compile(r"\d{1,5}%?"))
"""What the value of an attribute must be; free text where nothing is said."""
_UNWRAPPED = _words(
    "address area article aside audio base bdi bdo big body button canvas data dialog embed fieldset font footer form"
    " frame frameset head header hgroup html input label legend link main map meta meter nav object optgroup option"
    " output param picture progress rp rt ruby search section select slot source time track video"
)
"""Left out, while what is inside stays."""
_DEEPEST = 100
"""Elements inside elements, beyond which tags are left out."""

_RAW = "applet|iframe|math|noembed|noframes|noscript|script|style|svg|template|textarea|title|xmp"
"""Left out with all that is inside."""
MARKUP = re.compile(
    rf"<(?:!--(?P<comment>.*?)(?:-->|\Z)|(?P<raw>{_RAW})\b.*?(?:(?P<end></(?P=raw)\s*+>)|\Z)"
    r"|(?P<close>/?)(?P<name>[a-z][a-z0-9:-]*+)(?P<attributes>(?:[\s/](?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+)?)>"
    r"|[?!/a-z])",
    re.DOTALL | re.IGNORECASE,
)
"""Each `<` that anybody could take for the beginning of a tag, with the whole tag where it is one."""
_ATTRIBUTE = re.compile(r"""([A-Za-z][\w:-]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>`]++)))?""")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_MARKDOWN = re.compile(r"[<\[\]`{}$\\*~|]|_(?![A-Za-z0-9])|(?<![A-Za-z0-9])_")
_BEFORE_JOIN = re.compile(r"(?:<|\]|\]:\s*[^\s<>]*)\s*\Z")
"""What is a tag, a link or the address of one together with what follows."""
_BLANK = re.compile(r"[ \t]*\n\s*")
_BLANK_IN_PRE = re.compile(r"\n(?=[ \t]*\n)")
_BLOCK_FIRST = re.compile(r"<(?:div|table|p|ul|ol|dl|blockquote|h[1-6]|details|figure)\b")


def entities(text: str) -> str:
    """Text whose punctuation is nothing else in any reading, be it HTML or Markdown."""
    return _PUNCTUATION.sub(_entity, text)


def with_newlines(text: str) -> str:
    """Text whose lines end in `\\n`: to readers of Markdown and HTML, the others are ends of lines, too."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def unmarked(text: str) -> str:
    """Text between tags of HTML that Markdown finds no mark in; entities stay."""
    return _MARKDOWN.sub(_entity, text)


def _entity(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def filtered(html: str, aim: Aim = as_written) -> str:
    """Tag by tag: those of the allowlist written anew, scripts and the like left out, the rest as visible text.

    Nothing is balanced, so the halves of one element may come in several calls.
    """
    return MARKUP.sub(lambda found: tag(found, aim), html)


def tag(found: re.Match[str], aim: Aim) -> str:
    """What stands for a match of `MARKUP`."""
    name = (found["name"] or "").lower()
    if found["end"] or found[0].endswith("-->") or name in _UNWRAPPED:
        return gap(found.string[max(0, found.start() - 40) : found.start()])
    if name not in _TAGS:  # also what is opened and has no end: then all that follows is text
        return entities(found[0])
    if found["close"]:
        return "" if name in _VOID else f"</{name}>"
    attributes = dict(_attributes(name, found["attributes"] or "", aim))
    if name == "img" and "src" not in attributes:
        return attributes.get("alt", "")
    written = "".join(f' {key}="{value}"' if value else f" {key}" for key, value in attributes.items())
    return f"<{name}{written}>"


def gap(before: str) -> str:
    """What stands for something left out behind *before*, which must not join what follows to a tag or a link."""
    return "<span></span>" if _BEFORE_JOIN.search(before) else ""


def _attributes(name: str, written: str, aim: Aim) -> Iterator[tuple[str, str]]:
    allowed = _TAGS[name]
    for match in _ATTRIBUTE.finditer(written):
        key, value = match[1].lower(), unescape(match[2] or match[3] or match[4] or "")
        if key not in allowed:
            continue
        if key in ("href", "src"):
            address = aimed(value, aim)
            if address is not None:
                yield key, address.replace("&", "&amp;").replace("'", "%27")
        elif key not in _VALUES:
            yield key, entities(" ".join(value.split()))
        elif _VALUES[key].fullmatch(value):
            yield key, value


def inert_html(html: str, aim: Aim = as_written) -> str:
    """A whole fragment, balanced, that stands in Markdown as one block of HTML: it has no blank line."""
    clean = _balanced(filtered(with_newlines(html), aim))
    return clean if _BLOCK_FIRST.match(clean) else f"<div>\n{clean}\n</div>"


def _balanced(html: str) -> str:
    """*html*, filtered, with each end tag behind its start tag and the text inert as Markdown too."""
    parts: list[str] = []
    opened: list[str] = []
    end = 0
    for found in MARKUP.finditer(html):
        parts.append(_text(html[end : found.start()], is_pre="pre" in opened))
        end, name = found.end(), found["name"]
        if found["close"]:
            parts += _closed(opened, name)
        elif name in _VOID:
            parts.append(found[0])
        elif len(opened) < _DEEPEST:
            parts.append(found[0])
            opened.append(name)
    parts += [_text(html[end:], is_pre="pre" in opened), *(f"</{name}>" for name in reversed(opened))]
    return "".join(parts).strip()


def _closed(opened: list[str], name: str) -> Iterator[str]:
    """The end tags of an element and of all that is open inside of it; none where it is not open."""
    while name in opened:
        last = opened.pop()
        yield f"</{last}>"
        if last == name:
            return


def _text(text: str, *, is_pre: bool) -> str:
    """Text between tags as HTML that Markdown finds nothing in: neither a mark nor a blank line."""
    clean = unmarked(text)
    return _BLANK_IN_PRE.sub("&#10;", clean) if is_pre else _BLANK.sub("\n", clean)
