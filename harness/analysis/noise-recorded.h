/* SPDX-License-Identifier: MIT */
/*
 * How times of processes scatter on a real machine, for tests of the statistics. Made by
 *
 *     build/gcmatrix matrix matrices/noise.yaml -o results/noise
 *     python3 harness/analysis/noise-record.py results/noise >harness/analysis/noise-recorded.h
 *
 * here on Intel(R) Xeon(R) Processor, 2 cores, load 0.06 before it: 120 processes in 20
 * blocks, of 119 to 650 ms each. Of log(wall time / the cell's median) noise_block is the median of each
 * block (the machine's drift, which all cells of a block share) and noise_process what is left.
 */
#ifndef HARNESS_ANALYSIS_NOISE_RECORDED_H
#define HARNESS_ANALYSIS_NOISE_RECORDED_H

enum { NOISE_BLOCKS = 20, NOISE_PROCESSES = 120 };

static const double noise_block[NOISE_BLOCKS] = {
    -0.0168, -0.0090, -0.0078, -0.0076, -0.0070, -0.0049, -0.0046, -0.0035, -0.0029, -0.0026,
    -0.0021, -0.0008, 0.0007,  0.0031,  0.0050,  0.0060,  0.0061,  0.0077,  0.0090,  0.0161,
};

static const double noise_process[NOISE_PROCESSES] = {
    -0.0452, -0.0396, -0.0337, -0.0324, -0.0291, -0.0268, -0.0267, -0.0254, -0.0254, -0.0231, -0.0217,
    -0.0214, -0.0193, -0.0193, -0.0189, -0.0181, -0.0173, -0.0152, -0.0121, -0.0119, -0.0117, -0.0114,
    -0.0108, -0.0107, -0.0105, -0.0100, -0.0099, -0.0098, -0.0096, -0.0083, -0.0079, -0.0079, -0.0076,
    -0.0069, -0.0066, -0.0064, -0.0062, -0.0062, -0.0059, -0.0059, -0.0053, -0.0052, -0.0051, -0.0050,
    -0.0046, -0.0046, -0.0042, -0.0041, -0.0030, -0.0029, -0.0025, -0.0024, -0.0016, -0.0016, -0.0015,
    -0.0013, -0.0013, -0.0005, -0.0002, -0.0000, 0.0000,  0.0002,  0.0005,  0.0013,  0.0013,  0.0015,
    0.0016,  0.0024,  0.0025,  0.0027,  0.0029,  0.0030,  0.0040,  0.0041,  0.0042,  0.0046,  0.0046,
    0.0050,  0.0051,  0.0052,  0.0053,  0.0055,  0.0069,  0.0084,  0.0092,  0.0100,  0.0108,  0.0111,
    0.0112,  0.0114,  0.0117,  0.0134,  0.0169,  0.0180,  0.0186,  0.0219,  0.0242,  0.0244,  0.0248,
    0.0278,  0.0281,  0.0309,  0.0369,  0.0385,  0.0402,  0.0408,  0.0474,  0.0475,  0.0648,  0.0894,
    0.0937,  0.1152,  0.1347,  0.1481,  0.1490,  0.1687,  0.1763,  0.1914,  0.2662,  0.3736,
};

#endif
