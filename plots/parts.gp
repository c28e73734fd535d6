# SPDX-License-Identifier: MIT
# Draws where the wall time goes: a stacked bar for each cell, cold and warm memory beside each other. There is a
# panel for each work. Its axis starts at 0; a bar beyond four times the median bar is cut, and says its time.
set datafile separator comma
set datafile columnheaders
has(records) = exists(records) ? value(records) > 0 : 0
panels = part_count
# Whether a row of a block has warm memory.
has_warm(dummy) = column('other') == (setting eq warm ? 0 : 1)
stats $parts using (has_warm(0) ? NaN : 1) name 'C' nooutput
stats $parts using (has_warm(0) ? 1 : NaN) name 'W' nooutput
both = has('C_records') && has('W_records')
name_chars = 4
do for [s = 1:config_count] { name_chars = strlen(configs[s]) > name_chars ? strlen(configs[s]) : name_chars }
down = ceil((panels + 0.0) / across)
gutter = 20 + 6.2 * (name_chars + (both ? 5 : 0))
gap = 46.0
panel_width = (width - gutter - gap * across) / across
bar = both ? 12.0 : 14.0
row_height = (both ? 2 : 1) * bar + 7
panel_height = row_height * config_count
caption = sprintf("%s. Bars: means over the middle half of a cell's processes by wall time, so that the parts add up; the number is their sum.", counted) \
    . ' ' . "Kernel: system time, most of it fresh pages. Waiting: neither user nor system time. Cascades: only those of 64 frees or more are timed; hatched in the mutator: an estimate of the rest, a part of it." \
    . ' ' . (both ? sprintf("Upper bar: cold memory (%s). Lower: the pages that the process uses were there before its clock started (%s). ", cold, warm) : sprintf("Setting: %s. ", has('C_records') ? cold : warm)) \
    . "† left more than a tenth of its garbage; ‡ frees nothing." . not_warm_words . " Axes differ; ▸: the bar is cut."
load scripts . '/caption.gp'
# The parts in the order of the stack, with their colours: neighbours differ in grey, too, and what waits is hatched. The
# kernel's time follows what it belongs to.
part_names = "'mutator' 'kernel, in the mutator' 'collecting' 'cascades' 'kernel, in pauses' 'waiting' 'cascades untimed (estimate)'"
part_colours = "#9AD0F0 #0072B2 #D98200 #F5EB7A #7A2A00 #ffffff #9AD0F0"
array part_x[7]
array part_y[7]
key_at = 16.0
key_rows = 1
do for [p = 1:7] {
    key_need = 36 + 7.2 * strlen(word(part_names, p))
    if (key_at > 16 && key_at + key_need > width) { key_at = 16.0; key_rows = key_rows + 1 }
    part_x[p] = key_at
    part_y[p] = head - 5 + 20 * (key_rows - 1)
    key_at = key_at + key_need
}
top = head + 28 + 20 * key_rows
bottom = 30 + caption_height
height = top + bottom + down * (panel_height + 62)
load scripts . '/style.gp'

do for [p = 1:7] {
    set object 8000 + p rectangle from screen px(part_x[p]),1-py(part_y[p] + 14) to screen px(part_x[p] + 14),1-py(part_y[p]) \
        fillcolor rgb word(part_colours, p) fillstyle solid border rgb "#555555" linewidth 0.5
    set label 8000 + p word(part_names, p) at screen px(part_x[p] + 20),1-py(part_y[p] + 7) left textcolor rgb ink
}
set object 8011 rectangle from screen px(part_x[7]),1-py(part_y[7] + 14) to screen px(part_x[7] + 14),1-py(part_y[7]) \
    fillcolor rgb hatch_ink("#7a6a00") fillstyle transparent pattern hatch(5) noborder
set object 8012 rectangle from screen px(part_x[6]),1-py(part_y[6] + 14) to screen px(part_x[6] + 14),1-py(part_y[6]) \
    fillcolor rgb hatch_ink("#777777") fillstyle transparent pattern hatch(4) noborder

