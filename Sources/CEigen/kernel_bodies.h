// The matrix products and factorisations that a plan's time goes into. Included once for each set of instructions, inside
// a namespace of its own, after Eigen.

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using ConstMap = Eigen::Map<const Matrix>;

int cholesky(const double *a, size_t n, double *lower) {
  return guarded([&] {
    Eigen::LLT<Matrix> factor(ConstMap(a, n, n));
    if (factor.info() != Eigen::Success) return 1;
    Eigen::Map<Matrix>(lower, n, n) = factor.matrixL();
    return 0;
  });
}

int advance(const ce_linear_step *s, double *data) {
  return guarded([&] {
    const Eigen::Index n = s->n, columns = s->columns, nc = s->contacts;
    Eigen::Map<Matrix> x(data, 2 * n, columns);
    Matrix y = ConstMap(s->state, n, 2 * n) * x;
    ConstMap control(s->control, n, s->controls);
    const auto add = [&](size_t first, double weight) {
      if (first >= s->columns || weight == 0) return;
      const Eigen::Index width = std::min(s->controls, s->columns - first);
      y.middleCols(first, width) += weight * control.leftCols(width);
    };
    add(s->first, s->first_weight);
    add(s->second, s->second_weight);
    Eigen::LLT<Matrix> mass(ConstMap(s->mass, n, n));
    if (mass.info() != Eigen::Success) return 1;
    mass.solveInPlace(y);
    if (nc > 0) {
      ConstMap rows(s->rows, nc, n);
      const Matrix reach = mass.solve(ConstMap(s->pushes, n, nc));
      Matrix soft = rows * reach;
      soft.diagonal() += Eigen::Map<const Vector>(s->compliance, nc);
      Matrix z = ConstMap(s->row_state, nc, n) * x.topRows(n) - rows * y;
      y += reach * soft.partialPivLu().solve(z);
    }
    for (Eigen::Index b = 0; b < n / 3; b++) {
      const Eigen::Matrix3d turn = Eigen::Map<const Eigen::Matrix3d>(s->turns + 9 * b);
      const Matrix turned = turn * x.middleRows(3 * b, 3);
      x.middleRows(3 * b, 3) = turned + s->step * y.middleRows(3 * b, 3);
    }
    x.bottomRows(n) = y;
    return 0;
  });
}

void accumulate(
    const double *j, size_t m, size_t columns, const double *r, size_t n, double *gram, double *gradient) {
  ConstMap jacobian(j, m, columns);
  Eigen::Map<Matrix, 0, Eigen::OuterStride<>> top(gram, columns, columns, Eigen::OuterStride<>(n));
  top.selfadjointView<Eigen::Lower>().rankUpdate(jacobian.transpose());
  Eigen::Map<Vector>(gradient, columns) += jacobian.transpose() * Eigen::Map<const Vector>(r, m);
}
