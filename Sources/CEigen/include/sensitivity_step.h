// The linear algebra of Dynamics' `SensitivityStep`: derivatives carried over one semi-implicit step of a jointed body.
#pragma once
#include "eigen_shim.h"
#ifdef __cplusplus
extern "C" {
#endif

// A step with n coordinates (a multiple of 3), c contact rows and d controls. All matrices are column-major.
typedef struct {
  size_t n, contacts, controls;
  double step;                     // s
  const double *mass;              // n x n, positive definite
  const double *state;             // n x 2n
  const double *control;           // n x d
  const double *contact_jacobian;  // c x n
  const double *contact_forces;    // n x c
  const double *contact_state;     // c x n
  const double *compliance;        // c
  const double *rotations;         // n / 3 blocks of 3 x 3
} ce_sensitivity_step;

// Where the controls' derivatives lie among the unknowns: from column `first` on with `first_weight`, and from `second`
// on with `second_weight`. A column at or beyond the number of columns adds nothing.
typedef struct {
  size_t first, second;
  double first_weight, second_weight;
} ce_control_columns;

// Carries x (2n x columns: derivatives of positions over those of velocities) over the step. It solves
//   mass v' - contact_forces f = state [q; v] + control,
//   contact_jacobian v' + diag(compliance) f = contact_state q
// for v' and the contact forces f; then q' = rotations q + step v'. CE_NO_SOLUTION: the mass is not positive definite.
ce_status ce_advance_sensitivities(
    const ce_sensitivity_step *step, ce_control_columns columns_of_controls, double *x, size_t columns);

#ifdef __cplusplus
}
#endif
