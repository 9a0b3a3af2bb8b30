"""Notebooks: Python cells as IPython reads them, files that are none, what the file tells beside its cells."""

from __future__ import annotations

import ast
import json
import time
from typing import Any

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from kwmagic.analysers.notebook import Command, analyse, parse, python
from kwmagic.analysers.notebook_detail import CellCommand, OutlineEntry, detail
from kwmagic.languages import BY_NAME
from kwmagic.model import FileRef, Findings, Source

PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def cell(kind: str, source: str | list[str], **fields: Any) -> dict[str, Any]:
    return {"cell_type": kind, "source": source, "metadata": {}, **fields}


def notebook(*cells: Any, metadata: dict[str, Any] | None = None) -> str:
    metadata = PYTHON if metadata is None else metadata
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def found(text: str) -> Findings:
    return analyse(Source(FileRef("x.ipynb"), text.encode(), text, "utf-8", "LF"), BY_NAME["Jupyter notebook"])


CELLS = [
    "%matplotlib inline\nimport os\ndef f():\n    !ls {x}\n    %timeit f()\n    return 1\n",
    "files = !ls -l it's\na, b = !ls\nx.y = %time f()\ndef g(): pass\n",
    "f?\n?f\nf??\n%f?\nclass A:\n    def m(self): pass\nf.g?\n",
    "x = (10\n%3)\ns = '''\n%a\n!b\n'''\ny = 7 \\\n% 2\nz = (1\n!= 2)\nclass Real: pass\n",
    "if x:\n    !ls\nelse:\n    def f(): pass\n",
    "    def indented(): pass\n    x = 1\n",
    'for x in y:\n    z = !echo {x}  # it\'s\ndef f(a=1 % 2, b="?"): pass  # really?\n',
]


@pytest.mark.parametrize("source", CELLS)
def test_a_cell_is_read_as_ipython_reads_it(source: str) -> None:
    """The definitions and their lines are those that `ast` finds in what IPython makes of the cell."""
    tree = ast.parse(TransformerManager().transform_cell(source))
    kinds = (ast.FunctionDef, ast.ClassDef)
    expected = [(node.name, node.lineno, node.end_lineno) for node in ast.walk(tree) if isinstance(node, kinds)]
    symbols = found(notebook(cell("code", source))).symbols
    definitions = [
        (symbol.name, symbol.line, symbol.end_line)
        for symbol in symbols
        if symbol.kind in ("class", "function", "method")
    ]
    assert sorted(definitions) == sorted(expected)


@pytest.mark.parametrize(
    ("source", "text", "commands"),
    [
        ("%%time\nx = 1\n", "\nx = 1\n", [("%%time", 1)]),
        ("\n%%capture out\n%%timeit -n 1\nx = 1", "\n\n\nx = 1", [("%%capture", 2), ("%%timeit", 3)]),
        ("%%bash\ndef no(): pass", "", [("%%bash", 1)]),
        ("%%html", "", [("%%html", 1)]),
        ("x = 1 % 2", "x = 1 % 2", []),
        ("!ls \\\n  def no(): pass\ndef f(): pass", "pass\n\ndef f(): pass", [("!ls", 1)]),
        ("!pip install x\nf?", "pass\npass", [("!pip", 1), ("?", 2)]),
    ],
)
def test_commands_are_taken_out_of_a_cell(source: str, text: str, commands: list[tuple[str, int]]) -> None:
    code = python(source)
    assert (code.text, code.commands) == (text, tuple(Command(*command) for command in commands))


def test_scopes_and_strings_end_with_their_cell() -> None:
    cells = ["def split():", "    def inside(): pass", "x = '''", "def swallowed(): pass", "'''"]
    symbols = found(notebook(*(cell("code", source) for source in cells))).symbols
    assert [(symbol.qualname, symbol.cell) for symbol in symbols] == [
        *(("split", 1), ("inside", 2), ("x", 3), ("swallowed", 4)),
    ]


