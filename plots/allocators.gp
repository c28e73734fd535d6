# SPDX-License-Identifier: MIT
# Draws wall time under each setting (an allocator with its tuning), over that under the first setting. There
# is a panel for each config and a row for each work.
set datafile separator comma
set datafile columnheaders
has(records) = exists(records) ? value(records) > 0 : 0
# Which works, settings and configs have any row.
array works_used[work_count]
array settings_used[setting_count]
array configs_used[config_count]
do for [w = 1:work_count] { works_used[w] = 0 }
do for [i = 1:setting_count] { settings_used[i] = 0 }
do for [s = 1:config_count] { configs_used[s] = 0 }
use(w, i, s) = (works_used[w + 1] = 1, settings_used[i + 1] = 1, configs_used[s + 1] = 1, 0)
stats $settings using (use(int(column('row')), int(column('place')), int(column('series')))) nooutput
array settings_rows[work_count]
do for [w = 1:work_count] { settings_rows[w] = -1 }
rows = 0
do for [w = 1:part_count] {
    if (works_used[part_works[w] + 1]) { settings_rows[part_works[w] + 1] = rows; rows = rows + 1 }
}
array settings_panels[config_count]
panels = 0
do for [s = first_config:last_config] {
    if (configs_used[s + 1]) { panels = panels + 1; settings_panels[panels] = s }
}
row_height = 14.0 * setting_count + 8
caption = sprintf("%s. Marks: ratios within blocks, their geometric mean; %s. Grey: the collector frees nothing. †: it left more than a tenth of its garbage.", counted, ratios) \
    . ' ' . "Hollow: the allocator tuned to return memory at once, so that its size does not drift with time. Nothing is claimed of allocators."
load scripts . '/caption.gp'
array key_x[setting_count]
key_place = 0.0
key_rows = 1
array key_row[setting_count]
do for [i = 2:setting_count] {
    key_need = settings_used[i] ? 36 + 8.4 * strlen(settings[i]) : 0
    if (key_place > 0 && 16 + key_place + key_need > width) { key_rows = key_rows + 1; key_place = 0.0 }
    key_x[i] = 22 + key_place
    key_row[i] = key_rows
    key_place = key_place + key_need
}
# As many panels stand side by side as have room for their titles.
title_of(s) = configs[s + 1] . (floors[s + 1] ? ' (frees nothing)' : '')
title_chars = 12
do for [panel = 1:panels] { title_chars = strlen(title_of(settings_panels[panel])) > title_chars ? strlen(title_of(settings_panels[panel])) : title_chars }
left = 24 + 6.6 * work_chars
left = left < 0.4 * width ? left : 0.4 * width
gap = 16.0
fit = int((width - 16 - left + gap) / (6.6 * title_chars + gap))
fit = fit > across ? across : fit
fit = fit < 1 ? 1 : fit > panels ? panels : fit
down = panels > 0 ? ceil((panels + 0.0) / fit) : 1
fit = panels > 0 ? int(ceil((panels + 0.0) / down)) : 1
panel_width = (width - 16 - left - gap * (fit - 1)) / fit
panel_height = row_height * rows
top = head + 30 + 20 * key_rows
bottom = 44 + caption_height
height = top + bottom + down * (panel_height + 56) - 36
load scripts . '/style.gp'
# A tuned allocator has the colour of the same allocator as it comes, and hollow marks.
plain(i) = strstrt(settings[i], ':') > 0 ? settings[i][1:strstrt(settings[i], ':') - 1] : settings[i]
array setting_colour[setting_count]
array setting_shape[setting_count]
do for [i = 1:setting_count] {
    first = i
    do for [j = i:1:-1] { if (plain(j) eq plain(i)) { first = j } }
    setting_colour[i] = rgb(first - 1)
    setting_shape[i] = first == i ? filled(first - 1) : hollow(first - 1)
}
do for [i = 2:setting_count] {
    if (settings_used[i] == 0) { continue }
    set label 8000 + i settings[i] at screen px(key_x[i]),1-py(head - 20 + 20 * key_row[i]) left offset 0.8,-0.2 \
        point pointtype setting_shape[i] pointsize 1 linecolor rgb setting_colour[i] textcolor rgb ink
}
is_here(dummy) = column('row') >= 0 && settings_rows[column('row') + 1] >= 0
dodge(i) = (i - 1 - setting_count / 2.0) * 0.8 / (setting_count - 1)
place(i) = settings_rows[column('row') + 1] + dodge(i)
# Of each config the bars and marks, what has no figure, and what leaks: rows of blocks of columns, each of which gnuplot
# reads once.
array bars[config_count]
array blanks[config_count]
array leaking_rows[config_count]
do for [s = 1:config_count] { bars[s] = ''; blanks[s] = ''; leaking_rows[s] = '' }
end_of(name) = strcol(name) eq '' ? column('ratio') : column(name)
bar_of(i) = sprintf("\n%.17g,%.17g,%.17g,%.17g,%d,%d", column('ratio'), place(i), end_of('low'), end_of('high'), setting_shape[i], setting_colour[i])
blank_of(i) = sprintf("\n%.17g,%s", place(i), strcol('status'))
leak_of(dummy) = column('place') == 1 && strcol('role') eq 'leaks' ? sprintf("\n%d", settings_rows[column('row') + 1]) : ''
add(s, i) = !is_here(0) || i < 2 ? 0 : strcol('ratio') eq '' ? (blanks[s] = blanks[s] . blank_of(i), 0) : \
    (bars[s] = bars[s] . bar_of(i), leaking_rows[s] = leaking_rows[s] . leak_of(0), 0)
