"""Foreign Markdown: its links and images re-aimed, its raw HTML filtered, its code as it is.

Fences are the only code that is left to the reader of the page, all of them at the beginning of a line behind an empty
one, where every reader sees a fence. Other code that looks like a tag or a link is written as HTML with entities.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape, unescape

from kwmagic import mdtext
from kwmagic.foreign.addresses import Aim, aimed, as_written, in_markdown, is_harmless
from kwmagic.foreign.elements import MARKUP, entities, gap, tag, unmarked, with_newlines

_LEAD = r"[ \t]*+(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]*+)*+"
_BLOCK = re.compile(
    rf"^(?P<lead>{_LEAD})(?:(?P<ticks>`{{3,}}+(?=[^`\n]*+$)|~{{3,}}+)(?P<info>[^\n]*+)(?:\n|\Z)"
    r"|<!--.*?-->|(?P<pre><pre\b.*?(?:</pre\s*+>|\Z)))",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
"""What is no Markdown inside: a fence, a comment, preformatted HTML."""
_DEFINED = re.compile(rf"^{_LEAD}\[[^\[\]]*+\Z", re.MULTILINE)
_LANGUAGE = re.compile(r"[\w#+.-]+")
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
_ACTIVE_ATTRIBUTE = r"(?<![A-Za-z])(?:on[a-z]{2,}|style|href|src[a-z]*|formaction|action|data|background|poster)\s*="
_ATTRIBUTE = re.compile(_ACTIVE_ATTRIBUTE, re.IGNORECASE)
_BRACE = re.compile(r"(?<!`)(`++)[^\n]*?(?<!`)\1(?!`)|(?<!\\)\{")
"""Outside of code, it begins what Python-Markdown takes for attributes of the element in front."""
_RISKY = re.compile(r"<[A-Za-z/!?]|\][(\[:]")
"""What could be a tag or a link where it isn't read as code."""
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
_MARKS = re.compile(r"[!$*@\[\\\]^_`{|}~]")
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
            lines, end = _fenced(markdown, found)
            before = markdown[max(0, found.start() - 2) : found.start()]
            yield _fence(found, lines, aim, is_apart=before in ("", "\n", "\n\n"))
        elif found["pre"]:
            yield found["lead"] + _preformatted(found["pre"], aim)
    yield _Text(aim).rewritten(markdown[end:])


def _fenced(markdown: str, opening: re.Match[str]) -> tuple[list[str], int]:
    """The lines of a fence's content, and where the text goes on."""
    closing = re.compile(rf"[ \t>]*+{opening['ticks'][0]}{{{len(opening['ticks'])},}}[ \t]*\Z")
    is_quote, end, lines = ">" in opening["lead"], opening.end(), []
    while end < len(markdown):
        stop = markdown.find("\n", end)
        line = markdown[end : stop if stop >= 0 else len(markdown)]
        if is_quote and not line.lstrip().startswith(">"):
            break
        end += len(line) + 1
        if closing.match(line):
            break
        lines.append(line)
    return lines, min(end, len(markdown))


def _fence(opening: re.Match[str], lines: list[str], aim: Aim, *, is_apart: bool) -> str:
    lead, info = opening["lead"], opening["info"]
    text = "\n".join(lines)
    if _DIRECTIVE.fullmatch(info):
        body = inert_markdown(text, aim)
        ticks = "`" * max(3, len(opening["ticks"]))
        return f"{lead}{ticks}{info.strip()}\n{body}\n{' ' * len(lead)}{ticks}\n"
    language = _LANGUAGE.match(info.strip())
    if not lead:
        return f"{'' if is_apart else chr(10)}{mdtext.fence(text, language[0] if language else '', mdtext.Dest.PAGE)}\n"
    return _nested(opening, lines, language[0] if language else "")


def _nested(opening: re.Match[str], lines: list[str], language: str) -> str:
    """A fence in a list or quotation; as HTML where it could be read as anything else."""
    lead = opening["lead"]
    inside = re.sub(r"[^>\s]", " ", lead)
    if lines and _is_risky("\n".join(lines)):
        bare = [line.lstrip(" \t>") if ">" in lead else line[len(lead) :] for line in lines]
        body = f"\n{inside}".join(map(entities, bare))
        return f"{lead}<pre><code>{body}</code></pre>\n"
    return "\n".join([f"{lead}{opening['ticks']}{language}", *lines, inside + opening["ticks"]]) + "\n"


def _preformatted(html: str, aim: Aim) -> str:
    """Preformatted HTML: no mark of Markdown counts inside, in no reading."""
    closed = html if html[-1] == ">" and "</pre" in html.lower() else f"{html}</pre>"
    parts, end = [], 0
    for found in MARKUP.finditer(closed):
        parts += [unmarked(closed[end : found.start()]), tag(found, aim)]
        end = found.end()
    return "".join([*parts, unmarked(closed[end:])])


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
        if not _is_risky(found["span"]):
            return found[0]
        text = found["span"].replace("\n", " ")
        return inert_code(text[1:-1] if text[0] == text[-1] == " " and text.strip() else text)

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
        is_plain = address == found["url"] and not _ATTRIBUTE.search(address)
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
        if address is not None:
            is_end = found.string[self.end : self.end + 1].strip() == ""
            return f"]: {in_markdown(address)}{'' if is_end else ' '}"
        self.end = found.start() + 2
        return "]:" if is_harmless(written) else "]&#58;"

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
    if "{" not in text or not _ATTRIBUTE.search(text):
        return text
    lines = text.split("\n")
    return "\n".join(_BRACE.sub(_brace, line) if _ATTRIBUTE.search(line) else line for line in lines)


def _brace(found: re.Match[str]) -> str:
    return found[0] if found[1] else "&#123;"


def inert_code(text: str) -> str:
    """A code span; where it could be markup in some reading, as HTML that is nothing but text in any."""
    if not _is_risky(text):
        return mdtext.code(text, mdtext.Dest.PAGE)
    return f"<code>{_MARKS.sub(lambda mark: f'&#{ord(mark[0])};', escape(text, quote=False))}</code>"


def _is_risky(text: str) -> bool:
    return bool(_RISKY.search(text) or ("{" in text and _ATTRIBUTE.search(text)))


def _plain(address: str) -> str:
    """The address that a destination of Markdown means."""
    bare = address[1:-1] if address.startswith("<") else address
    return unescape(_BACKSLASH.sub(r"\1", bare))


def _starts_line(parts: list[str], opening: int) -> bool:
    before = "".join(parts[max(0, opening - 3) : opening])
    return bool(re.fullmatch(rf"{_LEAD}", before[before.rfind("\n") + 1 :]))
