#include "support.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/gelu_backward.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/logical_and.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/minimum.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/where.h>

#include <torch/csrc/autograd/custom_function.h>

#include <memory>
#include <vector>

using namespace ctorch;

namespace {
// libtorch 1.13's derivative of GELU treats a gradient's memory as dense even where it is a permuted view, and returns
// garbage: here both are made dense first.
struct Gelu : torch::autograd::Function<Gelu> {
  static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &input) {
    const auto x = input.contiguous();
    context->save_for_backward({x});
    return at::gelu(x);
  }
  static torch::autograd::variable_list backward(
    torch::autograd::AutogradContext *context, torch::autograd::variable_list gradients) {
    const auto x = context->get_saved_variables()[0];
    return {at::gelu_backward(gradients[0].to(x.scalar_type()).contiguous(), x)};
  }
};

std::vector<at::Tensor> listed(const ct_tensor *tensors, size_t count) {
  std::vector<at::Tensor> list;
  list.reserve(count);
  for (size_t i = 0; i < count; i++) list.push_back(tensors[i]->value);
  return list;
}
}  // namespace

ct_tensor ct_unary(ct_unary_operation operation, ct_tensor tensor) {
  return newTensor([&]() -> at::Tensor {
    const auto &x = tensor->value;
    switch (operation) {
      case CT_NEGATE: return -x;
      case CT_ABS: return x.abs();
      case CT_EXP: return x.exp();
      case CT_LOG: return x.log();
      case CT_SQRT: return x.sqrt();
      case CT_RSQRT: return x.rsqrt();
      case CT_SIN: return x.sin();
      case CT_COS: return x.cos();
      case CT_TANH: return x.tanh();
      case CT_SIGMOID: return x.sigmoid();
      case CT_RELU: return x.relu();
      case CT_GELU: return Gelu::apply(x);
      case CT_SILU: return at::silu(x);
      case CT_SQUARE: return x * x;
      case CT_NOT: return x.logical_not();
      case CT_IS_FINITE: return at::isfinite(x);
      default: TORCH_CHECK(false, "no such operation: ", static_cast<int>(operation));
    }
  });
}

ct_tensor ct_binary(ct_binary_operation operation, ct_tensor left, ct_tensor right) {
  return newTensor([&]() -> at::Tensor {
    const auto &a = left->value;
    const auto &b = right->value;
    switch (operation) {
      case CT_ADD: return a + b;
      case CT_SUBTRACT: return a - b;
      case CT_MULTIPLY: return a * b;
      case CT_DIVIDE: return a / b;
      case CT_MAXIMUM: return at::maximum(a, b);
      case CT_MINIMUM: return at::minimum(a, b);
      case CT_LESS: return a < b;
      case CT_LESS_EQUAL: return a <= b;
      case CT_GREATER: return a > b;
      case CT_EQUAL: return a == b;
      case CT_AND: return at::logical_and(a, b);
      default: TORCH_CHECK(false, "no such operation: ", static_cast<int>(operation));
    }
  });
}

ct_tensor ct_scalar(ct_scalar_operation operation, ct_tensor tensor, double s) {
  return newTensor([&]() -> at::Tensor {
    const auto &x = tensor->value;
    switch (operation) {
      case CT_PLUS: return x + s;
      case CT_TIMES: return x * s;
      case CT_POWER: return x.pow(s);
      case CT_AT_LEAST: return x.clamp_min(s);
      case CT_AT_MOST: return x.clamp_max(s);
      case CT_BELOW: return x < s;
      case CT_ABOVE: return x > s;
      case CT_LEAKY_RELU: return at::leaky_relu(x, s);
      default: TORCH_CHECK(false, "no such operation: ", static_cast<int>(operation));
    }
  });
}

ct_tensor ct_where(ct_tensor condition, ct_tensor yes, ct_tensor no) {
  return newTensor([&] { return at::where(condition->value, yes->value, no->value); });
}
ct_tensor ct_masked_fill(ct_tensor x, ct_tensor mask, double value) {
  return newTensor([&] { return x->value.masked_fill(mask->value, value); });
}

ct_tensor ct_reduce(ct_reduction operation, ct_tensor tensor, const int64_t *dims, size_t count, bool keep) {
  return newTensor([&]() -> at::Tensor {
    const auto &x = tensor->value;
    std::vector<int64_t> over(dims, dims + count);
    if (count == 0) for (int64_t d = 0; d < x.dim(); d++) over.push_back(d);
    switch (operation) {
      case CT_SUM: return x.sum(over, keep);
      case CT_MEAN: return x.mean(over, keep);
      case CT_MAX: return x.amax(over, keep);
      case CT_MIN: return x.amin(over, keep);
      default: TORCH_CHECK(false, "no such reduction: ", static_cast<int>(operation));
    }
  });
}
ct_tensor ct_softmax(ct_tensor x, int64_t d) {
  return newTensor([&] { return at::softmax(x->value, d); });
}
ct_tensor ct_log_softmax(ct_tensor x, int64_t d) {
  return newTensor([&] { return at::log_softmax(x->value, d); });
}
ct_tensor ct_cumulative_sum(ct_tensor x, int64_t d) {
  return newTensor([&] { return x->value.cumsum(d); });
}
ct_tensor ct_argmax(ct_tensor x, int64_t d) {
  return newTensor([&] { return x->value.argmax(d); });
}

ct_tensor ct_reshape(ct_tensor x, const int64_t *shape, size_t rank) {
  return newTensor([&] { return x->value.reshape(dimensions(shape, rank)); });
}
ct_tensor ct_permute(ct_tensor x, const int64_t *order, size_t rank) {
  return newTensor([&] { return x->value.permute(dimensions(order, rank)); });
}
ct_tensor ct_expand(ct_tensor x, const int64_t *shape, size_t rank) {
  return newTensor([&] { return x->value.expand(dimensions(shape, rank)); });
}
ct_tensor ct_narrow(ct_tensor x, int64_t d, int64_t start, int64_t length) {
  return newTensor([&] { return x->value.narrow(d, start, length); });
}
ct_tensor ct_select(ct_tensor x, int64_t d, int64_t index) {
  return newTensor([&] { return x->value.select(d, index); });
}
ct_tensor ct_unsqueeze(ct_tensor x, int64_t d) {
  return newTensor([&] { return x->value.unsqueeze(d); });
}
ct_tensor ct_index_select(ct_tensor x, int64_t d, ct_tensor indices) {
  return newTensor([&] { return x->value.index_select(d, indices->value); });
}
ct_tensor ct_flip(ct_tensor x, int64_t d) {
  return newTensor([&] { return x->value.flip({d}); });
}
bool ct_unbind(ct_tensor x, int64_t d, ct_tensor *out, size_t count) {
  return guarded([&] {
    const auto parts = x->value.unbind(d);
    TORCH_CHECK(parts.size() == count, count, " places for ", parts.size(), " parts");
    std::vector<std::unique_ptr<ct_tensor_s>> handles;
    for (const auto &part : parts) handles.emplace_back(new ct_tensor_s{part});
    for (size_t i = 0; i < count; i++) out[i] = handles[i].release();
    return true;
  });
}
ct_tensor ct_concatenate(const ct_tensor *tensors, size_t count, int64_t d) {
  return newTensor([&] { return at::cat(listed(tensors, count), d); });
}
ct_tensor ct_stack(const ct_tensor *tensors, size_t count, int64_t d) {
  return newTensor([&] { return at::stack(listed(tensors, count), d); });
}
