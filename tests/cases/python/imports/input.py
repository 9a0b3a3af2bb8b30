"""Import statements in every form."""

import os, sys as system
import xml.etree.ElementTree as ET
import a . b
from . import sibling
from .. import parent as up
from . . . far . away import thing
from...tight import x
from package import (  # a comment
    one,
    two as deux,  # another

    three,
)
from package import four, \
    five \
    as cinq
from everything import *
if condition: import once; from m import n
def function(): import inner; from deep import *; return inner
class Holder: import held
x = 1; import after_semicolon
import_me = 1
from_here = 2
important("import no")
text = "import no"
lazy import heavy
lazy from heavy import part


def late():
    """Local imports.

    import not_this
    """
    if test:
        from late import one, two
    try:
        import fast
    except ImportError:
        fast = None
