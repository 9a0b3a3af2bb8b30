"""The inner loops."""

from libc.math cimport sqrt

cdef class Ray:
    """One ray."""

    cdef double x, y

    cpdef double length(self):
        """Its length."""
        return sqrt(self.x * self.x + self.y * self.y)


def trace(scene, int depth=4):
    """Follow one ray through the scene."""
    return depth
