// A C view of the few dense decompositions that Surefoot takes from Eigen. Matrices are column-major doubles.
//
// No function throws: a C++ exception becomes a status. Callers pass arrays of exactly the sizes that are stated; Swift
// checks the lengths before each call.
#pragma once
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  CE_SUCCESS = 0,
  // No convergence, a matrix that is not positive definite, or a result that is not finite.
  CE_NO_SOLUTION = 1,
  // A size that does not fit, or an entry that is not finite.
  CE_BAD_ARGUMENT = 2,
  CE_OUT_OF_MEMORY = 3,
} ce_status;

// Eigenvalues (ascending) and orthonormal eigenvectors (columns) of a symmetric n x n matrix.
ce_status ce_symmetric_eigen(const double *a, size_t n, double *values, double *vectors);

// Non-negative least squares: x >= 0 of length n that minimises |A x - b|^2 + ridge |x|^2, A being m x n.
ce_status ce_nonnegative_least_squares(
    const double *a, size_t m, size_t n, const double *b, double ridge, double *x);

// Least squares: x of length n that minimises |A x - b|^2 + ridge |x|^2; the shortest such x if A's columns depend.
ce_status ce_least_squares(const double *a, size_t m, size_t n, const double *b, double ridge, double *x);

// The lower Cholesky factor of a symmetric positive definite n x n matrix.
ce_status ce_cholesky(const double *a, size_t n, double *lower);

// Solves L L^T x = b for a factor from ce_cholesky.
ce_status ce_cholesky_solve(const double *lower, size_t n, const double *b, double *x);

// gram (n x n, lower triangle) += J^T J and gradient += J^T r for an m x columns matrix J, columns <= n.
ce_status ce_accumulate(
    const double *j, size_t m, size_t columns, const double *r, size_t n, double *gram, double *gradient);

// The version of Eigen that this was compiled with, `3.4.0`; lives for the process.
const char *ce_version(void);

#ifdef __cplusplus
}
#endif
