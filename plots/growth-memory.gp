# SPDX-License-Identifier: MIT
# Draws how peak memory grows with the size of the input.
axis = "peak memory"
tick(v) = in_bytes(v)
caption = sprintf("%s, %s. Marks: medians; %s. Peak memory is that above the idle process. It is of pages, so a small one grows by steps.", counted, setting, medians)
load scripts . '/grown.gp'
