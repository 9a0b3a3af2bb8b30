"""One call of a magic: from its words to what it shows and returns."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from kwmagic import documents, exploring, frontend, words
from kwmagic.arguments import check_alone, doc_options, index_options
from kwmagic.changelist import Changes
from kwmagic.config import Settings, cache_folder
from kwmagic.display import Fate, JsonView, Screen, fate
from kwmagic.documents import Scene
from kwmagic.errors import OptionError
from kwmagic.found import SearchResult, UsesResult
from kwmagic.languages import BY_NAME, named
from kwmagic.results import Document, KeywordIndex, Limits

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

Result = KeywordIndex | Changes | Document | SearchResult | UsesResult


@dataclass(frozen=True, slots=True)
class Call:
    """What one call was given; `run` does it."""

    name: str
    """Of the magic."""
    parser: argparse.ArgumentParser
    shell: InteractiveShell
    settings: Callable[[], Settings]
    line: words.Line
    body: str
    """Of a cell, empty where there is nothing but space."""
    namespace: Mapping[str, Any]
    """The names that the calling code sees."""

    def run(self) -> Any:
        """Do it; what the magic returns."""
        args = self._parsed()
        screen = Screen(self.shell)
        if args.help:
            print(self.parser.format_help())
            return None
        if not args.target and not self.body and not getattr(args, "search", None):
            return self._shown(page := documents.help_page(), page, screen)
        if getattr(args, "run", False):
            self._run_body()
        settings = self.settings()
        try:
            result = self._made(args, settings, screen)
        except BaseException:
            screen.stop()
            raise
        value: Any = result.to_dict() if args.format == "json" else result
        if args.output is not None:
            self.shell.user_ns[args.output] = value
        return self._shown(value, JsonView(value, settings.max_bytes) if args.format == "json" else value, screen)

    def _parsed(self) -> argparse.Namespace:
        args: argparse.Namespace = self.parser.parse_intermixed_args(self.line.words)
        if args.output is not None and (not args.output.isidentifier() or iskeyword(args.output)):
            raise OptionError(f"-o needs a variable name, not '{args.output}'")
        args.target = " ".join(words.expanded(word, self.namespace) for word in args.target)
        self._check_body(args)
        return args

    def _check_body(self, args: argparse.Namespace) -> None:
        """Options of a body need one that is source; only a document takes Markdown."""
        source = bool(self.body) and not args.target
        for option in ("lang", "run"):
            if getattr(args, option, None) and not source:
                raise OptionError(f"--{option} is for a %%{self.name} cell whose body is source, without a target")
        if getattr(args, "since", None) is not None and not args.target:
            raise OptionError("--since needs a target whose files git knows")
        check_alone(args)
        for option in ("search", "uses"):
            if self.body and getattr(args, option, None):
                raise OptionError(f"--{option} looks into a project: it takes no body")
        if self.name == "kwindex" and self.body and args.target:
            raise OptionError("give a target or a body of source, not both")
        if args.lang is not None and named(args.lang) is None:
            raise OptionError(f"unknown language '{args.lang}'; there are: {', '.join(BY_NAME)}")
        if getattr(args, "run", False) and args.lang and named(args.lang) != BY_NAME["Python"]:
            raise OptionError("--run runs Python; leave it out for another language")

    def _run_body(self) -> None:
        """The body as a cell; its traceback is shown there, so one line is enough here."""
        outcome = self.shell.run_cell(self.body, store_history=False)  # type: ignore[no-untyped-call]
        error = outcome.error_before_exec or outcome.error_in_exec
        if isinstance(error, KeyboardInterrupt):
            raise error
        if error is not None:
            raise OptionError(f"the body stopped with {type(error).__name__}, see above")

    def _made(self, args: argparse.Namespace, settings: Settings, screen: Screen) -> Result:
        kernel = getattr(self.shell, "kernel", None) is not None
        links = args.links or settings.links
        how: dict[str, Any] = {
            "reader": frontend.for_notebook(links, settings, self.shell.user_ns, kernel=kernel),
            "limits": Limits(settings.max_bytes, settings.max_entries),
        }
        scene = self._scene(args, settings, screen)
        language = named(args.lang or "")
        body: dict[str, Any] = {"label": self._cell_name(), "language": language.name if language else ""}
        if getattr(args, "search", None):
            return exploring.search(args.search, args.target or None, scene=scene, **how)
        if getattr(args, "uses", False):
            return exploring.uses(args.target, scene=scene, **how)
        if self.name == "kwindex":
            how["options"] = index_options(args, settings)
            if args.since is not None:
                return documents.changes(args.target, args.since, scene=scene, **how)
            if args.target:
                return documents.index(args.target, scene=scene, **how)
            return documents.index_source(self.body, **body, **how)
        how |= {"options": doc_options(args, settings), "headings": settings.headings}
        if args.target:
            return documents.document(args.target, scene=scene, body=self.body, **how)
        return documents.document_source(self.body, **body, **how)

    def _cell_name(self) -> str:
        """As its definitions will be found later; `execution_count` may already be the next cell's."""
        return f"In[{max(0, len(self.shell.user_ns.get('In', ())) - 1)}]"

    def _scene(self, args: argparse.Namespace, settings: Settings, screen: Screen) -> Scene:
        """Where the target is looked for."""
        history = self.shell.history_manager
        return Scene(
            namespace=self.namespace,
            cells=history.input_hist_raw if history else (),
            cell_files=getattr(self.shell.compile, "_filename_map", None),
            dot="cells",
            everything=args.everything,
            trust_stat=True,
            progress=screen.progress,
            cache=cache_folder(settings),
            early=None if args.format == "json" or fate() is Fate.KEPT or self.line.silent else screen.offer,
        )

    def _shown(self, value: Any, view: Any, screen: Screen) -> Any:
        """Show a bare call, wherever it stands; hand an assigned value over in silence."""
        what = fate()
        if what is Fate.KEPT or self.line.silent:
            screen.end()
            return value if what is Fate.KEPT else None
        return screen.show(value, view, printed=what is Fate.PRINTED)
