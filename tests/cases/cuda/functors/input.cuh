#pragma once
namespace at::native {
template <typename T>
struct Functor {
  __device__ __forceinline__ T operator()(T a, T b) const { return a < b ? a : b; }
  C10_HOST_DEVICE Functor(T start) : start_(start) {}
  T start_;
};

template <int threads>
C10_LAUNCH_BOUNDS_1(threads)
__global__ void reduce(const float* in, float* out);

__global__ static void fill(float* p, float v);
}  // namespace at::native
