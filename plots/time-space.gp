# SPDX-License-Identifier: MIT
# Draws time over memory: a line for each collector. Its points are configs, swept over heap limits or
# triggers. Both axes are logarithmic.
# The key names collectors, as the lines do: a config is only a point of a line.
config_count = collector_count
array configs[config_count]
array floors[config_count]
array leaking[config_count]
array hues[config_count]
array leaks_on[config_count * work_count]
do for [s = 1:config_count] { configs[s] = collectors[s]; hues[s] = collector_hues[s]; floors[s] = 0; leaking[s] = 0 }
do for [i = 1:config_count * work_count] { leaks_on[i] = 0 }
set datafile separator comma
set datafile missing ""
set datafile columnheaders
sink(s) = (floors[s + 1] = 1)
stats $time_space using (strcol('role') eq 'floor' ? sink(int(column('curve'))) : 0) nooutput
leak(s, work) = leaks_on[s * work_count + work + 1] ? 0 : (leaking[s + 1] = leaking[s + 1] + 1, leaks_on[s * work_count + work + 1] = 1)
stats $time_space using (strcol('role') eq 'leaks' ? leak(int(column('curve')), int(column('row'))) : 0) nooutput
caption = sprintf("Across: most memory held, over the least heap of any collector. Up: wall time over the best. %s, %s; %s.", counted, setting, ratios) \
    . ' ' . "At the top: heaps in which the work was not done. Hollow: left more than a tenth of its garbage behind. Grey line: frees nothing. Nothing is claimed of heaps of different sizes."
load scripts . '/panels.gp'
load scripts . '/style.gp'
stats $time_space using (strcol('role') ne 'floor' ? column('memory') : NaN) name 'X' nooutput
stats $time_space using (strcol('status') eq 'ok' ? column(strlen(strcol('low')) ? 'low' : 'ratio') : NaN) name 'Y' nooutput
stats $time_space using (strcol('status') eq 'ok' ? column(strlen(strcol('high')) ? 'high' : 'ratio') : NaN) name 'T' nooutput
stats $time_space using (strcol('status') eq 'ok' ? column('ratio') : NaN) name 'R' nooutput
# Where no heap sufficed, `stats` leaves its variables undefined.
X_min = has('X_records') ? X_min : 1
X_max = has('X_records') ? X_max : 1
R_min = has('R_records') ? R_min : 1
R_max = has('R_records') ? R_max : 1
Y_min = has('Y_records') ? Y_min : 1
T_max = has('T_records') ? T_max : 1
# An interval of few blocks may be wider than any chart: it is cut at three times the ratios.
Y_min = Y_min < R_min / 3 ? R_min / 3 : Y_min
Y_max = T_max > R_max * 3 ? R_max * 3 : T_max
set logscale x 2
set logscale y 2
# Failed heaps stand in a strip at the top. Each collector that has any has a line of the strip.
array lane[config_count]
do for [s = 1:config_count] { lane[s] = 0 }
lanes = 0
lane_take(s) = lane[s + 1] ? 0 : (lanes = lanes + 1, lane[s + 1] = lanes)
stats $time_space using (strcol('status') ne 'ok' ? lane_take(int(column('curve'))) : 0) nooutput
strip = lanes ? 1.15 * 1.16**lanes : 1
x_least = X_min < 1 ? X_min / 1.1 : 0.95
set xrange [x_least:X_max * 1.12]
set yrange [Y_min / 1.08:Y_max * 1.1 * strip]
set xtics () scale 0.6 font ",10" offset 0,0.3
do for [e = 0:9] { if (2.0**e <= X_max * 1.12) { set xtics add (sprintf("%g", 2.0**e) 2.0**e) } }
if (X_max < 12) { do for [v in "1.5 3 6"] { if (v + 0 <= X_max * 1.12) { set xtics add (v v + 0) } } }
set ytics () scale 0.6 font ",10" offset 0.5,0
do for [e = -4:9] { v = 2.0**e; if (v >= Y_min / 1.08 && v <= Y_max * 1.1) { set ytics add (sprintf("%g", v) v) } }
if (Y_max / Y_min < 6) { do for [v in "1.5 3"] { if (v + 0 <= Y_max * 1.1) { set ytics add (v v + 0) } } }
set grid xtics ytics linetype 1 linecolor rgb grid_colour
# Its name stands beside it, and a line below it.
if (lanes) {
    set ytics add ("failed" Y_max * 1.1 * 1.15 * 1.16**(0.5 * lanes))
    set arrow 9200 from graph 0,first Y_max * 1.1 * 1.07 to graph 1,first Y_max * 1.1 * 1.07 nohead dashtype 3 linecolor rgb "#999999"
}
failed_at(s) = Y_max * 1.1 * 1.15 * 1.16**(lane[int(s) + 1] - 0.5)
number(name, otherwise) = strlen(strcol(name)) ? real(strcol(name)) : otherwise
# Of a row: 0 whole, 1 leaks, 2 failed, 3 floor.
kind(dummy) = strcol('status') ne 'ok' ? 2 : strcol('role') eq 'floor' ? 3 : strcol('role') eq 'leaks' ? 1 : 0
ratio(dummy) = number('ratio', 0)
panel_note = ''
set multiplot
do for [panel = 1:panels] {
    work = work_of(panel)
    load scripts . '/panel.gp'
    plot for [s = 0:config_count - 1] line('time_space', work, s) using (kind(0) == 3 ? x_least : NaN):(ratio(0)):(X_max * 1.12 - x_least):(0) \
             with vectors nohead linewidth 1.2 dashtype 2 linecolor rgb "#888888" notitle, \
         for [s = 0:config_count - 1] line('time_space', work, s) using (kind(0) < 2 ? column('memory') : NaN):(ratio(0)) \
             with lines linewidth 1.4 linecolor rgb tint(s) notitle, \
         for [s = 0:config_count - 1] line('time_space', work, s) using (kind(0) < 2 ? column('memory') : NaN):(ratio(0)):(number('low', ratio(0))):(number('high', ratio(0))) \
             with yerrorbars linewidth 1 pointtype 0 linecolor rgb tint(s) notitle, \
         for [s = 0:config_count - 1] line('time_space', work, s) using (kind(0) == 0 ? column('memory') : NaN):(ratio(0)) \
             with points pointtype mark(s) pointsize 0.7 linecolor rgb tint(s) notitle, \
         for [s = 0:config_count - 1] line('time_space', work, s) using (kind(0) == 1 ? column('memory') : NaN):(ratio(0)) \
             with points pointtype hollow(hue(s)) pointsize 0.8 linewidth 1.4 linecolor rgb tint(s) notitle, \
         for [s = 0:config_count - 1] line('time_space', work, s) using (kind(0) == 2 ? column('memory') : NaN):(failed_at(s)) \
             with points pointtype mark(s) pointsize 0.7 linecolor rgb tint(s) notitle
    if (panel == 1) { unset label }
}
unset multiplot
