// A C view of the few parts of libtorch that Surefoot uses.
//
// A tensor is an opaque handle that the caller owns and gives back by ct_free. Nothing throws across this border: a
// function that fails returns NULL, false, 0 or NaN, and ct_error() then says why (per thread). Results that may be
// absent or false come through a pointer instead. Negative dimensions count from the end. Arrays of handles are borrowed
// for the call.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

typedef struct ct_tensor_s *ct_tensor;
typedef struct ct_generator_s *ct_generator;

typedef enum {
  CT_FLOAT32 = 0, CT_BFLOAT16 = 1, CT_INT64 = 2, CT_BOOL = 3, CT_FLOAT64 = 4, CT_OTHER_TYPE = 5
} ct_element_type;
typedef enum { CT_CPU = 0, CT_CUDA = 1, CT_MPS = 2 } ct_device;

// The session: what holds for the process or the calling thread.
const char *ct_error(void);
const char *ct_version(void);
const char *ct_configuration(void);
// Replaces OpenBLAS kernels that are too narrow for the processor, unless OPENBLAS_CORETYPE names some. Call it once,
// before anything multiplies: no other thread may be inside OpenBLAS or read the environment meanwhile.
bool ct_configure_blas(void);
// "OpenBLAS" and the processor whose kernels it uses; empty for another library.
const char *ct_blas(void);
int ct_threads(void);
bool ct_set_threads(int count);
// Sets how many threads operations called from this thread may use; `before` receives the number until then.
bool ct_set_calling_threads(int count, int *before);
// Calls `body(context, k)` for every k below `count`, several at once on libtorch's threads. What `body` computes stays
// on its thread, so that no sum depends on the number of threads. Derivatives are recorded in every call.
bool ct_concurrently(int64_t count, void (*body)(void *context, int64_t k), void *context);
bool ct_has_device(ct_device device);
// Where tensors are made from now on. Random numbers are drawn on the processor and moved.
bool ct_set_device(ct_device device);
// The switches of the calling thread; `before` receives the state until then.
bool ct_set_gradients(bool on, bool *before);
bool ct_set_bfloat16(bool on, bool *before);

// Random numbers: every user has a generator, so that no two share a stream. A generator may be used from any thread.
ct_generator ct_generator_make(uint64_t seed);
void ct_generator_free(ct_generator);
size_t ct_generator_state_size(ct_generator);
bool ct_generator_state(ct_generator, uint8_t *out, size_t size);
bool ct_generator_set_state(ct_generator, const uint8_t *state, size_t size);
ct_tensor ct_normal(ct_generator, const int64_t *shape, size_t rank, ct_device device);
ct_tensor ct_uniform(ct_generator, const int64_t *shape, size_t rank);
// Zeroes each element with probability p and scales the others by 1 / (1 - p). The stream is a function of the
// generator's next number and the element's index: the same for every number of threads.
ct_tensor ct_dropout(ct_tensor, double p, ct_generator);

// Creation and reading. `count` is the number of values, which must fill the shape.
ct_tensor ct_from_float(const float *values, size_t count, const int64_t *shape, size_t rank);
ct_tensor ct_from_double(const double *values, size_t count, const int64_t *shape, size_t rank);
ct_tensor ct_from_int64(const int64_t *values, size_t count, const int64_t *shape, size_t rank);
ct_tensor ct_full(double value, const int64_t *shape, size_t rank, ct_element_type type, ct_device device);
void ct_free(ct_tensor);
size_t ct_rank(ct_tensor);
// Writes `rank` lengths, which must be the tensor's rank.
bool ct_shape(ct_tensor, int64_t *out, size_t rank);
ct_element_type ct_type_of(ct_tensor);
ct_device ct_device_of(ct_tensor);
bool ct_copy_float(ct_tensor, float *out, size_t count);
bool ct_copy_double(ct_tensor, double *out, size_t count);
bool ct_copy_int64(ct_tensor, int64_t *out, size_t count);
double ct_item(ct_tensor);
ct_tensor ct_to(ct_tensor, ct_element_type type, ct_device device);
ct_tensor ct_detach(ct_tensor);
bool ct_assign(ct_tensor target, ct_tensor source);

// Elementwise.
typedef enum {
  CT_NEGATE, CT_ABS, CT_EXP, CT_LOG, CT_SQRT, CT_RSQRT, CT_SIN, CT_COS, CT_TANH, CT_SIGMOID, CT_RELU, CT_GELU, CT_SILU,
  CT_SQUARE, CT_NOT, CT_IS_FINITE
} ct_unary_operation;
typedef enum {
  CT_ADD, CT_SUBTRACT, CT_MULTIPLY, CT_DIVIDE, CT_MAXIMUM, CT_MINIMUM, CT_LESS, CT_LESS_EQUAL, CT_GREATER, CT_EQUAL,
  CT_AND
} ct_binary_operation;
typedef enum {
  CT_PLUS, CT_TIMES, CT_POWER, CT_AT_LEAST, CT_AT_MOST, CT_BELOW, CT_ABOVE, CT_LEAKY_RELU
} ct_scalar_operation;
ct_tensor ct_unary(ct_unary_operation, ct_tensor);
ct_tensor ct_binary(ct_binary_operation, ct_tensor, ct_tensor);
ct_tensor ct_scalar(ct_scalar_operation, ct_tensor, double);
ct_tensor ct_where(ct_tensor condition, ct_tensor yes, ct_tensor no);
ct_tensor ct_masked_fill(ct_tensor, ct_tensor mask, double value);

