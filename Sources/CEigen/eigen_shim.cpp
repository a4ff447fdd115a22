#include "eigen_shim.h"

#include <Eigen/Dense>
#include <new>

using Matrix = Eigen::MatrixXd;
using ConstMap = Eigen::Map<const Matrix>;

// No C++ exception may cross into Swift.
template <class Body>
static int guarded(Body body) {
  try {
    return body();
  } catch (const std::bad_alloc &) {
    return 3;
  } catch (...) {
    return 2;
  }
}

int ce_symmetric_eigen(const double *a, size_t n, double *values, double *vectors) {
  return guarded([&] {
    Eigen::SelfAdjointEigenSolver<Matrix> solver(ConstMap(a, n, n));
    if (solver.info() != Eigen::Success) return 1;
    Eigen::Map<Eigen::VectorXd>(values, n) = solver.eigenvalues();
    Eigen::Map<Matrix>(vectors, n, n) = solver.eigenvectors();
    return 0;
  });
}