stats $settings using (add(int(column('series')) + 1, int(column('place')) + 1)) nooutput
stats $settings using (strcol('ratio') ne '' ? column('ratio') : NaN) name 'V' nooutput
stats $settings using (strcol('low') ne '' ? column('low') : NaN) name 'L' nooutput
stats $settings using (strcol('high') ne '' ? column('high') : NaN) name 'H' nooutput
least = has('L_records') ? L_min : has('V_records') ? V_min : 1
most = has('H_records') ? H_max : has('V_records') ? V_max : 1
least = least < 1 ? least : 1
most = most > 1 ? most : 1
if (most / least > 4) {
    set logscale x
    least = least / 1.15; most = most * 1.15
    set xtics ()
    do for [k = -9:15] { if (log_step(k) >= least && log_step(k) <= most) { text = sprintf("%gx", log_step(k)); set xtics add (text log_step(k)) } }
} else {
    pad = (most - least) * 0.08 + 0.01
    least = least - pad; most = most + pad
    tick_step = nice(56.0 * (most - least) / panel_width)
    set xtics ()
    do for [k = int(ceil(least / tick_step)):int(floor(most / tick_step))] { text = sprintf("%gx", k * tick_step); set xtics add (text k * tick_step) }
}
set xrange [least:most]
set yrange [rows - 0.5:-0.5]
set xtics scale 0.6 font ",10" offset 0,0.3
axis = sprintf("wall time, times that under %s", settings[1])
axis_half = 0.5 * 6.6 * strlen(axis)
axis_middle = 0.5 * (left + width) + axis_half > width - 16 ? width - 16 - axis_half : 0.5 * (left + width)
set label 9050 axis at screen px(axis_middle),py(12 + caption_height) center textcolor rgb ink
do for [r = 1:rows - 1:2] {
    set object 100 + r rectangle from graph 0,first r - 0.5 to graph 1,first r + 0.5 fillcolor rgb "#f5f5f5" fillstyle solid noborder behind
}
set arrow 301 from 1,graph 0 to 1,graph 1 nohead linecolor rgb "#888888" linewidth 0.8 back
# Without caps: those of a short bar would hide its mark.
set errorbars small
set multiplot
do for [panel = 1:panels] {
    s = settings_panels[panel]
    left_px = left + ((panel - 1) % fit) * (panel_width + gap)
    top_px = top + ((panel - 1) / fit) * (panel_height + 56)
    set lmargin at screen px(left_px)
    set rmargin at screen px(left_px + panel_width)
    set tmargin at screen 1 - py(top_px)
    set bmargin at screen 1 - py(top_px + panel_height)
    set title title_of(s) font ",12" offset 0,-0.6 textcolor rgb (floors[s + 1] ? 0x888888 : 0x222222)
    set ytics scale 0 ("" 0) offset 0.4,0
    if ((panel - 1) % fit == 0) { do for [work = 1:work_count] { if (settings_rows[work] >= 0) { set ytics add (tick_text(works[work]) settings_rows[work]) } } }
    set print $bars
    print 'x,y,low,high,shape,colour' . bars[s + 1]
    set print $blanks
    print 'y,status' . blanks[s + 1]
    set print $leaking_rows
    print 'y' . leaking_rows[s + 1]
    unset print
    plot for [i = 0:(bars[s + 1] eq '' ? -1 : 0)] $bars using 1:2:3:4:6 \
             with xerrorbars pointtype 0 linewidth 1.4 linecolor rgb variable notitle, \
         for [i = 0:(bars[s + 1] eq '' ? -1 : 0)] $bars using 1:2:5:6 \
             with points pointtype variable pointsize 0.9 linewidth 1.4 linecolor rgb variable notitle, \
         for [i = 0:(blanks[s + 1] eq '' ? -1 : 0)] $blanks using (least):'y':('n/a: ' . strcol('status')) \
             with labels left offset 0.6,0 font ",9" textcolor rgb quiet notitle, \
         for [i = 0:(leaking_rows[s + 1] eq '' ? -1 : 0)] $leaking_rows using (most):'y':('†') \
             with labels right offset -0.3,0 font ",10" textcolor rgb ink notitle, \
         NaN notitle
    if (panel == 1) { unset label }
}
unset multiplot
