/* SPDX-License-Identifier: MIT */
#include "harness/statistics/recorded-noise.h"

#include <math.h>
#include <stddef.h>

#include "harness/statistics/noise-busy.h"
#include "harness/statistics/noise-recorded.h"

double recorded_noise_deviation(enum recorded_noise noise)
{
    const double *values = noise == RECORDED_NOISE_QUIET ? noise_process : busy_process;
    size_t count = noise == RECORDED_NOISE_QUIET ? NOISE_PROCESSES : BUSY_PROCESSES;
    double mean = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
        double off = values[i] - mean;
        mean += off / (double)(i + 1);
        squares += off * (values[i] - mean);
    }
    return sqrt(squares / (double)(count - 1));
}
