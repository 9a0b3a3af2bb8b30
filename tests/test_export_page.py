"""A notebook as one page of Markdown: its cells, its outputs, and kwmagic's own outputs lifted into it."""

from __future__ import annotations

import copy
import json
import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from payloads import LIVE
from test_foreign import COMMONMARK, PIECES, Found, live

from kwmagic.exporting.lifting import lifted
from kwmagic.exporting.page import Exported, exported
from kwmagic.foreign import inert_markdown
from kwmagic.markup import Anchor, Block, Code, Fence, Item, Link, Paragraph, Text, Title, Words, Writer
from kwmagic.mdtext import Dest
from kwmagic.options import ExportOptions

TOUR = Path(__file__).parents[1] / "notebooks" / "tour.ipynb"
PNG = b64encode(b"\x89PNG\r\n\x1a\n rest").decode()
Json = dict[str, Any]


def markdown(source: str, **fields: Any) -> Json:
    return {"cell_type": "markdown", "metadata": {}, "source": source, **fields}


def code(source: str, *outputs: Any, tags: list[str] | None = None, **metadata: Any) -> Json:
    said = {"tags": tags or [], **metadata}
    return {"cell_type": "code", "metadata": said, "source": source, "outputs": list(outputs), "execution_count": 1}


def stream(text: str, name: str = "stdout") -> Json:
    return {"output_type": "stream", "name": name, "text": text}


def data(metadata: Json | None = None, /, **kinds: Any) -> Json:
    names = {"plain": "text/plain", "html": "text/html", "md": "text/markdown", "tex": "text/latex", "png": "image/png"}
    names |= {"svg": "image/svg+xml", "json": "application/json", "widget": "application/vnd.jupyter.widget-view+json"}
    bundle = {names[kind]: content for kind, content in kinds.items()}
    return {"output_type": "display_data", "metadata": metadata or {}, "data": bundle}


def own(text: str, target: str = "pkg") -> Json:
    return data({"kwmagic": {"target": target, "anchor": "kw-1", "schema": 1}}, md=text, plain="pkg")


def page(*cells: Any, metadata: Any = None, **options: Any) -> Exported:
    notebook = {"cells": list(cells), "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": 5}
    return of_text(json.dumps(notebook), **options)


def of_text(text: str, linked: tuple[str, ...] = (), **options: Any) -> Exported:
    shown = ExportOptions(**options)
    return exported(
        text, path="guide/book.ipynb", files="book_files", aim=lambda to: f"{to}", options=shown, linked=linked
    )


def body(*cells: Any, **options: Any) -> str:
    """The page below its title."""
    return page(markdown("# T"), *cells, **options).markdown.removeprefix("# T\n\n").rstrip("\n")


def seen(text: str) -> str:
    """What a reader sees, without layout."""
    return " ".join(Found(COMMONMARK.render(text)).seen.split())


# --- kwmagic's own outputs ----------------------------------------------------------------------------------------

CELL = """\
<a id="kw-1-"></a>

**Documentation:** `pkg.mod`

Module &#40;of `pkg`&#41;&#59; 1&#46;0 &#45; a&#42;b &#95;x&#95; <span>&#36;</span>5 snake&#95;case

## File Purpose

- <a href="#kw-1-f">`f` ↓</a> · <a href="mod.py#line=11">L12</a> &#45; `a|b` and <code>x&#60;y&#62; a&#92;b</code>

<a id="kw-1-f"></a>

**function** `f(x: int) -> str`

```python
<a href="#kw-1-f">&#45;</a>
```
"""


