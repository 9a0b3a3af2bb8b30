#include "vec.h"

/// Colours one pixel a thread.
__global__ void shade(const float* depth, float* pixels, int count) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) pixels[i] = depth[i];
}
