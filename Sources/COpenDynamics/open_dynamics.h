// ODE as Swift sees it. Only what Swift cannot import by itself stands here.
#pragma once
#include <ode/ode.h>
#include <stdarg.h>

// Swift has no va_list: handlers that say nothing. ODE's own print to standard error. Neither can keep ODE from
// ending the process after a debug trap, so that every number is checked before ODE sees it.
static inline void open_dynamics_silent(int number, const char *message, va_list arguments) {
  (void)number;
  (void)message;
  (void)arguments;
}

static inline void open_dynamics_silence(void) {
  dSetErrorHandler(open_dynamics_silent);
  dSetMessageHandler(open_dynamics_silent);
}

// dCollide's stride into an array of dContact.
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

// A contact without friction between two bodies that do not touch yet: they come nearer by `gap` in the next `step` at
// most.
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

// Sets a body's orientation to just these bits: dBodySetQuaternion normalises once more, so that a state that was saved
// and set again would differ in the last digit, and with it all that follows.
static inline void open_dynamics_restore_quaternion(dBodyID body, const double *q) {
  dBodySetQuaternion(body, q);
  dReal *own = (dReal *)dBodyGetQuaternion(body);
  for (int i = 0; i < 4; i++) own[i] = q[i];
  dRfromQ((dReal *)dBodyGetRotation(body), own);
}
