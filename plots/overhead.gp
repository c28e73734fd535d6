# SPDX-License-Identifier: MIT
# Draws the lower bound of overhead in wall time: the whole cost over the least cost that any collector has
# without its pauses.
source = '$normalised'; middle = 'ratio'; low = 'low'; high = 'high'
has_means = 1
axis = "wall time, times the lower bound of what the program itself costs"
tick(v) = sprintf("%gx", v)
caption = sprintf("%s, %s. Marks: ratios within blocks, their geometric mean; %s.", counted, setting, ratios)
caption = caption . ' ' . "The bound: the least time of any collector without its pauses. Hollow: left more than a tenth of its garbage; cross: frees nothing. Nothing is claimed of bounds."
load scripts . '/dots.gp'
