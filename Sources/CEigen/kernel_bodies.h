// The matrix products and factorisations that a plan's time goes into. Included once for each set of instructions, inside
// a namespace of its own, after Eigen.

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using ConstMap = Eigen::Map<const Matrix>;

ce_status cholesky(const double *a, size_t n, double *lower) {
  return guarded([&] {
    Eigen::LLT<Matrix> factor(ConstMap(a, n, n));
    if (factor.info() != Eigen::Success) return CE_NO_SOLUTION;
    Eigen::Map<Matrix>(lower, n, n) = factor.matrixL();
    return CE_SUCCESS;
  });
}

ce_status advance_sensitivities(
    const ce_sensitivity_step *s, const ce_control_columns &where, double *data, size_t count) {
  return guarded([&] {
    if (s->n % 3 != 0) return CE_BAD_ARGUMENT;
    const Eigen::Index n = s->n, columns = count, nc = s->contacts;
    Eigen::Map<Matrix> x(data, 2 * n, columns);
    Matrix y = ConstMap(s->state, n, 2 * n) * x;
    ConstMap control(s->control, n, s->controls);
    const auto add = [&](size_t first, double weight) {
      if (first >= count || weight == 0) return;
      const Eigen::Index width = std::min(s->controls, count - first);
      y.middleCols(first, width) += weight * control.leftCols(width);
    };
    add(where.first, where.first_weight);
    add(where.second, where.second_weight);
    Eigen::LLT<Matrix> mass(ConstMap(s->mass, n, n));
    if (mass.info() != Eigen::Success) return CE_NO_SOLUTION;
    mass.solveInPlace(y);
    if (nc > 0) {
      ConstMap rows(s->contact_jacobian, nc, n);
      const Matrix reach = mass.solve(ConstMap(s->contact_forces, n, nc));
      Matrix soft = rows * reach;
      soft.diagonal() += Eigen::Map<const Vector>(s->compliance, nc);
      Matrix z = ConstMap(s->contact_state, nc, n) * x.topRows(n) - rows * y;
      y += reach * soft.partialPivLu().solve(z);
    }
    for (Eigen::Index b = 0; b < n / 3; b++) {
      const Eigen::Matrix3d rotation = Eigen::Map<const Eigen::Matrix3d>(s->rotations + 9 * b);
      const Matrix rotated = rotation * x.middleRows(3 * b, 3);
      x.middleRows(3 * b, 3) = rotated + s->step * y.middleRows(3 * b, 3);
    }
    x.bottomRows(n) = y;
    return CE_SUCCESS;
  });
}

ce_status accumulate(
    const double *j, size_t m, size_t columns, const double *r, size_t n, double *gram, double *gradient) {
  return guarded([&] {
    if (columns > n) return CE_BAD_ARGUMENT;
    ConstMap jacobian(j, m, columns);
    Eigen::Map<Matrix, 0, Eigen::OuterStride<>> top(gram, columns, columns, Eigen::OuterStride<>(n));
    top.selfadjointView<Eigen::Lower>().rankUpdate(jacobian.transpose());
    Eigen::Map<Vector>(gradient, columns) += jacobian.transpose() * Eigen::Map<const Vector>(r, m);
    return CE_SUCCESS;
  });
}