def test_outputs_become_content_of_the_page() -> None:
    assert body(markdown("## Mine"), code("%docfile pkg.mod", own(CELL)), inputs="hide") == (
        "## Mine\n\n"
        '<a id="kw-1-"></a>\n\n### Documentation: `pkg.mod`\n\n'
        "Module (of `pkg`); 1.0 - a\\*b \\_x\\_ &#36;5 snake_case\n\n#### File Purpose\n\n"
        "- [`f` ↓](#kw-1-f) · [L12](mod.py#L12) - `a|b` and <code>x&lt;y&gt; a&#92;b</code>\n\n"
        '<a id="kw-1-f"></a>\n\n**function** `f(x: int) -> str`\n\n'
        '```python\n<a href="#kw-1-f">&#45;</a>\n```'
    )


def test_the_same_output_again_has_places_of_its_own() -> None:
    text = body(code("", own(CELL)), code("", own(CELL)), markdown("[to the first](#kw-1-f)"))
    assert text.count('<a id="kw-1-f"></a>') == text.count('<a id="kw-1-f-2"></a>') == 1
    assert text.count("](#kw-1-f)") == 2
    assert text.count("](#kw-1-f-2)") == 1


@pytest.mark.parametrize(("around", "levels"), [("# A", "## ###"), ("## A", "### ####"), ("##### A", "###### ######")])
def test_headings_stand_below_the_author_s(around: str, levels: str) -> None:
    lines = body(markdown(around), code("", own(CELL))).split("\n")
    assert [line.split()[0] for line in lines if line.startswith("#") and "A" not in line.split()] == levels.split()


@pytest.mark.parametrize("heading", ["### pkg.mod", "### `pkg.mod`", "pkg.mod\n---"])
def test_the_title_of_an_output_does_not_say_a_heading_again(heading: str) -> None:
    text = body(markdown(heading), code("%docfile pkg.mod", own(CELL)), inputs="hide")
    assert "\n\n**Documentation:** `pkg.mod`\n\n" in text
    assert text.count("# Documentation") == 0
    apart = body(markdown(f"{heading}\n\nText."), code("", own(CELL)))
    assert "# Documentation: `pkg.mod`\n" in apart


def test_mystmd_has_anchors_that_it_takes_for_no_links() -> None:
    text = body(markdown("[a](#A-b)\n\n## A b"), code("", own(CELL)), format="myst")
    assert '<span id="A-b"></span>\n\n## A b' in text
    assert '<span id="kw-1-f"></span>\n\n**function**' in text
    assert "<a id" not in text


def test_no_level_is_jumped_over() -> None:
    text = body(code("", own("**Documentation:** `x`\n\n#### deep\n\n## next\n\n### after\n")))
    assert [line.split()[0] for line in text.split("\n") if line.startswith("#")] == ["##", "###", "###", "####"]


def outputs_of_the_tour() -> list[str]:
    cells = json.loads(TOUR.read_text(encoding="utf-8"))["cells"]
    outputs = [
        output for cell in cells for output in cell.get("outputs", ()) if "kwmagic" in output.get("metadata", {})
    ]
    return ["".join(output["data"]["text/markdown"]) for output in outputs]


@pytest.mark.parametrize("text", outputs_of_the_tour())
def test_a_reader_sees_the_same_text(text: str) -> None:
    new = lifted(inert_markdown(text), 2)
    assert seen(new) == seen(text)
    assert "&#45;" not in new
    assert "<a href" not in new


WORDS = st.one_of(st.sampled_from(LIVE), st.text("ab_*`[]()<>!#$%&~|\\{}+-=.:;'\"1 \n^@/é", max_size=20))


@st.composite
def blocks(draw: st.DrawFn) -> list[Block]:
    found: list[Block] = [Title(1, [Words("Documentation: "), Code(draw(WORDS))])]
    for kind in draw(st.lists(st.sampled_from("ptisf"), max_size=5)):
        words = Text(draw(WORDS).replace("\n", " "))
        rest = [Words(draw(st.sampled_from(("", " ", " · ", "x")))), Link([Code(draw(WORDS))], "a.py#L1"), words]
        made = {"p": Paragraph([words, *rest]), "t": Title(2, [Words("S "), words]), "i": Item(0, [words, *rest])}
        made |= {"s": Paragraph([Anchor("kw-1"), Link([words], "#kw-1")]), "f": Fence(draw(WORDS), "python")}
        found.append(made[kind])
    return found


