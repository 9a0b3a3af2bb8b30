__device__ inline float clamp(float x, float low = 0.0f) { return x < low ? low : x; }
__host__ __device__ constexpr int kWarp() { return 64; }
struct alignas(16) Vec4 { float x, y, z, w; };
