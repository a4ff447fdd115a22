#include "kernels.h"

#include <Eigen/Dense>

#include "guarded.h"

namespace plain {
#include "kernel_bodies.h"
}

namespace {

struct Kernels {
  decltype(&plain::cholesky) cholesky = plain::cholesky;
  decltype(&plain::advance) advance = plain::advance;
  decltype(&plain::accumulate) accumulate = plain::accumulate;

  Kernels() {
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return;
    cholesky = wide::cholesky;
    advance = wide::advance;
    accumulate = wide::accumulate;
#endif
  }
};

const Kernels &kernels() {
  static const Kernels chosen;
  return chosen;
}

}  // namespace

int ce_cholesky(const double *a, size_t n, double *lower) { return kernels().cholesky(a, n, lower); }

int ce_advance(const ce_linear_step *step, double *x) { return kernels().advance(step, x); }

void ce_accumulate(
    const double *j, size_t m, size_t columns, const double *r, size_t n, double *gram, double *gradient) {
  kernels().accumulate(j, m, columns, r, n, gram, gradient);
}
