/* SPDX-License-Identifier: MIT */
/* rc, whose collector.c beside this one is broken on purpose. */
#include "collectors/rc/collector.h"
