"""The C family's laws: what stands before and after a broken place is found, every text comes to an end."""

from __future__ import annotations

import random

import pytest

from kwmagic.analysers import c_family
from kwmagic.languages import BY_NAME
from kwmagic.model import FileRef, Findings, Source

MEGABYTE = 1_000_000
DEEP = 200_000
BEFORE = "int before(void) { return 1; }\n"


def found(text: str, language: str = "C++") -> Findings:
    source = Source(FileRef("input"), text.encode("utf-8", "replace"), text, "utf-8", "LF")
    return c_family.analyse(source, BY_NAME[language])


def names(text: str, language: str = "C++") -> list[str]:
    return [symbol.qualname for symbol in found(text, language).symbols]


def signature(text: str) -> str | None:
    return found(text).symbols[-1].signature


HOSTILE = {
    "one identifier": "A_" * (MEGABYTE // 2),
    "one letter": "a" * MEGABYTE,
    "round brackets": "(" * DEEP,
    "braces": "{" * DEEP,
    "square brackets": "[" * DEEP,
    "angle brackets": "<" * DEEP,
    "calls": "f(" * DEEP,
    "nested calls": f"int f({'(' * DEEP}{')' * DEEP});",
    "nested blocks": f"void f(){'{' * DEEP}{'}' * DEEP}",
    "nested templates": f"{'A<' * DEEP}{'>' * DEEP} x;",
    "templates": "template<" * (MEGABYTE // 9),
    "scopes": "a::" * (MEGABYTE // 3),
    "conditions": "#if X\n" * 100_000,
    "unbalanced branches": "#if X\n{\n#else\n{{\n#endif\n" * 30_000,
    "guards": "#ifndef X\n#define X\n#endif\n" * 30_000,
    "joined lines": "a\\\n" * (MEGABYTE // 3),
    "macros on lines": "FOO(x)\n" * (MEGABYTE // 7),
    "raw string": 'R"x(' + "a " * (MEGABYTE // 2),
    "comment": "/*" + "a " * (MEGABYTE // 2),
    "quotes": '"' * MEGABYTE,
    "classes": "class A {" * (MEGABYTE // 9),
    "anonymous typedefs": "typedef struct {" * (MEGABYTE // 16),
    "macro blocks": "a b {} " * (MEGABYTE // 7),
    "old style": "f(a) int a;" + "int a;" * (MEGABYTE // 6),
    "containers": "@interface A " * (MEGABYTE // 12),
    "methods": "@interface A\n" + "- (void)a:(int)b " * (MEGABYTE // 16),
    "minus": "- (" * (MEGABYTE // 3),
    "one line": "int f(int a) { return 1; } " * (MEGABYTE // 27),
    "noise": random.Random(1).randbytes(MEGABYTE).decode("latin-1"),
    "punctuation": "".join(random.Random(2).choices("(){}[]<>;:,=#\"'/*\\\n @-+~&aA_", k=MEGABYTE)),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_comes_to_an_end_and_hides_nothing_before_it(text: str) -> None:
    assert names(BEFORE + text)[0] == "before"


@pytest.mark.parametrize("language", ["C", "CUDA", "HIP", "Metal", "Objective-C", "Objective-C++"])
def test_every_end_of_a_text_is_one(language: str) -> None:
    text = "#if A\ntemplate <class T> struct S : B<T> { S() : a{1} {} int a[2] = {1, 2}; };\n#endif\n"
    text += '@interface I\n- (int)m;\n"'
    for end in range(len(text)):
        found(BEFORE + text[:end], language)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "template <class T> T f(T a, int b = (1 < 2)) const noexcept { }",
            "<class T>(T a, int b = (1 < 2)) const noexcept -> T",
        ),
        ("auto f(int a) -> std::vector<int>;", "(int a) -> std::vector<int>"),
        ("static inline FILE *f(void);", "(void) -> FILE *"),
        ("TORCH_API at::Tensor f();", "() -> at::Tensor"),
        ("int f(int a, // first\n      int b);", "(int a, int b) -> int"),
        ("std::enable_if_t<(N > 1), int> f();", "() -> std::enable_if_t<(N > 1), int>"),
        ("int a[2] = {1, 2};", ": int[2] = {1, 2}"),
        ("int const *p;", ": int const *"),
        ("struct S : public A, private B<int> {};", ": public A, private B<int>"),
    ],
)
def test_signatures(text: str, expected: str) -> None:
    assert signature(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A::A(int x) : a{x}, b(y) {} int after;", ["A::A", "after"]),
        ("TEST(Suite, Name) {} int after;", ["after"]),
        ("class X; friend class Y; template class Z<int>; int after;", ["after"]),
        ("struct s *f(void) { return 0; } int after;", ["f", "after"]),
        ("struct Old { int a } ; int after;", ["Old", "after"]),
        ("const char *a = \"}{\", b = '{'; int after;", ["a", "b", "after"]),
        ("int a = 1'000'000; int after;", ["a", "after"]),
        ("namespace a::b { namespace { int c; } }", ["a::b", "a::b::c"]),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_documents() -> None:
    text = "// Copyright 2020\nint a;\n/// One.\n/// Two.\nint b;\n\n// far\n\nint c; // aside\n"
    text += "int d; ///< behind\nint e;\n"
    assert [symbol.doc for symbol in found(text).symbols] == [None, "One.\nTwo.", None, "behind", None]


def test_lines_are_those_of_names_and_ends() -> None:
    text = "/* a */\ntemplate <class T>\nstatic T\nname(T a)\n{\n}\n"
    assert [(symbol.line, symbol.end_line) for symbol in found(text).symbols] == [(4, 6)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("int f() {\n", (1, "the `{` that begins here is never closed")),
        ("\n}", (2, "this `}` closes nothing")),
        ("\n/* a", (2, "the comment that begins here is never closed")),
        ('char *a = "b\n;', (1, "the string that begins here is never closed")),
        ('auto a = R"(b\n', (1, "the raw string that begins here is never closed")),
        ("#if A\n", (1, "the `#if` that begins here is never closed")),
    ],
)
def test_problems_name_their_lines(text: str, problem: tuple[int, str]) -> None:
    assert problem in [each[:2] for each in found(text).problems]


def test_what_is_no_objective_c_is_not_read() -> None:
    for text in ("function y = f(x)\n  y = x;\nend\n", "(* Mathematica *)\nf[x_] := x\n"):
        assert not names(text, "Objective-C")
        assert found(text, "Objective-C").problems
    assert names("int main() { return 0; }", "Objective-C") == ["main"]


def test_attributes_keep_the_text_of_their_strings() -> None:
    (symbol,) = found('[[deprecated("use ]] B")]] [[nodiscard]] int f();').symbols
    assert symbol.decorators == ('deprecated("use ]] B")', "nodiscard")


def test_attributes_do_not_hide_a_type() -> None:
    assert names('struct [[deprecated("use B")]] A {}; enum class [[nodiscard]] E : int { X };') == ["A", "E", "E::X"]


def test_a_condition_is_said_where_it_begins() -> None:
    text = "#if X\nnamespace n {\nint f();\n#ifdef Y\nint g();\n#endif\n}\n#endif\nint h();\n"
    assert [(each.name, each.condition) for each in found(text).symbols] == [
        ("n", "if X"),
        ("f", None),
        ("g", "ifdef Y"),
        ("h", None),
    ]
