// What `kernel_bodies.h` defines, for every machine and for those with AVX2 and FMA.
#pragma once
#include "eigen_shim.h"

#define CE_KERNELS                                                                                        \
  int cholesky(const double *a, size_t n, double *lower);                                                 \
  int advance(const ce_linear_step *s, double *data);                                                     \
  void accumulate(                                                                                        \
      const double *j, size_t m, size_t columns, const double *r, size_t n, double *gram, double *gradient);

namespace plain {
CE_KERNELS
}
#if defined(__x86_64__)
namespace wide {
CE_KERNELS
}
#endif
