# SPDX-License-Identifier: MIT
# Draws a cost over the size of the input, both logarithmic: a panel for each workload that ran at several sizes, and in it
# a line for each config, with its exponent beside the panel. growth.gp and growth-memory.gp set these variables and load
# this file:
#
#   axis      what grows, as text
#   tick(v)   the text of the value v on the vertical axis
#   caption   what is drawn, in sentences
in_bytes(v) = v >= 1e9 ? sprintf("%g GB", v / 1e9) : v >= 1e6 ? sprintf("%g MB", v / 1e6) : v >= 1e3 ? sprintf("%g kB", v / 1e3) : sprintf("%g B", v)
caption = caption . ' ' . "Across: bytes that the workload allocates, by the collector that counts fewest. Beside a panel: each line's exponent, in the order in which lines end, from above: the cost grows as the size to this power."
caption = caption . ' ' . "It is the mean of the slopes of the blocks, with its 95% interval. Grey line: in proportion to the size, an exponent of 1. Hollow: left more than a tenth of its garbage; cross: frees nothing. Axes differ."
# The families of this chart, by their places.
panels = part_count
down = ceil((panels + 0.0) / across)
panel_gap = 62.0
panel_width = (width - 24 - panel_gap * across) / across
# The exponents stand in a gutter on the right, one below the other.
exponent_chars = 4
exponent_of(i) = exponents[i] eq '' ? 'too few sizes' : exponents[i]
do for [i = 1:family_count * config_count] {
    if (line_order[i] >= 0) { exponent_chars = strlen(exponent_of(i)) > exponent_chars ? strlen(exponent_of(i)) : exponent_chars }
}
gutter = 30 + 5.2 * exponent_chars
plot_width = panel_width - gutter
line_pitch = 13.0
load scripts . '/caption.gp'
load scripts . '/key.gp'
top = head + 20 * key_rows
bottom = 24 + caption_height
# As high as wide panels are, and as a page has room for; but the exponents have room.
tallest = (page_height - top - bottom + 0.0) / down - 70
panel_height = 0.62 * panel_width < 380 ? 0.62 * panel_width : 380
panel_height = panel_height < tallest ? panel_height : tallest
panel_height = panel_height > line_pitch * config_count + 6 ? panel_height : line_pitch * config_count + 6
height = top + bottom + down * (panel_height + 70)
load scripts . '/style.gp'

# The figures of each work and config.
array middles[work_count * config_count]
array lows[work_count * config_count]
array highs[work_count * config_count]
do for [i = 1:work_count * config_count] { middles[i] = 0.0; lows[i] = 0.0; highs[i] = 0.0 }
end_of(name) = strcol(name) eq '' ? column('median') : column(name)
take(i) = (middles[i] = column('median'), lows[i] = end_of('low'), highs[i] = end_of('high'), 0)
stats $cells using (strcol('status') eq 'ok' && strcol('median') ne '' ? take(int(column('row')) * config_count + int(column('series')) + 1) : 0) nooutput

# The labels of a logarithmic axis: 1, 2 and 5 times the powers of ten where there is room, else the powers alone.
steps_of(decade, need) = 0.301 * decade >= need ? 1 : decade >= need ? 3 : 6
set grid xtics ytics linetype 1 linecolor rgb grid_colour
set multiplot
do for [panel = 1:panels] {
    f = part_works[panel] + 1
    # The rows of this panel: of each config the smallest size first.
    x_least = sizes[family_works[(f - 1) * work_count + 1] + 1]
    x_most = sizes[family_works[(f - 1) * work_count + family_sizes[f]] + 1]
    y_least = 1e300
    y_most = 0.0
    set print $mine
    print 'series,size,middle,low,high,leaks'
    do for [s = 0:config_count - 1] {
        do for [p = 1:family_sizes[f]] {
            work = family_works[(f - 1) * work_count + p]
            i = work * config_count + s + 1
            if (middles[i] > 0) {
                y_least = lows[i] > 0 && lows[i] < y_least ? lows[i] : y_least
                y_most = highs[i] > y_most ? highs[i] : y_most
                print sprintf("%d,%.9g,%.9g,%.9g,%.9g,%d", s, sizes[work + 1], middles[i], lows[i], highs[i], leaks(work, s))
            }
        }
    }
    unset print
    y_least = y_most > 0 ? y_least : 1
    y_most = y_most > 0 ? y_most : 10
    left_px = 4 + panel_gap + ((panel - 1) % across) * (panel_width + panel_gap)
    top_px = top + 26 + ((panel - 1) / across) * (panel_height + 70)
    set lmargin at screen px(left_px)
    set rmargin at screen px(left_px + plot_width)
    set tmargin at screen 1 - py(top_px)
    set bmargin at screen 1 - py(top_px + panel_height)
    panel_title = families[f] . ': ' . axis
    set label 6999 panel_title at screen px(left_px),1-py(top_px - 12) left font ",12" textcolor rgb ink
    x_from = x_least / 1.15
    x_to = x_most * 1.15
    y_from = y_least / 1.25
    y_to = y_most * 1.25
    set logscale xy
    set xrange [x_from:x_to]
    set yrange [y_from:y_to]
    set xtics () scale 0.6 font ",10" offset 0,0.3
    set ytics () scale 0.6 font ",10" offset 0.5,0
    x_step = steps_of(plot_width / log10(x_to / x_from), 40)
    y_step = steps_of(panel_height / log10(y_to / y_from), 18)
    do for [k = 0:54] {
        if (log_step(k) >= x_from && log_step(k) <= x_to) { tick_label = k % x_step == 0 ? in_bytes(log_step(k)) : ''; set xtics add (tick_label log_step(k)) }
        if (log_step(k) >= y_from && log_step(k) <= y_to) { tick_label = k % y_step == 0 ? tick(log_step(k)) : ''; set ytics add (tick_label log_step(k)) }
    }
    do for [p = 1:config_count] {
        s = line_order[(f - 1) * config_count + p]
        if (s >= 0) {
            line_words = exponent_of((f - 1) * config_count + p)
            set label 6000 + p line_words at screen px(left_px + plot_width + 12),1-py(top_px + 6 + line_pitch * (p - 1)) left offset 0.6,-0.2 \
                point pointtype mark(s) pointsize 0.7 linecolor rgb tint(s) font ",9" textcolor rgb ink
        }
    }
    plot [x_from:x_to] y_from * (x / x_from) with lines dashtype 3 linewidth 1 linecolor rgb "#888888" notitle, \
         for [s = 0:config_count - 1] $mine using (column('series') == s ? column('size') : NaN):(column('middle')) \
             with lines linewidth 1.4 linecolor rgb tint(s) notitle, \
         for [s = 0:config_count - 1] $mine using (column('series') == s ? column('size') : NaN):(column('middle')):(column('low')):(column('high')) \
             with yerrorbars pointtype 0 linewidth 1 linecolor rgb tint(s) notitle, \
         for [s = 0:config_count - 1] $mine using (column('series') == s && column('leaks') == 0 ? column('size') : NaN):(column('middle')) \
             with points pointtype mark(s) pointsize 0.7 linecolor rgb tint(s) notitle, \
         for [s = 0:config_count - 1] $mine using (column('series') == s && column('leaks') == 1 ? column('size') : NaN):(column('middle')) \
             with points pointtype hollow(hue(s)) pointsize 0.8 linewidth 1.4 linecolor rgb tint(s) notitle
    unset label
    unset logscale
}
unset multiplot
