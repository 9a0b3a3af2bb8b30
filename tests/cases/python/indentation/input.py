"""Tabs, spaces, form feeds, no final newline."""

class Tabs:
	def one(self):
		return 1

        # eight spaces are one tab
        def two(self): ...

def after_form_feed(): ...

class Odd:
 def a(self):
   def b(): ...
   return b
 def c(self): ...

    # a comment is not indented code
def last():
    if x:
      y = 1
    # the end


  
x = 1; \
y = 2
class End: z = 3