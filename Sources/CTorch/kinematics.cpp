#include "support.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linalg_cross.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <vector>

using namespace ctorch;

// Forward kinematics of rows of features and its derivative, a frame at a time: composed of tensor operations it takes
// over a hundred of them, whose cost is all overhead.
namespace {
struct Tree {
  std::vector<int64_t> parents;  // -1 for joint 0; a parent comes before its children
  std::vector<double> offsets;   // three a joint
  int64_t rotations;             // the column where joint 0's six numbers start
  int64_t height;                // the column of the root's height
  size_t count() const { return parents.size(); }
};

template <class S>
struct Vector {
  S x, y, z;
  Vector operator+(Vector o) const { return {x + o.x, y + o.y, z + o.z}; }
  Vector operator-(Vector o) const { return {x - o.x, y - o.y, z - o.z}; }
  Vector operator*(S s) const { return {x * s, y * s, z * s}; }
  S dot(Vector o) const { return x * o.x + y * o.y + z * o.z; }
  Vector cross(Vector o) const { return {y * o.z - z * o.y, z * o.x - x * o.z, x * o.y - y * o.x}; }
};

// A matrix by its columns.
template <class S>
struct Matrix {
  Vector<S> a, b, c;
  Vector<S> act(Vector<S> v) const { return a * v.x + b * v.y + c * v.z; }
  Vector<S> actTransposed(Vector<S> v) const { return {a.dot(v), b.dot(v), c.dot(v)}; }
  Matrix times(const Matrix &o) const { return {act(o.a), act(o.b), act(o.c)}; }
  void add(const Matrix &o) { a = a + o.a, b = b + o.b, c = c + o.c; }
};

// Gram and Schmidt's method, with what its derivative needs.
template <class S>
struct Frame {
  Matrix<S> matrix;
  Vector<S> second;
  S firstLength, secondLength, overlap;

  explicit Frame(const S *six) {
    const Vector<S> x{six[0], six[1], six[2]};
    second = {six[3], six[4], six[5]};
    firstLength = std::sqrt(x.dot(x) + S(1e-12));
    matrix.a = x * (1 / firstLength);
    overlap = matrix.a.dot(second);
    const auto rest = second - matrix.a * overlap;
    secondLength = std::sqrt(rest.dot(rest) + S(1e-12));
    matrix.b = rest * (1 / secondLength);
    matrix.c = matrix.a.cross(matrix.b);
  }

