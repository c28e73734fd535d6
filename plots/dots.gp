# SPDX-License-Identifier: MIT
# Draws a dot plot: a row for each work, and in it a mark with an interval for each config. time.gp, cold-warm.gp,
# overhead*.gp, memory.gp and leaked.gp set these variables and load this file:
#
#   source                 the block of a whole table
#   middle, low, high      the columns of the mark and of the ends of its interval
#   has_means              1 if a row of geometric means is drawn, else 0
#   is_ratio               1 if values are ratios without a row of means
#   zeros                  1 if values can be 0, which a logarithmic axis has no place for
#   axis                   the text of the horizontal axis
#   caption                what is drawn, in sentences
#   verdicts               1 if the claims of this metric are in $normalised: then what is undecided has a '?',
#                          and what is equal to the best a '=', beside its mark
#   tick(v)                the text of the value v on the axis
#   left_out_words         of which workloads there is no row; where it is not set, those that did not run in the setting
# `stats` leaves its variables undefined where no row is drawn.
has(records) = exists(records) ? value(records) > 0 : 0
# Where few ratios lie far beyond the others, the axis ends before them: they stand at its end, with their numbers.
far_from = 16.0
axis_end = far_from
is_cut = 0
set datafile separator comma
set datafile columnheaders
has_zero = exists("zeros") && zeros
# The range of the values. Values above 0 are read as columns, which takes gnuplot a fraction of the time of expressions.
if (has_zero) { stats source using (column(middle) > 0 ? column(middle) : NaN) name 'V' nooutput } else { stats source using middle name 'V' nooutput }
if (has_means && (has('V_records') ? V_max > far_from : 0)) {
    stats source using (column(middle) > far_from ? column(middle) : NaN) name 'F' nooutput
    stats source using (column(middle) <= far_from ? column(middle) : NaN) name 'N' nooutput
    stats $means using 'high' name 'MH' nooutput
    stats $means using (column('high') > far_from ? column('high') : NaN) name 'MF' nooutput
    is_cut = has('F_records') && !has('MF_records') ? F_records <= 0.05 * V_records : 0
    if (is_cut) {
        axis_end = 1.5 * N_max < far_from ? 1.5 * N_max : far_from
        axis_end = has('MH_records') && MH_max > axis_end ? far_from : axis_end
        caption = caption . " ▸: a mark beyond the end of the axis, with its number."
    }
}
if (!exists("left_out_words")) { left_out_words = "that did not run in this setting" }
if (left_out > 0) { caption = caption . sprintf(" Not drawn: %d workload%s %s.", left_out, left_out == 1 ? '' : 's', left_out_words) }
if (has_means && shared == 0 && chosen_words eq '') { caption = caption . " No mean: no workload has a ratio of every collector." }
# There are six shapes: in grey the seventh collector looks like the first.
if (config_count > 6) { caption = caption . " The marks of a row stand in the order of the key, from above." }
load scripts . '/caption.gp'
load scripts . '/key.gp'
row_height = 9.0 * config_count + 8 > 26 ? 9.0 * config_count + 8 : 26
# The means stand in the last chart of the figure.
mean_row = has_means && shared > 0 && part == parts
rows = part_count + (mean_row ? 1 : 0)
top = head + 20 * key_rows
has_verdicts = exists("verdicts") && verdicts
# The text of the axis is broken where the chart is narrower.
axis_room = (width - 32) / 6.6
axis_text = ''
axis_line = ''
axis_lines = 1
axis_chars = 0
do for [i = 1:words(axis)] {
    axis_next = axis_line eq '' ? word(axis, i) : axis_line . ' ' . word(axis, i)
    if (strlen(axis_next) > axis_room) { axis_text = axis_text . axis_line . "\n"; axis_lines = axis_lines + 1; axis_next = word(axis, i) }
    axis_line = axis_next
    axis_chars = strlen(axis_line) > axis_chars ? strlen(axis_line) : axis_chars
}
axis_text = axis_text . axis_line
bottom = 44 + 16 * axis_lines + caption_height
height = top + bottom + row_height * rows
load scripts . '/style.gp'

