// ODE for Swift: only what Swift cannot import by itself. ODE is C inside and throws nothing.
#pragma once
#include <ode/ode.h>
#include <stdarg.h>

// Handlers that print nothing, in place of ODE's, which print to standard error; here because Swift has no va_list. No
// handler can keep ODE from ending the process: dError exits and dDebug aborts whatever the handler does, and a longjmp
// must not cross Swift's frames. So Swift checks every number before ODE gets it. dDebug keeps ODE's handler: should a
// check be missing, its message names the assertion.
static inline void open_dynamics_silent(int number, const char *message, va_list arguments) {
  (void)number;
  (void)message;
  (void)arguments;
}

static inline void open_dynamics_silence(void) {
  dSetErrorHandler(open_dynamics_silent);
  dSetMessageHandler(open_dynamics_silent);
}

// dCollide with the stride of an array of `most` dContacts.
static inline int open_dynamics_collide(dGeomID a, dGeomID b, int most, dContact *contacts) {
  return dCollide(a, b, most, &contacts[0].geom, sizeof(dContact));
}

// A contact joint between a body and the world (b = 0) or another body.
static inline dJointID open_dynamics_contact(
    dWorldID world, dJointGroupID group, dContact *contact, double mu, double erp, double cfm, dBodyID a, dBodyID b) {
  contact->surface.mode = dContactSoftERP | dContactSoftCFM | dContactApprox1;
  contact->surface.mu = mu;
  contact->surface.soft_erp = erp;
  contact->surface.soft_cfm = cfm;
  dJointID joint = dJointCreateContact(world, group, contact);
  dJointAttach(joint, a, b);
  return joint;
}

// A contact without friction between two bodies that do not touch yet: it lets them approach by at most `gap` in the next
// `step`.
static inline dJointID open_dynamics_approach(
    dWorldID world, dJointGroupID group, dContact *contact, double gap, double step, double cfm, dBodyID a, dBodyID b) {
  contact->surface.mode = dContactSoftCFM | dContactMotionN;
  contact->surface.mu = 0;
  contact->surface.soft_cfm = cfm;
  contact->surface.motionN = -gap / step;
  contact->geom.depth = 0;
  dJointID joint = dJointCreateContact(world, group, contact);
  dJointAttach(joint, a, b);
  return joint;
}

// Sets a body's orientation to exactly these bits. dBodySetQuaternion normalises again: a restored state would differ from
// the saved one in the last digit, and with it every later step. So this writes through ODE's const pointers.
static inline void open_dynamics_restore_quaternion(dBodyID body, const double *q) {
  dBodySetQuaternion(body, q);
  dReal *stored = (dReal *)dBodyGetQuaternion(body);
  for (int i = 0; i < 4; i++) stored[i] = q[i];
  dRfromQ((dReal *)dBodyGetRotation(body), stored);
}
