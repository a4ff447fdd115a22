#pragma once
#include <new>

// No C++ exception may cross into Swift.
template <class Body>
static int guarded(Body body) {
  try {
    return body();
  } catch (const std::bad_alloc &) {
    return 3;
  } catch (...) {
    return 2;
  }
}