@settings(max_examples=500, deadline=None)
@given(blocks())
def test_a_reader_sees_the_same_words(found: list[Block]) -> None:
    text = Writer(Dest.CELL).write(found)
    assert seen(lifted(inert_markdown(text), 1)) == seen(text)


@pytest.mark.parametrize("payload", LIVE)
def test_marks_can_be_forged(payload: str) -> None:
    assert not live(page(code("", own(f"**{payload}**\n\n{payload}\n\n<a href='x'>{payload}</a>"))).markdown)


@settings(max_examples=1000, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_lifting_undoes_no_harmlessness(text: str) -> None:
    new = lifted(inert_markdown(text), 1)
    assert not live(new), new


# --- cells --------------------------------------------------------------------------------------------------------


def test_title() -> None:
    assert page(markdown("text")).markdown == "# book\n\ntext\n"
    assert page(markdown("text")).title == "book"
    assert page(markdown("## S"), markdown("# `A` *title*")).title == "A title"
    assert page(markdown("# H"), metadata={"title": "Said"})[:2] == ("Said", "# H\n")
    matter = {"cell_type": "raw", "metadata": {}, "source": '---\ntitle: "From *matter*"\n---'}
    assert page(matter, markdown("x"))[:2] == ("From *matter*", "# From \\*matter\\*\n\nx\n")
    assert page(markdown("---\ntitle: M\n---\ntext"))[:2] == ("M", "# M\n\ntext\n")


def test_cells_stay_apart() -> None:
    assert body(markdown("- a"), markdown("- b")) == "- a\n\n<!-- -->\n\n- b"
    assert body(markdown("```\nopen"), markdown("text")) == "```\nopen\n```\n\ntext"
    assert body(markdown("<!-- open"), markdown("text")) == "&#60;&#33;&#45;&#45; open\n\ntext"


def test_headings_can_be_linked_to_as_in_jupyterlab_and_on_github() -> None:
    text = body(markdown("[a](#My-Section) [b](#my-section) [c](#Na%C3%AFve)"), markdown("## My Section\n\n## Naïve"))
    assert text.count('<a id="My-Section"></a><a id="my-section"></a>\n\n## My Section') == 1
    assert "[c](#Nave-" in text
    there = of_text(json.dumps({"cells": [markdown("x\n## A b")], "nbformat": 4}), linked=("A-b",))
    assert there.markdown == '# book\n\nx\n\n<a id="A-b"></a>\n\n## A b\n'


def test_attachments_become_files_by_their_content() -> None:
    name = "../../evil.png"
    found = page(markdown(f"![x](attachment:{name}) ![y](attachment:gone.png)", attachments={name: {"image/png": PNG}}))
    (file,) = found.files
    assert f"![x](book_files/{file}) y" in found.markdown
    assert "/" not in file
    assert file.endswith(".png")
    assert [problem.message for problem in found.problems] == ["the cell has no image `gone.png` attached"]


def test_code() -> None:
    assert body(code("x = 1")) == "```python\nx = 1\n```"
    assert body(code("!ls")) == "```\n!ls\n```"
    assert body(code("%%bash\nls")) == "```bash\n%%bash\nls\n```"
    assert body(code("#| echo: true\n#| label: x\nx")) == "```python\nx\n```"
    assert body(code("1"), metadata={"kernelspec": {"language": "R", "name": "ir"}}) == "```r\n1\n```"


FOLDED = '<details markdown="1">\n<summary>{}</summary>\n\n{}\n\n</details>'
INPUT, OUTPUT = "```python\nx\n```", "```\nout\n```"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (code("x", stream("out")), [INPUT, OUTPUT]),
        (code("x", stream("out"), tags=["hide-input"]), [FOLDED.format("Code", INPUT), OUTPUT]),
        (code("x", stream("out"), tags=["hide_input"]), [FOLDED.format("Code", INPUT), OUTPUT]),
        (code("x", stream("out"), tags=["remove-input"]), [OUTPUT]),
        (code("x", stream("out"), tags=["hide-output"]), [INPUT, FOLDED.format("Output", OUTPUT)]),
        (code("x", stream("out"), tags=["remove-output"]), [INPUT]),
        (code("x", stream("out"), tags=["hide-cell"]), [FOLDED.format("Code", INPUT), FOLDED.format("Output", OUTPUT)]),
        (code("x", stream("out"), tags=["remove-cell"]), []),
        (code("x", stream("out"), stream("e", "stderr"), tags=["remove-stderr"]), [INPUT, OUTPUT]),
        (code("#| echo: false\nx", stream("out")), [OUTPUT]),
        (code("#| output: false\nx", stream("out")), [INPUT]),
        (code("#| include: false\nx", stream("out")), []),
        (code("#| hide\nx", stream("out")), []),
        (code("x", stream("out"), jupyter={"source_hidden": True}), [FOLDED.format("Code", INPUT), OUTPUT]),
        (code("x", stream("out"), jupyter={"outputs_hidden": True}), [INPUT, FOLDED.format("Output", OUTPUT)]),
        (markdown("text", metadata={"tags": ["remove-cell"]}), []),
    ],
)
def test_tags(cell: Json, shown: list[str]) -> None:
    assert body(markdown(""), cell) == "\n\n".join(shown) or (not shown and body(cell) == "# T")


