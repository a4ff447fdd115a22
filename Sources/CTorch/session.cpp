#include "support.hpp"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>
#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>

namespace {
thread_local std::string message;

std::atomic<int> place{CT_CPU};

// A CUDA build's kernels register themselves when their library is loaded, which nothing here links. cuBLAS repeats its
// results only with a workspace of a fixed size, which it reads from the environment when it starts.
void loadCUDA() {
  static void *library = [] {
    setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
    return dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL);
  }();
  (void)library;
}

struct Share {
  int64_t count;
  int64_t parts;
  const std::function<void(int64_t, int64_t)> *body;
  int (*number)();
};

void runShare(void *data) {
  const auto &share = *static_cast<Share *>(data);
  const int64_t part = share.number();
  if (part >= share.parts) return;
  const int64_t length = (share.count + share.parts - 1) / share.parts;
  const int64_t begin = part * length;
  const int64_t end = std::min(share.count, begin + length);
  if (begin < end) (*share.body)(begin, end);
}
}  // namespace

namespace ctorch {

void remember(const std::string &text) { message = text; }

at::ScalarType scalarType(int dtype) {
  switch (dtype) {
    case CT_FLOAT32: return at::kFloat;
    case CT_BFLOAT16: return at::kBFloat16;
    case CT_INT64: return at::kLong;
    case CT_BOOL: return at::kBool;
    case CT_FLOAT64: return at::kDouble;
    default: TORCH_CHECK(false, "no such element type: ", dtype);
  }
}

at::Device deviceOf(int device) {
  switch (device) {
    case CT_CPU: return at::Device(at::kCPU);
    case CT_CUDA: loadCUDA(); return at::Device(at::kCUDA);
    case CT_MPS: return at::Device(at::kMPS);
    default: TORCH_CHECK(false, "no such device: ", device);
  }
}

at::Device home() { return deviceOf(place.load(std::memory_order_relaxed)); }

// at::parallel_for is a template that is serial unless its includer is compiled with -fopenmp, which Swift's clang has
// no headers for. The OpenMP runtime that libtorch itself loaded is asked by name instead: one pool of threads.
void inParallel(int64_t count, int64_t grain, const std::function<void(int64_t, int64_t)> &body) {
  using Launch = void (*)(void (*)(void *), void *, unsigned, unsigned);
  static const auto launch = reinterpret_cast<Launch>(dlsym(RTLD_DEFAULT, "GOMP_parallel"));
  static const auto number = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "omp_get_thread_num"));
  static const auto inside = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "omp_in_parallel"));
  const int64_t most = grain > 0 ? count / grain : count;
  const int64_t parts = std::min<int64_t>(at::get_num_threads(), most);
  if (parts < 2 || !launch || !number || !inside || inside()) {
    if (count > 0) body(0, count);
    return;
  }
  Share share{count, parts, &body, number};
  launch(runShare, &share, static_cast<unsigned>(parts), 0);
}

SingleThread::SingleThread() : before(ct_set_own_threads(1)) {}
SingleThread::~SingleThread() { ct_set_own_threads(before); }

}  // namespace ctorch

using namespace ctorch;

// OpenMP keeps the number for each thread apart; at::set_num_threads would change it for threads to come, too. A thread
// that has not met libtorch takes its number at the first question, over whatever was set before.
int ct_set_own_threads(int count) {
  static const auto set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "omp_set_num_threads"));
  const int before = at::get_num_threads();
  if (set) set(count);
  return before;
}

void ct_concurrently(int64_t count, void (*body)(void *context, int64_t k), void *context) {
  inParallel(count, 1, [&](int64_t begin, int64_t end) {
    const SingleThread alone;
    const at::AutoGradMode recording(true);
    for (int64_t k = begin; k < end; k++) body(context, k);
  });
}

const char *ct_error(void) { return message.c_str(); }
const char *ct_version(void) { return TORCH_VERSION; }
const char *ct_configuration(void) {
  static const std::string text = at::show_config() + at::get_parallel_info();
  return text.c_str();
}

int ct_threads(void) { return at::get_num_threads(); }
bool ct_set_threads(int count) {
  return guarded([&] { at::set_num_threads(count); return true; });
}

bool ct_has_device(int device) {
  return guarded([&] {
    if (device == CT_CUDA) { loadCUDA(); return at::hasCUDA(); }
    if (device == CT_MPS) return at::hasMPS();
    return device == CT_CPU;
  });
}

// What an accelerator computes is then a function of its inputs, but for operations that have no such kernel: libtorch
// warns of those. Sums in 19 bits of TF32 are left out.
bool ct_set_device(int device) {
  return guarded([&] {
    deviceOf(device);
    auto &context = at::globalContext();
    if (device != CT_CPU) {
      context.setDeterministicAlgorithms(true, true);
      context.setDeterministicCuDNN(true);
      context.setBenchmarkCuDNN(false);
      context.setAllowTF32CuDNN(false);
      context.setAllowTF32CuBLAS(false);
    }
    place.store(device);
    return true;
  });
}

bool ct_set_gradients(bool on) {
  const bool before = at::GradMode::is_enabled();
  at::GradMode::set_enabled(on);
  return before;
}

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
bool ct_set_bfloat16(bool on) {
  const auto type = home().type();
  const bool before = at::autocast::is_autocast_enabled(type);
  at::autocast::set_autocast_enabled(type, on);
  at::autocast::set_autocast_dtype(type, at::kBFloat16);
  if (!on) at::autocast::clear_cache();
  return before;
}
#else
// Before 2.4 the switches have other names, and the processor's alone are used: elsewhere products stay in float32.
bool ct_set_bfloat16(bool on) {
  const bool before = at::autocast::is_cpu_enabled();
  at::autocast::set_cpu_enabled(on);
  at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
  if (!on) at::autocast::clear_cache();
  return before;
}
#endif
