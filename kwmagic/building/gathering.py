"""What the pages of a source are made from besides the source: asked of the project, to be compared with last time."""

from __future__ import annotations

import json
import os
import posixpath
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Any, NamedTuple

from kwmagic.analysers.markdown_detail import detail
from kwmagic.building.naming import Names
from kwmagic.building.recording import Recording, number
from kwmagic.building.state import Inputs
from kwmagic.evidence.cycles import Graph, Whole, cycles
from kwmagic.evidence.links import surroundings
from kwmagic.evidence.surrounding_rows import of_surroundings
from kwmagic.evidence.surroundings import Cycle, Surroundings
from kwmagic.linkcheck import Looking, anchors, dead_links, exists
from kwmagic.model import FileRef
from kwmagic.projects.project import Project
from kwmagic.sources import read


class Tree(NamedTuple):
    """The source tree in its project."""

    folder: str
    """Absolute."""
    prefix: str
    """Of paths in the project, with a final slash; "" where the tree is all of it."""
    names: Names
    """Of the pages, by paths relative to the tree."""
    paths: Mapping[str, str]
    """Path relative to the tree -> path in the project, of every source that has pages."""

    @property
    def pages(self) -> set[str]:
        """Those of sources."""
        return {page for path in self.paths for page in (self.names.docs(path), self.names.keywords(path))}

    def written(self, path: str) -> str:
        """A path of the project as pages write it: relative to the tree."""
        if path.startswith(self.prefix):
            return path[len(self.prefix) :]
        return posixpath.relpath(path, self.prefix)


class Gathered(NamedTuple):
    """All that goes to the process that makes the pages of one source, and all by which it is known when to do so."""

    inputs: Inputs
    asked: bytes
    around: str
    """JSON: surroundings, the pages they may link to, the last commit, the dead links of a text."""
    details: Any
    """Of its syntax tree, as `python_detail.of_detail` gives them; None where they are to be found out."""


class Gathering:
    """Asks one state of a project about one source after the other."""

    def __init__(self, project: Project, tree: Tree, edges: Mapping[str, Mapping[str, int]]) -> None:
        self.tree = tree
        self._project = project
        self._index = Recording(project)
        self._graph: Graph = Whole(edges)

    def gathered(self, path: str, data: bytes | None) -> Gathered:
        """Of the source at *path*, relative to the tree, with this content; None where it can't be read."""
        place = self.tree.paths[path]
        asked = self._index.start()
        found, details = self._found(place)
        around, pages = self._rows(found)
        looks: dict[str, bool] = {}
        dead = self._dead(place, data, looks, asked)
        commit = self._project.last_commit(place)
        text = json.dumps([around, pages, commit, dead], separators=(",", ":"))
        digest = self._project.known[place].digest
        inputs = Inputs(
            digest,
            digest_of(digest.hex(), text, bool(data)),
            self.history(path),
            _rings(found.cycles),
            looks,
        )
        return Gathered(inputs, array("Q", sorted(asked)).tobytes(), text, details)

    def history(self, path: str) -> bytes:
        """What git tells of a source, in short."""
        place = self.tree.paths[path]
        return digest_of(self._project.last_commit(place), self._project.co_changed(place))

    def rings(self, path: str) -> bytes:
        """The import cycles that a source is in, in short."""
        place = self.tree.paths[path]
        return _rings(cycles(self._index, place, self._graph) if place in self._index.names else ())

    def _found(self, place: str) -> tuple[Surroundings, Any]:
        """What the project tells of a file, and the details of its tree."""
        evidence, details = self._project.traced(place)
        language = self._project.known[place].language
        read_of = self._project.count(language)
        found = surroundings(self._index, place, runs=evidence.runs, read=read_of, graph=self._graph)
        return replace(found, statements=evidence.statements), details

    def _rows(self, found: Surroundings) -> tuple[list[Any], dict[str, str]]:
        """The same as rows, and the page of each source that is named in them."""
        pages: dict[str, str] = {}

        def named(other: str) -> str:
            path = self.tree.written(other)
            if path in self.tree.paths:
                pages[path] = self.tree.names.docs(path)
            return path

        return of_surroundings(found, named), pages

    def _dead(self, place: str, data: bytes | None, looks: dict[str, bool], asked: set[int]) -> list[Any]:
        """The links of a Markdown text that lead nowhere; what was looked for is noted."""
        if data is None or self._project.known[place].language != "Markdown":
            return []
        ref = self._project.ref(place)

        def looked(file: str) -> bool:
            found = looks[os.path.relpath(file, self.tree.folder)] = exists(file)
            return found

        def named(file: str) -> Any:
            asked.add(number("source", self._project.disk.paths.get(file, "")))
            return anchors(file)

        found = detail(read(FileRef(place, data=data)).text, is_mdx=place.endswith(".mdx"))
        return [(*link, reason) for link, reason in dead_links(ref, found, Looking(looked, named))]


def _rings(found: Iterable[Cycle]) -> bytes:
    return digest_of([(ring.modules, [spot.line for spot in ring.spots]) for ring in found])


def digest_of(*values: Any) -> bytes:
    """16 bytes that tell plain values from others."""
    return blake2b(json.dumps(values).encode(), digest_size=16).digest()
