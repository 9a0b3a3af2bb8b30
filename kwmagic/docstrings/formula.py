r"""TeX from docstrings, made safe to stand between dollars.

Some readers cut `$…$` out before they read Markdown, others read it as prose: so it may hold nothing that is a tag, an
entity, a link or a code span in Markdown, nothing that ends the formula early, and no TeX that MathJax turns into links
or styles.
"""

from __future__ import annotations

import re

from kwmagic.mdtext import visible

_ACTIVE = re.compile(
    r"\\(?:href|url|style|class|css[A-Za-z]*|html[A-Za-z]*|data|require|include[A-Za-z]*|input|unicode|bbox|mmlToken"
    r"|action[A-Za-z]*|toggle|texttip|tooltip|csname|(?:re)?new[A-Za-z]+|provide[A-Za-z]+|[egx]?def|let|global"
    r"|Declare[A-Za-z]+|catcode|begingroup)(?![A-Za-z])"
)
"""Commands that make links, styles or new commands."""

_ATTRIBUTE = re.compile(r"(?<![A-Za-z])(?:on[a-z]{2,}|style|href|src)\s*=", re.IGNORECASE)
"""Python-Markdown takes `_x_{onclick=…}` for an attribute of the emphasis."""

_COMMENT = re.compile(r"(?<!\\)%.*")
_UNSAFE = re.compile(r"\\\\|\\?[<>]|&(?=[#A-Za-z])|\](?=[(:\[])|`")
_SAFE = {"<": r"\lt ", ">": r"\gt ", r"\<": r"\lt ", r"\>": r"\:", "&": "& ", "]": "] ", "`": "‘"}
_OWN_DISPLAY = re.compile(r"\\(begin|end)\{(align|gather|multline|eqnarray|equation|displaymath)\*?\}")
"""Environments that open a display of their own: an error between `$$`."""
_INSIDE_DISPLAY = {"align": "aligned", "eqnarray": "aligned", "gather": "gathered", "multline": "gathered"}


def inline(tex: str) -> str | None:
    """`$…$`; None for what can't be shown as a formula."""
    tex = _one_line(tex)
    return f"${tex}$" if _is_harmless(tex) else None


def display(tex: str) -> str | None:
    """`$$…$$` on one line, since the marks of a quote around it would become part of it; None as above."""
    tex = _OWN_DISPLAY.sub(_inside_display, _one_line(_COMMENT.sub("", tex)))
    if "\\\\" in tex and "\\begin" not in tex:
        tex = rf"\begin{{aligned}} {tex} \end{{aligned}}"
    return f"$${tex.strip()}$$" if _is_harmless(tex) else None


def _one_line(tex: str) -> str:
    return " ".join(_UNSAFE.sub(lambda match: _SAFE.get(match[0], match[0]), tex).split())


def _inside_display(match: re.Match[str]) -> str:
    name = _INSIDE_DISPLAY.get(match[2])
    return rf"\{match[1]}{{{name}}}" if name else ""


def _is_harmless(tex: str) -> bool:
    is_clean = "$" not in tex and not tex.endswith("\\") and visible(tex) == tex
    return bool(tex.strip()) and is_clean and not _ACTIVE.search(tex) and not _ATTRIBUTE.search(tex)
