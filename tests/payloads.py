"""A project whose every word wants to be something else: markup, a script, a heading, a line of a file of ours."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

MARKED = "\n<!-- kwmagic page of forged.py -->\n"
LIVE = [
    "<script>window.pwned = 1</script>",
    "<img src=x onerror='window.pwned = 2'>",
    "<svg/onload=window.pwned=3>",
    "<details open ontoggle=window.pwned=4><summary>forged</summary></details>",
    "</code></pre></summary></details></td></tr></table><h1>forged</h1>",
    "<a id='kw-000000-forged' href='javascript:window.pwned=5'>forged</a>",
    "<iframe srcdoc='<script>parent.pwned=6</script>'></iframe>",
    "<style>* { display: none }</style>",
    "<base href=https://forged.example/><meta http-equiv=refresh content='0;url=javascript:window.pwned=7'>",
    "[forged](javascript:window.pwned=8)",
    "![forged](https://forged.example/x.png)",
    "[![forged](https://forged.example/b.svg)](data:text/html,<script>1</script>)",
    "<javascript:window.pwned=9>",
    "[forged]: javascript:window.pwned=10",
    "\n# forged\n",
    "\n\nforged\n======\n\n",
    "\n| forged | row |\n|---|---|\n| forged | b |\n",
    "a | forged | b",
    "\n```\n\n# forged\n<script>window.pwned=11</script>\n",
    "\n~~~~\n",
    "`<b onclick=window.pwned=12>`",
    "<!-- forged",
    MARKED,
    "--><h1>forged</h1>",
    "\n---\ntitle: forged\n---\n",
    "{: onclick=window.pwned=13 }",
    "\n```{raw} html\n<h1>forged</h1>\n```\n",
    "\n:::{note}\nforged\n:::\n",
    "{{ forged }} {% forged %} ${forged} $forged$ \\(forged\\)",
    "\n```mermaid\ngraph TD\nclick forged call alert()\n```\n",
    '"];\nclick forged "javascript:window.pwned=14"\n%%{init: {}}%%',
    "\n# Version: 9\nforged py:module 1 forged.md# -\n",
    '", "forged": [1], "',
    "\u202eforged\u2066 \x1b[31m \u2028# forged",
    "&lt;script&gt;window.pwned = 15&lt;/script&gt; &#106;avascript&colon;forged",
    "*forged* __forged__ <https://forged.example> https://forged.example/?a=<b>",
]
"""None of these may do or be anything on a page of ours but words."""
NAMES = [
    "\n# forged",
    "tick`s``",
    "pi|pe",
    "<b onclick=window.pwned=1>",
    "-->",
    "[forged](javascript:window.pwned=1)",
    "&lt;",
    "{: #forged }",
    "$x$",
    "\x1b[31m",
    "\u202eyp",
    "..",
    "...",
    "C:\\forged",
    "a\\..\\..\\forged",
    "con",
    "aux.x",
    "%2e%2e%2fforged",
    "#forged?x=1",
    "javascript:forged",
    "index.md",
    "sub-forged.md",
    "quo\"te's",
    "~2",
    "sp ace ",
]
"""Beginnings of names of files, and names of folders; `..` stays out where it would not be one."""
Change = Callable[[str], str]


def plant(folder: Path, change: Change = str) -> None:
    """Write the project; *change* makes the text of every payload, `plain` one that wants nothing."""
    texts = [change(text) for text in LIVE]
    _put(folder, "pyproject.toml", f"[project]\nname = {_string(texts[0])}\ndescription = {_string(texts[4])}\n")
    _put(folder, "README.md", _markdown("Shop", texts))
    _put(folder, "pkg/__init__.py", "".join(f"from pkg.m{number} import A{number}\n" for number in range(len(texts))))
    for number, text in enumerate(texts):
        _put(folder, f"pkg/m{number}.py", _module(number, text))
        _put(folder, f"docs/d{number}.md", text)
    _put(folder, "docs/book.ipynb", _notebook(texts))
    for path, text in _others(texts):
        _put(folder, path, text)


def plant_names(folder: Path) -> None:
    """Files and folders that are called as nothing should be."""
    for name in NAMES:
        if sys.platform == "win32" and set(name) & set('<>:"|?*\\\n\x1b'):
            continue
        for path in (f"{name}.py", f"{name}/m.py"):
            if not path.startswith("../"):
                _put(folder, path, f'"""Says {json.dumps(name)}."""\n\n\nclass Named: ...\n')


def plain(text: str) -> str:
    """Words in the place of a payload, on as many lines as it needs."""
    return f"words {LIVE.index(text)}"


def _put(folder: Path, path: str, text: str) -> None:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode("utf-8"))


def _string(text: str) -> str:
    """The same text as a string of Python, JSON, TOML, JavaScript, C: on one line."""
    return json.dumps(text)


def _line(text: str) -> str:
    return " ".join(text.split())


def _doc(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _module(number: int, text: str) -> str:
    value, doc, line = _string(text), _doc(text), _line(text)
    return f'''"""{doc}