  void backward(Matrix<S> d, S *six) const {
    const auto &a = matrix.a, &b = matrix.b;
    d.a = d.a + b.cross(d.c);
    d.b = d.b + d.c.cross(a);
    const auto rest = (d.b - b * b.dot(d.b)) * (1 / secondLength);
    const S along = a.dot(rest);
    const auto y = rest - a * along;
    d.a = d.a - second * along - rest * overlap;
    const auto x = (d.a - a * a.dot(d.a)) * (1 / firstLength);
    six[0] += x.x, six[1] += x.y, six[2] += x.z, six[3] += y.x, six[4] += y.y, six[5] += y.z;
  }
};

template <class S>
void pose(const Tree &tree, const S *row, std::vector<Frame<S>> &local, std::vector<Matrix<S>> &world,
          std::vector<Vector<S>> &places) {
  local.clear();
  for (size_t j = 0; j < tree.count(); j++) {
    local.emplace_back(row + tree.rotations + 6 * j);
    if (tree.parents[j] < 0) {
      world[j] = local[j].matrix;
      places[j] = {0, row[tree.height], 0};
      continue;
    }
    const auto p = static_cast<size_t>(tree.parents[j]);
    const double *o = &tree.offsets[3 * j];
    world[j] = world[p].times(local[j].matrix);
    places[j] = places[p] + world[p].act({S(o[0]), S(o[1]), S(o[2])});
  }
}

template <class S>
at::Tensor forwardRows(const Tree &tree, const at::Tensor &rows) {
  const int64_t count = rows.size(0), width = rows.size(1), joints = tree.count();
  auto out = at::empty({count, joints, 3}, rows.options());
  const S *in = rows.template data_ptr<S>();
  S *positions = out.template data_ptr<S>();
  inParallel(count, 64, [&](int64_t begin, int64_t end) {
    std::vector<Frame<S>> local;
    local.reserve(joints);
    std::vector<Matrix<S>> world(joints);
    std::vector<Vector<S>> places(joints);
    for (int64_t n = begin; n < end; n++) {
      pose(tree, in + n * width, local, world, places);
      for (int64_t j = 0; j < joints; j++) {
        S *p = positions + (n * joints + j) * 3;
        p[0] = places[j].x, p[1] = places[j].y, p[2] = places[j].z;
      }
    }
  });
  return out;
}

template <class S>
at::Tensor backwardRows(const Tree &tree, const at::Tensor &rows, const at::Tensor &gradient) {
  const int64_t count = rows.size(0), width = rows.size(1), joints = tree.count();
  auto out = at::zeros_like(rows);
  const S *in = rows.template data_ptr<S>(), *given = gradient.template data_ptr<S>();
  S *result = out.template data_ptr<S>();
  inParallel(count, 64, [&](int64_t begin, int64_t end) {
    std::vector<Frame<S>> local;
    local.reserve(joints);
    std::vector<Matrix<S>> world(joints), turned(joints);
    std::vector<Vector<S>> places(joints), moved(joints);
    for (int64_t n = begin; n < end; n++) {
      pose(tree, in + n * width, local, world, places);
      for (int64_t j = 0; j < joints; j++) {
        const S *g = given + (n * joints + j) * 3;
        moved[j] = {g[0], g[1], g[2]};
        turned[j] = {};
      }
      for (int64_t j = joints - 1; j > 0; j--) {
        const auto p = static_cast<size_t>(tree.parents[j]);
        const double *o = &tree.offsets[3 * j];
        const auto &r = local[j].matrix;
        const auto &d = turned[j];
        moved[p] = moved[p] + moved[j];
        // By the parent's orientation: through the offset, and through the child's orientation, d r^T.
        turned[p].add({moved[j] * S(o[0]), moved[j] * S(o[1]), moved[j] * S(o[2])});
        turned[p].add({
          d.a * r.a.x + d.b * r.b.x + d.c * r.c.x, d.a * r.a.y + d.b * r.b.y + d.c * r.c.y,
          d.a * r.a.z + d.b * r.b.z + d.c * r.c.z});
        const Matrix<S> derivative{
          world[p].actTransposed(d.a), world[p].actTransposed(d.b), world[p].actTransposed(d.c)};
        local[j].backward(derivative, result + n * width + tree.rotations + 6 * j);
      }
      local[0].backward(turned[0], result + n * width + tree.rotations);
      result[n * width + tree.height] += moved[0].y;
    }
  });
  return out;
}

struct Kinematics : torch::autograd::Function<Kinematics> {
  static at::Tensor forward(
    torch::autograd::AutogradContext *context, const at::Tensor &input, std::vector<int64_t> parents,
    std::vector<double> offsets, int64_t rotations, int64_t height) {
    const Tree tree{parents, offsets, rotations, height};
    const auto rows = input.contiguous();
    context->save_for_backward({rows});
    context->saved_data["parents"] = std::move(parents);
    context->saved_data["offsets"] = std::move(offsets);
    context->saved_data["rotations"] = rotations;
    context->saved_data["height"] = height;
    return rows.scalar_type() == at::kDouble ? forwardRows<double>(tree, rows) : forwardRows<float>(tree, rows);
  }