def test_inputs_of_cells_that_say_nothing() -> None:
    assert body(code("x"), inputs="fold") == FOLDED.format("Code", INPUT)
    assert body(code("x"), code("x", tags=["show-input"]), inputs="hide") == INPUT


# --- outputs ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        (stream("\x1b[31mred\x1b[0m\n"), "```\nred\n```"),
        (stream("10%\r50%\r100%\ndone"), "```\n100%\ndone\n```"),
        (stream("w", "stderr"), "Standard error:\n\n```\nw\n```"),
        (stream("```\nx"), "````\n```\nx\n````"),
        ({"output_type": "error", "traceback": ["\x1b[31mA\x1b[0m", "B"]}, "```\nA\nB\n```"),
        ({"output_type": "error", "ename": "E", "evalue": "v"}, "```\nE: v\n```"),
        (data(md="*x* <script>1</script>", html="no", plain="no"), "*x*"),
        (data(html="<table><tr><td>1", plain="no"), "<table><tr><td>1</td></tr></table>"),
        (
            data(html="<script>1</script>", plain="p"),
            "*An interactive output is left out here; its text:*\n\n```\np\n```",
        ),
        (data(widget={}, plain="p"), "*An interactive output is left out here; its text:*\n\n```\np\n```"),
        (data(tex="$\\displaystyle x^2$", plain="no"), "$$\\displaystyle x^2$$"),
        (data(json={"a": [1]}), '```json\n{\n  "a": [\n    1\n  ]\n}\n```'),
        (data(plain=["a\n", "b"]), "```\na\nb\n```"),
        (data(), ""),
        ({"output_type": "display_data"}, ""),
    ],
)
def test_outputs(output: Json, shown: str) -> None:
    assert body(markdown(""), code("", output)) == shown or (not shown and body(code("", output)) == "# T")


def test_pieces_of_a_stream_are_one() -> None:
    assert body(code("", stream("a\n"), stream("b\n"), stream("c", "stderr"))).startswith("```\na\nb\n```\n\nStandard")


def test_images() -> None:
    found = page(code("", data(png=PNG, plain="p"), data({"alt": "A *plot*"}, png=[PNG, "\n"])))
    (file,) = found.files
    assert found.markdown.endswith(f"![Output of cell 1](book_files/{file})\n\n![A \\*plot\\*](book_files/{file})\n")
    sized = page(code("#| fig-alt: Said\n", data({"image/png": {"width": 40}}, png=PNG)))
    assert f'<img src="book_files/{file}" alt="Said" width="40">' in sized.markdown


