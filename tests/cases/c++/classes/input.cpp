#include <vector>
#include "shapes.hpp"

namespace geometry::detail {
inline namespace v2 {

/// A shape with an area.
template <typename T, int N = 2>
class API Shape final : public Base<T>, private virtual ns::Mixin {
 public:
  using value_type = T;
  explicit Shape(T width) noexcept : width_{width}, items_(N) { check(); }
  Shape(const Shape&) = delete;
  virtual ~Shape() = default;
  /// How much it covers.
  [[nodiscard]] virtual T area() const = 0;
  auto begin() const -> typename std::vector<T>::const_iterator { return items_.begin(); }
  Shape& operator=(Shape&& other) & noexcept;
  bool operator<(const Shape& other) const { return area() < other.area(); }
  operator bool() const { return true; }
  static constexpr int kSides = N > 2 ? N : 2;  ///< at least two
  friend bool operator==(const Shape& a, const Shape& b) { return true; }
  friend class Other;

 protected:
  enum class Mode : uint8_t { kFast, kExact = 4 };
  struct { int a, b; } pair_;

 private:
  T width_;
  std::vector<T> items_ = {1, 2};
  std::function<void(int, T)> callback_;
};

class Forward;
}  // namespace v2
}  // namespace geometry::detail
