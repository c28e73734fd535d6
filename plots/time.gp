# SPDX-License-Identifier: MIT
# Draws wall time over the wall time of the best collector of the same workload.
source = 'normalised.csv'; metric = 'wall'; middle = 'ratio'; low = 'low'; high = 'high'
has_means = 1
axis = "wall time, times that of the best"
tick(v) = sprintf("%gx", v)
caption_1 = sprintf("%s processes a cell, %s. Marks: ratio of medians; bars: 95%% bootstrap intervals, paired by block.", processes, setting)
caption_2 = "Hollow: left more than a tenth of its garbage; cross: frees nothing. Neither is ever the best."
load scripts . '/dots.gp'
