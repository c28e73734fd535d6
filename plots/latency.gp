# SPDX-License-Identifier: MIT
# Draws latency of requests over percentile, x = 1 / (1 - p). All panels share both axes, which are
# logarithmic. Dashed lines are service alone.
source = 'latency_curve.csv'
caption = sprintf("%s %s. Solid: from a request's arrival to its answer; where no schedule says when it arrives, as if requests came evenly over 100 ms (metered).", kept, setting) \
    . ' ' . "Dashed: service alone, from begin to end. Percentiles are observed latencies (type 1), pooled over a cell. Thin: fewer than five requests took longer. A line ends at the longest." \
    . ' ' . "Hollow: left more than a tenth of its garbage behind."
load scripts . '/panels.gp'
load scripts . '/style.gp'
# A work on a schedule has response times: they are drawn, else the metered latencies.
array responds[work_count]
do for [w = 1:work_count] { responds[w] = 0 }
respond(w) = w < work_count ? (responds[w + 1] = 1) : 0
stats tables . source using (strcol('setting') eq setting && strcol('kind') eq 'response' ? respond(int(column('row'))) : 0) nooutput
load scripts . '/percentiles.gp'
is_waited(dummy) = strcol('kind') eq waited
is_sure(dummy) = is_waited(0) && 5 * column('x') <= column('requests')
set multiplot
do for [panel = 1:panels] {
    work = work_of(panel)
    waited = responds[work + 1] ? 'response' : 'metered_100ms'
    panel_note = responds[work + 1] ? ': response' : ': metered, 100 ms'
    load scripts . '/panel.gp'
    plot for [s = 0:others] line('latency_curve', work, s) using (is_waited(0) ? column('x') : NaN):'latency_ns' \
             with lines linewidth 0.8 linecolor rgb shaded notitle, \
         for [s = first_line:last_line] line('latency_curve', work, s) using (strcol('kind') eq 'simple' ? column('x') : NaN):'latency_ns' \
             with lines linewidth 1.2 dashtype 2 linecolor rgb tint(s) notitle, \
         for [s = first_line:last_line] line('latency_curve', work, s) using (is_waited(0) ? column('x') : NaN):'latency_ns' \
             with lines linewidth 0.6 linecolor rgb tint(s) notitle, \
         for [s = first_line:last_line] line('latency_curve', work, s) using (is_sure(0) ? column('x') : NaN):'latency_ns' \
             with lines linewidth 1.8 linecolor rgb tint(s) notitle, \
         for [s = first_line:last_line] line('latency_curve', work, s) using (is_waited(0) ? column('x') : NaN):'latency_ns' every 6 \
             with points pointtype mark_on(work, s) pointsize 0.7 linecolor rgb tint(s) notitle
    if (panel == 1) { unset label }
}
unset multiplot