# The row of a work in this chart, from 0; -1 where it is in another.
array row_of[work_count]
do for [w = 1:work_count] { row_of[w] = -1 }
do for [r = 1:part_count] { row_of[part_works[r] + 1] = r - 1 }
row_at(work) = work >= 0 && work < work_count ? row_of[int(work) + 1] : -1
is_here(dummy) = row_at(column('row')) >= 0
dodge(s) = (s - (config_count - 1) / 2.0) * (0.8 / (config_count > 1 ? config_count : 1)) * (config_count > 1 ? 1 : 0)
place(s) = row_at(column('row')) + dodge(s)

mean_leaks(s) = floors[s + 1] == 0 && leaking[s + 1] > 0
# Of a row of $normalised. Where the run has no comparison with the best it claims nothing either.
is_told(verdict) = verdict eq 'less' || verdict eq 'more' || verdict eq 'equal'
verdict_sign(dummy) = strcol('ratio') eq '' || column('best') == 1 ? '' : !is_told(strcol('verdict')) ? '?' : strcol('verdict') eq 'equal' ? '=' : ''
sign_of(s) = not_warm_mark(column('row'), s) . verdict_sign(0)
# Gathers the rows of this chart, once.
lines = ''
line_failed(dummy) = sprintf("%d,%.9g,%s", column('series'), place(column('series')), strcol('status'))
# A column stands behind the interval's: of a line that ends in an empty one gnuplot takes the word of the header for it.
row_of(dummy) = strcol('row') . ',' . strcol('series') . ',' . strcol('role') . ',' . strcol('status') . ',' . strcol(middle) . ',' . strcol(low) . ',' . strcol(high) . ',0'
stats source using (is_here(0) ? (lines = lines . "\n" . row_of(0), 0) : 0) nooutput
set print $mine
print 'row,series,role,status,middle,low,high,end' . lines
unset print
# And what stands beside marks. gnuplot 5.4 ends with a broken pointer where a block of one row has no label to draw:
# each row of these two has one.
lines = ''
stats $mine using (strcol('status') ne 'ok' ? (lines = lines . "\n" . line_failed(0), 0) : 0) nooutput
has_failed = lines ne ''
set print $failed
print 'series,y,status' . lines
unset print
lines = ''
if (has_verdicts) {
    # A sign stands where the interval ends, or the mark of a cell without one.
    array sign_ends[work_count * config_count]
    do for [i = 1:work_count * config_count] { sign_ends[i] = '' }
    sign_at(dummy) = column('row') * config_count + column('series') + 1
    has_place(dummy) = column('row') >= 0 && column('row') < work_count && column('series') >= 0 && column('series') < config_count
    stats $mine using (has_place(0) ? (sign_ends[sign_at(0)] = strcol('high') eq '' ? strcol('middle') : strcol('high'), 0) : 0) nooutput
    sign_end(dummy) = has_place(0) ? sign_ends[sign_at(0)] : ''
    line_signed(s) = sprintf("%s,%.9g,%s", sign_end(0), place(s), sign_of(s))
    stats $normalised using (is_here(0) && sign_end(0) ne '' && sign_of(column('series')) ne '' ? (lines = lines . "\n" . line_signed(column('series')), 0) : 0) nooutput
}
has_signs = lines ne ''
set print $signs
print 'x,y,sign' . lines
unset print
# Finds the range of the values and the intervals of all charts of the figure, so that they have the same axis.
if (has_zero) {
    stats source using (column(low) > 0 ? column(low) : NaN) name 'L' nooutput
    stats source using (column(high) > 0 ? column(high) : NaN) name 'H' nooutput
} else {
    stats source using low name 'L' nooutput
    stats source using high name 'H' nooutput
}
# gnuplot reads a block that it does not draw, too.
if (!has_means) {
    set print $means
    print 'series,ratio,low,high'
    unset print
}
if (has_means) {
    stats $means using 'low' name 'ML' nooutput
    stats $means using 'high' name 'MH' nooutput
}
smallest = has('V_records') ? V_min : 1
largest = has('V_records') ? V_max : 1
# An interval of few blocks may be wider than any chart: it is cut at three times the values.
smallest_end = has('L_records') ? L_min : smallest
largest_end = has('H_records') ? H_max : largest
smallest_end = has('ML_records') && ML_min < smallest_end ? ML_min : smallest_end
largest_end = has('MH_records') && MH_max > largest_end ? MH_max : largest_end
smallest_end = smallest_end > smallest / 3 ? smallest_end : smallest / 3
largest_end = largest_end < largest * 3 ? largest_end : largest * 3
smallest = smallest_end < smallest ? smallest_end : smallest
largest = largest_end > largest ? largest_end : largest
largest = is_cut ? axis_end : largest
lines = ''
line_far(dummy) = sprintf("%d,%.9g,%.3gx ▸", column('series'), place(column('series')), column('middle'))
if (is_cut) { stats $mine using (column('middle') > axis_end ? (lines = lines . "\n" . line_far(0), 0) : 0) nooutput }
has_far = lines ne ''
set print $far
print 'series,y,words' . lines
unset print
# Readers compare ratios with 1, so the axis holds 1.
smallest = (has_means || (exists("is_ratio") && is_ratio)) && smallest > 1 ? 1 : smallest
is_log = has_zero || largest / smallest > 4
name_chars = work_chars > 12 ? work_chars : 12
name_chars = mean_row && name_chars < 20 ? 20 : name_chars
left_px = 24 + 6.6 * name_chars
left_px = left_px < 0.5 * width ? left_px : 0.5 * width
plot_width = width - 24 - left_px
if (is_log) {
    set logscale x
    smallest = smallest / 1.15
    largest = largest * 1.15
    # Zero has its own place, left of a dotted line.
    step = 10.0**(0.05 * log10(largest / smallest) + 0.03)
    zero_place = smallest / step**2
    left = has_zero ? smallest / step**3 : smallest
    set xrange [left:largest]
    set xtics () scale 0.6
    # As many labels as there is room for: 2 and 5, or 3, between the powers of ten, more in a short range, or fewer.
    decade = plot_width / log10(largest / left)
    tick_chars = 1
    do for [e = int(ceil(log10(smallest))):int(floor(log10(largest)))] { tick_chars = strlen(tick(10.0**e)) > tick_chars ? strlen(tick(10.0**e)) : tick_chars }
    tick_need = 10 + 7 * tick_chars
    factors = largest / smallest < 11 && 0.097 * decade >= tick_need ? "1 1.5 2 3 4 5 7" : 0.301 * decade >= tick_need ? "1 2 5" : 0.477 * decade >= tick_need ? "1 3" : "1"
    every = decade >= tick_need ? 1 : 2 * decade >= tick_need ? 2 : 3
    do for [e = -9:15] {
        do for [f in factors] {
            v = real(f) * 10.0**e
            text = e % every == 0 ? tick(v) : ''
            if (v >= smallest && v <= largest) { set xtics add (text v) }
        }
    }
    if (has_zero) {
        set xtics add ("0" zero_place)
        set arrow 9100 from smallest / step,graph 0 to smallest / step,graph 1 nohead \
            dashtype 3 linecolor rgb "#999999"
    }
} else {
    pad = (largest - smallest) * 0.06 + 0.01
    left = smallest - pad < 0 ? 0 : smallest - pad
    largest = largest + pad
    set xrange [left:largest]
    tick_step = nice(70.0 * (largest - left) / plot_width)
    set xtics () scale 0.6
    do for [k = int(ceil(left / tick_step)):int(floor(largest / tick_step))] { text = tick(k * tick_step); set xtics add (text k * tick_step) }
}
at_x(v) = has_zero && v <= 0 ? zero_place : is_cut && v > axis_end ? largest : v

