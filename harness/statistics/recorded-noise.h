/* SPDX-License-Identifier: MIT */
/* How the times of processes scattered on two machines on which they were recorded (noise-recorded.h, noise-busy.h). */
#ifndef HARNESS_STATISTICS_RECORDED_NOISE_H
#define HARNESS_STATISTICS_RECORDED_NOISE_H

enum recorded_noise {
    RECORDED_NOISE_QUIET, /* nothing else ran: about 2% */
    RECORDED_NOISE_BUSY,  /* others used the machine: about 15% */
    RECORDED_NOISES,
};

/* Returns the standard deviation of ln(time) of a process within its block. O(processes recorded). */
double recorded_noise_deviation(enum recorded_noise noise);

#endif
