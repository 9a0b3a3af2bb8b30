"""The verbatim parts of doc comments: every way to write code becomes a fence, which no later step looks into."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from inspect import cleandoc
from typing import NamedTuple

_QUOTED = (
    r"(?<![`\w\\])`(?P<quoted>[^\s`'](?:[^`'\n]{0,78}[^\s`'(])?)'(?![\w`'])(?=[^`\n]*+(?:$|(?<=[\s(\[\"])`{1,2}[^\s`]))"
)
"""What GNU writes between a grave accent and an apostrophe; the next accent, if any, opens again."""
_OPENING = re.compile(
    rf"""
    {_QUOTED}
    | (?P<span>(?<![`\w])(?P<ticks>`{{1,2}})(?!`)(?:[^`\n]++|(?!(?P=ticks)(?!`))`++)*+(?P=ticks)(?!`))
    | ^[ \t]*+(?P<fence>`{{3,}}+|~{{3,}}+)[ \t]*+(?P<said>[^`\n]*+)$
    | <(?P<html>pre|listing|xmp)(?:\s[^<>]{{0,200}})?>
    | (?P<scala>\{{{{3}})
    | (?<![\w\\@{{])[@\\]
        (?P<command>code|verbatim|dot|msc|startuml|htmlonly|latexonly|rtfonly|manonly|xmlonly|docbookonly)(?![\w-])(?:\{{(?P<lang>[^{{}}\n]{{0,40}})\}})?
    | [@\\]f(?P<formula>[\[{{])
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
_QUOTATION = re.compile(_QUOTED)
_FENCE = re.compile(r"[ \t]*+(`{3,}|~{3,})")
_HTML_CODE = re.compile(r"<code(?:\s[^<>]{0,200})?>|</code>", re.IGNORECASE)
_HTML_LANGUAGE = re.compile(r"lang(?:uage)?(?:-|=[\"'])([\w+#-]{1,20})", re.IGNORECASE)
_TAG_IN_CODE = re.compile(r"</?(?:b|i|em|strong|a|span|font|u|sub|sup|tt|p|br)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE)
_JAVA_CODE = re.compile(r"\{@code\b\s?((?:[^{}]++|\{(?:[^{}]++|\{(?:[^{}]++|\{[^{}]*+\})*+\})*+\})*+)\}")
_JAVA_LITERAL = re.compile(r"\{@literal\s+([^{}]*+)\}")
_ENVIRONMENT = re.compile(r"([\w*]{1,30})\}\{?")
_RUST_FLAGS = {"should_panic", "no_run", "ignore", "compile_fail", "edition2018", "edition2021", "edition2024"}


class Run(NamedTuple):
    """Lines that are prose, or one fence."""

    lines: Sequence[str]
    is_code: bool


def fenced(doc: str) -> str:
    """`doc` with its code in fences, each on lines of its own at the indentation of the line it started on."""
    written: list[str] = []
    at = line_start = 0
    while opening := _OPENING.search(doc, at):
        if opening["span"] or opening["quoted"]:
            written.append(doc[at : opening.start()])
            written.append(opening["span"] or f"‘{opening['quoted']}’")
            at = opening.end()
            continue
        line_start = max(doc.rfind("\n", line_start, opening.start()) + 1, line_start)
        margin = re.compile(" {0,40}").match(doc, line_start)
        indent = margin[0] if margin else ""
        content, said, end = _content(doc, opening)
        before = doc[at : opening.start()]
        written.append(before.rstrip(" ") + ("" if not before.rstrip(" ") and not written else "\n"))
        written.extend(f"{indent}{line}\n" if line else "\n" for line in fence(content, said))
        after = re.compile(r"[ \t]*+\n?").match(doc, end)
        at = after.end() if after else end
        written.append("" if doc[at - 1 : at] == "\n" else indent)
    return "".join(written) + doc[at:]


def quoted(line: str) -> str:
    """`line` with GNU's quotation marks as typography has them."""
    return _QUOTATION.sub(r"‘\1’", line)


def _content(doc: str, opening: re.Match[str]) -> tuple[str, str, int]:
    """What stands between an opening and its end, the language it names, and where the text goes on."""
    start = opening.end()
    if mark := opening["fence"]:
        closing = re.compile(rf"^[ \t]*+{mark[0]}{{{len(mark)},}}+[ \t]*+$", re.MULTILINE).search(doc, start)
        text, end = _between(doc, start, closing)
        return text, _language(opening["said"]), end
    if tag := opening["html"]:
        text, end = _between(doc, start, re.compile(f"</{tag}>", re.IGNORECASE).search(doc, start))
        head = _HTML_LANGUAGE.search(opening[0] + text[:200])
        return _html_code(text), head[1].lower() if head else "verbatim", end
    if opening["scala"]:
        text, end = _between(doc, start, re.compile(r"\}{3}").search(doc, start))
        return text, "verbatim", end
    if command := opening["command"]:
        end_word = "enduml" if command == "startuml" else f"end{command}"
        text, end = _between(doc, start, re.compile(rf"[@\\]{end_word}(?!\w)").search(doc, start))
        return text, _language(opening["lang"] or ""), end
    text, end = _between(doc, start, re.compile(r"[@\\]f[\]}]").search(doc, start))
    environment = _ENVIRONMENT.match(text) if opening["formula"] == "{" else None
    if environment:
        text = f"\\begin{{{environment[1]}}}{text[environment.end() :]}\\end{{{environment[1]}}}"
    return text, "math", end


def _between(doc: str, start: int, closing: re.Match[str] | None) -> tuple[str, int]:
    """An opening without an end reaches to the end of the text."""
    return (doc[start : closing.start()], closing.end()) if closing else (doc[start:], len(doc))


def _html_code(text: str) -> str:
    text = _TAG_IN_CODE.sub("", _HTML_CODE.sub("", text))
    text = _JAVA_LITERAL.sub(r"\1", _JAVA_CODE.sub(r"\1", text))
    return unescape(text)


def _language(said: str) -> str:
    """The first word of what the fence says; `verbatim` where it says nothing, or it would be tried as Python."""
    words = re.split(r"[\s,{}.]+", said.strip("{} .").lower(), maxsplit=1)
    if words[0] in _RUST_FLAGS:
        return "rust"
    return words[0] or "verbatim"


def fence(content: str, said: str) -> list[str]:
    """The lines of a fence around `content`."""
    text = cleandoc(content.strip("\n").rstrip()) if not content.startswith("\n") else _dedented(content)
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall("`{3,}", text)), default=0))
    return [f"{ticks}{said}", *text.split("\n"), ticks]


def _dedented(content: str) -> str:
    """Code that starts on a line of its own; that line's indentation counts as well."""
    return cleandoc("\n" + content).strip("\n").rstrip()


def runs(lines: Iterable[str]) -> Iterator[Run]:
    """`lines` cut where fences begin and end."""
    run: list[str] = []
    mark = ""
    for line in lines:
        found = _FENCE.match(line)
        if not mark and found:
            if run:
                yield Run(run, is_code=False)
            run, mark = [line], found[1]
            continue
        run.append(line)
        if mark and found and found[1].startswith(mark) and line.strip() == found[1]:
            yield Run(run, is_code=True)
            run, mark = [], ""
    if run:
        yield Run(run, is_code=bool(mark))
