"""Keyword index and file documentation for any codebase, as Markdown in a notebook."""
