# SPDX-License-Identifier: MIT
# Draws latency of requests over percentile, x = 1 / (1 - p). All panels share both axes, which are
# logarithmic. Dashed lines are service alone.
# The columns of a block: other, x, latency_ns.
at = 2; latency = 3
caption = sprintf("%s %s. Solid: from a request's arrival to its answer; where no schedule says when it arrives, as if requests came evenly over 100 ms (metered).", kept, setting) \
    . ' ' . "Dashed: service alone, from begin to end. Percentiles are observed latencies (type 1), pooled over a cell. Thin: fewer than five requests took longer. A line ends at the longest." \
    . ' ' . "Hollow: left more than a tenth of its garbage behind."
load scripts . '/panels.gp'
load scripts . '/style.gp'
load scripts . '/percentiles.gp'
set multiplot
do for [panel = 1:panels] {
    work = work_of(panel)
    # A work on a schedule has response times: they are drawn, else the metered latencies.
    waited = responds[work + 1] ? 'response' : 'metered_100ms'
    panel_note = responds[work + 1] ? ': response' : ': metered, 100 ms'
    load scripts . '/panel.gp'
    plot for [s = 0:others] line_of('latency_curve', work, s, waited) using at:latency \
             with lines linewidth 0.8 linecolor rgb shaded notitle, \
         for [s = first_line:last_line] line_of('latency_curve', work, s, 'simple') using at:latency \
             with lines linewidth 1.2 dashtype 2 linecolor rgb tint(s) notitle, \
         for [s = first_line:last_line] line_of('latency_curve', work, s, 'simple') using at:latency every 1000::4 \
             with points pointtype mark_on(work, s) pointsize 0.6 linecolor rgb tint(s) notitle, \
         for [s = first_line:last_line] line_of('latency_curve', work, s, waited) using at:latency \
             with lines linewidth 0.6 linecolor rgb tint(s) notitle, \
         for [s = first_line:last_line] line_of('latency_curve', work, s, waited) using at:latency every ::first_sure(s)::last_sure(s) \
             with lines linewidth 1.8 linecolor rgb tint(s) notitle, \
         for [s = first_line:last_line] line_of('latency_curve', work, s, waited) using at:latency every 6 \
             with points pointtype mark_on(work, s) pointsize 0.7 linecolor rgb tint(s) notitle
    if (panel == 1) { unset label }
}
unset multiplot
