'''Strings that look like code.

def not_a_function(): ...
import nothing
'''

sql = """
class NotAClass:
    def not_a_method(self): ...
"""
raw = r'\'; def no(): ...'
ends = r"\\"; real = 1
single = 'it''s' "def no(): ..."
continued = 'a \
def no(): ...'
formatted = f"{'def'} {value!r:>{width}} {{def no(): ...}}"
nested = f"{x["key"]} {f"{y["inner"]}"} {", ".join(z)}"
multi = f"""
{call(
    "def no(): ...")}
import nothing
"""
template = t"{name}: {t'{inner}'}"
data = rb'\x00' B"class No: ..."
quotes = """ "" ' ''' """
# """ a comment opens no string
after = '#' # ' neither does this
joined = ("""
class No: ...
""" + '''
import nothing
''')


def real_function():
    x = """
def no(): ...
"""
    return x
