"""A merge conflict and a template."""

<<<<<<< HEAD
def ours(a): ...
=======
def theirs(b): ...
>>>>>>> branch

class {{ cookiecutter.name }}(Base):
    def method(self): ...

{% if extra %}
import extra
{% endif %}

def $name(): ...
def plain(): ...
class
def
@
import
