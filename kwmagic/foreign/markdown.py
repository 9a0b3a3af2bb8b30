"""Foreign Markdown: its links and images re-aimed, its raw HTML filtered, its code as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

from kwmagic.foreign.addresses import Aim, aimed, as_written, in_markdown, is_harmless
from kwmagic.foreign.code import ACTIVE, fence, fenced, html_code, inert_code, is_risky, preformatted
from kwmagic.foreign.elements import MARKUP, entities, gap, tag, with_newlines

_LEAD = r"[ \t]*+(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]*+)*+"
_BLOCK = re.compile(
    rf"^(?P<lead>{_LEAD})(?:(?P<ticks>`{{3,}}+(?=[^`\n]*+$)|~{{3,}}+)(?P<info>[^\n]*+)(?:\n|\Z)"
    r"|<!--.*?-->|(?P<pre><pre\b.*?(?:</pre\s*+>|\Z)))",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
"""What is no Markdown inside: a fence, a comment, preformatted HTML."""
_DEFINED = re.compile(rf"^{_LEAD}\[[^\[\]]*+\Z", re.MULTILINE)
_DIRECTIVES = "note|tip|hint|important|warning|caution|attention|danger|error|seealso|admonition|dropdown|margin"
_DIRECTIVE = re.compile(rf"\s*\{{(?:{_DIRECTIVES})\}}[^\n`]*+", re.IGNORECASE)
"""Those of MyST that hold nothing but Markdown; others read files or write HTML."""

_ADDRESS = r"(?:<[^<>\n]*+>|(?:[^\s()\\<>]|\\.|\((?:[^\s()\\<>]|\\.)*+\))*+)"
_GAP = r"[ \t]*+\n?[ \t>]*+"
_TITLE = r"""(?:"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\))"""
_ACTIVE_TEX = (
    r"(?:href|url|style|class|css[A-Za-z]*|html[A-Za-z]*|data|require|include[A-Za-z]*|input|unicode|bbox"
    r"|action[A-Za-z]*)"
)
_BRACE = re.compile(r"(?<![`\\])(`++)[^\n]*?(?<!`)\1(?!`)|(?<!\\)\{")
"""Outside of code, it begins what Python-Markdown takes for attributes of the element in front."""
_INLINE = re.compile(
    rf"""
    (?P<code>`(?<!``)(?P<run>`*+)(?P<span>[^`]++(?:(?!`(?P=run)(?!`))`++[^`]++)*+)`(?P=run)(?!`))
    | (?P<ticks>`++)
    | (?P<escape>\\(?:(?P<escaped>[!-/:-@\[-`{{-~])|{_ACTIVE_TEX}(?![A-Za-z])))
    | (?P<math>\$\$(?:[^$]++)\$\$|\$(?=[^\s$])[^$`\n]++(?<!\s)\$(?!\d))
    | (?P<autolink><(?P<url>(?:https?://|mailto:)[^\s<>]*+|[\w.+-]++@[\w.-]++)>)
    | (?P<open>!?\[)
    | (?P<link>\]\({_GAP}(?P<to>{_ADDRESS})(?P<title>[ \t\n]{_GAP}{_TITLE})?{_GAP}\))
    | (?P<definition>\]:{_GAP}(?P<defined><[^<>\n]*+>|[^\s<>]++))
    | (?P<close>\](?P<opens>[(:])?)
    | (?P<directive>:::++(?=[ \t]*+\{{)(?![ \t]*+\{{(?:{_DIRECTIVES})\}}))
    | (?P<markup><[?!/A-Za-z])
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
"""Each alternative starts with a literal, so that `re` skips to the few characters that matter."""
_IN_MATH = re.compile(rf"<(?=[A-Za-z/!?])|\](?=[(\[:])|\\(?={_ACTIVE_TEX}(?![A-Za-z]))")
_MATH = {"<": r"\lt ", "]": "] ", "\\": "&#92;"}
_BACKSLASH = re.compile(r"\\([!-/:-@\[-`{-~])")


def inert_markdown(markdown: str, aim: Aim = as_written) -> str:
    """Markdown as written, but for what could act: other lines stay as they are, byte for byte."""
    return "".join(_blocks(with_newlines(markdown), aim))


def _blocks(markdown: str, aim: Aim) -> Iterator[str]:
    end = 0
    while found := _BLOCK.search(markdown, end):
        yield _Text(aim).rewritten(markdown[end : found.start()])
        end = found.end()
        if found["ticks"]:
            lines, end = fenced(markdown, found)
            is_directive = _DIRECTIVE.fullmatch(found["info"])
            yield _directive(found, lines, aim) if is_directive else fence(found, lines)
        elif found["pre"]:
            yield found["lead"] + preformatted(found["pre"], aim)
    yield _Text(aim).rewritten(markdown[end:])


def _directive(opening: re.Match[str], lines: list[str], aim: Aim) -> str:
    lead, ticks = opening["lead"], "`" * max(3, len(opening["ticks"]))
    body = inert_markdown("\n".join(lines), aim)
    return f"{lead}{ticks}{opening['info'].strip()}\n{body}\n{' ' * len(lead)}{ticks}\n"


class _Text:
    """Markdown between fences, rewritten from its beginning to its end."""

    def __init__(self, aim: Aim) -> None:
        self.aim = aim
        self.parts: list[str] = []
        self.end = 0
        """How much of the text is done."""
        self.open: list[int] = []
        """Which of the parts are brackets that a link could begin with."""

    def rewritten(self, text: str) -> str:
        self.end = 0
        while found := _INLINE.search(text, self.end):
            self.parts.append(text[self.end : found.start()])
            self.end = found.end()
            self.parts.append(_WRITERS[found.lastgroup or ""](self, found))
        self.parts.append(text[self.end :])
        return _without_attributes("".join(self.parts))

    def markup(self, found: re.Match[str]) -> str:
        whole = MARKUP.match(found.string, found.start())
        assert whole is not None  # it begins with the same characters
        self.end = whole.end()
        return tag(whole, self.aim)

    def code(self, found: re.Match[str]) -> str:
        if not is_risky(found["span"]):
            return found[0]
        return inert_code(_spanned(found["span"]))

    def same(self, found: re.Match[str]) -> str:
        return found[0]

    def escape(self, found: re.Match[str]) -> str:
        """Not every reader takes a backslash before `<` for an escape; a command of TeX can be a link."""
        if found["escaped"] is None:
            return f"&#92;{found[0][1:]}"
        return "&lt;" if found["escaped"] == "<" else found[0]

    def math(self, found: re.Match[str]) -> str:
        return _IN_MATH.sub(lambda inner: _MATH[inner[0]], found[0])

    def autolink(self, found: re.Match[str]) -> str:
        if "@" in found["url"] and "/" not in found["url"]:
            return found[0]
        address = aimed(found["url"], self.aim)
        if address is None:
            return entities(found["url"])
        is_plain = address == found["url"] and not ACTIVE.search(address)
        return f"<{address}>" if is_plain else f"[{entities(found['url'])}]({in_markdown(address)})"

    def bracket(self, found: re.Match[str]) -> str:
        self.open.append(len(self.parts))
        return found[0]

    def link(self, found: re.Match[str]) -> str:
        address = aimed(_plain(found["to"]), self.aim)
        opening = self.open.pop() if self.open else None
        if address is None:
            if opening is None:
                return "&#93;"
            self.parts[opening] = gap("".join(self.parts[max(0, opening - 2) : opening]))
            return ""
        title = f' "{entities(unescape(found["title"].strip()[1:-1]))}"' if found["title"] else ""
        return f"]({in_markdown(address)}{title})"

    def definition(self, found: re.Match[str]) -> str:
        """The address of a link reference; elsewhere a colon, and the text behind it is like any other."""
        opening = self.open.pop() if self.open else None
        address, written = None, _plain(found["defined"])
        if opening is not None and _starts_line(self.parts, opening) and not self._is_note(opening):
            address = aimed(written, self.aim)
        following = found.string[self.end : self.end + 1].strip()
        if address is not None:
            return f"]: {in_markdown(address)}{' ' if following else ''}"
        self.end = found.start() + 2
        return "]:" if is_harmless(written + following) else "]&#58;"

    def _is_note(self, opening: int) -> bool:
        """Whether a label is that of a footnote, behind which there is text."""
        return "".join(self.parts[opening + 1 : opening + 2]).startswith("^")

    def close(self, found: re.Match[str]) -> str:
        if self.open:
            self.open.pop()
        return {"(": "]&#40;", ":": "]&#58;"}.get(found["opens"] or "", "]")

    def directive(self, found: re.Match[str]) -> str:
        return f"&#58;{found[0][1:]}"


_WRITERS: dict[str, Callable[[_Text, re.Match[str]], str]] = {
    "code": _Text.code,
    "ticks": _Text.same,
    "escape": _Text.escape,
    "math": _Text.math,
    "autolink": _Text.autolink,
    "open": _Text.bracket,
    "link": _Text.link,
    "definition": _Text.definition,
    "close": _Text.close,
    "directive": _Text.directive,
    "markup": _Text.markup,
}


def _without_attributes(text: str) -> str:
    if "{" not in text or not ACTIVE.search(text):
        return text
    lines = text.split("\n")
    return "\n".join(_BRACE.sub(_brace, line) if ACTIVE.search(line) else line for line in lines)


def _brace(found: re.Match[str]) -> str:
    """A brace that is none; in code only where one is left open, as the text behind it might close it."""
    if not found[1]:
        return "&#123;"
    is_open = found[0].rfind("{") > found[0].rfind("}")
    return html_code(_spanned(found[0].strip("`"))) if is_open else found[0]


def _spanned(written: str) -> str:
    """What a code span shows."""
    text = written.replace("\n", " ")
    return text[1:-1] if text[0] == text[-1] == " " and text.strip() else text


def _plain(address: str) -> str:
    """The address that a destination of Markdown means."""
    bare = address[1:-1] if address.startswith("<") else address
    return unescape(_BACKSLASH.sub(r"\1", bare))


def _starts_line(parts: list[str], opening: int) -> bool:
    before = "".join(parts[max(0, opening - 3) : opening])
    return bool(re.fullmatch(rf"{_LEAD}", before[before.rfind("\n") + 1 :]))
