#include "support.hpp"

#include <cmath>
#include <limits>
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

  void stepOnDevice(at::Tensor &p, at::Tensor &m, at::Tensor &v, const at::Tensor &g) const {
    const auto gradient = g * scale;
    m.mul_(beta1).add_(gradient, 1 - beta1);
    v.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
    p.mul_(keep).addcdiv_(m, (v * secondCorrection).sqrt_().add_(epsilon), -rate);
  }
};
}  // namespace

bool ct_require_gradient(ct_tensor x, bool on) {
  return guarded([&] { x->value.requires_grad_(on); return true; });
}
bool ct_requires_gradient(ct_tensor x) { return x->value.requires_grad(); }
bool ct_backward(ct_tensor x) {
  return guarded([&] { x->value.backward(); return true; });
}
ct_tensor ct_gradient(ct_tensor x) {
  return x->value.grad().defined() ? made([&] { return x->value.grad(); }) : nullptr;
}
void ct_clear_gradient(ct_tensor x) { x->value.mutable_grad() = at::Tensor(); }

double ct_gradient_norm(const ct_tensor *tensors, size_t count) {
  double result = std::numeric_limits<double>::quiet_NaN();
  guarded([&] {
    at::NoGradGuard off;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
      const auto &gradient = tensors[i]->value.grad();
      if (!gradient.defined()) continue;
      const double norm = gradient.norm().item<double>();
      sum += norm * norm;
    }
    result = std::sqrt(sum);
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
    for (size_t i = 0; i < count; i++) {
      auto &p = parameters[i]->value;
      auto &m = first[i]->value;
      auto &v = second[i]->value;
      if (!p.grad().defined()) continue;
      if (p.is_cpu()) {
        const auto gradient = p.grad().contiguous();
        float *P = p.data_ptr<float>(), *M = m.data_ptr<float>(), *V = v.data_ptr<float>();
        const float *G = gradient.data_ptr<float>();
        inParallel(p.numel(), 32768, [&](int64_t begin, int64_t end) { adam.step(P, M, V, G, begin, end); });
      } else {
        adam.stepOnDevice(p, m, v, p.grad());
      }
      p.mutable_grad() = at::Tensor();
    }
    return true;
  });
}

bool ct_approach(const ct_tensor *targets, const ct_tensor *sources, size_t count, double weight) {
  return guarded([&] {
    at::NoGradGuard off;
    for (size_t i = 0; i < count; i++) targets[i]->value.lerp_(sources[i]->value, weight);
    return true;
  });
}
