"""Another module of the same name."""


def launch() -> None:
    """Send a rocket up."""
