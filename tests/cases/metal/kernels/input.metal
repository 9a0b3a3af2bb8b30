#include <metal_stdlib>
using namespace metal;

struct Params { uint width; float scale; };

kernel void scale(device float* data [[buffer(0)]],
                  constant Params& params [[buffer(1)]],
                  uint index [[thread_position_in_grid]]) {
  data[index] *= params.scale;
}
