/// @file
/// Points and directions.
#pragma once

#include <cmath>
#include "config.h"

#define LUMEN_API __attribute__((visibility("default")))

namespace lumen {

/// A direction or a point.
/// @tparam T the number type
template <typename T>
struct LUMEN_API Vec {
  T x, y, z;

  /// The length.
  T length() const { return std::sqrt(x * x + y * y + z * z); }
  Vec operator+(const Vec& other) const;

 private:
  int tag_ = 0;  ///< who made it
};

enum class Axis : int { X, Y, Z };

#ifdef LUMEN_FAST
float inverse_sqrt(float value);
#endif

}  // namespace lumen