set lmargin at screen px(left_px)
set rmargin at screen 1 - px(24)
set tmargin at screen 1 - py(top)
set bmargin at screen py(bottom)
set yrange [rows - 0.5:-0.5]
set ytics scale 0 () offset 0.4,0
do for [r = 1:part_count] { text = tick_text(works[part_works[r] + 1]); set ytics add (text r - 1) }
# It stands below the middle of the plot, and within the chart.
axis_half = 0.5 * 6.6 * axis_chars
axis_middle = left_px + 0.5 * plot_width
axis_middle = axis_middle + axis_half > width - 16 ? width - 16 - axis_half : axis_middle
set label 9060 axis_text at screen px(axis_middle),py(caption_height + 16 * axis_lines - 4) center textcolor rgb ink

# Draws a band behind each second row, and a line between groups of workloads.
do for [r = 1:part_count] {
    if (r % 2 == 0) {
        set object 100 + r rectangle from graph 0,first r - 1.5 to graph 1,first r - 0.5 fillcolor rgb "#f5f5f5" \
            fillstyle solid noborder behind
    }
    if (r > 1) {
        if (groups[part_works[r] + 1] ne groups[part_works[r - 1] + 1]) {
            set arrow 200 + r from graph 0,first r - 1.5 to graph 1,first r - 1.5 nohead linecolor rgb "#999999" linewidth 0.7
        }
    }
}
if (exists("is_ratio") && is_ratio) { set arrow 301 from 1,graph 0 to 1,graph 1 nohead linecolor rgb "#888888" linewidth 0.8 back }
if (mean_row) {
    text = sprintf("geo. mean (%d of %d)", shared, work_count)
    set ytics add (text part_count)
    set arrow 300 from graph 0,first part_count - 0.5 to graph 1,first part_count - 0.5 nohead linecolor rgb "#444444"
}
if (has_means) { set arrow 301 from 1,graph 0 to 1,graph 1 nohead linecolor rgb "#888888" linewidth 0.8 back }

