static hipError_t status = hipSuccess;
/// Starts it.
void launch(float* p, hipStream_t stream) {
  hipLaunchKernelGGL(add<float>, dim3(1), dim3(64), 0, stream, p, p, p, 64);
}
