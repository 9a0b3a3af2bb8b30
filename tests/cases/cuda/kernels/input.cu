#include <cuda_runtime.h>
#define CHECK(x) do { cudaError_t e = (x); } while (0)

__constant__ float table[256];

/// y = a x + y
template <typename scalar_t>
__global__ void __launch_bounds__(256, 2) saxpy(int n, scalar_t a, const scalar_t* x, scalar_t* y) {
  extern __shared__ float tile[];
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) y[i] = a * x[i] + y[i];
}

__device__ __forceinline__ float square(float x) { return x * x; }
static __host__ __device__ int both_sides(int a) { return a; }

int launch() {
  saxpy<float><<<dim3(1, 1), 256, 0>>>(10, 2.0f, nullptr, nullptr);
  return 0;
}
