#include "vec.h"

namespace lumen {

/* Adds element by element. */
template <typename T>
Vec<T> Vec<T>::operator+(const Vec& other) const {
  return {x + other.x, y + other.y, z + other.z};
}

static int made = 0;

}  // namespace lumen
