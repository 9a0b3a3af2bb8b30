namespace c10::metal {
template <typename T>
inline T clamp(T v, T lo) { return v < lo ? lo : v; }
constant constexpr float kPi = 3.14f;
}
#define INSTANTIATE(T) template [[host_name("f_" #T)]] kernel void f<T>(device T*)
INSTANTIATE(float);
