# SPDX-License-Identifier: MIT
# Draws the smallest share of time that the mutator had in any window, over the length of the window
# (logarithmic).
source = 'utilisation.csv'
caption = sprintf("%s Median of those whose pauses are all kept, %s. Solid: pauses, timed cascades included. Higher is better; the right end is the whole run.", kept_pauses, setting) \
    . ' ' . "Across: length of the window. Where a line leaves 0 is the longest time that the program can stand still. Hollow: left more than a tenth of its garbage." \
    . ' ' . untimed . " Dashed: with that estimate, spread evenly."
load scripts . '/panels.gp'
load scripts . '/style.gp'
stats tables . source using (strcol('setting') eq setting ? column('window_ns') : NaN) name 'X' nooutput
# Where there is no window, `stats` leaves its variables undefined.
x_least = has('X_records') ? X_min : 1e6
x_most = has('X_records') && X_max > X_min ? X_max : x_least * 10
in_time(v) = v >= 1e9 ? sprintf("%g s", v / 1e9) : v >= 1e6 ? sprintf("%g ms", v / 1e6) : sprintf("%g µs", v / 1e3)
every = log10(x_most / x_least) > 3.5 && across > 2 ? 2 : 1
# A table of an earlier version has no kinds.
estimated(kind) = kind eq 'with_estimate'
# Reads the rows of the setting once: work, series, window, utilisation, and 1 with the estimate, else 0.
set table $every separator comma
plot tables . source using (column('row')):(column('series')):(column('window_ns')):(column('utilisation')):(estimated(strcol('kind')) ? 1 : 0) \
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
    unset logscale; set autoscale
    set table $rows separator comma
    plot $every using ($2):($3):($4):($5) with table if (column(1) == work)
    unset table
    set logscale x
    set xrange [x_least:x_most * 1.1]
    set yrange [0:1.03]
    set xtics () scale 0.6 font ",10" offset 0,0.3
    do for [e = 4:12:every] { if (10.0**e >= x_least * 0.99 && 10.0**e <= x_most * 1.1) { text = in_time(10.0**e); set xtics add (text 10.0**e) } }
    set ytics ("0" 0, "25%%" 0.25, "50%%" 0.5, "75%%" 0.75, "100%%" 1) scale 0.6 font ",10" offset 0.5,0
    set grid xtics ytics linetype 1 linecolor rgb grid_colour
    plot for [s = 0:config_count - 1] $rows using ($1 == s && $4 == 1 ? $2 : NaN):3 \
             with lines linewidth 1.4 dashtype 2 linecolor rgb tint(s) notitle, \
         for [s = 0:config_count - 1] $rows using ($1 == s && $4 == 0 ? $2 : NaN):3 \
             with linespoints linewidth 1.6 pointtype mark_on(work, s) pointsize 0.6 pointinterval 5 linecolor rgb tint(s) notitle
    if (panel == 1) { unset label }
}
unset multiplot
