"""Source in, facts out: one module a language family, each pure and total."""
