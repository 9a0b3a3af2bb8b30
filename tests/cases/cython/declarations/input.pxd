from libc.stdint cimport (
    int32_t,  # signed
    uint8_t as byte)

cdef extern from "math.h" nogil:
    double cos(double x)
    double c_sin "sin" (double x) noexcept
    int HUGE, ERRNO

cdef extern from "numpy/arrayobject.h":
    """
    int verbatim(int c);
    """
    ctypedef struct FILE:
        pass
    struct tm:
        int tm_sec, tm_min
        char name[10]
        void (*hook)(int, void*)
    enum: O_RDONLY, O_RDWR = 2
    ctypedef class numpy.ndarray [object PyArrayObject]:
        cdef int nd "nd_"

ctypedef unsigned long long ull
ctypedef int (*callback)(void* data, int n) except -1
ctypedef fused real:
    float
    double

cpdef enum Color:
    RED = 1,
    GREEN

cdef packed struct Point:
    int x
    int y

cdef union Value

cdef class Shape:
    cdef public double w
    cpdef double area(self, double x=*)

cdef int fast(int x) nogil
