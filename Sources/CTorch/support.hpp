// What the shim's files share: the handle, and the border that no exception crosses.
#pragma once
#include "ctorch.h"

// Each file includes the operations that it calls: all of them at once take the compiler five seconds a file.
#ifndef AT_PER_OPERATOR_HEADERS
#define AT_PER_OPERATOR_HEADERS
#endif

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/api/include/torch/version.h>

#include <functional>
#include <new>
#include <string>

struct ct_tensor_s {
  at::Tensor value;
};

struct ct_generator_s {
  at::Generator value;
};

namespace ctorch {

// Stores the message that ct_error() gives on this thread.
void setError(const char *message) noexcept;

// Runs `body`; an exception becomes the thread's error message and the result type's zero value.
template <class Body>
auto guarded(Body body) noexcept -> decltype(body()) {
  try {
    return body();
  } catch (const c10::OutOfMemoryError &error) {
    setError("out of memory on the accelerator; use smaller batches");
  } catch (const std::bad_alloc &error) {
    setError("out of memory");
  } catch (const c10::Error &error) {
    setError(error.what_without_backtrace());
  } catch (const std::exception &error) {
    setError(error.what());
  } catch (...) {
    setError("an unknown C++ exception");
  }
  return {};
}

template <class Body>
ct_tensor newTensor(Body body) noexcept {
  return guarded([&]() -> ct_tensor { return new ct_tensor_s{body()}; });
}

inline at::IntArrayRef dimensions(const int64_t *values, size_t count) { return {values, count}; }

inline c10::optional<at::Tensor> optional(ct_tensor tensor) {
  return tensor ? c10::optional<at::Tensor>(tensor->value) : c10::nullopt;
}

at::ScalarType scalarType(ct_element_type type);
at::Device torchDevice(ct_device device);

// Where new tensors are made.
at::Device defaultDevice();

// Calls `body(begin, end)` over parts of 0..<count on libtorch's own threads. Parts are at least `grain` long. All parts
// run to their end; then the first exception, by position, is thrown again.
void inParallel(int64_t count, int64_t grain, const std::function<void(int64_t, int64_t)> &body);

// While it lives, what this thread computes is not divided among threads.
class SingleThread {
  int before = 0;

 public:
  SingleThread();
  ~SingleThread();
  SingleThread(const SingleThread &) = delete;
};

}  // namespace ctorch
