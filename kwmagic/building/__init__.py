"""A whole project as pages: which are made, where they are written, and what of it is still true next time."""
