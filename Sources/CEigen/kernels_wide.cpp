// The kernels with four numbers an instruction: AVX2 and FMA, on whatever machine this is compiled.
//
// A package that others depend on may not pass the compiler a target's flags, so the target is set for the functions of
// this file alone. Two things must not leak from here into code that every machine runs, where the linker keeps one of
// several copies: Eigen's templates, hence the name of their namespace, and the standard library's, hence their headers
// before the target is set.
#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <cerrno>
#include <climits>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iosfwd>
#include <limits>
#include <memory>
#include <new>
#include <ostream>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "guarded.h"
#include "kernels.h"

#if !defined(__AVX2__)
#define __AVX__ 1
#define __AVX2__ 1
#endif
#if !defined(__FMA__)
#define __FMA__ 1
#endif
#if !defined(__SSE4_2__)
#define __SSE3__ 1
#define __SSSE3__ 1
#define __SSE4_1__ 1
#define __SSE4_2__ 1
#endif
#define Eigen EigenWide
// Eigen's own headers for AVX hold a variable that its assertions alone read.
#pragma clang diagnostic ignored "-Wunused-variable"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include <Eigen/Dense>

namespace wide {
#include "kernel_bodies.h"
}
#pragma clang attribute pop
#endif
