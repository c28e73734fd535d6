# SPDX-License-Identifier: MIT
# Sets the axes of times by percentile, x = 1 / (1 - p), which all panels share. pauses.gp and latency.gp load this
# file after style.gp.
x_most = X_max > 10 ? X_max * 1.2 : 12
set logscale xy
set xrange [2:x_most]
set yrange [Y_min / 1.5:Y_max * 1.5]
# A label stands where it has room beside the one before it.
set xtics () scale 0.6 font ",10" offset 0,0.3
percentile_names = "p50 p90 p99 99.9 99.99 99.999 99.9999"
percentile_last = -1e9
percentile_chars = 0
do for [k = 0:6] {
    percentile_x = k == 0 ? 2.0 : 10.0**k
    percentile_at = plot_width * log10(percentile_x / 2) / log10(x_most / 2)
    percentile_name = word(percentile_names, k + 1)
    percentile_fits = percentile_at - percentile_last > 6 + 3.4 * (percentile_chars + strlen(percentile_name))
    if (percentile_x <= x_most) {
        percentile_text = percentile_fits ? percentile_name : ''
        set xtics add (percentile_text percentile_x)
        if (percentile_fits) { percentile_last = percentile_at; percentile_chars = strlen(percentile_name) }
    }
}
set ytics () scale 0.6 font ",10" offset 0.5,0
label_of(e) = sprintf("%g %s", 10.0**((e + 9) % 3), word("ns µs ms s", (e + 9) / 3 - 2))
every = panel_height / log10(2.25 * Y_max / Y_min) < 18 ? 2 : 1
do for [e = 0:11] {
    if (10.0**e >= Y_min / 1.5 && 10.0**e <= Y_max * 1.5) {
        percentile_text = e % every == 0 ? label_of(e) : ''
        set ytics add (percentile_text 10.0**e)
    }
}
set grid xtics ytics linetype 1 linecolor rgb grid_colour
# The first and the last of the points of a line that are drawn thick, from 0. Where there are none they are far behind it.
sure_of(s) = sure[((panel - 1) / line_groups) * config_count + s + 1]
first_sure(s) = sure_of(s) > 0 ? 0 : 1000000000
last_sure(s) = sure_of(s) > 0 ? sure_of(s) - 1 : 1000000000
