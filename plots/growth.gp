# SPDX-License-Identifier: MIT
# Draws how wall time grows with the size of the input.
axis = "wall time"
tick(v) = v >= 1e9 ? sprintf("%g s", v / 1e9) : v >= 1e6 ? sprintf("%g ms", v / 1e6) : v >= 1e3 ? sprintf("%g µs", v / 1e3) : sprintf("%g ns", v)
caption = sprintf("%s, %s. Marks: medians; %s.", counted, setting, medians)
load scripts . '/grown.gp'
