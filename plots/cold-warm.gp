# SPDX-License-Identifier: MIT
# Draws what fresh pages cost: wall time with cold memory over the same with warm memory.
source = '$cold_warm'; middle = 'ratio'; low = 'low'; high = 'high'
has_means = 0
axis = "wall time with cold memory, times that with warm memory"
tick(v) = sprintf("%gx", v)
is_ratio = 1
caption = sprintf("%s, %s. Ratios within blocks; %s, over all pairs at once. Right of 1: fresh pages cost time on this machine on this day.", counted, cold, ratios)
caption = caption . ' ' . sprintf("Where the whole bar lies beyond %s of 1, cold and warm differ. A mark without a bar: the cold cell stopped at the first look, as warm within %s.", minimum, precision)
caption = caption . ' ' . "Hollow: left more than a tenth of its garbage; cross: frees nothing."
left_out_words = "that ran with one memory alone"
load scripts . '/dots.gp'
