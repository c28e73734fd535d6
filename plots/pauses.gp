# SPDX-License-Identifier: MIT
# Draws pause time over percentile, x = 1 / (1 - p). All panels share both axes, which are logarithmic. Dashed
# lines leave the cascades out.
source = 'pause_curve.csv'
caption = sprintf("%s Pauses pooled over a cell, %s. Dashed: without cascades of frees. Thin: fewer than five pauses are longer. A line ends at the longest pause.", kept_pauses, setting) \
    . ' ' . "Percentiles are observed pauses (type 1): a line that does not reach p99 has fewer than 100 pauses. Hollow: left more than a tenth of its garbage." \
    . ' ' . untimed
load scripts . '/panels.gp'
load scripts . '/style.gp'
stats tables . source using (strcol('setting') eq setting && (column('x') >= 2 || column('pauses') < 2) && column('pause_ns') > 0 ? column('pause_ns') : NaN) name 'Y' nooutput
stats tables . source using (strcol('setting') eq setting ? column('x') : NaN) name 'X' nooutput
# Where no pause has a place, `stats` leaves its variables undefined.
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
    every = across > 2 && Y_max / Y_min > 1e5 ? e % 2 == 0 : 1
    if (every && 10.0**e >= Y_min / 1.5 && 10.0**e <= Y_max * 1.5) { set ytics add (label_of(e) 10.0**e) }
}
set grid xtics ytics linetype 1 linecolor rgb grid_colour
# Reads the rows of the setting once: work, series, x, pause, 1 for a line without cascades, else 0, and 1 where few
# pauses are longer. A cell of one pause stands at the left edge.
set table $every separator comma
plot tables . source using (column('row')):(column('series')):(column('x') < 2 && column('pauses') < 2 ? 2 : column('x')):(column('pause_ns')):(strcol('kind') eq 'all' ? 0 : 1):(5 * column('x') > column('pauses') ? 1 : 0) \
    with table if (strcol('setting') eq setting)
unset table
unset datafile columnheaders
set multiplot
do for [panel = 1:panels] {
    work = panel_works[panel]
    set lmargin at screen px(panel_left(panel))
    set rmargin at screen px(panel_left(panel) + panel_width)
    set tmargin at screen 1 - py(panel_top(panel))
    set bmargin at screen 1 - py(panel_top(panel) + panel_height)
    set title works[work + 1] font ",12" offset 0,-0.6 textcolor rgb ink
    # Gathers the rows of this panel: the same without the work.
    set table $rows separator comma
    plot $every using ($2):($3):($4):($5):($6) with table if (column(1) == work)
    unset table
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
