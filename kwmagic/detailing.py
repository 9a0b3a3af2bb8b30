"""What only the documentation of one file needs to know of it, besides its facts."""

from __future__ import annotations

import ast
from dataclasses import replace

from kwmagic.analysers import markdown_detail, notebook_detail
from kwmagic.analysers.line_counts import line_counts
from kwmagic.analysers.markdown_detail import MarkdownDetail
from kwmagic.analysers.notebook_detail import NotebookDetail
from kwmagic.analysers.python_detail import Detail, detail, parsed
from kwmagic.languages import BY_NAME, GENERIC
from kwmagic.model import FileFacts, Problem


def detailed(facts: FileFacts, text: str) -> tuple[FileFacts, Detail, ast.Module | None]:
    """The facts, with a problem more where a Python text can't be parsed; the details; the syntax tree, if any."""
    if facts.language != "Python":
        return facts, Detail(*line_counts(text, BY_NAME.get(facts.language, GENERIC))), None
    tree = parsed(text)
    details = detail(text, tree)
    return with_problem(facts, details), details, None if isinstance(tree, Problem) else tree


def with_problem(facts: FileFacts, details: Detail) -> FileFacts:
    """The facts, with what the details tell of why there is no syntax tree."""
    return replace(facts, problems=(*facts.problems, details.problem)) if details.problem else facts


def content_of(facts: FileFacts, text: str) -> MarkdownDetail | NotebookDetail | None:
    """What only a file of this format holds."""
    match facts.engine:
        case "markdown":
            return markdown_detail.detail(text, is_mdx=facts.path.endswith(".mdx"))
        case "notebook":
            return notebook_detail.detail(text)
    return None
