# cython: language_level=3
"""Vectors in C."""
import numpy as np
cimport numpy as cnp
from libc.math cimport sqrt, sin as csin
include "helpers.pxi"

DEF SIZE = 3
IF UNAME_SYSNAME == "Windows":
    cdef int windows_only

cdef int counter = 0, *pointer = NULL, table[SIZE]

@cython.final
cdef class Vector(Base) [object PyVector, type PyVectorType]:
    """A vector."""
    cdef public double x, y
    cdef readonly object name
    cdef:
        int refs
        double[:, ::1] view

    def __cinit__(self, double x=0, *, y not None):
        cdef int i
        self.x = x

    cdef inline double norm(self,
                            int p=2) except? -1 nogil:
        """Its length."""
        return sqrt(self.x)

    cpdef list both(self, double x=2): return [x]

    property length:
        def __get__(self):
            return 1

cdef class Later

class Plain:
    def method(self): pass

cdef inline (int, double) pair(int a) noexcept: return a, 1.0
cpdef int visible(int a, int b=3) except -1:
    cdef int local = 1
    return a
def pure(double[:, ::1] m, str n not None="cdef int no"): return n
