#include <hip/hip_runtime.h>
template <typename T>
__global__ void add(const T* a, const T* b, T* c, int n) {
  int i = hipBlockIdx_x * hipBlockDim_x + hipThreadIdx_x;
  if (i < n) c[i] = a[i] + b[i];
}
