"""Facts -> blocks: pure and deterministic; no clock, no environment, no absolute path."""
