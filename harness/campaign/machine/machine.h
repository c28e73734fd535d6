/* SPDX-License-Identifier: MIT */
/* What machine this is, for the manifest. */
#ifndef HARNESS_CAMPAIGN_MACHINE_MACHINE_H
#define HARNESS_CAMPAIGN_MACHINE_MACHINE_H

#include <jansson.h>

/* The manifest's `machine`; a new reference. The host's name is given as a hash only. */
json_t *machine_describe(void);

#endif
