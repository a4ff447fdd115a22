// A C view of the few dense decompositions that Surefoot takes from Eigen. Matrices are column-major doubles.
// A function returns 0 on success, or a positive code: 1 not converged, 2 bad argument, 3 out of memory.
#pragma once
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif

// Eigenvalues (ascending) and orthonormal eigenvectors (columns) of a symmetric n x n matrix.
int ce_symmetric_eigen(const double *a, size_t n, double *values, double *vectors);

#ifdef __cplusplus
}
#endif
