# SPDX-License-Identifier: MIT
# Draws the smallest share of time that the mutator had in any window, over the length of the window
# (logarithmic), and its lower envelope: the smallest share in any window of that length or longer.
# The columns of a block: other, window_ns, utilisation, least.
window = 2; share = 3; least = 4
caption = sprintf("%s Median of the processes whose pauses are all kept, %s. Thin: pauses, timed cascades included. Thick: the least of it in windows of that length or longer. Higher is better; the right end is the whole run.", kept, setting) \
    . ' ' . "Across: length of the window. Where a line leaves 0 is the longest time that the program can stand still. Hollow: left more than a tenth of its garbage." \
    . ' ' . untimed . " Dashed: with that estimate, spread evenly." \
    . ' ' . "A collector without a line has no process whose pauses are all kept."
load scripts . '/panels.gp'
load scripts . '/style.gp'
x_least = X_min
x_most = X_max
in_time(v) = v >= 1e9 ? sprintf("%g s", v / 1e9) : v >= 1e6 ? sprintf("%g ms", v / 1e6) : sprintf("%g µs", v / 1e3)
every = panel_width / log10(x_most / x_least) < 54 ? 2 : 1
set xtics () scale 0.6 font ",10" offset 0,0.3
do for [e = 4:12] {
    if (10.0**e >= x_least * 0.99 && 10.0**e <= x_most * 1.1) { text = e % every == 0 ? in_time(10.0**e) : ''; set xtics add (text 10.0**e) }
}
set ytics ("0" 0, "25%%" 0.25, "50%%" 0.5, "75%%" 0.75, "100%%" 1) scale 0.6 font ",10" offset 0.5,0
set grid xtics ytics linetype 1 linecolor rgb grid_colour
set logscale x
set xrange [x_least:x_most * 1.1]
set yrange [0:1.03]
panel_note = ''
set multiplot
do for [panel = 1:panels] {
    work = work_of(panel)
    load scripts . '/panel.gp'
    missing = 0
    ran = 0
    do for [s = first_line:last_line] {
        if (role_of(work, s) ne '-') {
            ran = ran + 1
            missing = missing + (points[((panel - 1) / line_groups) * config_count + s + 1] == 0)
        }
    }
    # A panel says what it lacks; below its axis, where no line is.
    if (missing == ran) {
        none_words = ran == 0 ? "none of these ran" : "no process kept\nall its pauses"
        set label 6000 none_words at graph 0.5,0.56 center font ",10" textcolor rgb quiet
    } else { if (missing > 0) {
        missing_words = sprintf("%d of %d without a line", missing, ran)
        set label 6000 missing_words at screen px(panel_left(panel) + plot_width),1-py(panel_top(panel) + panel_height + 29) right font ",9" textcolor rgb quiet
    } }
    plot for [s = 0:others] line_of('utilisation', work, s, 'pauses') using window:least \
             with lines linewidth 0.8 linecolor rgb shaded notitle, \
         for [s = first_line:last_line] line_of('utilisation', work, s, 'with_estimate') using window:share \
             with lines linewidth 1.4 dashtype 2 linecolor rgb tint(s) notitle, \
         for [s = first_line:last_line] line_of('utilisation', work, s, 'pauses') using window:share \
             with lines linewidth 0.6 linecolor rgb tint(s) notitle, \
         for [s = first_line:last_line] line_of('utilisation', work, s, 'pauses') using window:least \
             with lines linewidth 1.8 linecolor rgb tint(s) notitle, \
         for [s = first_line:last_line] line_of('utilisation', work, s, 'pauses') using window:least every 6::(5 - s % 6) \
             with points pointtype mark_on(work, s) pointsize 0.7 linecolor rgb tint(s) notitle
    if (panel == 1) { unset label } else { unset label 6000 }
}
unset multiplot
