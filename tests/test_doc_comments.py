"""Doc comments of other languages become the conventions of docstrings, and lose no word on the way."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from test_docstrings import CHOPS, accidents

from kwmagic.analysers.comments import clean
from kwmagic.docstrings import summary, to_markdown
from kwmagic.docstrings.comment_code import fenced
from kwmagic.docstrings.doc_comments import translated
from kwmagic.languages import LANGUAGES
from kwmagic.mdtext import Dest

CASES = Path(__file__).parent / "cases" / "doc_comments"
NAMES = sorted(path.stem for path in CASES.glob("*.txt"))
STYLES = ("doxygen", "markdown", "xml", "rdoc", "ldoc", "plain")
TAGS = [
    *(
        "@param x ",
        "@param {T} [a=1] - ",
        "@param[in] y ",
        "@return ",
        "\n@brief ",
        "\n\\note ",
        "\n@example\n",
        "\n@since 1",
    ),
    *(
        "{@link ",
        "{@code ",
        "{@literal <b>}",
        "}",
        "\\c ",
        "@b ",
        "\\ref ",
        "\\f$",
        "\\f[",
        "@code\n",
        "\n@endcode",
        "\\n",
    ),
    *(
        "<p>",
        "<ul>",
        "<li>",
        "</ul>",
        "<b>",
        "</b>",
        "<code>",
        "</code>",
        "<pre>",
        "</pre>",
        '<a href="',
        "<h2>",
        "<table>",
    ),
    *(
        "<tr>",
        "<td>",
        "<summary>",
        "</summary>",
        '<param name="',
        '<see cref="T:X"/>',
        "<list>",
        "<item>",
        "[X]",
        "[`X`]",
    ),
    *(
        "\n- Returns: ",
        "\n- Parameters:\n  - x: ",
        "\n# Title\n",
        "[[X]]",
        "{{{",
        "}}}",
        "\n[a]: http://b\n",
        "\x01p\x02",
    ),
]


def test_there_are_cases() -> None:
    assert {name.partition("-")[0] for name in NAMES} == set(STYLES)


@pytest.mark.parametrize("dest", Dest)
@pytest.mark.parametrize("name", NAMES)
def test_case(name: str, dest: Dest) -> None:
    """STYLE-NAME.txt is the comment's text, the `.md` files beside it what it becomes."""
    expected = CASES / f"{name}.{dest}.md"
    doc = (CASES / f"{name}.txt").read_text(encoding="utf-8")
    written = to_markdown(translated(doc, name.partition("-")[0]), dest) + "\n"
    assert accidents(written) == []
    if not expected.exists() or expected.read_text(encoding="utf-8") != written:
        fresh = expected.with_suffix(".new")
        fresh.write_text(written, encoding="utf-8")
        pytest.fail(f"{expected.name} differs; if the new text is right: mv {fresh} {expected}")


def test_every_style_of_the_table_is_known() -> None:
    assert {language.docs for language in LANGUAGES} <= {"", "python", *STYLES}


@pytest.mark.parametrize("style", ["", "plain", "python", "unknown"])
def test_other_styles_are_left_alone(style: str) -> None:
    doc = "@brief <b>x</b>\n\n# y {@link z}"
    assert translated(doc, style) == doc


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("doc", ["", "Just prose.", "Two lines\nof prose.\n\nAnd a paragraph (with 3 words)."])
def test_prose_is_left_alone(doc: str, style: str) -> None:
    assert translated(doc, style) == doc


@pytest.mark.parametrize(
    ("doc", "style", "expected"),
    [
        ("@brief Does it. And more.\n@param x y", "doxygen", "Does it."),
        ("@ingroup a\n\\brief Copies \\c x to \\p y.", "doxygen", "Copies x to y."),
        ('<summary>\nGets the <see cref="T:X"/>.\n</summary>', "xml", "Gets the X."),
        ("Gives {@code a<b>} &amp; more.<p>Next.", "doxygen", "Gives a<b> & more."),
        ("See [`X`].\n\n# Panics\n\nNever.", "markdown", "See X."),
        ("@param x only", "doxygen", ""),
    ],
)
def test_summary(doc: str, style: str, expected: str) -> None:
    assert summary(translated(doc, style)) == expected


def test_no_mixture_of_tags_gets_through() -> None:
    """Seeded, so that a failure stays."""
    dice = random.Random(21)
    for _ in range(1500):
        doc = "".join(dice.choices([*TAGS, *CHOPS], k=dice.randint(1, 30)))
        for style in STYLES:
            for dest in Dest:
                assert accidents(to_markdown(translated(doc, style), dest)) == [], (style, doc)


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("// F:\n//\n//\tif x {\n//\t  y\n//\t}\n//\n// End.", "F:\n\n        if x {\n          y\n        }\n\nEnd."),
        ("//\tx := 1\n//\ty := 2\n//\n// End.", "        x := 1\n        y := 2\n\nEnd."),
        ("#   A title\n#\n# Text.", "A title\n\nText."),
        ("#   Both\n#   lines.", "Both\nlines."),
        ("/** Text\n *    and more. */", "Text\nand more."),
    ],
)
def test_clean_keeps_the_indentation_of_code(comment: str, expected: str) -> None:
    assert clean(comment) == expected


@pytest.mark.parametrize("quoted", ["`split(' ')`", "`it's`", "`a` x's `b`", "`f('a', 'b')` c", "`echo 'a' b` c"])
def test_code_is_no_quotation(quoted: str) -> None:
    assert fenced(quoted) == quoted


HOSTILE = [
    *("@param x\n", "@param {", "{@link ", "{@link {} ", "\\link a ", "<p>", "<ul><li>", "<code>", "<pre>"),
    *("\\f$", "@code\n", "```\n", "`", "&lt;", "[a](", "[`", "@private ", "- Parameter x: y\n", "# a\n", "{@code "),
    *("--\n", "--\n++\n", "+a", "`a' ", "= a\n", "@tparam a ", "@param x fun(", "@return a<", "a:\n\n    b\n"),
]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("chop", HOSTILE)
def test_hostile_length_costs_linear_time(chop: str, style: str) -> None:
    """A quadratic step would take minutes here."""
    assert translated(chop * (150_000 // len(chop)), style) is not None
