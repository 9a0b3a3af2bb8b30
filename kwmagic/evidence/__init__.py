"""Facts -> statements for one page section each; every statement has its line."""
