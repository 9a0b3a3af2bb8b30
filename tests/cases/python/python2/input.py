# -*- coding: utf-8 -*-
"""Python 2."""
import urllib2, ConfigParser as cp
from cStringIO import StringIO

print "text", 1
exec "code" in scope

def unpacking(a, (b, c), d=0777):
    print >>stream, `a`
    raise ValueError, "text"

class Old:
    def method(self):
        try:
            import late
        except IOError, error:
            raise

class New(object):
    __metaclass__ = Meta
    number = 10L
    text = ur"raw"

def compared(a):
    return a <> 1
