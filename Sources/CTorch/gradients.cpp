#include "support.hpp"

#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_addcdiv.h>
#include <ATen/ops/_foreach_addcmul.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/_foreach_sqrt.h>
#include <ATen/ops/stack.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

using namespace ctorch;

namespace {
struct AdamW {
  float rate, beta1, beta2, epsilon, keep, scale, secondCorrection;

  // One pass over a parameter: both moments and the parameter itself.
  void step(float *p, float *m, float *v, const float *g, int64_t begin, int64_t end) const {
    for (int64_t k = begin; k < end; k++) {
      const float gradient = g[k] * scale;
      m[k] = beta1 * m[k] + (1 - beta1) * gradient;
      v[k] = beta2 * v[k] + (1 - beta2) * gradient * gradient;
      p[k] = p[k] * keep - rate * m[k] / (std::sqrt(v[k] * secondCorrection) + epsilon);
    }
  }

  // All parameters together: an accelerator waits for launches, not for sums.
  void step(const std::vector<at::Tensor> &p, const std::vector<at::Tensor> &m, const std::vector<at::Tensor> &v,
            const std::vector<at::Tensor> &g) const {
    const auto gradients = at::_foreach_mul(g, scale);
    at::_foreach_mul_(m, beta1);
    at::_foreach_add_(m, gradients, 1 - beta1);
    at::_foreach_mul_(v, beta2);
    at::_foreach_addcmul_(v, gradients, gradients, 1 - beta2);
    const auto roots = at::_foreach_mul(v, secondCorrection);
    at::_foreach_sqrt_(roots);
    at::_foreach_add_(roots, epsilon);
    at::_foreach_mul_(p, keep);
    at::_foreach_addcdiv_(p, m, roots, -rate);
  }
};

// The pass over the memory below reads raw pointers: everything that it assumes is checked here.
void checkForAdamW(const at::Tensor &parameter, const at::Tensor &first, const at::Tensor &second) {
  for (const auto *tensor : {&parameter, &first, &second}) {
    TORCH_CHECK(tensor->scalar_type() == at::kFloat, "AdamW takes float32, not ", tensor->scalar_type());
    TORCH_CHECK(tensor->is_contiguous(), "AdamW takes contiguous tensors");
    TORCH_CHECK(tensor->sizes() == parameter.sizes(), "a moment has the shape ", tensor->sizes(), ", its parameter ",
                parameter.sizes());
    TORCH_CHECK(tensor->device() == parameter.device(), "a moment and its parameter lie on two devices");
  }
  const auto &gradient = parameter.grad();
  if (!gradient.defined()) return;
  TORCH_CHECK(gradient.scalar_type() == at::kFloat && gradient.sizes() == parameter.sizes(),
              "a gradient has another type or shape than its parameter");
}

bool onProcessor(const ct_tensor *tensors, size_t count) {
  return std::all_of(tensors, tensors + count, [](ct_tensor tensor) { return tensor->value.is_cpu(); });
}
}  // namespace

bool ct_require_gradient(ct_tensor x, bool on) {
  return guarded([&] { x->value.requires_grad_(on); return true; });
}
bool ct_requires_gradient(ct_tensor x, bool *out) {
  return guarded([&] { *out = x->value.requires_grad(); return true; });
}
bool ct_backward(ct_tensor x) {
  return guarded([&] { x->value.backward(); return true; });
}
bool ct_gradient(ct_tensor x, ct_tensor *out) {
  return guarded([&] {
    *out = x->value.grad().defined() ? new ct_tensor_s{x->value.grad()} : nullptr;
    return true;
  });
}
bool ct_clear_gradient(ct_tensor x) {
  return guarded([&] { x->value.mutable_grad() = at::Tensor(); return true; });
}

bool ct_share(const ct_tensor *targets, const ct_tensor *sources, size_t count) {
  return guarded([&] {
    for (size_t i = 0; i < count; i++) targets[i]->value.set_data(sources[i]->value);
    return true;
  });
}

