#pragma once
#include "base.h"

namespace api {
struct Options {
  Options() = default;
  int depth = 3;
  const char* name{nullptr};
  void (*report)(const char*, ...) = nullptr;
  alignas(64) char buffer[64];
  mutable std::atomic<long> uses{0};
  enum { kNone, kAll };
  union { int i; float f; } value;
};

enum Level : int { LOW = 1 << 0, HIGH = 1 << 1 };
inline int level(Options const& options) { return options.depth; }
template <class T, class = std::enable_if_t<(sizeof(T) > 4)>> struct Holder;
template <class T> struct Holder<T*> { T* held; };
template <class T> inline constexpr bool is_held = false;
}  // namespace api
