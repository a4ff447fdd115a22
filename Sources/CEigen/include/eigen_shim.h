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

// Derivatives carried over one semi-implicit step of a jointed body with n coordinates.
//
// x is 2n x columns: derivatives of positions over those of velocities. The step solves
//   mass v' - pushes f = state [q; v] + control,      rows v' + diag(compliance) f = row_state q
// for v' and the contact forces f; then q' = turns q + step v', turns being n / 3 blocks of 3 x 3. The control's columns
// (n x controls) are added to x's columns from `first` on with weight `first_weight`, and from `second` on with
// `second_weight`; an index of columns or more adds nothing. Code 1: the mass is not positive definite.
typedef struct {
  size_t n, columns, contacts, controls, first, second;
  double first_weight, second_weight, step;
  const double *mass, *state, *control, *rows, *pushes, *row_state, *compliance, *turns;
} ce_linear_step;
int ce_advance(const ce_linear_step *step, double *x);

// gram (n x n, lower triangle) += J^T J and gradient += J^T r for an m x columns matrix J, columns <= n.
void ce_accumulate(const double *j, size_t m, size_t columns, const double *r, size_t n, double *gram, double *gradient);

#ifdef __cplusplus
}
#endif
