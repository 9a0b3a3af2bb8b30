"""Code in foreign Markdown, which no reader may take for anything else.

Fences are the only code that is left to the reader of the page, all of them at the beginning of a line behind an empty
one, where every reader sees a fence. Other code that looks like a tag or a link is written as HTML with entities.
"""

from __future__ import annotations

import re
from html import escape

from kwmagic import mdtext
from kwmagic.foreign.addresses import Aim
from kwmagic.foreign.elements import MARKUP, entities, tag, unmarked

_LANGUAGE = re.compile(r"\s*([\w#+.-]+)")
ACTIVE = re.compile(
    r"(?<![A-Za-z])(?:on[a-z]{2,}|style|href|src[a-z]*|formaction|action|data|background|poster)\s*=", re.IGNORECASE
)
"""What Python-Markdown would make an attribute of, inside of braces."""
_RISKY = re.compile(r"<[A-Za-z/!?]|\][(\[:]")
"""What could be a tag or a link where it isn't read as code."""
_MARKS = re.compile(r"[!$*@\[\\\]^_`{|}~]")


def inert_code(text: str) -> str:
    """A code span; where it could be markup in some reading, as HTML that is nothing but text in any."""
    return html_code(text) if is_risky(text) else mdtext.code(text, mdtext.Dest.PAGE)


def html_code(text: str) -> str:
    """Code as HTML in which no reader of Markdown finds a mark."""
    return f"<code>{_MARKS.sub(lambda mark: f'&#{ord(mark[0])};', escape(text, quote=False))}</code>"


def is_risky(text: str) -> bool:
    """Whether code would be more than text, were it not read as code."""
    return bool(_RISKY.search(text) or ("{" in text and ACTIVE.search(text)))


def fenced(markdown: str, opening: re.Match[str]) -> tuple[list[str], int]:
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


def fence(opening: re.Match[str], lines: list[str]) -> str:
    """A fence as every reader sees it, of these *lines*."""
    language = _LANGUAGE.match(opening["info"])
    name = language[1] if language else ""
    if opening["lead"]:
        return _nested(opening, lines, name)
    is_apart = opening.string[max(0, opening.start() - 2) : opening.start()] in ("", "\n", "\n\n")
    return f"{'' if is_apart else chr(10)}{mdtext.fence(chr(10).join(lines), name, mdtext.Dest.PAGE)}\n"


def _nested(opening: re.Match[str], lines: list[str], language: str) -> str:
    """A fence in a list or quotation; as HTML where it could be read as anything else."""
    lead = opening["lead"]
    inside = re.sub(r"[^>\s]", " ", lead)
    if lines and is_risky("\n".join(lines)):
        bare = [line[: len(lead)].lstrip(" \t>") + line[len(lead) :] for line in lines]
        body = f"\n{inside}".join(map(entities, bare))
        return f"{lead}<pre><code>{body}</code></pre>\n"
    return "\n".join([f"{lead}{opening['ticks']}{language}", *lines, inside + opening["ticks"]]) + "\n"


def preformatted(html: str, aim: Aim) -> str:
    """Preformatted HTML: no mark of Markdown counts inside, in no reading."""
    closed = html if html[-1] == ">" and "</pre" in html.lower() else f"{html}</pre>"
    parts, end = [], 0
    for found in MARKUP.finditer(closed):
        parts += [unmarked(closed[end : found.start()]), tag(found, aim)]
        end = found.end()
    return "".join([*parts, unmarked(closed[end:])])