@pytest.mark.parametrize("content", ["%%%", b64encode(b"<html>").decode(), 5, None, {"a": 1}])
def test_what_is_no_image_is_named(content: Any) -> None:
    found = page(code("", data(png=content, plain="p")))
    assert found.markdown == "# book\n\n```\np\n```\n"
    assert not found.files
    assert [problem.cell for problem in found.problems] == [1]


@pytest.mark.parametrize(
    "svg",
    [
        *(
            "<svg><script>1</script></svg>",
            "<svg onload=x>",
            "<svg><a href='javascript:1'/></svg>",
            "<html><svg/></html>",
        ),
        *("<svg><style>@im\\port 'x'</style></svg>", "<svg fill='url(//x)'/>", "<svg style='fill:\\75rl(//x)'/>"),
        *("<!DOCTYPE svg [<!ENTITY x '<script/>'>]><svg>&x;</svg>", "<svg><x:meta http-equiv='refresh'/></svg>"),
        *(
            "<?xml version='1.0' encoding='UTF-7'?><svg>+ADw-script+AD4-</svg>",
            "<svg xml:base='//x'/>",
            "<html><svg/></html>",
        ),
        "<html><svg/></html>",
        b64encode("<svg><script>1</script></svg>".encode("utf-16")).decode(),
    ],
)
def test_live_images_are_left_out(svg: str) -> None:
    assert not page(code("", data(svg=svg))).files
    assert page(code("", data(svg="<svg><use href='#a'/></svg>"))).files
    drawn = '<svg><a xlink:href="https://example.org"><foreignObject><div>x</div></foreignObject></a></svg>'
    assert page(code("", data(svg=drawn))).files


def test_long_outputs_are_cut() -> None:
    text = body(code("", stream("0123456789\n" * 30_000)))
    assert len(text) < 201_000
    assert text.endswith("characters more*")


def test_trusted_is_kept_as_it_is() -> None:
    cells = markdown("<script>1</script>"), code("", data(html="<b onclick=1>x</b>"))
    assert body(*cells, trusted=True) == "<script>1</script>\n\n<b onclick=1>x</b>"


def test_links_of_what_is_trusted_lead_from_the_page() -> None:
    files = {"x.png": {"image/png": PNG}}
    text = (
        '![i](attachment:x.png) [a](b.md "t") `[c](d)` <a class=k href="e&amp;.md">e</a> <script>m[i](1)</script>\n\n'
        "```\n[f](g)\n```\n\n[h]: i.md"
    )
    cells = markdown(text, attachments=files), code("", data(html="<iframe src='n.html'></iframe>[o](p)"))
    book = json.dumps({"cells": cells, "nbformat": 4})
    trusted = ExportOptions(trusted=True)
    found = exported(book, path="b.ipynb", files="b_files", aim=lambda to: f"../{to}", options=trusted)
    assert found.markdown.removeprefix("# b\n\n") == (
        f'![i](b_files/{next(iter(found.files))}) [a](../b.md "t") `[c](d)` <a class=k href="../e&amp;.md">e</a> '
        "<script>m[i](1)</script>\n\n```\n[f](g)\n```\n\n[h]: ../i.md\n\n<iframe src='../n.html'></iframe>[o](p)\n"
    )


# --- bad input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not valid JSON"),
        ("{", "is not valid JSON"),
        ("[]", "is not a notebook"),
        ('{"cells": 5}', "is not a notebook"),
        ("[" * 100_000, "is not valid JSON"),
        ('{"cells": [], "nbformat": 3, "worksheets": 7}', "is an nbformat 3 notebook"),
    ],
)
def test_what_is_no_notebook_is_said(text: str, said: str) -> None:
    found = of_text(text)
    assert said in found.markdown
    assert [said in problem.message for problem in found.problems] == [True]


