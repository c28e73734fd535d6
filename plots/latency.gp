# SPDX-License-Identifier: MIT
# Draws latency of requests over percentile, x = 1 / (1 - p). All panels share both axes, which are
# logarithmic. Dashed lines are service alone.
source = 'latency_curve.csv'
caption = sprintf("%s %s. Solid: from a request's arrival to its answer; where no schedule says when it arrives, as if requests came evenly over 100 ms (metered).", kept_latencies, setting) \
    . ' ' . "Dashed: service alone, from begin to end. Percentiles are observed latencies (type 1), pooled over a cell. Thin: fewer than five requests took longer. A line ends at the longest." \
    . ' ' . "Hollow: left more than a tenth of its garbage behind."
load scripts . '/panels.gp'
load scripts . '/style.gp'
stats tables . source using (strcol('setting') eq setting && column('x') >= 2 && column('latency_ns') > 0 && strcol('kind') ne 'metered_10x' ? column('latency_ns') : NaN) name 'Y' nooutput
stats tables . source using (strcol('setting') eq setting ? column('x') : NaN) name 'X' nooutput
# Where no request has a place, `stats` leaves its variables undefined.
Y_min = has('Y_records') ? Y_min : 1e6
Y_max = has('Y_records') ? Y_max : 1e6
X_max = has('X_records') ? X_max : 2
set logscale xy
set xrange [2:X_max > 10 ? X_max * 1.2 : 12]
set yrange [Y_min / 1.5:Y_max * 1.5]
set xtics ("p50" 2, "p90" 10, "p99" 100, "99.9" 1e3, "99.99" 1e4, "99.999" 1e5, "" 1e6, "" 1e7) scale 0.6 font ",10" offset 0,0.3
set ytics () scale 0.6 font ",10" offset 0.5,0
label_of(e) = sprintf("%g %s", 10.0**((e + 9) % 3), word("ns µs ms s", (e + 9) / 3 - 2))
do for [e = 0:11] {
    if (10.0**e >= Y_min / 1.5 && 10.0**e <= Y_max * 1.5) { set ytics add (label_of(e) 10.0**e) }
}
set grid xtics ytics linetype 1 linecolor rgb grid_colour
set multiplot
do for [panel = 1:panels] {
    work = panel_works[panel]
    set lmargin at screen px(panel_left(panel))
    set rmargin at screen px(panel_left(panel) + panel_width)
    set tmargin at screen 1 - py(panel_top(panel))
    set bmargin at screen 1 - py(panel_top(panel) + panel_height)
    # A work on a schedule has response times: they are drawn, else the metered latencies.
    set datafile columnheaders
    responses = 0
    respond(x) = (responses = x)
    stats tables . source using (column('row') == work && strcol('kind') eq 'response' ? respond(1) : 0) nooutput
    waited = responses ? 'response' : 'metered_100ms'
    set title works[work + 1] . (responses ? ': response' : ': metered, 100 ms') font ",12" offset 0,-0.6 textcolor rgb ink
    # Gathers the rows of this panel once: series, x, latency, 1 for service alone, else 0, and 1
    # where few requests took longer.
    set table $rows separator comma
    plot tables . source using (column('series')):(column('x')):(column('latency_ns')):(strcol('kind') eq waited ? 0 : 1):(5 * column('x') > column('requests') ? 1 : 0) \
        with table if (strcol('setting') eq setting && column('row') == work && (strcol('kind') eq waited || strcol('kind') eq 'simple'))
    unset table
    unset datafile columnheaders
    plot for [s = 0:config_count - 1] $rows using ($1 == s && $4 == 1 ? $2 : NaN):3 \
             with lines linewidth 1.2 dashtype 2 linecolor rgb tint(s) notitle, \
         for [s = 0:config_count - 1] $rows using ($1 == s && $4 == 0 ? $2 : NaN):3 \
             with lines linewidth 0.6 linecolor rgb tint(s) notitle, \
         for [s = 0:config_count - 1] $rows using ($1 == s && $4 == 0 && $5 == 0 ? $2 : NaN):3 \
             with lines linewidth 1.8 linecolor rgb tint(s) notitle, \
         for [s = 0:config_count - 1] $rows using ($1 == s && $4 == 0 ? $2 : NaN):3 every 6 \
             with points pointtype mark_on(work, s) pointsize 0.6 linecolor rgb tint(s) notitle
    if (panel == 1) { unset label }
}
unset multiplot
