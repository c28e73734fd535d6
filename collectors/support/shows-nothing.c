/* SPDX-License-Identifier: MIT */
/* Stands in for the show.c of a collector that has none. */
#include "collectors/show.h"

const struct gc_show gc_show = {0};
