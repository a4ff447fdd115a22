#include "support.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace ctorch;

namespace {
template <class Scalar>
ct_tensor copied(const Scalar *values, size_t count, const int64_t *shape, size_t rank, at::ScalarType type) {
  return newTensor([&] {
    size_t product = 1;
    for (size_t i = 0; i < rank; i++) {
      TORCH_CHECK(shape[i] >= 0, "a shape has a negative length");
      TORCH_CHECK(!__builtin_mul_overflow(product, static_cast<size_t>(shape[i]), &product), "a shape is too large");
    }
    TORCH_CHECK(product == count, count, " values for a shape of ", product);
    auto tensor = at::empty(dimensions(shape, rank), at::TensorOptions(type));
    std::copy_n(values, count, tensor.template data_ptr<Scalar>());
    return tensor.to(defaultDevice());
  });
}

template <class Scalar>
bool copyOut(ct_tensor tensor, Scalar *out, size_t count, at::ScalarType type) {
  return guarded([&] {
    const auto values = tensor->value.detach().to(at::kCPU, type).contiguous();
    TORCH_CHECK(static_cast<size_t>(values.numel()) == count, count, " places for ", values.numel(), " values");
    std::copy_n(values.template data_ptr<Scalar>(), count, out);
    return true;
  });
}
}  // namespace

ct_tensor ct_from_float(const float *values, size_t count, const int64_t *shape, size_t rank) {
  return copied(values, count, shape, rank, at::kFloat);
}
ct_tensor ct_from_double(const double *values, size_t count, const int64_t *shape, size_t rank) {
  return copied(values, count, shape, rank, at::kDouble);
}
ct_tensor ct_from_int64(const int64_t *values, size_t count, const int64_t *shape, size_t rank) {
  return copied(values, count, shape, rank, at::kLong);
}
ct_tensor ct_full(double value, const int64_t *shape, size_t rank, ct_element_type type, ct_device device) {
  return newTensor([&] {
    return at::full(dimensions(shape, rank), value, at::TensorOptions(scalarType(type)).device(torchDevice(device)));
  });
}
void ct_free(ct_tensor tensor) { delete tensor; }

size_t ct_rank(ct_tensor tensor) {
  return guarded([&] { return static_cast<size_t>(tensor->value.dim()); });
}
bool ct_shape(ct_tensor tensor, int64_t *out, size_t rank) {
  return guarded([&] {
    const auto sizes = tensor->value.sizes();
    TORCH_CHECK(sizes.size() == rank, rank, " places for ", sizes.size(), " dimensions");
    std::copy(sizes.begin(), sizes.end(), out);
    return true;
  });
}
ct_element_type ct_type_of(ct_tensor tensor) {
  return guarded([&] {
    switch (tensor->value.scalar_type()) {
      case at::kFloat: return CT_FLOAT32;
      case at::kBFloat16: return CT_BFLOAT16;
      case at::kLong: return CT_INT64;
      case at::kBool: return CT_BOOL;
      case at::kDouble: return CT_FLOAT64;
      default: return CT_OTHER_TYPE;
    }
  });
}
ct_device ct_device_of(ct_tensor tensor) {
  return guarded([&] {
    if (tensor->value.is_cuda()) return CT_CUDA;
    return tensor->value.device().type() == at::kMPS ? CT_MPS : CT_CPU;
  });
}

bool ct_copy_float(ct_tensor tensor, float *out, size_t count) { return copyOut(tensor, out, count, at::kFloat); }
bool ct_copy_double(ct_tensor tensor, double *out, size_t count) { return copyOut(tensor, out, count, at::kDouble); }
bool ct_copy_int64(ct_tensor tensor, int64_t *out, size_t count) { return copyOut(tensor, out, count, at::kLong); }
double ct_item(ct_tensor tensor) {
  double value = std::numeric_limits<double>::quiet_NaN();
  guarded([&] { value = tensor->value.item<double>(); return true; });
  return value;
}
ct_tensor ct_to(ct_tensor tensor, ct_element_type type, ct_device device) {
  return newTensor([&] { return tensor->value.to(torchDevice(device), scalarType(type)); });
}
ct_tensor ct_detach(ct_tensor tensor) {
  return newTensor([&] { return tensor->value.detach(); });
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
