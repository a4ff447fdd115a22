// What `kernel_bodies.h` defines, for every machine and for those with AVX2 and FMA.
#pragma once
#include "eigen_shim.h"
#include "sensitivity_step.h"

#define CE_KERNELS                                                                                             \
  ce_status cholesky(const double *a, size_t n, double *lower);                                                \
  ce_status advance_sensitivities(                                                                             \
      const ce_sensitivity_step *s, const ce_control_columns &where, double *data, size_t count);              \
  ce_status accumulate(                                                                                        \
      const double *j, size_t m, size_t columns, const double *r, size_t n, double *gram, double *gradient);

namespace plain {
CE_KERNELS
}
#if defined(__x86_64__)
namespace wide {
CE_KERNELS
}
#endif
