"""A project: where it begins, its files and what is known of them, what it tells of one of them."""
