"""What is asked of git, and how."""
