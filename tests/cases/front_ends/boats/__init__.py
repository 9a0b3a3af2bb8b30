"""Boats, and what they cost."""
