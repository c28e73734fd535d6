# SPDX-License-Identifier: MIT
# Draws the smallest share of time that the mutator had in any window, over the length of the window
# (logarithmic), and its lower envelope: the smallest share in any window of that length or longer.
source = 'utilisation.csv'
caption = sprintf("%s Median of the processes whose pauses are all kept, %s. Thin: pauses, timed cascades included. Thick: the least of it in windows of that length or longer. Higher is better; the right end is the whole run.", kept, setting) \
    . ' ' . "Across: length of the window. Where a line leaves 0 is the longest time that the program can stand still. Hollow: left more than a tenth of its garbage." \
    . ' ' . untimed . " Dashed: with that estimate, spread evenly." \
    . ' ' . "A collector without a line has no process whose pauses are all kept."
load scripts . '/panels.gp'
load scripts . '/style.gp'
stats tables . source using (strcol('setting') eq setting ? column('window_ns') : NaN) name 'X' nooutput
# Where there is no window, `stats` leaves its variables undefined.
x_least = has('X_records') ? X_min : 1e6
x_most = has('X_records') && X_max > X_min ? X_max : x_least * 10
in_time(v) = v >= 1e9 ? sprintf("%g s", v / 1e9) : v >= 1e6 ? sprintf("%g ms", v / 1e6) : sprintf("%g µs", v / 1e3)
every = panel_width / log10(x_most / x_least) < 54 ? 2 : 1
set xtics () scale 0.6 font ",10" offset 0,0.3
do for [e = 4:12] {
    if (10.0**e >= x_least * 0.99 && 10.0**e <= x_most * 1.1) { text = e % every == 0 ? in_time(10.0**e) : ''; set xtics add (text 10.0**e) }
}
set ytics ("0" 0, "25%%" 0.25, "50%%" 0.5, "75%%" 0.75, "100%%" 1) scale 0.6 font ",10" offset 0.5,0
set grid xtics ytics linetype 1 linecolor rgb grid_colour
# A table of an earlier version has no kinds.
estimated(dummy) = strcol('kind') eq 'with_estimate'
most_windows = 256
array windows[most_windows]
array shares[most_windows]
take(window, share) = window_count < most_windows ? (window_count = window_count + 1, windows[window_count] = window, shares[window_count] = share, 0) : 0
panel_note = ''
set multiplot
do for [panel = 1:panels] {
    work = work_of(panel)
    load scripts . '/panel.gp'
    # The envelopes of the panel's lines. Rows have windows of growing length. `stats` takes no logarithmic axis.
    unset logscale
    set autoscale
    set print $envelopes
    print "series,place,window_ns,least"
    missing = 0
    do for [s = 0:config_count - 1] {
        window_count = 0
        plotted = line('utilisation', work, s)
        stats plotted using (estimated(0) ? 0 : take(column('window_ns'), column('utilisation'))) nooutput
        missing = missing + (window_count == 0 && s >= first_line && s <= last_line)
        least = 1.0
        do for [i = window_count:1:-1] {
            least = shares[i] < least ? shares[i] : least
            print sprintf("%d,%d,%.9g,%.6g", s, i, windows[i], least)
        }
    }
    unset print
    set logscale x
    set xrange [x_least:x_most * 1.1]
    set yrange [0:1.03]
    # A panel says what it lacks.
    if (missing > last_line - first_line) {
        set label 6000 "no process kept\nall its pauses" at graph 0.5,0.56 center font ",10" textcolor rgb quiet
    } else { if (missing > 0) {
        missing_words = sprintf("%d of %d without a line", missing, last_line - first_line + 1)
        set label 6000 missing_words at graph 0.97,0.08 right font ",9" textcolor rgb quiet
    } }
    plot for [s = 0:others] $envelopes using (column('series') == s ? column('window_ns') : NaN):'least' \
             with lines linewidth 0.8 linecolor rgb shaded notitle, \
         for [s = first_line:last_line] line('utilisation', work, s) using (estimated(0) ? column('window_ns') : NaN):'utilisation' \
             with lines linewidth 1.4 dashtype 2 linecolor rgb tint(s) notitle, \
         for [s = first_line:last_line] line('utilisation', work, s) using (estimated(0) ? NaN : column('window_ns')):'utilisation' \
             with lines linewidth 0.6 linecolor rgb tint(s) notitle, \
         for [s = first_line:last_line] $envelopes using (column('series') == s ? column('window_ns') : NaN):'least' \
             with lines linewidth 1.8 linecolor rgb tint(s) notitle, \
         for [s = first_line:last_line] $envelopes using (column('series') == s && int(column('place') + s) % 6 == 0 ? column('window_ns') : NaN):'least' \
             with points pointtype mark_on(work, s) pointsize 0.7 linecolor rgb tint(s) notitle
    if (panel == 1) { unset label } else { unset label 6000 }
}
unset multiplot
