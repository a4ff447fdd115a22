// ODE as Swift sees it. Only what Swift cannot import by itself stands here.
#pragma once
#include <ode/ode.h>
