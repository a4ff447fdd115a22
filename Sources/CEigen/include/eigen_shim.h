// A C view of the few dense decompositions that Surefoot takes from Eigen. Matrices are column-major doubles.
// A function returns 0 on success, or a positive code: 1 not converged, 2 bad argument, 3 out of memory.
#pragma once
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif

// Eigenvalues (ascending) and orthonormal eigenvectors (columns) of a symmetric n x n matrix.
int ce_symmetric_eigen(const double *a, size_t n, double *values, double *vectors);

// Non-negative least squares: x >= 0 of length n that minimises |A x - b|^2 + ridge |x|^2, A being m x n.
int ce_nonnegative_least_squares(const double *a, size_t m, size_t n, const double *b, double ridge, double *x);

// Least squares: x of length n that minimises |A x - b|^2 + ridge |x|^2; the shortest such x if A's columns depend.
int ce_least_squares(const double *a, size_t m, size_t n, const double *b, double ridge, double *x);

// The lower Cholesky factor of a symmetric positive definite n x n matrix; code 1 if it is not.
int ce_cholesky(const double *a, size_t n, double *lower);

// Solves L L^T x = b for the factor that ce_cholesky gave.
int ce_cholesky_solve(const double *lower, size_t n, const double *b, double *x);

// The version of Eigen that this was compiled with, `3.4.0`; lives for the process.
const char *ce_version(void);

#ifdef __cplusplus
}
#endif
