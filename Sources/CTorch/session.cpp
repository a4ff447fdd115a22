#include "support.hpp"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>
#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <exception>
#include <vector>

namespace {
thread_local std::string message;

std::atomic<ct_device> currentDevice{CT_CPU};

// A CUDA build's kernels register themselves when their library is loaded, which nothing here links. cuBLAS repeats its
// results only with a workspace of a fixed size, which it reads from the environment when it starts.
void loadCUDA() {
  static void *library = [] {
    setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
    return dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL);
  }();
  (void)library;
}

struct Parts {
  int64_t count;
  const std::function<void(int64_t, int64_t)> *body;
  int (*threadNumber)();
  std::vector<std::exception_ptr> errors;  // one a part
};

// OpenMP has no way to carry an exception out of a parallel region: one that leaves it ends the process.
void runPart(void *data) noexcept {
  auto &parts = *static_cast<Parts *>(data);
  const int64_t total = static_cast<int64_t>(parts.errors.size());
  const int64_t part = parts.threadNumber();
  if (part >= total) return;
  const int64_t length = (parts.count + total - 1) / total;
  const int64_t begin = part * length;
  const int64_t end = std::min(parts.count, begin + length);
  try {
    if (begin < end) (*parts.body)(begin, end);
  } catch (...) {
    parts.errors[static_cast<size_t>(part)] = std::current_exception();
  }
}

int callingThreads(int count) {
  static const auto set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "omp_set_num_threads"));
  const int before = at::get_num_threads();
  if (set) set(count);
  return before;
}
}  // namespace

namespace ctorch {

void setError(const char *text) noexcept {
  try {
    message = text;
  } catch (...) {
    message.clear();
  }
}

at::ScalarType scalarType(ct_element_type type) {
  switch (type) {
    case CT_FLOAT32: return at::kFloat;
    case CT_BFLOAT16: return at::kBFloat16;
    case CT_INT64: return at::kLong;
    case CT_BOOL: return at::kBool;
    case CT_FLOAT64: return at::kDouble;
    default: TORCH_CHECK(false, "no such element type: ", static_cast<int>(type));
  }
}

at::Device torchDevice(ct_device device) {
  switch (device) {
    case CT_CPU: return at::Device(at::kCPU);
    case CT_CUDA: loadCUDA(); return at::Device(at::kCUDA);
    case CT_MPS: return at::Device(at::kMPS);
    default: TORCH_CHECK(false, "no such device: ", static_cast<int>(device));
  }
}

at::Device defaultDevice() { return torchDevice(currentDevice.load(std::memory_order_relaxed)); }

// at::parallel_for is a template that is serial unless its includer is compiled with -fopenmp, which Swift's clang has
// no headers for. The OpenMP runtime that libtorch itself loaded is called by name instead: one pool of threads.
void inParallel(int64_t count, int64_t grain, const std::function<void(int64_t, int64_t)> &body) {
  using Launch = void (*)(void (*)(void *), void *, unsigned, unsigned);
  static const auto launch = reinterpret_cast<Launch>(dlsym(RTLD_DEFAULT, "GOMP_parallel"));
  static const auto number = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "omp_get_thread_num"));
  static const auto inside = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "omp_in_parallel"));
  const int64_t most = grain > 0 ? count / grain : count;
  const int64_t total = std::min<int64_t>(at::get_num_threads(), most);
  if (total < 2 || !launch || !number || !inside || inside()) {
    if (count > 0) body(0, count);
    return;
  }
  Parts parts{count, &body, number, std::vector<std::exception_ptr>(static_cast<size_t>(total))};
  launch(runPart, &parts, static_cast<unsigned>(total), 0);
  for (const auto &error : parts.errors) {
    if (error) std::rethrow_exception(error);
  }
}

// OpenMP keeps the number for each thread apart; at::set_num_threads would change it for threads to come, too. A thread
// that libtorch has not seen takes its number on the first use, over whatever was set before: hence the call of
// at::get_num_threads before each change.
SingleThread::SingleThread() : before(callingThreads(1)) {}
SingleThread::~SingleThread() {
  if (before > 0) callingThreads(before);
}

}  // namespace ctorch

using namespace ctorch;

bool ct_set_calling_threads(int count, int *before) {
  return guarded([&] { *before = callingThreads(count); return true; });
}

bool ct_concurrently(int64_t count, void (*body)(void *context, int64_t k), void *context) {
  return guarded([&] {
    inParallel(count, 1, [&](int64_t begin, int64_t end) {
      const SingleThread alone;
      const at::AutoGradMode recording(true);
      for (int64_t k = begin; k < end; k++) body(context, k);
    });
    return true;
  });
}

const char *ct_error(void) { return message.c_str(); }
const char *ct_version(void) { return TORCH_VERSION; }
const char *ct_configuration(void) {
  const char *text = guarded([]() -> const char * {
    static const std::string both = at::show_config() + at::get_parallel_info();
    return both.c_str();
  });
  return text ? text : "";
}

int ct_threads(void) {
  return guarded([] { return at::get_num_threads(); });
}
bool ct_set_threads(int count) {
  return guarded([&] { at::set_num_threads(count); return true; });
}

bool ct_has_device(ct_device device) {
  return guarded([&] {
    if (device == CT_CUDA) { loadCUDA(); return at::hasCUDA(); }
    if (device == CT_MPS) return at::hasMPS();
    return device == CT_CPU;
  });
}

// Makes an accelerator's results a function of its inputs, except for operations that have no such kernel: libtorch
// warns of those. Sums in 19 bits of TF32 are switched off.
bool ct_set_device(ct_device device) {
  return guarded([&] {
    torchDevice(device);
    auto &context = at::globalContext();
    if (device != CT_CPU) {
      context.setDeterministicAlgorithms(true, true);
      context.setDeterministicCuDNN(true);
      context.setBenchmarkCuDNN(false);
      context.setAllowTF32CuDNN(false);
      context.setAllowTF32CuBLAS(false);
    }
    currentDevice.store(device);
    return true;
  });
}

bool ct_set_gradients(bool on, bool *before) {
  return guarded([&] {
    *before = at::GradMode::is_enabled();
    at::GradMode::set_enabled(on);
    return true;
  });
}

bool ct_set_bfloat16(bool on, bool *before) {
  return guarded([&] {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
    const auto type = defaultDevice().type();
    *before = at::autocast::is_autocast_enabled(type);
    at::autocast::set_autocast_enabled(type, on);
    at::autocast::set_autocast_dtype(type, at::kBFloat16);
#else
    // Before 2.4 the switches have other names, and only the processor's are used: elsewhere products stay in float32.
    *before = at::autocast::is_cpu_enabled();
    at::autocast::set_cpu_enabled(on);
    at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
#endif
    if (!on) at::autocast::clear_cache();
    return true;
  });
}
