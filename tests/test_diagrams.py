"""kwmagic's own Mermaid diagrams as SVG: the picture, the words for those who can't see it, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kwmagic.html.diagram_layout import BOX, Box, Edge, Run, layout
from kwmagic.html.diagrams import svg
from kwmagic.mdtext import mermaid_label

CASES = Path(__file__).parent / "cases"
DRAWN = sorted((CASES / "diagrams").glob("*.mmd"))
PAGES = [
    page
    for folder in ("folders", "pages", "site")
    for page in sorted((CASES / folder).rglob("*.md"))
    if "```mermaid" in page.read_text(encoding="utf-8")
]
"""That kwmagic has written."""
FENCE = re.compile(r"^```mermaid\n(.*?)\n```$", re.DOTALL | re.MULTILINE)
SVG = "{http://www.w3.org/2000/svg}"


def parsed(mermaid: str, title: str = "") -> ElementTree.Element:
    drawn = svg(mermaid, title)
    assert drawn is not None
    return ElementTree.fromstring(drawn)


def text_of(element: ElementTree.Element, tag: str) -> str:
    found = element.find(SVG + tag)
    assert found is not None
    return found.text or ""


def flowchart(names: Sequence[str], edges: Sequence[Edge]) -> str:
    nodes = [f'm{number}["{mermaid_label(name)}"]' for number, name in enumerate(names)]
    return "\n".join(["flowchart LR", *nodes, *(f"m{one} --> m{other}" for one, other in edges)])


@pytest.mark.parametrize("case", DRAWN, ids=lambda case: case.stem)
def test_golden(case: Path) -> None:
    assert svg(case.read_text(encoding="utf-8")) == case.with_suffix(".svg").read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(CASES).as_posix())
def test_all_that_pages_hold_is_drawn(page: Path) -> None:
    for mermaid in FENCE.findall(page.read_text(encoding="utf-8")):
        names = re.findall(r'\["(.*)"\]', mermaid)
        assert [each.text for each in parsed(mermaid).iter(f"{SVG}text")] == names


def test_pages_hold_both_kinds() -> None:
    """The test above would pass without any."""
    first = {fence.split()[-1] for page in PAGES for fence in re.findall("classDiagram|flowchart LR", page.read_text())}
    assert first == {"classDiagram", "LR"}


def test_relations_are_told_in_words() -> None:
    classes = parsed('classDiagram\nclass c0["Base"]\nclass c1["One"]\nclass c2["Two"]\nc0 <|-- c1\nc1 <|-- c2')
    assert classes.get("role") == "img"
    assert text_of(classes, "title") == "Diagram of 3 classes"
    assert text_of(classes, "desc") == "One derives from Base; Two derives from One"
    imports = parsed(flowchart(["a.py", "b.py"], [(0, 1)]), "How it is built")
    assert text_of(imports, "title") == "How it is built"
    assert text_of(imports, "desc") == "a.py imports b.py"


@pytest.mark.parametrize(
    "name", ['<img src=x onerror="alert(1)">', "a&b", "#quot;", "`x` \\ $y$", "]]>", "\x1b[31m\u202e"]
)
def test_names_are_only_text(name: str) -> None:
    drawn = parsed(flowchart([name, "b.py"], [(0, 1)]))
    shown = [each.text for each in drawn.iter(f"{SVG}text")]
    assert shown == [re.sub("[\x1b\u202e]", lambda found: found[0].encode("unicode_escape").decode(), name), "b.py"]
    assert {each.tag.removeprefix(SVG) for each in drawn.iter()} == {
        "svg",
        "title",
        "desc",
        "path",
        "g",
        "rect",
        "text",
    }


def test_long_name_is_shown_from_its_end_and_told_whole() -> None:
    name = f"{'deep/' * 40}file.py"
    drawn = parsed(flowchart([name, "b.py"], [(0, 1)]))
    group = drawn.find(f"{SVG}g")
    assert group is not None
    assert text_of(group, "text").startswith("…")
    assert text_of(group, "text").endswith("deep/file.py")
    assert text_of(group, "title") == name


@pytest.mark.parametrize(
    "other",
    [
        "",
        "sequenceDiagram\nA->>B: hi",
        "flowchart TD\na --> b",
        'flowchart LR\nm0["a"]\nm1["b"]\nm0 --> m1\nclick m0 href "javascript:alert(1)"',
        'flowchart LR\nm0["a"]\nm1["b"]\nm0 -.-> m1',
        'flowchart LR\nm0["a"]\nm0 --> m0',
        'flowchart LR\nm0["a"]\nm0 --> m1',
        'flowchart LR\nm0["a"]',
        'flowchart LR\nm0["a #hearts;"]\nm1["b"]\nm0 --> m1',
        'flowchart LR\nm0["a"]\nm1["b"]\nm1 <|-- m0',
        flowchart([str(number) for number in range(400)], [(0, number) for number in range(1, 400)]),
    ],
)
def test_what_is_not_ours_stays_text(other: str) -> None:
    assert svg(other) is None


def test_arrows_point_at_bases_and_at_what_is_imported() -> None:
    """The head of a base is hollow and points to the left, that of an import is filled and points to the right."""
    for mermaid, start, fill in (
        ('classDiagram\nclass c0["A"]\nclass c1["B"]\nc0 <|-- c1', "M27 14L37 9V19z", None),
        (flowchart(["A", "B"], [(0, 1)]), "M99 14L89 9V19z", "currentColor"),
    ):
        _, heads = parsed(mermaid).findall(f"{SVG}path")
        assert (heads.get("d"), heads.get("fill")) == (start, fill)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[int], list[Edge]]:
    widths = draw(st.lists(st.integers(20, 300), min_size=2, max_size=14))
    node = st.integers(0, len(widths) - 1)
    edges = draw(st.lists(st.tuples(node, node).filter(lambda edge: edge[0] != edge[1]), min_size=1, max_size=30))
    return widths, edges


@settings(max_examples=200, deadline=None)
@given(graphs())
def test_boxes_are_clear_of_each_other_and_of_lines(graph: tuple[list[int], list[Edge]]) -> None:
    widths, edges = graph
    drawn = layout(widths, edges)
    assert [box.width for box in drawn.boxes] == widths
    for box in drawn.boxes:
        assert 0 <= box.x <= box.x + box.width <= drawn.width
        assert BOX / 2 - 0.01 <= box.y <= drawn.height - BOX / 2 + 0.01
    for one, other in combinations(drawn.boxes, 2):
        assert one.x + one.width < other.x or other.x + other.width < one.x or abs(one.y - other.y) > BOX
    for ends, line in zip(edges, drawn.lines, strict=True):
        left, right = sorted((drawn.boxes[end] for end in ends), key=lambda box: box.x)
        assert (line[0].left, line[0].y) == (left.x + left.width, left.y)
        assert (line[-1].right, line[-1].y) == (right.x, right.y)
        assert all(one.right < other.left for one, other in pairwise(line))
        assert not any(meets(run, box) for run in line for box in drawn.boxes)


def meets(run: Run, box: Box) -> bool:
    return run.left < box.x + box.width and box.x < run.right and abs(run.y - box.y) <= BOX / 2


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_without_cycles_all_leads_to_the_right(graph: tuple[list[int], list[Edge]]) -> None:
    widths, edges = graph
    drawn = layout(widths, [edge for edge in edges if edge[0] < edge[1]])
    assert all(drawn.boxes[one].x < drawn.boxes[other].x for one, other in edges if one < other)


def test_crossings_are_undone() -> None:
    """Three chains whose ends are given upside down come out as three level lines."""
    edges = [(0, 5), (1, 4), (2, 3), (5, 6), (4, 7), (3, 8), (9, 0), (9, 1), (9, 2)]
    boxes = layout([40] * 10, edges).boxes
    assert all(abs(boxes[one].y - boxes[other].y) < 1 for one, other in edges[:6])
