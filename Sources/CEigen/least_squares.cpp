#include "eigen_shim.h"

#include <Eigen/Dense>
#include <cmath>
#include <vector>

#include "guarded.h"

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using ConstMap = Eigen::Map<const Matrix>;

namespace {

// Lawson and Hanson, "Solving Least Squares Problems" (1974), chapter 23, on the normal equations: the passive set of
// our problems is never larger than a handful, so that a small Cholesky factorisation a step is cheapest.
struct NonNegative {
  const Matrix gram;
  const Vector target;
  Vector x;
  std::vector<Eigen::Index> passive;
  std::vector<char> isPassive;

  NonNegative(Matrix g, Vector t)
      : gram(std::move(g)), target(std::move(t)), x(Vector::Zero(target.size())), isPassive(target.size(), 0) {}

  Vector passiveSolution() const {
    const Eigen::Index k = passive.size();
    Matrix g(k, k);
    Vector t(k);
    for (Eigen::Index i = 0; i < k; i++) {
      t[i] = target[passive[i]];
      for (Eigen::Index j = 0; j < k; j++) g(i, j) = gram(passive[i], passive[j]);
    }
    return g.ldlt().solve(t);
  }

  // Moves x towards the solution of the passive set until a member meets zero, and drops those that did.
  bool advance() {
    const Vector z = passiveSolution();
    double step = 1;
    for (size_t i = 0; i < passive.size(); i++) {
      const double now = x[passive[i]];
      if (z[i] <= 0) step = std::min(step, now / (now - z[i]));
    }
    std::vector<Eigen::Index> kept;
    for (size_t i = 0; i < passive.size(); i++) {
      const Eigen::Index j = passive[i];
      x[j] += step * (z[i] - x[j]);
      if (step < 1 && z[i] <= 0 && x[j] < 1e-14) {
        x[j] = 0;
        isPassive[j] = 0;
      } else {
        kept.push_back(j);
      }
    }
    const bool done = step >= 1;
    const bool shrank = kept.size() < passive.size();
    passive.swap(kept);
    return done || !shrank;
  }

  // Stops at the best point so far after a bounded number of rounds: it is feasible, and rounding alone keeps it from
  // the last digit.
  void solve() {
    const double tolerance = 1e-10 * (1 + target.cwiseAbs().maxCoeff());
    const Eigen::Index limit = 3 * target.size() + 30;
    for (Eigen::Index round = 0; round < limit; round++) {
      const Vector gradient = target - gram * x;
      Eigen::Index best = -1;
      for (Eigen::Index j = 0; j < target.size(); j++)
        if (!isPassive[j] && gradient[j] > tolerance && (best < 0 || gradient[j] > gradient[best])) best = j;
      if (best < 0) return;
      passive.push_back(best);
      isPassive[best] = 1;
      while (!passive.empty() && !advance()) {
      }
      for (Eigen::Index j = 0; j < x.size(); j++) x[j] = std::max(x[j], 0.0);
    }
  }
};

// The same problem with a ridge and far more columns than rows, through its dual: with y = b - A x of length m, the best
// x is max(0, A^T y) / ridge, and y maximises the smooth concave b.y - |y|^2/2 - |max(0, A^T y)|^2 / (2 ridge). Newton's
// method with backtracking needs a handful of m x m factorisations, however many of the x are positive.
class DualNonNegative {
 public:
  DualNonNegative(const ConstMap &a, const Eigen::Map<const Vector> &b, double ridge) : a(a), b(b), ridge(ridge) {}

  Vector solve() const {
    Vector y = b;
    Vector u = (a.transpose() * y).cwiseMax(0);
    double value = objective(y, u);
    for (int round = 0; round < 200; round++) {
      const Vector gradient = b - y - a * u / ridge;
      if (gradient.norm() <= 1e-11 * (1 + b.norm())) break;
      Matrix curvature = Matrix::Identity(y.size(), y.size());
      for (Eigen::Index j = 0; j < u.size(); j++)
        if (u[j] > 0) curvature.noalias() += a.col(j) * a.col(j).transpose() / ridge;
      const Vector step = curvature.llt().solve(gradient);
      const double slope = gradient.dot(step);
      double length = 1;
      bool advanced = false;
      for (int halving = 0; halving < 40 && !advanced; halving++, length /= 2) {
        const Vector next = y + length * step;
        const Vector nextU = (a.transpose() * next).cwiseMax(0);
        const double nextValue = objective(next, nextU);
        if (nextValue < value + 1e-4 * length * slope) continue;
        advanced = nextValue > value;
        y = next;
        u = nextU;
        value = nextValue;
        break;
      }
      if (!advanced) break;
    }
    return u / ridge;
  }

 private:
  double objective(const Vector &y, const Vector &u) const {
    return b.dot(y) - y.squaredNorm() / 2 - u.squaredNorm() / (2 * ridge);
  }

  const ConstMap &a;
  const Eigen::Map<const Vector> &b;
  const double ridge;
};

}  // namespace

ce_status ce_nonnegative_least_squares(const double *a, size_t m, size_t n, const double *b, double ridge, double *x) {
  return guarded([&] {
    if (n == 0) return CE_SUCCESS;
    ConstMap matrix(a, m, n);
    Eigen::Map<const Vector> right(b, m);
    if (!matrix.allFinite() || !right.allFinite() || !(ridge >= 0)) return CE_BAD_ARGUMENT;
    if (ridge > 0 && n > m) {
      Eigen::Map<Vector>(x, n) = DualNonNegative(matrix, right, ridge).solve();
      return CE_SUCCESS;
    }
    Matrix gram = matrix.transpose() * matrix;
    gram.diagonal().array() += ridge;
    NonNegative problem(std::move(gram), matrix.transpose() * right);
    problem.solve();
    Eigen::Map<Vector>(x, n) = problem.x;
    return CE_SUCCESS;
  });
}

ce_status ce_least_squares(const double *a, size_t m, size_t n, const double *b, double ridge, double *x) {
  return guarded([&] {
    ConstMap matrix(a, m, n);
    Eigen::Map<const Vector> right(b, m);
    if (!matrix.allFinite() || !right.allFinite() || !(ridge >= 0)) return CE_BAD_ARGUMENT;
    Eigen::Map<Vector> result(x, n);
    if (ridge == 0) {
      result = matrix.completeOrthogonalDecomposition().solve(right);
    } else {
      Matrix stacked(m + n, n);
      stacked << matrix, std::sqrt(ridge) * Matrix::Identity(n, n);
      Vector extended(m + n);
      extended << right, Vector::Zero(n);
      result = stacked.householderQr().solve(extended);
    }
    return result.allFinite() ? CE_SUCCESS : CE_NO_SOLUTION;
  });
}
