"""Notebooks -> pages: Markdown, or static HTML."""
