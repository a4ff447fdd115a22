#include "kernels.h"

#include <Eigen/Dense>

#include "guarded.h"

namespace plain {
#include "kernel_bodies.h"
}

namespace {

struct Kernels {
  decltype(&plain::cholesky) cholesky = plain::cholesky;
  decltype(&plain::advance_sensitivities) advance_sensitivities = plain::advance_sensitivities;
  decltype(&plain::accumulate) accumulate = plain::accumulate;

  Kernels() {
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return;
    cholesky = wide::cholesky;
    advance_sensitivities = wide::advance_sensitivities;
    accumulate = wide::accumulate;
#endif
  }
};

// Chosen on first use, not at load time.
const Kernels &kernels() {
  static const Kernels chosen;
  return chosen;
}

}  // namespace

ce_status ce_cholesky(const double *a, size_t n, double *lower) { return kernels().cholesky(a, n, lower); }

ce_status ce_advance_sensitivities(
    const ce_sensitivity_step *step, ce_control_columns where, double *x, size_t columns) {
  return kernels().advance_sensitivities(step, where, x, columns);
}

ce_status ce_accumulate(
    const double *j, size_t m, size_t columns, const double *r, size_t n, double *gram, double *gradient) {
  return kernels().accumulate(j, m, columns, r, n, gram, gradient);
}
