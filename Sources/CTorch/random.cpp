#include "support.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn.h>
#include <ATen/CPUGeneratorImpl.h>

#include <cstring>

using namespace ctorch;

namespace {
// SplitMix64's finaliser: 64 well-mixed bits of a counter.
inline uint64_t mixed(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

// Fills `out` with 0 or `scale`: four elements share one hash, 16 bits each, so p is kept to 2^-16.
template <class Scalar>
void fillMask(Scalar *out, int64_t count, uint64_t seed, double p, Scalar scale) {
  const auto threshold = static_cast<uint32_t>(p * 65536.0 + 0.5);
  const int64_t groups = (count + 3) / 4;
  inParallel(groups, 16384, [&](int64_t begin, int64_t end) {
    for (int64_t group = begin; group < end; group++) {
      const uint64_t bits = mixed(seed + 0x9E3779B97F4A7C15ull * static_cast<uint64_t>(group + 1));
      const int64_t last = std::min<int64_t>(4, count - 4 * group);
      for (int64_t k = 0; k < last; k++) {
        out[4 * group + k] = ((bits >> (16 * k)) & 0xFFFF) < threshold ? Scalar(0) : scale;
      }
    }
  });
}

uint64_t nextNumber(ct_generator generator) {
  std::lock_guard<std::mutex> lock(generator->value.mutex());
  return at::check_generator<at::CPUGeneratorImpl>(generator->value)->random64();
}
}  // namespace

ct_generator ct_generator_make(uint64_t seed) {
  return guarded([&]() -> ct_generator { return new ct_generator_s{at::detail::createCPUGenerator(seed)}; });
}
void ct_generator_free(ct_generator generator) { delete generator; }

size_t ct_generator_state_size(ct_generator generator) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->value.mutex());
    return static_cast<size_t>(generator->value.get_state().numel());
  });
}
bool ct_generator_state(ct_generator generator, uint8_t *out, size_t size) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->value.mutex());
    const auto state = generator->value.get_state();
    TORCH_CHECK(static_cast<size_t>(state.numel()) == size, "a generator's state has ", state.numel(), " bytes");
    std::memcpy(out, state.data_ptr<uint8_t>(), size);
    return true;
  });
}
bool ct_generator_set_state(ct_generator generator, const uint8_t *state, size_t size) {
  return guarded([&] {
    auto copy = at::empty({static_cast<int64_t>(size)}, at::kByte);
    std::memcpy(copy.data_ptr<uint8_t>(), state, size);
    std::lock_guard<std::mutex> lock(generator->value.mutex());
    generator->value.set_state(copy);
    return true;
  });
}

ct_tensor ct_normal(ct_generator generator, const int64_t *shape, size_t rank, ct_device device) {
  return newTensor([&] {
    return at::randn(dimensions(shape, rank), generator->value, at::TensorOptions(at::kFloat)).to(torchDevice(device));
  });
}
ct_tensor ct_uniform(ct_generator generator, const int64_t *shape, size_t rank) {
  return newTensor([&] {
    return at::rand(dimensions(shape, rank), generator->value, at::TensorOptions(at::kFloat)).to(defaultDevice());
  });
}

ct_tensor ct_dropout(ct_tensor tensor, double p, ct_generator generator) {
  return newTensor([&] {
    const auto &x = tensor->value;
    const uint64_t seed = nextNumber(generator);
    auto type = x.scalar_type() == at::kBFloat16 ? at::kBFloat16 : at::kFloat;
    auto mask = at::empty(x.sizes(), at::TensorOptions(type));
    const float scale = static_cast<float>(1 / (1 - p));
    if (type == at::kBFloat16) {
      fillMask<at::BFloat16>(mask.data_ptr<at::BFloat16>(), mask.numel(), seed, p, at::BFloat16(scale));
    } else {
      fillMask<float>(mask.data_ptr<float>(), mask.numel(), seed, p, scale);
    }
    return x * mask.to(x.device());
  });
}
