#include "eigen_shim.h"

#include <Eigen/src/Core/util/Macros.h>

#define CE_TEXT_OF(x) #x
#define CE_TEXT(x) CE_TEXT_OF(x)

const char *ce_version(void) {
  return CE_TEXT(EIGEN_WORLD_VERSION) "." CE_TEXT(EIGEN_MAJOR_VERSION) "." CE_TEXT(EIGEN_MINOR_VERSION);
}