# What is drawn of the rows: bars; and marks that are filled, hollow or crosses. Blocks of columns, each of which gnuplot reads
# once. Their colours and shapes are columns, too.
bars = ''
marks = ''
hollow_marks = ''
crosses = ''
bar_of(s) = sprintf("%.17g,%.17g,%.17g,%.17g,%d", at_x(column('middle')), place(s), at_x(column('low')), at_x(column('high')), tint(s))
mark_of(s, shape) = sprintf("\n%.17g,%.17g,%d,%d", at_x(column('middle')), place(s), shape, tint(s))
add_bar(s) = strcol('low') ne '' && strcol('high') ne '' ? (bars = bars . "\n" . bar_of(s), 0) : 0
add_mark(s) = strcol('role') eq 'floor' ? (crosses = crosses . mark_of(s, 2), 0) \
    : strcol('role') eq 'leaks' ? (hollow_marks = hollow_marks . mark_of(s, hollow(hue(s))), 0) : (marks = marks . mark_of(s, filled(hue(s))), 0)
add(s) = strcol('status') eq 'ok' && strcol('middle') ne '' ? (add_bar(s), add_mark(s)) : 0
stats $mine using (add(int(column('series')))) nooutput
set print $bars
print 'x,y,low,high,colour' . bars
set print $marks
print 'x,y,shape,colour' . marks
set print $hollow_marks
print 'x,y,shape,colour' . hollow_marks
set print $crosses
print 'x,y,shape,colour' . crosses
unset print

# Without caps: those of a short bar would hide its mark.
set errorbars small
plot for [i = 0:(bars eq '' ? -1 : 0)] $bars using 1:2:3:4:5 \
         with xerrorbars pointtype 0 linecolor rgb variable linewidth 1.4 notitle, \
     for [i = 0:(marks eq '' ? -1 : 0)] $marks using 1:2:3:4 \
         with points pointtype variable pointsize 0.8 linecolor rgb variable notitle, \
     for [i = 0:(hollow_marks eq '' ? -1 : 0)] $hollow_marks using 1:2:3:4 \
         with points pointtype variable pointsize 0.8 linewidth 1.4 linecolor rgb variable notitle, \
     for [i = 0:(crosses eq '' ? -1 : 0)] $crosses using 1:2:3:4 \
         with points pointtype variable pointsize 0.8 linewidth 1.4 linecolor rgb variable notitle, \
     for [i = 0:(has_failed ? 0 : -1)] $failed \
         using (largest):(column('y')):(configs[int(column('series')) + 1] . ' n/a: ' . strcol('status')) \
         with labels right offset -0.6,0 font ",8" textcolor rgb quiet notitle, \
     for [i = 0:(has_far ? 0 : -1)] $far using (largest):(column('y')):(strcol('words')) \
         with labels right offset -0.8,0 font ",9" textcolor rgb ink notitle, \
     for [i = 0:(has_signs ? 0 : -1)] $signs using (column('x') < largest ? at_x(column('x')) : largest):(column('y')):(strcol('sign')) \
         with labels left offset 0.5,0 font ",9" textcolor rgb ink notitle, \
     for [s = 0:mean_row ? config_count - 1 : -1] $means \
         using (column('series') == s ? column('ratio') : NaN):(part_count + dodge(s)):(strcol('low') eq '' ? column('ratio') : column('low')):(strcol('high') eq '' ? column('ratio') : column('high')) \
         with xerrorbars pointtype (mean_leaks(s) ? hollow(hue(s)) : mark(s)) pointsize 0.8 linewidth 1.4 linecolor rgb tint(s) notitle