def test_old_notebooks() -> None:
    cells = [{"cell_type": "heading", "level": 2, "source": "Old"}, {"cell_type": "code", "input": "x", "outputs": []}]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
    assert of_text(json.dumps(old)).markdown == "# book\n\n## Old\n\n```python\nx\n```\n"


def test_cells_of_unknown_type_are_shown_and_named() -> None:
    found = page({"cell_type": "video", "source": "<b>"})
    assert found.markdown == "# book\n\n```\n<b>\n```\n"
    assert [(problem.message, problem.cell) for problem in found.problems] == [
        ("the cell is of an unknown type `video`", 1)
    ]


def hostile(payload: str) -> Json:
    kinds = (
        "text/html",
        "text/markdown",
        "text/latex",
        "image/svg+xml",
        "application/javascript",
        "text/plain",
        payload,
    )
    outputs = [
        *({"output_type": "display_data", "data": {kind: payload}, "metadata": {payload: payload}} for kind in kinds),
        own(payload, payload),
        stream(payload, payload),
        {"output_type": "error", "ename": payload, "evalue": payload, "traceback": [payload, 5]},
    ]
    cells = [
        markdown(payload, attachments={payload: {"image/png": payload}}),
        {"cell_type": "raw", "metadata": {"format": "text/html"}, "source": payload},
        {"cell_type": "raw", "metadata": {"format": 5}, "source": [payload, 5]},
        code(f"%%{payload}", *outputs, tags=[payload]),
        {"cell_type": payload, "source": payload},
        payload,
    ]
    return {"cells": cells, "metadata": {"title": payload, "kernelspec": {"language": payload}}, "nbformat": 4}


@pytest.mark.parametrize("payload", LIVE)
def test_nothing_is_live(payload: str) -> None:
    found = of_text(json.dumps(hostile(payload)))
    assert not live(found.markdown.replace("<!-- -->", ""))
    found.markdown.encode("utf-8")


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a JSON value."""
    pairs = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [place for key, inner in pairs for place in [(value, key), *places(inner)]]


ODD = st.sampled_from(
    [None, True, -1, 1e999, float("nan"), "", "x", "\ud800\0\x1b[", [], {}, [[]], {"": None}, ["a", 5], LIVE[0]]
)
WHOLE = {
    "cells": [
        markdown("# A\n\n[x](#A) ![y](attachment:y)", attachments={"y": {"image/png": PNG}}),
        code("#| fig-alt: x\n%x", own(CELL), stream("a"), data(png=PNG, html="<b>", plain="c"), tags=["hide-input"]),
        {"cell_type": "raw", "metadata": {"format": "text/html"}, "source": ["<b>", "x"]},
    ],
    "metadata": {"title": "T", "kernelspec": {"language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_file_is_too_odd(draws: st.DataObject) -> None:
    notebook = copy.deepcopy(WHOLE)
    for _ in range(draws.draw(st.integers(1, 4))):
        container, key = draws.draw(st.sampled_from(places(notebook)))
        container[key] = copy.deepcopy(draws.draw(ODD))
    found = of_text(json.dumps(notebook))
    assert not live(found.markdown.replace("<!-- -->", ""))
    assert of_text(json.dumps(notebook)) == found
    found.markdown.encode("utf-8")
    found.title.encode("utf-8")


def test_outputs_of_one_target_have_their_own_anchors() -> None:
    text = max(outputs_of_the_tour(), key=len)
    notebook = {"cells": [code("%kwindex x", own(text)) for _ in range(50)], "metadata": {}, "nbformat": 4}
    anchors = re.findall(r'<a id="([^"]+)"', of_text(json.dumps(notebook)).markdown)
    assert len({*anchors}) == len(anchors) == 50 * text.count('<a id="')
