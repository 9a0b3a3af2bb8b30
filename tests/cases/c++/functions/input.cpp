namespace py = pybind11;
namespace {
int hidden = 1;
}

template <typename T>
template <typename U>
U Shape<T>::convert(const U& from, std::string text = "a, (b", int b = 3) const {
  auto lambda = [](int x) { return x; };
  return U();
}
Shape::Shape(int n) : a{n}, b(n) {}
Shape::~Shape() {}
std::ostream& operator<<(std::ostream& out, const Shape& shape);
long double operator""_km(long double value) { return value; }
void* operator new[](std::size_t size);

template <typename T> concept Small = requires(T t) { { t.size() } -> Same<int>; };
template <Small T> requires (sizeof(T) < 8) T pick(T a) { return a; }
template <> int pick<int>(int a);
template class Shape<int>;
static_assert(sizeof(int) == 4, "int");

extern "C" {
int c_function(int a);
}
extern "C" void one_of_c();
::std::vector<::at::Tensor> split(const Tensor& self);
constexpr std::array<int, 2> kSizes{{1, 2}};
auto raw = R"x(class NotMe { )" };)x";
using Callback = void (*)(int);
typedef std::map<int, std::string> Names, *NamesPointer;
