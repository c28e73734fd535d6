/* SPDX-License-Identifier: MIT */
/*
 * Does a work of many pieces in forks of this process: one for each processor that it may use. Each fork takes the next
 * piece that none has begun. So all that the work needs is made before, and is there without a copy.
 */
#ifndef HARNESS_CAMPAIGN_PROCESS_SHARES_H
#define HARNESS_CAMPAIGN_PROCESS_SHARES_H

#include <stddef.h>

/* Does a piece. Returns 0, or a status after one line. What it finds out it writes to shares_memory(). */
typedef int shares_work(void *context, size_t piece);

/*
 * Does `count` pieces, the last first: what takes long may stand last. Returns 0; or the status of the first, in their
 * order, that returned another, and what none has begun is left out then. It is MESSAGE_INTERRUPTED where this process got
 * such a signal (subprocess_interrupts_hold()), and MESSAGE_STORAGE after one line where a fork died or got such a signal
 * alone. No fork is left.
 *
 * What the pieces print comes out in their order once all are done. Standard output of a piece stands before its standard
 * error, whichever was written first. Of a piece that a fork died in standard error alone comes out. Of what is said on
 * standard error after the piece that failed nothing comes out.
 *
 * With one piece or one processor, or where no fork can be made, all is done here, the first piece first.
 */
int shares_do(size_t count, shares_work *work, void *context);

/* Returns `size` zeroed bytes that forks share with this process. Where memory is out, this process ends after one line. */
void *shares_memory(size_t size);
void shares_memory_free(void *memory, size_t size);

#endif
