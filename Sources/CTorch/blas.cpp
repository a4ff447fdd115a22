#include <dlfcn.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "ctorch.h"

// OpenBLAS chooses its kernels by the processor's model number when it is loaded. One that is newer than it gets those of
// 2004, four numbers wide, which is half of the speed of sampling and of training (Debian 12's OpenBLAS 0.3.21 on Xeons
// since 2023). There is no public call to choose them later; what it runs when it is loaded can be run again, by name,
// with the variable that it reads set. Where those names are missing, everything stays as it was.
namespace {

using Nothing = void (*)();
using Name = const char *(*)();
constexpr const char *variable = "OPENBLAS_CORETYPE";

template <typename Function>
Function named(const char *name) {
  return reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
}

// What OpenBLAS would choose, did it know the model number; none where its choice stands.
const char *wanted() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (
    __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
    __builtin_cpu_supports("avx512vl"))
    return "SkylakeX";
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "Haswell";
#endif
  return nullptr;
}

// Runs after the libraries' own constructors and before anything multiplies.
__attribute__((constructor)) void widen() {
  const auto name = named<Name>("openblas_get_corename");
  const auto quit = named<Nothing>("gotoblas_dynamic_quit");
  const auto init = named<Nothing>("gotoblas_dynamic_init");
  if (!name || !quit || !init || std::getenv(variable) || std::strcmp(name(), "Prescott") != 0) return;
  const char *kernels = wanted();
  if (!kernels) return;
  setenv(variable, kernels, 1);
  quit();
  init();
  unsetenv(variable);
}

}  // namespace

const char *ct_blas(void) {
  static const std::string text = [] {
    const auto name = named<Name>("openblas_get_corename");
    return name ? std::string("OpenBLAS ") + name() : std::string();
  }();
  return text.c_str();
}
