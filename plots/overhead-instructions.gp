# SPDX-License-Identifier: MIT
# Draws the lower bound of overhead in instructions: the whole count over the least count of any collector,
# pauses included.
source = 'normalised.csv'; metric = 'overhead_instructions'; middle = 'ratio'; low = 'low'; high = 'high'
has_means = 1
axis = "instructions, times the lower bound of what the program itself costs"
tick(v) = sprintf("%gx", v)
caption_1 = sprintf("%s processes a cell, %s. Marks: ratio of medians; bars: 95%% bootstrap intervals, resampled through the minimum.", processes, setting)
caption_2 = "The bound: the least count of any collector, pauses included. Hollow: left more than a tenth of its garbage; cross: frees nothing."
load scripts . '/dots.gp'