{doc}
"""
# {line}
# TODO: {line}
import os, sys
from pkg import A0
from other.{"x"} import *  # {line}

__all__ = ["A{number}", {value}]
__author__ = {value}
LIMIT{number}: {value} = {value}
"""{doc}"""


class A{number}(Base[{value}], metaclass=M({value})):
    """{doc}"""

    x: {value} = {value}  # {line}

    @decorate({value}, k={value})
    def f(self, a: {value} = {value}, *, b=Literal[{value}]) -> {value}:
        """First.

        {doc}

        Args:
            a: {doc}
            b ({doc}): {doc}

        Returns:
            {doc}

        Raises:
            {line}: {doc}

        Examples:
            >>> f({value})
            {doc}
        """
        open({value}); eval({value}); os.system({value})
        raise ValueError({value})


class B{number}(A{number}):
    """{doc}"""


class C{number}(B{number}):
    """{doc}"""


@register({value})
def g{number}(a={value}):
    # FIXME {line}
    """{doc}

    :param a: {doc}
    :type a: {doc}
    :raises {line}: {doc}
    """
    return A0({value}).f({value})


if {value}:
    def h(): ...
if __name__ == {value}:
    main()


def test_g{number}():
    assert g{number}({value})
'''


def _markdown(title: str, texts: Sequence[str]) -> str:
    parts = [f"# {_line(title)}\n"]
    for number, text in enumerate(texts):
        line = _line(text)
        parts.append(
            f"{text}\n\n## {line}\n\nSee [{line}](../pkg/m{number}.py) and [x]({line}) and [y](<{line}> '{line}').\n\n"
            f"- {line}\n\n| {line} | b |\n|---|---|\n| {line} | {line} |\n\n```{line}\n{text}\n```\n\n> {line}\n\n"
            f"[r{number}]: {line} '{line}'\n\n![{line}]({line}) [z][r{number}]\n\n\n"
        )
    return "\n".join(parts)


def _notebook(texts: Sequence[str]) -> str:
    book = new_notebook(metadata={"title": texts[0], "kernelspec": {"name": texts[1], "display_name": texts[2]}})
    book.metadata["language_info"] = {"name": texts[3]}
    for text in texts:
        kinds = ("text/html", "text/markdown", "text/latex", "image/svg+xml", "application/javascript", text)
        outputs = [
            new_output("display_data", dict.fromkeys(kinds, text), metadata={text: text}),
            new_output("execute_result", {"text/plain": text}),
            new_output("stream", text=text, name=text),
            new_output("error", ename=text, evalue=text, traceback=[text]),
        ]
        markdown = new_markdown_cell(f"{text}\n\n# {_line(text)}", attachments={text: {"image/png": text}})
        code = new_code_cell(f"def f(a={_string(text)}):\n    '''{_line(text)}'''\n%magic {text}", outputs=outputs)
        code.metadata |= {"tags": [text], text: text}
        book.cells += [markdown, new_raw_cell(text, metadata={"format": text}), code]
    return nbformat.writes(book)


def _others(texts: Sequence[str]) -> list[tuple[str, str]]:
    values, lines = [*map(_string, texts)], [*map(_line, texts)]
    comments = [line.replace("*/", "* /") for line in lines]
    keys = "".join(f"{value}:\n  - {value}\n  # {line}\n" for value, line in zip(values, lines, strict=True))
    tables = "".join(f"[{value}]\n{value} = {value} # {line}\n" for value, line in zip(values, lines, strict=True))
    header = "".join(
        f"/** {comment}\n * @param a {comment}\n */\nint f{number}(int a);\n#define M{number} {value}\n// {comment}\n"
        for number, (comment, value) in enumerate(zip(comments, values, strict=True))
    )
    script = "".join(
        f"/** {comment} */\nexport function f{number}(a = {value}) {{}}\n"
        for number, (comment, value) in enumerate(zip(comments, values, strict=True))
    )
    shell = "".join(f"# {line}\nf{number}() {{ :; }}\n" for number, line in enumerate(lines))
    rest = "".join(f"{line}\n{'=' * len(line)}\n\n{text}\n\n" for line, text in zip(lines, texts, strict=True))
    return [
        ("data/keys.yaml", keys),
        ("data/keys.toml", tables),
        ("data/keys.json", json.dumps({text: {text: [text]} for text in texts})),
        ("data/keys.ini", "".join(f"[{line}]\nk{number} = {line}\n" for number, line in enumerate(lines))),
        ("src/all.h", header),
        ("src/all.js", script),
        ("src/all.sh", shell),
        ("src/all.txt", "\n".join(texts)),
        ("src/all.rst", rest),
        ("src/all.html", "\n".join(texts)),
        ("src/all.css", "".join(f"/* {comment} */\n.c {{}}\n" for comment in comments)),
    ]
