# distutils: language = c++
cdef extern from "<vector>" namespace "std" nogil:
    cdef cppclass vector[T, ALLOCATOR=*]:
        ctypedef size_t size_type
        cppclass iterator:
            T& operator*()
            bint operator==(iterator)
        vector() except +
        vector(size_type n, const T& value) except +
        ~vector()
        T& operator[](size_type)
        operator bool()
        vector& operator=(const vector&)
        T& at(size_type) except +IndexError
        void push_back[U](U&) except +
        size_type capacity

cdef extern from *:
    enum class Mode "ns::Mode":
        READ "ns::Mode::READ"
        WRITE

ctypedef vector[pair[int, double]].iterator places
cdef vector[int] *make(int n, (int, int) size)
