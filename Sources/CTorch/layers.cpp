#include "support.hpp"

#include <ATen/ops/conv1d.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/group_norm.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>
#if TORCH_VERSION_MAJOR >= 2
#include <ATen/ops/scaled_dot_product_attention.h>
#endif

#include <cmath>

using namespace ctorch;

ct_tensor ct_matmul(ct_tensor a, ct_tensor b) {
  return newTensor([&] { return at::matmul(a->value, b->value); });
}
ct_tensor ct_linear(ct_tensor x, ct_tensor weight, ct_tensor bias) {
  return newTensor([&] { return at::linear(x->value, weight->value, optional(bias)); });
}
ct_tensor ct_conv1d(
  ct_tensor x, ct_tensor weight, ct_tensor bias, int64_t stride, int64_t padding, int64_t dilation, int64_t groups) {
  return newTensor([&] {
#if TORCH_VERSION_MAJOR < 2
    // A bfloat16 convolution of libtorch 1.13 took 13 times as long as one in float32 where it was measured.
    if (x->value.is_cpu()) {
      c10::impl::ExcludeDispatchKeyGuard exact(c10::DispatchKey::AutocastCPU);
      return at::conv1d(
        x->value.to(weight->value.scalar_type()), weight->value, optional(bias), {stride}, at::IntArrayRef({padding}),
        {dilation}, groups);
    }
#endif
    return at::conv1d(x->value, weight->value, optional(bias), {stride}, at::IntArrayRef({padding}), {dilation}, groups);
  });
}
ct_tensor ct_layer_norm(ct_tensor x, ct_tensor weight, ct_tensor bias, double epsilon) {
  return newTensor([&] {
    return at::layer_norm(x->value, {x->value.size(-1)}, optional(weight), optional(bias), epsilon);
  });
}
ct_tensor ct_group_norm(ct_tensor x, int64_t groups, ct_tensor weight, ct_tensor bias, double epsilon) {
  return newTensor([&] { return at::group_norm(x->value, groups, optional(weight), optional(bias), epsilon); });
}
ct_tensor ct_embedding(ct_tensor table, ct_tensor indices) {
  return newTensor([&] { return at::embedding(table->value, indices->value); });
}
ct_tensor ct_attention(ct_tensor q, ct_tensor k, ct_tensor v, ct_tensor mask) {
  return newTensor([&] {
#if TORCH_VERSION_MAJOR >= 2
    return at::scaled_dot_product_attention(q->value, k->value, v->value, optional(mask));
#else
    const double scale = 1 / std::sqrt(static_cast<double>(q->value.size(-1)));
    auto scores = at::matmul(q->value * scale, k->value.transpose(-2, -1));
    if (mask) scores = scores + mask->value;
    return at::matmul(at::softmax(scores, -1), v->value);
#endif
  });
}