  static torch::autograd::variable_list backward(
    torch::autograd::AutogradContext *context, torch::autograd::variable_list gradients) {
    const Tree tree{
      context->saved_data["parents"].toIntVector(), context->saved_data["offsets"].toDoubleVector(),
      context->saved_data["rotations"].toInt(), context->saved_data["height"].toInt()};
    const auto rows = context->get_saved_variables()[0];
    const auto gradient = gradients[0].to(rows.scalar_type()).contiguous();
    const auto result = rows.scalar_type() == at::kDouble ? backwardRows<double>(tree, rows, gradient)
                                                          : backwardRows<float>(tree, rows, gradient);
    return {result, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

// The same by tensor operations, a level of the tree at a time: for accelerators, and as the reference in tests. Parents
// are picked by products with matrices of zeros and ones, whose derivatives are products as well.
struct Levels {
  at::Tensor order;                  // [joints, joints]: joints in the order of the levels
  std::vector<at::Tensor> parents;   // [the level's joints, the joints of the level above]
  std::vector<at::Tensor> offsets;   // [level's joints, 3, 1]
  std::vector<int64_t> starts;       // the index in the order where a level starts

  Levels(const Tree &tree, const at::TensorOptions &options) {
    const int64_t joints = tree.count();
    std::vector<int64_t> depth(joints, 0), listed, place(joints, 0);
    for (int64_t j = 1; j < joints; j++) depth[j] = depth[tree.parents[j]] + 1;
    const int64_t last = *std::max_element(depth.begin(), depth.end());
    int64_t before = 0;
    for (int64_t level = 0; level <= last; level++) {
      std::vector<int64_t> members;
      for (int64_t j = 0; j < joints; j++) if (depth[j] == level) members.push_back(j);
      starts.push_back(listed.size());
      const int64_t count = members.size();
      auto picked = at::zeros({count, std::max<int64_t>(before, 1)}, at::kDouble);
      auto offset = at::zeros({count, 3, 1}, at::kDouble);
      for (int64_t k = 0; k < count; k++) {
        place[members[k]] = k;
        if (level > 0) picked[k][place[tree.parents[members[k]]]] = 1;
        for (int64_t axis = 0; axis < 3; axis++) offset[k][axis][0] = tree.offsets[3 * members[k] + axis];
        listed.push_back(members[k]);
      }
      parents.push_back(picked.to(options.device(), options.dtype().toScalarType()));
      offsets.push_back(offset.to(options.device(), options.dtype().toScalarType()));
      before = count;
    }
    starts.push_back(joints);
    auto matrix = at::zeros({joints, joints}, at::kDouble);
    for (int64_t k = 0; k < joints; k++) matrix[k][listed[k]] = 1;
    order = matrix.to(options.device(), options.dtype().toScalarType());
  }
};

// Made once for a tree, a device and a type: making one copies a dozen small tensors.
const Levels &levels(const Tree &tree, const at::TensorOptions &options) {
  static std::mutex guard;
  static std::map<std::string, std::unique_ptr<Levels>> cache;
  std::ostringstream key;
  key.precision(17);
  key << options.device() << options.dtype().name();
  for (const auto parent : tree.parents) key << ' ' << parent;
  for (const auto offset : tree.offsets) key << ' ' << offset;
  std::lock_guard<std::mutex> lock(guard);
  auto &entry = cache[key.str()];
  if (!entry) {
    at::NoGradGuard constant;
    entry = std::make_unique<Levels>(tree, options);
  }
  return *entry;
}

at::Tensor composed(const Tree &tree, const at::Tensor &rows) {
  const int64_t count = rows.size(0), joints = tree.count();
  const auto &plan = levels(tree, rows.options());
  const auto six = at::matmul(plan.order, rows.narrow(1, tree.rotations, 6 * joints).reshape({count, joints, 6}));
  const auto unit = [](const at::Tensor &v) { return v / ((v * v).sum(-1, true) + 1e-12).sqrt(); };
  const auto second = six.narrow(2, 3, 3);
  const auto a = unit(six.narrow(2, 0, 3));
  const auto b = unit(second - a * (a * second).sum(-1, true));
  const auto local = at::stack({a, b, at::linalg_cross(a, b, -1)}, -1);
  auto world = local.narrow(1, 0, 1);
  auto places = at::constant_pad_nd(rows.narrow(1, tree.height, 1).reshape({count, 1, 1}), {1, 1});
  std::vector<at::Tensor> all{places};
  for (size_t level = 1; level < plan.parents.size(); level++) {
    const int64_t start = plan.starts[level], length = plan.starts[level + 1] - start;
    const auto &picked = plan.parents[level];
    const auto above = at::matmul(picked, world.reshape({count, -1, 9})).reshape({count, length, 3, 3});
    world = at::matmul(above, local.narrow(1, start, length));
    places = at::matmul(picked, places) + at::matmul(above, plan.offsets[level]).squeeze(-1);
    all.push_back(places);
  }
  return at::matmul(plan.order.t(), at::cat(all, 1));
}
}  // namespace

ct_tensor ct_kinematics(
  ct_tensor rows, const int64_t *parents, const double *offsets, size_t joints, int64_t rotations, int64_t height,
  bool fromParts) {
  return newTensor([&] {
    const auto &x = rows->value;
    TORCH_CHECK(x.dim() == 2, "kinematics takes rows of features");
    TORCH_CHECK(joints > 0, "kinematics takes at least one joint");
    TORCH_CHECK(fromParts || x.is_cpu(), "one pass of kinematics takes rows in the processor's memory");
    TORCH_CHECK(x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble, "kinematics takes float32 or float64");
    TORCH_CHECK(
      rotations >= 0 && rotations + 6 * static_cast<int64_t>(joints) <= x.size(1) && height >= 0 && height < x.size(1),
      "the rows are too short for ", joints, " joints");
    for (size_t j = 0; j < joints; j++) {
      TORCH_CHECK(j == 0 ? parents[j] < 0 : parents[j] >= 0 && parents[j] < static_cast<int64_t>(j),
                  "parents come before their children");
    }
    if (fromParts) {
      return composed(
        Tree{std::vector<int64_t>(parents, parents + joints), std::vector<double>(offsets, offsets + 3 * joints),
             rotations, height},
        x);
    }
    return Kinematics::apply(
      x, std::vector<int64_t>(parents, parents + joints), std::vector<double>(offsets, offsets + 3 * joints), rotations,
      height);
  });
}
