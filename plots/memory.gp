# SPDX-License-Identifier: MIT
# Draws peak memory of the workload: the highest RSS of the process less its RSS just before the workload
# began.
source = 'cells.csv'; metric = 'peak'; middle = 'median'; low = 'low'; high = 'high'
has_means = 0
axis = "peak memory above the idle process, bytes"
tick(v) = v >= 1e9 ? sprintf("%g GB", v / 1e9) : v >= 1e6 ? sprintf("%g MB", v / 1e6) : v >= 1e3 ? sprintf("%g kB", v / 1e3) : sprintf("%g B", v)
caption_1 = sprintf("%s processes a cell, %s. Marks: medians; bars: 95%% bootstrap intervals.", processes, setting)
caption_2 = "Hollow: left more than a tenth of its garbage; cross: frees nothing."
load scripts . '/dots.gp'
