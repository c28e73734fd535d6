/* SPDX-License-Identifier: MIT */
/*
 * Holds the scatter of times of processes on a real machine, for tests of the statistics and for plans. These
 * commands made the file
 *
 *     build/gcmatrix matrix matrices/noise.yaml -o results/noise
 *     python3 harness/analysis/noise-record.py results/noise 300 >harness/statistics/noise-recorded.h
 *
 * on a machine with 2 cores (Intel(R) Xeon(R) Processor) and a load of 0.06 before the run, which had
 * 120 processes in 20 blocks. The values are parts of log(wall time / the cell's median):
 *
 *     noise_block     the median of each block: the drift of the machine, which all cells of a block share
 *     noise_process   the rest, for the 40 processes of cells of 300 ms or more
 */
#ifndef HARNESS_STATISTICS_NOISE_RECORDED_H
#define HARNESS_STATISTICS_NOISE_RECORDED_H

enum { NOISE_BLOCKS = 20, NOISE_PROCESSES = 40 };

static const double noise_block[NOISE_BLOCKS] = {
    -0.0168, -0.0090, -0.0078, -0.0076, -0.0070, -0.0049, -0.0046, -0.0035, -0.0029, -0.0026,
    -0.0021, -0.0008, 0.0007,  0.0031,  0.0050,  0.0060,  0.0061,  0.0077,  0.0090,  0.0161,
};

static const double noise_process[NOISE_PROCESSES] = {
    -0.0267, -0.0254, -0.0254, -0.0231, -0.0214, -0.0193, -0.0193, -0.0189, -0.0152, -0.0119,
    -0.0105, -0.0096, -0.0076, -0.0064, -0.0062, -0.0053, -0.0050, -0.0042, -0.0041, -0.0016,
    0.0005,  0.0013,  0.0013,  0.0015,  0.0024,  0.0025,  0.0029,  0.0052,  0.0069,  0.0100,
    0.0108,  0.0111,  0.0114,  0.0117,  0.0186,  0.0244,  0.0248,  0.0385,  0.0402,  0.0937,
};

#endif
