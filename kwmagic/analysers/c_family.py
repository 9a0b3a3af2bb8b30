"""C, C++, CUDA, HIP, Metal and Objective-C: what the scanner and the preprocessor found in a text."""

from __future__ import annotations

from kwmagic.analysers import objective_c
from kwmagic.analysers.c_preprocessor import Preprocessed, condition, preprocess
from kwmagic.analysers.c_scanner import Scanner
from kwmagic.languages import Language
from kwmagic.model import Findings, Kind, Problem, Source, Symbol


def analyse(source: Source, language: Language) -> Findings:
    """What one file of the C family defines and includes, whatever its syntax; never raises."""
    text = source.text
    if language.name == "Objective-C" and not objective_c.looks_like_it(text):
        return Findings("scanner", problems=(Problem(0, "this doesn't look like Objective-C: not read"),))
    found = preprocess(text)
    scanner = Scanner(text, found, is_c=language.name in ("C", "Objective-C"), is_metal=language.name == "Metal")
    symbols = [*scanner.scan(), *_macros(found)]
    symbols.sort(key=lambda symbol: symbol.line)
    imports = (*found.includes, *scanner.imports)
    return Findings("scanner", tuple(symbols), imports, None, tuple(sorted(found.problems)), found.comments.of_file())


def _macros(found: Preprocessed) -> list[Symbol]:
    comments = found.comments
    comments.next_trailing = 0
    return [
        Symbol(
            Kind.MACRO.value,
            macro.name,
            macro.name,
            macro.line,
            macro.end_line,
            macro.signature,
            comments.above_earlier(macro.start),
            condition=condition(macro.branches),
        )
        for macro in found.macros
    ]
