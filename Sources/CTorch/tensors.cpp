#include "support.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace ctorch;

namespace {
template <class Scalar>
ct_tensor copied(const Scalar *values, const int64_t *shape, size_t rank, at::ScalarType type) {
  return made([&] {
    auto tensor = at::empty(dimensions(shape, rank), at::TensorOptions(type));
    std::copy_n(values, tensor.numel(), tensor.template data_ptr<Scalar>());
    return tensor.to(home());
  });
}

template <class Scalar>
bool copyOut(ct_tensor tensor, Scalar *out, size_t count, at::ScalarType type) {
  return guarded([&] {
    const auto values = tensor->value.detach().to(at::kCPU, type).contiguous();
    TORCH_CHECK(static_cast<size_t>(values.numel()) == count, "room for ", count, " of ", values.numel(), " values");
    std::copy_n(values.template data_ptr<Scalar>(), count, out);
    return true;
  });
}
}  // namespace

ct_tensor ct_from_float(const float *values, const int64_t *shape, size_t rank) {
  return copied(values, shape, rank, at::kFloat);
}
ct_tensor ct_from_double(const double *values, const int64_t *shape, size_t rank) {
  return copied(values, shape, rank, at::kDouble);
}
ct_tensor ct_from_int64(const int64_t *values, const int64_t *shape, size_t rank) {
  return copied(values, shape, rank, at::kLong);
}
ct_tensor ct_full(double value, const int64_t *shape, size_t rank, int dtype, int device) {
  return made([&] {
    return at::full(dimensions(shape, rank), value, at::TensorOptions(scalarType(dtype)).device(deviceOf(device)));
  });
}
ct_tensor ct_retain(ct_tensor tensor) {
  return made([&] { return tensor->value; });
}
void ct_free(ct_tensor tensor) { delete tensor; }

size_t ct_rank(ct_tensor tensor) { return static_cast<size_t>(tensor->value.dim()); }
void ct_shape(ct_tensor tensor, int64_t *out) {
  const auto sizes = tensor->value.sizes();
  std::copy(sizes.begin(), sizes.end(), out);
}
int ct_dtype(ct_tensor tensor) {
  switch (tensor->value.scalar_type()) {
    case at::kFloat: return CT_FLOAT32;
    case at::kBFloat16: return CT_BFLOAT16;
    case at::kLong: return CT_INT64;
    case at::kBool: return CT_BOOL;
    case at::kDouble: return CT_FLOAT64;
    default: return -1;
  }
}
int ct_device(ct_tensor tensor) {
  if (tensor->value.is_cuda()) return CT_CUDA;
  return tensor->value.device().type() == at::kMPS ? CT_MPS : CT_CPU;
}

bool ct_copy_float(ct_tensor tensor, float *out, size_t count) { return copyOut(tensor, out, count, at::kFloat); }
bool ct_copy_double(ct_tensor tensor, double *out, size_t count) { return copyOut(tensor, out, count, at::kDouble); }
bool ct_copy_int64(ct_tensor tensor, int64_t *out, size_t count) { return copyOut(tensor, out, count, at::kLong); }
double ct_item(ct_tensor tensor) {
  double value = std::numeric_limits<double>::quiet_NaN();
  guarded([&] { value = tensor->value.item<double>(); return true; });
  return value;
}
ct_tensor ct_to(ct_tensor tensor, int dtype, int device) {
  return made([&] { return tensor->value.to(deviceOf(device), scalarType(dtype)); });
}
ct_tensor ct_detach(ct_tensor tensor) {
  return made([&] { return tensor->value.detach(); });
}
bool ct_assign(ct_tensor target, ct_tensor source) {
  return guarded([&] {
    at::NoGradGuard off;
    TORCH_CHECK(target->value.sizes() == source->value.sizes(), "assignment of ", source->value.sizes(), " to ",
                target->value.sizes());
    target->value.copy_(source->value);
    return true;
  });
}
