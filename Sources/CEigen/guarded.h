#pragma once
#include <new>

#include "eigen_shim.h"

// Runs the body of a C entry. No C++ exception may cross into Swift: it becomes a status.
template <class Body>
static ce_status guarded(Body body) {
  try {
    return body();
  } catch (const std::bad_alloc &) {
    return CE_OUT_OF_MEMORY;
  } catch (...) {
    return CE_BAD_ARGUMENT;
  }
}
