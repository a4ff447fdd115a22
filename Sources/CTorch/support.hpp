// What the shim's files share: the handle, and the border that no exception crosses.
#pragma once
#include "ctorch.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/api/include/torch/version.h>

#include <functional>
#include <string>

struct ct_tensor_s {
  at::Tensor value;
};

struct ct_generator_s {
  at::Generator value;
};

namespace ctorch {

void remember(const std::string &message);

// Runs `body`; an exception becomes a remembered message and the result type's zero value.
template <class Body>
auto guarded(Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const c10::Error &error) {
    remember(error.what_without_backtrace());
  } catch (const std::exception &error) {
    remember(error.what());
  } catch (...) {
    remember("an unknown C++ exception");
  }
  return {};
}

template <class Body>
ct_tensor made(Body body) {
  return guarded([&]() -> ct_tensor { return new ct_tensor_s{body()}; });
}

inline at::IntArrayRef dimensions(const int64_t *values, size_t count) { return {values, count}; }

inline c10::optional<at::Tensor> optional(ct_tensor tensor) {
  return tensor ? c10::optional<at::Tensor>(tensor->value) : c10::nullopt;
}

at::ScalarType scalarType(int dtype);
at::Device deviceOf(int device);

// Where new tensors lie.
at::Device home();

// Calls `body(begin, end)` over parts of 0..<count on libtorch's own threads. Parts are at least `grain` long.
void inParallel(int64_t count, int64_t grain, const std::function<void(int64_t, int64_t)> &body);

// While it lives, what this thread computes is not divided among threads.
class SingleThread {
  int before;

 public:
  SingleThread();
  ~SingleThread();
  SingleThread(const SingleThread &) = delete;
};

}  // namespace ctorch
