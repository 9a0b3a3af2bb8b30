"""Rules of this repository."""

def lumen_library(name, srcs):
    """A library with our flags.

    Args:
        name: of the target
        srcs: source files
    """
    native.cc_library(name = name, srcs = srcs)
