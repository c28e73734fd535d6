# SPDX-License-Identifier: MIT
# Draws the lower bound of overhead in instructions: the whole count over the least count of any collector,
# pauses included.
source = '$normalised'; middle = 'ratio'; low = 'low'; high = 'high'
has_means = 1
axis = "instructions, times the lower bound of what the program itself costs"
tick(v) = sprintf("%gx", v)
caption = sprintf("%s, %s. Marks: ratios within blocks, their geometric mean; %s.", counted, setting, ratios)
caption = caption . ' ' . "The bound: the least count of any collector, pauses included. Hollow: left more than a tenth of its garbage; cross: frees nothing. Nothing is claimed of bounds."
load scripts . '/dots.gp'
