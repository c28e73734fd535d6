/* SPDX-License-Identifier: MIT */
/* Shares and spans of time as a person writes them: "3%", "0.5%"; "90s", "30m", "1.5h". */
#ifndef HARNESS_CAMPAIGN_PLAN_QUANTITY_H
#define HARNESS_CAMPAIGN_PLAN_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

/* What each of them takes, for a message. */
#define QUANTITY_SHARE_TAKES "a share from 0.1% to 100%, as in 3%"
#define QUANTITY_SPAN_TAKES "a time from 1s to 720h, as in 90s, 30m or 2h"

/* Reads a share: "3%" gives 0.03. Returns false where the text is none. */
bool quantity_share_read(const char *text, double *ret_share);

/* Reads a span of time: "30m" gives 1800 seconds, rounded to a second. False where it is none. */
bool quantity_span_read(const char *text, uint64_t *ret_seconds);

#endif
