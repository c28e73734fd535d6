/* SPDX-License-Identifier: MIT */
/* How many processes want the machine's processors now: why one takes long. */
#ifndef HARNESS_CAMPAIGN_MACHINE_CROWD_H
#define HARNESS_CAMPAIGN_MACHINE_CROWD_H

/*
 * Returns "9 processes and threads want the 2 processors" where more are ready to run than there are processors, for
 * the caller to free; NULL where no more are, or where the system does not say. By /proc/loadavg. O(1).
 */
char *crowd_describe(void);

#endif