@pytest.mark.parametrize(
    ("metadata", "is_python"),
    [
        ({}, True),
        (PYTHON, True),
        ({"language_info": {"name": "ipython"}}, True),
        ({"kernelspec": {"name": "mine", "language": "python"}}, True),
        ({"kernelspec": {"name": "conda-env-py310"}}, True),
        ({"kernelspec": {"name": "ir", "language": "R"}, "language_info": {"name": "python"}}, False),
        ({"kernelspec": {"name": "julia-1.9"}}, False),
        ({"kernelspec": None, "language_info": "bash"}, True),
    ],
)
def test_only_python_kernels_are_read_as_python(metadata: dict[str, Any], is_python: bool) -> None:
    facts = found(notebook(cell("markdown", "# Title"), cell("code", "def f(): pass"), metadata=metadata))
    assert [symbol.name for symbol in facts.symbols] == ["Title", "f"][: 1 + is_python]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "is not valid JSON: Expecting value"),
        ('{"cells": [\n  {"cell_', 2, "is not valid JSON: Unterminated string starting at"),
        ("{'cells': []}", 1, "is not valid JSON: Expecting property name enclosed in double quotes"),
        ("[" * 100_000, 0, "is not valid JSON for a notebook: it is nested too deep"),
        ("[]", 0, "is not a notebook: it has no list of cells"),
        ('{"cells": {}}', 0, "is not a notebook: it has no list of cells"),
        ("null", 0, "is not a notebook: it has no list of cells"),
    ],
)
def test_what_is_no_notebook_says_why(text: str, line: int, message: str) -> None:
    facts = found(text)
    assert [(problem.line, problem.message) for problem in facts.problems] == [(line, message)]
    assert facts.symbols == ()


def test_an_old_notebook_that_is_not_valid_says_so() -> None:
    (problem,) = found('{"nbformat": 3, "nbformat_minor": 0, "worksheets": [{}]}').problems
    assert problem.message.startswith("is an nbformat 3 notebook that is not valid: ValidationError: ")


def test_integers_that_python_refuses_do_no_harm() -> None:
    text = notebook(cell("code", "def f(): pass")).replace('"metadata": {}', f'"metadata": {{"n": {"9" * 5_000}}}')
    assert [symbol.name for symbol in found(text).symbols] == ["f"]


def test_details() -> None:
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["12345"]},
        {"output_type": "display_data", "data": {"image/png": "abc", "text/plain": ["x"]}},
        {"output_type": "error", "ename": "KeyError", "evalue": "x", "traceback": ["y"]},
    ]
    text = notebook(
        cell("markdown", "# One\n## Two", attachments={"a.png": {"image/png": "abc"}}),
        cell("code", "%time f()\n!ls", execution_count=2, outputs=outputs),
        cell("code", "x", execution_count=1, outputs=[], metadata={"tags": ["hide"]}),
        cell("code", "y", execution_count=None, outputs=None),
        cell("code", "", execution_count=None),
        metadata={**PYTHON, "language_info": {"name": "python", "version": "3.11.7"}},
    )
    about = detail(text)
    assert (about.kernel, about.display_name, about.language, about.language_version) == (
        *("python3", "Python 3", "python", "3.11.7"),
    )
    assert (about.nbformat, about.cells) == ("4.5", (("code", 4), ("markdown", 1)))
    assert (about.executed, about.unexecuted, about.in_order) == (2, 1, False)
    assert about.outputs == (("stream", 1), ("image/png", 1), ("text/plain", 1), ("error", 1))
    assert (about.output_size, about.errors) == (10, (("KeyError", 2),))
    assert about.outline == (OutlineEntry(1, "One", 1, 1), OutlineEntry(2, "Two", 1, 2))
    assert about.commands == (CellCommand("%time", 2, 1), CellCommand("!ls", 2, 2))
    assert (about.attachments, about.tags, about.problems) == ((("a.png", 1),), (("hide", 1),), ())


@pytest.mark.parametrize("text", ["", "null", "[]", notebook(None, 3, {}, cell("code", 5, outputs=[None, 1]))])  # type: ignore[arg-type]
def test_details_of_what_is_no_notebook_are_only_problems(text: str) -> None:
    assert detail(text).problems == parse(text).problems != ()


def test_large_outputs_take_no_time() -> None:
    image = {"output_type": "display_data", "data": {"image/png": "A" * 20_000_000}}
    text = notebook(cell("code", "def f(): pass", outputs=[image]))
    start = time.process_time()
    assert [symbol.name for symbol in found(text).symbols] == ["f"]
    assert detail(text).output_size == 20_000_000
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "source", ["(\n" * 100_000, "!" * 100_000, "a(\"'" * 50_000, "x = !\\\n" * 50_000, "%%time\n" * 5_000]
)
def test_no_cell_takes_long(source: str) -> None:
    start = time.process_time()
    found(notebook(cell("code", source)))
    assert time.process_time() - start < 10
