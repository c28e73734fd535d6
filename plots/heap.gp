# SPDX-License-Identifier: MIT
# Draws bytes held (allocated less freed) over the allocation clock, for one typical process of each cell.
# Every collector of a work has the same length on that clock. Marks stand at collections. The grey area is
# the least that any held.
source = 'heap.csv'
# How far the processes drawn are off the median time of their cells, at most.
set datafile separator comma
set datafile columnheaders
has(records) = exists(records) ? value(records) > 0 : 0
stats tables . source using (strcol('setting') eq setting && strcol('over_median') ne '' ? abs(column('over_median') - 1) : NaN) name 'O' nooutput
off_words = has('O_records') ? sprintf(" (off it by %.0f%% at most)", 100 * O_max) : ''
caption = sprintf("%s Drawn: of these the one nearest to the cell's median time%s, %s. Lines: allocated less freed; marks: ends of collections (at most 40 shown).", kept_samples, off_words, setting) \
    . ' ' . "Across: bytes allocated so far. Grey: the least that any collector held, so no more was live. Dashed: frees nothing. Axes differ." \
    . ' ' . "Hollow: left more than a tenth of its garbage behind."
load scripts . '/panels.gp'
load scripts . '/style.gp'
dash(s) = floors[s + 1] ? 2 : 1
in_bytes(v) = v >= 1e9 ? sprintf("%.3g GB", v / 1e9) : v >= 1e6 ? sprintf("%.3g MB", v / 1e6) : v >= 1e3 ? sprintf("%.3g kB", v / 1e3) : sprintf("%.3g B", v)
# The distance of ticks is the smallest of 1, 2, 5 times a power of ten that leaves room for a label.
share = across > 2 ? 0.36 : 0.19
step(v) = (k = 10.0**floor(log10(v * share)), f = v * share / k, f <= 1 ? k : f <= 2 ? 2 * k : f <= 5 ? 5 * k : 10 * k)
# Reads the rows of the setting once: work, series, clock, heap, and 0 for a line, 1 for a mark, 2 for the least.
set datafile columnheaders
set table $every separator comma
plot tables . source using (column('row')):(column('series')):(column('allocated_bytes')):(column('heap_bytes')):(0) \
    with table if (strcol('setting') eq setting)
unset table
set table $every append separator comma
plot tables . 'collections.csv' using (column('row')):(column('series')):(column('allocated_bytes')):(column('heap_bytes')):(1) \
    with table if (strcol('setting') eq setting)
plot tables . 'heap_least.csv' using (column('row')):(0):(column('allocated_bytes')):(column('heap_bytes')):(2) \
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
    unset logscale; set autoscale
    # Gathers the rows of this panel: the same without the work.
    set table $rows separator comma
    plot $every using ($2):($3):($4):($5) with table if (column(1) == work)
    unset table
    # Where nothing was held, `stats` leaves its variables as the panel before has them.
    undefine X_*; undefine Y_*
    stats $rows using 2 name 'X' nooutput
    stats $rows using ($3 > 0 ? $3 : NaN) name 'Y' nooutput
    x_most = has('X_records') && X_max > 0 ? X_max : 1
    Y_max = has('Y_records') ? Y_max : 1
    Y_min = has('Y_records') ? Y_min : 1
    y_least = Y_min > Y_max / 1e5 ? Y_min : Y_max / 1e5
    is_log = Y_max / y_least > 50
    if (is_log) { set logscale y }
    set xrange [0:x_most * 1.02]
    set yrange [is_log ? y_least / 1.3 : 0:Y_max * 1.15]
    set xtics () scale 0.6 font ",10" offset 0,0.3
    set ytics () scale 0.6 font ",10" offset 0.5,0
    x_step = step(x_most); y_step = step(Y_max)
    do for [i = 0:int(x_most / x_step)] { text = i == 0 ? "0" : in_bytes(i * x_step); set xtics add (text i * x_step) }
    if (is_log) {
        do for [k = 0:13] { if (10.0**k >= y_least / 1.3) { text = in_bytes(10.0**k); set ytics add (text 10.0**k) } }
    } else {
        do for [i = 0:int(Y_max / y_step)] { text = i == 0 ? "0" : in_bytes(i * y_step); set ytics add (text i * y_step) }
    }
    set grid xtics ytics linetype 1 linecolor rgb grid_colour
    plot $rows using ($4 == 2 ? $2 : NaN):3 with filledcurves x1 fillcolor rgb "#dddddd" notitle, \
         for [s = 0:config_count - 1] $rows using ($1 == s && $4 == 0 ? $2 : NaN):3 \
             with lines linewidth 1.3 dashtype dash(s) linecolor rgb tint(s) notitle, \
         for [s = 0:config_count - 1] $rows using ($1 == s && $4 == 1 ? $2 : NaN):3 \
             with points pointtype mark_on(work, s) pointsize 0.4 linecolor rgb tint(s) notitle
    if (panel == 1) { unset label }
}
unset multiplot
