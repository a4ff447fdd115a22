#include <dlfcn.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "support.hpp"

// OpenBLAS chooses its kernels by the processor's model number when it is loaded. For a processor that is newer than the
// library it chooses those of 2004, four numbers wide, at half of the speed of sampling and training (Debian 12's OpenBLAS
// 0.3.21 on Xeons since 2023). No public call chooses them later; but what OpenBLAS runs at load can be run again, by
// name, with the variable set that it reads. Where those names are missing, nothing changes.
namespace {

using Procedure = void (*)();
using Name = const char *(*)();
constexpr const char *variable = "OPENBLAS_CORETYPE";

template <typename Function>
Function named(const char *name) {
  return reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
}

// What OpenBLAS would choose if it knew the model number; NULL where its choice stands.
const char *widestKernels() {
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

}  // namespace

bool ct_configure_blas(void) {
  const auto name = named<Name>("openblas_get_corename");
  const auto quit = named<Procedure>("gotoblas_dynamic_quit");
  const auto init = named<Procedure>("gotoblas_dynamic_init");
  if (!name || !quit || !init || std::getenv(variable) || std::strcmp(name(), "Prescott") != 0) return false;
  const char *kernels = widestKernels();
  if (!kernels) return false;
  setenv(variable, kernels, 1);
  quit();
  init();
  unsetenv(variable);
  return true;
}

const char *ct_blas(void) {
  const char *text = ctorch::guarded([]() -> const char * {
    static const std::string both = [] {
      const auto name = named<Name>("openblas_get_corename");
      return name ? std::string("OpenBLAS ") + name() : std::string();
    }();
    return both.c_str();
  });
  return text ? text : "";
}
