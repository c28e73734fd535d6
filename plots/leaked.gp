# SPDX-License-Identifier: MIT
# Draws bytes that were unreachable and still held after a last full collection.
source = '$cells'; middle = 'median'; low = 'low'; high = 'high'
has_means = 0; zeros = 1
axis = "unreachable and still held after a last full collection, bytes"
tick(v) = v >= 1e9 ? sprintf("%g GB", v / 1e9) : v >= 1e6 ? sprintf("%g MB", v / 1e6) : v >= 1e3 ? sprintf("%g kB", v / 1e3) : sprintf("%g B", v)
caption = sprintf("%s, %s. Marks: medians; %s.", counted, setting, medians)
caption = caption . ' ' . "Hollow: left more than a tenth of its garbage; cross: frees nothing."
left_out_words = "on which each collector that frees gave back all"
load scripts . '/dots.gp'