// Reductions; no dimensions means all of them.
typedef enum { CT_SUM, CT_MEAN, CT_MAX, CT_MIN } ct_reduction;
ct_tensor ct_reduce(ct_reduction, ct_tensor, const int64_t *dimensions, size_t count, bool keep);
ct_tensor ct_softmax(ct_tensor, int64_t dimension);
ct_tensor ct_log_softmax(ct_tensor, int64_t dimension);
ct_tensor ct_cumulative_sum(ct_tensor, int64_t dimension);
ct_tensor ct_argmax(ct_tensor, int64_t dimension);

// Shape.
ct_tensor ct_reshape(ct_tensor, const int64_t *shape, size_t rank);
ct_tensor ct_permute(ct_tensor, const int64_t *order, size_t rank);
ct_tensor ct_expand(ct_tensor, const int64_t *shape, size_t rank);
ct_tensor ct_narrow(ct_tensor, int64_t dimension, int64_t start, int64_t length);
ct_tensor ct_select(ct_tensor, int64_t dimension, int64_t index);
ct_tensor ct_unsqueeze(ct_tensor, int64_t dimension);
ct_tensor ct_index_select(ct_tensor, int64_t dimension, ct_tensor indices);
ct_tensor ct_flip(ct_tensor, int64_t dimension);
bool ct_unbind(ct_tensor, int64_t dimension, ct_tensor *out, size_t count);
ct_tensor ct_concatenate(const ct_tensor *, size_t count, int64_t dimension);
ct_tensor ct_stack(const ct_tensor *, size_t count, int64_t dimension);

// Products and layers. `bias`, `weight` of a norm and `mask` may be NULL.
ct_tensor ct_matmul(ct_tensor, ct_tensor);
ct_tensor ct_linear(ct_tensor x, ct_tensor weight, ct_tensor bias);
ct_tensor ct_conv1d(
  ct_tensor x, ct_tensor weight, ct_tensor bias, int64_t stride, int64_t padding, int64_t dilation, int64_t groups);
ct_tensor ct_layer_norm(ct_tensor x, ct_tensor weight, ct_tensor bias, double epsilon);
ct_tensor ct_group_norm(ct_tensor x, int64_t groups, ct_tensor weight, ct_tensor bias, double epsilon);
ct_tensor ct_embedding(ct_tensor table, ct_tensor indices);
// softmax(q k^T / sqrt(width) + mask) v on [batch, heads, tokens, width]; `mask` is added and broadcast.
ct_tensor ct_attention(ct_tensor q, ct_tensor k, ct_tensor v, ct_tensor mask);

// Forward kinematics of rows `[rows, width]`: six numbers a joint (two columns of its local rotation) from `rotations`
// on, the root's height at `height`; `parents` holds -1 for joint 0, `offsets` three numbers a joint. To
// `[rows, joints, 3]`, the root above the origin. `composed` of tensor operations, or in one pass, which needs rows in the
// processor's memory.
ct_tensor ct_kinematics(
  ct_tensor rows, const int64_t *parents, const double *offsets, size_t joints, int64_t rotations, int64_t height,
  bool composed);

// Derivatives and the optimizer. These are the functions that change a tensor; their callers see to it that no other
// thread uses it meanwhile.
bool ct_require_gradient(ct_tensor, bool on);
bool ct_requires_gradient(ct_tensor, bool *out);
bool ct_backward(ct_tensor);
// `out` receives NULL if there is none.
bool ct_gradient(ct_tensor, ct_tensor *out);
bool ct_clear_gradient(ct_tensor);
// Makes each of `targets` use its source's elements: a second leaf on the same memory, with a gradient of its own.
bool ct_share(const ct_tensor *targets, const ct_tensor *sources, size_t count);
// Adds the sources' gradients to the targets' and clears them.
bool ct_move_gradients(const ct_tensor *targets, const ct_tensor *sources, size_t count);
// The Euclidean norm of all gradients together.
double ct_gradient_norm(const ct_tensor *, size_t count);
// One step of AdamW over contiguous float32 parameters and moments in one pass; gradients are scaled by `scale` and then
// cleared. `step` counts from 1. Nothing is changed if a tensor has another type, shape or layout.
bool ct_adamw(
  const ct_tensor *parameters, const ct_tensor *first, const ct_tensor *second, size_t count, double rate, double beta1,
  double beta2, double epsilon, double decay, double scale, int64_t step);
// target += (source - target) * weight, tensor by tensor.
bool ct_approach(const ct_tensor *targets, const ct_tensor *sources, size_t count, double weight);

#ifdef __cplusplus
}
#endif
