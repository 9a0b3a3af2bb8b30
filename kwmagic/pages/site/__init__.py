"""The pages of folders and of a whole site, made from what is recorded of each file."""
