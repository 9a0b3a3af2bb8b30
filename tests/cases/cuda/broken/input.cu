__global__ void first(int* p) { p[0] = 1; }
namespace open {
__device__ int second(int a) { return a; }
/* never closed
__global__ void inside_comment() {}
