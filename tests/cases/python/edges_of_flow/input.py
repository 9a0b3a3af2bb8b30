"""Where a definition ends, and what looks like one but is none."""


def ends_early():
    return 1
    # not part of it


def with_string():
    return """
text
"""  # part of it


class Empty:
    # nothing but a comment
    pass


def trailing(): return (
    1
)
definition = 1
classy = 2
defer = async_ = 3
x.class_ = 4
yield_def = [def_ for def_ in x]
print(
    "class A:",
    key=1,
)
def spaced ( a , b = 1 , * , c ) -> None : ...
def no_body():
def after_no_body(): ...
async  def two_spaces(): ...
async\
 def continued(): ...
