#define TEST(a, b) void a##_##b()
BEGIN_NAMESPACE
BEGIN_EXPORT

class TORCH_API Tensor : public TensorBase {
 public:
  Q_OBJECT
  TORCH_API int method();
  DISALLOW_COPY(Tensor);
  TORCH_ARG(double, lr) = 1e-3;
  C10_DEPRECATED_MESSAGE("use size") int length() const;
};

END_NAMESPACE
TORCH_LIBRARY(aten, m) { m.def("add"); }
TEST(Suite, Name) {}
C10_EXPORT Tensor add(const Tensor& a, const Tensor& b);
PyAPI_FUNC(PyObject *) PyList_New(Py_ssize_t size);
PyAPI_DATA(int) Py_Verbose;
__attribute__((noinline)) int slow(int a) __attribute__((pure));
struct __attribute__((packed)) Packed { char tag; int value; } __attribute__((aligned(8)));
REGISTER_KERNEL(add)
int after_macros() { return 1; }
}
int after_stray_brace();
