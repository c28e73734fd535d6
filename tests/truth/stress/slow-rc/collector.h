/* SPDX-License-Identifier: MIT */
/* rc, whose collector.c beside this one does too much on purpose. */
#include "collectors/rc/collector.h"
