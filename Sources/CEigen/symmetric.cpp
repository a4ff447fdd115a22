#include <Eigen/Dense>

#include "eigen_shim.h"
#include "guarded.h"

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using ConstMap = Eigen::Map<const Matrix>;

ce_status ce_symmetric_eigen(const double *a, size_t n, double *values, double *vectors) {
  return guarded([&] {
    Eigen::SelfAdjointEigenSolver<Matrix> solver(ConstMap(a, n, n));
    if (solver.info() != Eigen::Success) return CE_NO_SOLUTION;
    Eigen::Map<Vector>(values, n) = solver.eigenvalues();
    Eigen::Map<Matrix>(vectors, n, n) = solver.eigenvectors();
    return CE_SUCCESS;
  });
}

ce_status ce_cholesky_solve(const double *lower, size_t n, const double *b, double *x) {
  return guarded([&] {
    ConstMap factor(lower, n, n);
    Eigen::Map<Vector> result(x, n);
    result = Eigen::Map<const Vector>(b, n);
    factor.triangularView<Eigen::Lower>().solveInPlace(result);
    factor.transpose().triangularView<Eigen::Upper>().solveInPlace(result);
    return result.allFinite() ? CE_SUCCESS : CE_NO_SOLUTION;
  });
}
