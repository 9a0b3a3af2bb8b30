"""Languages with a tree-sitter grammar: each has one file of patterns in `queries`, all in one vocabulary of captures.

A pattern captures a *definition*, an *import*, a *scope*, a *comment*, or parts of one of these. What several patterns
say of one node is put together; the last pattern of a file that names its kind decides. A capture `part.word` gives
the part the text `word` instead of the node's own: `@flag.private`, `@imported.default`.

Definitions:

- `@definition.KIND` is the whole definition, KIND a value of `model.Kind`; plain `@definition` only adds parts.
- `@name`: several names of one node make several symbols. Without any, nothing is defined.
- `@body`: the signature is what stands between name and body, or the end of the definition where there is no body.
- `@signature`: the pieces it is made of instead.
- `@generics`: type parameters that stand before the name; the signature begins with them.
- `@type`: goes in front of that as `: T`; `@returns`: behind it as ` -> T`. For types written before the name.
- `@base`, `@decorator`, `@flag`: one each. Of a base only what stands before its `<` counts. A flag is a modifier's
  word; words not in `FLAGS` are left out. A `@decorator` without a definition belongs to the next definition, and so
  does a `@condition`.
- `@doc`: a comment inside that speaks of the definition; `@about`: one that speaks of the file.
- `@qualifier`: stands in the qualname before the name, of a definition that is outside of what it belongs to.
- `@outside`: it belongs not to the function that it stands in, but to what is around that: a constructor's parameter
  that is a property.
- `@exported`: the text is a name, defined in this file, that others may import; `@export`: what they call it.

Scopes: a definition qualifies those inside; those inside functions are local, and values there are not listed, nor
are methods unless they stand in a type.

- `@scope`: a place for members that is no definition itself; with a `@name` it qualifies them. A `@scope.type` stands
  for a type.
- `@condition`: the words of the test (`#if`, `DEBUG`) that what is in a scope stands under.
- `@local`: the body of a function without a name.
- `@ignore`: what an earlier pattern took for a definition and is none.
- `@section`: the members that follow in the same scope, up to the next section, have its `@flag`; not those with an
  access of their own, be it `@flag.public`.
- `@mark`: the definitions of its `@name`s in the same scope have its `@flag`.
- `@open`: the definition lasts to the end of the file.

Imports: `@import` is the statement or the part of it that binds one name, `@module` (a string's content), `@imported`
(the name, also where the module ends with it; `*` or `@flag.star` for all), `@alias`, `@flag`. A `@group` encloses
imports: its module stands in front of theirs, and they have its flags. Comments: `@comment`.
"""

from __future__ import annotations

from kwmagic.analysers import grammars
from kwmagic.analysers.tree_sitter_rows import DEEPEST, Rows
from kwmagic.languages import Language
from kwmagic.model import Findings, Problem, Source
from kwmagic.provenance import is_squeezed

LARGEST = 4_000_000
"""Bytes of the largest text that is parsed; its tree takes up to a hundred times as many."""


def analyse(source: Source, language: Language) -> Findings:
    """What one file defines and imports, by its language's grammar; guessed by keywords where that can't be used."""
    grammar = grammars.grammar(language)
    if isinstance(grammar, str):
        return _guessed(source, language, grammar)
    data = source.text.encode("utf-8", "replace")
    if len(data) > LARGEST:
        return _guessed(source, language, f"it is larger than {LARGEST // 10**6} MB")
    tree = grammars.parse(grammar.language, data)
    if tree is None:
        return _guessed(source, language, f"its syntax was not understood within {grammars.PATIENCE:.0f} s")
    rows, errors = Rows(source.text, data, language.separator), list[int]()
    for pattern, captures in grammars.matches(grammar.query, tree.root_node, errors):
        rows.add(pattern, captures)
    problems = [Problem(min(errors), _unparsed(len(set(errors))))] if errors else []
    symbols = rows.symbols()
    if rows.is_cut:
        problems.append(Problem(0, f"what is nested in more than {DEEPEST} scopes is left out"))
    if is_squeezed(source.text):
        shown = [symbol for symbol in symbols if "local" not in symbol.flags]
        if hidden := len(symbols) - len(shown):
            problems.append(Problem(0, f"minified: its {hidden} local definitions are left out"))
        symbols = shown
    return Findings("tree-sitter", tuple(symbols), rows.imports(), rows.exports(), tuple(problems), rows.doc())


def _guessed(source: Source, language: Language, reason: str) -> Findings:
    from kwmagic.analysers import generic  # noqa: PLC0415  # rarely needed

    found = generic.analyse(source, language)
    problem = Problem(0, f"read by its keywords only: {reason}")
    return found._replace(problems=(problem, *found.problems))


def _unparsed(places: int) -> str:
    return "this line can't be parsed" if places == 1 else f"this line and {places - 1} more can't be parsed"
