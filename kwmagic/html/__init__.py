"""Markdown pages -> a static HTML site."""