# What is no figure is read as 0.
part(name) = strlen(strcol(name)) ? real(strcol(name)) / 1e9 : 0
in_seconds(v) = v >= 9.95 ? sprintf("%.1f s", v) : v >= 0.995 ? sprintf("%.2f s", v) : v >= 0.00995 ? sprintf("%.0f ms", 1e3 * v) : sprintf("%.1f ms", 1e3 * v)
tick_of(v) = v == 0 ? "0" : v >= 0.9999 ? sprintf("%g s", v) : sprintf("%g ms", 1e3 * v)
half = bar / row_height / 2
# The middle of a bar, in rows.
middle(s, is_warm) = s + (both ? (int(is_warm) ? 0.5 * bar / row_height : -0.5 * bar / row_height) : 0)
mark_of(work, s, is_warm) = (floors[s + 1] ? ' ‡' : leaks(work, s) ? ' †' : '') . (is_warm == 1 ? not_warm_mark(work, s) : '')
set border 1 linecolor rgb "#444444"
blank(dummy) = strcol('status') ne 'ok' && column('series') < config_count
$failed << EOD
EOD
# Of each bar whether its cell ran.
array has_run[2 * config_count]
bar_of(s, is_warm) = 2 * int(s) + (both ? int(is_warm) : 0) + 1
set multiplot
do for [panel = 1:panels] {
    work = part_works[panel]
    column_of = (panel - 1) % across
    left_px = gutter + 8 + column_of * (panel_width + gap)
    top_px = top + 22 + ((panel - 1) / across) * (panel_height + 62)
    set lmargin at screen px(left_px)
    set rmargin at screen px(left_px + panel_width)
    set tmargin at screen 1 - py(top_px)
    set bmargin at screen 1 - py(top_px + panel_height)
    set title works[work + 1] font ",12" offset 0,-0.6 textcolor rgb ink
    set datafile columnheaders
    # Gathers the rows of this panel once: series, 1 if warm, the ends of the six parts, and the estimate.
    set table $rows separator comma
    plot data('parts', work) using (column('series')):(has_warm(0)) \
        :(a = part('mutator_ns')):(b = a + part('kernel_mutator_ns')):(c = b + part('collecting_ns')):(d = c + part('cascades_ns')) \
        :(e = d + part('kernel_collecting_ns') + part('kernel_cascades_ns')):(e + part('waiting_ns')):(part('cascades_untimed_ns')) \
        with table if (column('series') < config_count)
    unset table
    failures = 0
    plotted = data('cells', work)
    stats plotted using (blank(0) ? (failures = failures + 1) : 0) nooutput
    unset datafile columnheaders
    set autoscale
    undefine T_*
    stats $rows using 8 name 'T' nooutput
    most = !has('T_records') ? 1 : T_max > 4 * T_median ? 4 * T_median : T_max
    # gnuplot 5.4 ends with a broken pointer where a table of one row has no label to draw.
    fits = has('T_records') && T_min <= most * 1.2
    cuts = has('T_records') && T_max > most * 1.2
    x_step = nice(most * (panel_width < 200 ? 0.5 : 0.25))
    set xrange [0:most * 1.2]
    set yrange [config_count - 0.5:-0.5]
    set xtics () scale 0.5 font ",10" offset 0,0.3
    do for [i = 0:int(most / x_step)] { label_text = tick_of(i * x_step); set xtics add (label_text i * x_step) }
    set ytics scale 0 ("" -1) font ",10" offset 0.5,0
    if (column_of == 0) {
        do for [s = 0:config_count - 1] {
            if (both) {
                label_text = tick_text(configs[s + 1]) . ' cold'
                set ytics add (label_text middle(s, 0)); set ytics add ("warm" middle(s, 1))
            } else {
                set ytics add (tick_text(configs[s + 1]) s)
            }
        }
    }
    set grid xtics linetype 1 linecolor rgb grid_colour
    cut(v) = v > most * 1.2 ? most * 1.2 : v
    if (failures > 0) {
        set datafile columnheaders
        set table $failed separator comma
        plot data('cells', work) using (column('series')):(has_warm(0)):(strcol('status')) with table if (blank(0))
        unset table
        unset datafile columnheaders
    }
    # A row without a bar is no time of 0.
    do for [i = 1:2 * config_count] { has_run[i] = 0 }
    stats $rows using (has_run[bar_of($1, $2)] = 1) nooutput
    if (failures > 0) { stats $failed using (has_run[bar_of($1, $2)] = 1) nooutput }
    do for [s = 0:config_count - 1] {
        do for [w = 0:both ? 1 : 0] {
            if (!has_run[bar_of(s, w)]) { set label 7000 + bar_of(s, w) 'did not run' at first 0,first middle(s, w) left offset 0.4,0 font ',9' textcolor rgb quiet }
        }
    }
    plot for [p = 1:6] $rows using (0):(middle($1, $2)):(p == 1 ? 0 : cut(column(p + 1))):(cut(column(p + 2))):(middle($1, $2) - half):(middle($1, $2) + half) \
             with boxxyerror fillcolor rgb word(part_colours, p) fillstyle solid border rgb "#555555" linewidth 0.4 notitle, \
         $rows using ($9 > 0 ? 0 : NaN):(middle($1, $2)):(cut($3 - $9)):(cut($3)):(middle($1, $2) - half):(middle($1, $2) + half) \
             with boxxyerror fillcolor rgb hatch_ink("#7a6a00") fillstyle transparent pattern hatch(5) noborder notitle, \
         $rows using ($8 > $7 ? 0 : NaN):(middle($1, $2)):(cut($7)):(cut($8)):(middle($1, $2) - half):(middle($1, $2) + half) \
             with boxxyerror fillcolor rgb hatch_ink("#777777") fillstyle transparent pattern hatch(4) noborder notitle, \
         for [i = 0:(fits ? 0 : -1)] $rows using ($8 <= most * 1.2 ? $8 : NaN):(middle($1, $2)):(in_seconds($8) . mark_of(work, int($1), $2)) \
             with labels left offset 0.4,0 font ",9" textcolor rgb ink notitle, \
         for [i = 0:(cuts ? 0 : -1)] $rows using ($8 > most * 1.2 ? most * 1.2 : NaN):(middle($1, $2)):(in_seconds($8) . mark_of(work, int($1), $2) . ' ▸') \
             with labels right offset -0.3,0 font bold(9) textcolor rgb ink notitle, \
         for [i = 0:(failures > 0 ? 0 : -1)] $failed using (0):(middle($1, $2)):('n/a: ' . strcol(3)) \
             with labels left offset 0.4,0 font ",9" textcolor rgb quiet notitle
    unset label
    unset object
}
unset multiplot
