#include <metal_stdlib>
using namespace metal;

kernel void sky(texture2d<float, access::write> out [[texture(0)]], uint2 at [[thread_position_in_grid]]) {
  out.write(float4(0, 0, 1, 1), at);
}