bool ct_move_gradients(const ct_tensor *targets, const ct_tensor *sources, size_t count) {
  return guarded([&] {
    at::NoGradGuard off;
    for (size_t i = 0; i < count; i++) {
      auto &from = sources[i]->value.mutable_grad();
      auto &to = targets[i]->value.mutable_grad();
      if (from.defined() && to.defined()) {
        to.add_(from);
      } else if (from.defined()) {
        to = from;
      }
      from = at::Tensor();
    }
    return true;
  });
}

double ct_gradient_norm(const ct_tensor *tensors, size_t count) {
  double result = std::numeric_limits<double>::quiet_NaN();
  guarded([&] {
    at::NoGradGuard off;
    if (!onProcessor(tensors, count)) {
      std::vector<at::Tensor> gradients;
      for (size_t i = 0; i < count; i++) {
        if (tensors[i]->value.grad().defined()) gradients.push_back(tensors[i]->value.grad());
      }
      result = gradients.empty() ? 0 : at::stack(at::_foreach_norm(gradients, 2)).norm().item<double>();
      return true;
    }
    // Each norm is computed on one thread and they are added in order: the same for any number of threads.
    std::vector<double> squares(count, 0);
    inParallel(static_cast<int64_t>(count), 1, [&](int64_t begin, int64_t end) {
      at::NoGradGuard alsoHere;
      const SingleThread alone;
      for (int64_t i = begin; i < end; i++) {
        const auto &gradient = tensors[i]->value.grad();
        if (!gradient.defined()) continue;
        const double norm = gradient.norm().item<double>();
        squares[static_cast<size_t>(i)] = norm * norm;
      }
    });
    result = std::sqrt(std::accumulate(squares.begin(), squares.end(), 0.0));
    return true;
  });
  return result;
}

bool ct_adamw(
  const ct_tensor *parameters, const ct_tensor *first, const ct_tensor *second, size_t count, double rate, double beta1,
  double beta2, double epsilon, double decay, double scale, int64_t step) {
  return guarded([&] {
    at::NoGradGuard off;
    const double firstCorrection = 1 - std::pow(beta1, static_cast<double>(step));
    const double secondCorrection = 1 - std::pow(beta2, static_cast<double>(step));
    const AdamW adam{
      float(rate / firstCorrection), float(beta1), float(beta2), float(epsilon), float(1 - rate * decay), float(scale),
      float(1 / secondCorrection)};
    const bool together = !onProcessor(parameters, count);
    for (size_t i = 0; i < count; i++) checkForAdamW(parameters[i]->value, first[i]->value, second[i]->value);
    std::vector<at::Tensor> ps, ms, vs, gs;
    for (size_t i = 0; i < count; i++) {
      auto &p = parameters[i]->value;
      auto &m = first[i]->value;
      auto &v = second[i]->value;
      if (!p.grad().defined()) continue;
      const auto gradient = p.grad().contiguous();
      p.mutable_grad() = at::Tensor();
      if (together) {
        ps.push_back(p), ms.push_back(m), vs.push_back(v), gs.push_back(gradient);
        continue;
      }
      float *P = p.data_ptr<float>(), *M = m.data_ptr<float>(), *V = v.data_ptr<float>();
      const float *G = gradient.data_ptr<float>();
      inParallel(p.numel(), 32768, [&](int64_t begin, int64_t end) { adam.step(P, M, V, G, begin, end); });
    }
    if (!ps.empty()) adam.step(ps, ms, vs, gs);
    return true;
  });
}

bool ct_approach(const ct_tensor *targets, const ct_tensor *sources, size_t count, double weight) {
  return guarded([&] {
    at::NoGradGuard off;
    if (onProcessor(targets, count)) {
      for (size_t i = 0; i < count; i++) targets[i]->value.lerp_(sources[i]->value, weight);
      return true;
    }
    std::vector<at::Tensor> to, from;
    for (size_t i = 0; i < count; i++) to.push_back(targets[i]->value), from.push_back(sources[i]->value);
    at::_foreach_mul_(to, 1 - weight);
    at::_foreach_add_(to, from, weight);
    return true;
  });
}
