# SPDX-License-Identifier: MIT
# Draws ratios as numbers on colours. Works go down, configs across. What is undecided is hatched. heatmap.gp and
# heatmap-baseline.gp set these variables and load this file:
#
#   source                 the block of a whole table, with the columns ratio, verdict, role and status
#   against                the config that all are divided by, from 0; -1: the best of each work
#   is_best(dummy)         whether the row read is the one that others are divided by
#   is_strong(dummy)       whether its figure is bold, which tells apart in grey what colours tell apart
#   caption_of(dummy)      what is drawn, in sentences; best_words and undecided_words say how cells are marked
#   key_ratios             the ratios whose colours a key shows
left_px = 24 + 6.6 * (work_chars > 10 ? work_chars : 10)
char_px = 6.6
# Names that are wider than a cell stand slanted, and the last of them needs room on the right.
name_chars = 0
do for [c = 1:config_count] { name_chars = strlen(configs[c]) > name_chars ? strlen(configs[c]) : name_chars }
widest = (width - 24 - left_px) / config_count < 150 ? (width - 24 - left_px) / config_count : 150
slanted = char_px * name_chars > widest
# The names of very narrow cells would lie on each other slanted: they stand upright.
turned = slanted ? (widest < 24 ? 90 : 50) : 0
right_px = turned == 50 ? 10 + 0.62 * char_px * strlen(configs[alike_configs[config_count] + 1]) : 24
cell_width = (width - right_px - left_px) / config_count < 150 ? (width - right_px - left_px) / config_count : 150
# And where a cell is narrower than a letter is high, they are smaller.
has_small_names = turned == 90 && cell_width < 13
name_px = has_small_names ? 0.75 * char_px : char_px
# A narrow cell has small figures, without the question mark that hatches repeat; a very narrow one has the mark alone,
# and a key says what its colour is worth.
has_signs = cell_width >= 40
has_figures = cell_width >= 24
figure_size = cell_width >= 50 ? 11 : has_signs ? 9 : 8
best_words = has_figures ? 'bold' : 'with a dot'
undecided_words = has_figures && !has_signs ? 'Hatched' : 'Hatched, with a question mark'
caption = caption_of(0)
load scripts . '/caption.gp'
top = head + (turned == 90 ? 20 + name_px * name_chars : turned ? 24 + 0.78 * char_px * name_chars : 28)
bottom = 26 + caption_height + (has_figures ? 0 : 36)
# The rows of many works are as low as a page asks for, and as names can be read.
cell_height = (page_height - top - bottom + 0.0) / work_count
cell_height = cell_height > 26 ? 26 : cell_height < 12 ? 12 : cell_height
height = top + bottom + cell_height * work_count
load scripts . '/style.gp'
unset grid
unset colorbox
set border 0
set tics scale 0
set lmargin at screen px(left_px)
set rmargin at screen px(left_px + cell_width * config_count)
set tmargin at screen 1 - py(top)
set bmargin at screen py(bottom)
unset xtics
set ytics () offset 0.5,0
if (cell_height < 15) { set ytics font ',9' }
if (!has_figures) {
    key_cell = (width - 32.0) / words(key_ratios) < 50 ? (width - 32.0) / words(key_ratios) : 50
    do for [k = 1:words(key_ratios)] {
        set object 700 + k rectangle from screen px(16 + key_cell * (k - 1)),py(caption_height + 22) to screen px(16 + key_cell * k - 2),py(caption_height + 34) \
            fillcolor palette cb depth(real(word(key_ratios, k))) fillstyle solid border rgb "#d0d0d0" front
        key_word = word(key_ratios, k)
        set label 700 + k key_word at screen px(16 + key_cell * (k - 0.5)),py(caption_height + 12) center font ',9' textcolor rgb ink
    }
}
# What is alike stands together.
array at_column[config_count]
array at_row[work_count]
do for [c = 1:config_count] {
    at_column[alike_configs[c] + 1] = c - 1
    if (slanted) {
        set label 400 + c configs[alike_configs[c] + 1] at first c - 1, screen 1 - py(top - 8) left rotate by turned textcolor rgb ink
        if (has_small_names) { set label 400 + c font ',8' }
    } else {
        set label 400 + c configs[alike_configs[c] + 1] at first c - 1, screen 1 - py(top - 12) center textcolor rgb ink
    }
}
do for [r = 1:work_count] {
    at_row[alike_works[r] + 1] = r - 1
    text = tick_text(works[alike_works[r] + 1])
    set ytics add (text r - 1)
}
across_of(dummy) = at_column[int(column('series')) + 1]
down_of(dummy) = at_row[int(column('row')) + 1]

number(v) = v < 9.995 ? sprintf("%.2f", v) : v < 99.95 ? sprintf("%.1f", v) : sprintf("%.0f", v)
whole(dummy) = strcol('ratio') ne ''
# Where the run has no comparison of the two, as of two heaps, it claims nothing either.
is_told(verdict) = verdict eq 'less' || verdict eq 'more' || verdict eq 'equal'
undecided(dummy) = whole(0) && !is_best(0) && !is_told(strcol('verdict'))
suffix(role) = role eq 'leaks' ? '†' : role eq 'floor' ? '‡' : ''
sign(dummy) = undecided(0) ? '?' : strcol('verdict') eq 'equal' ? '=' : ''
marks(dummy) = suffix(strcol('role')) . not_warm_mark(column('row'), column('series'))
figure(dummy) = number(column('ratio')) . marks(0) . (has_signs && sign(0) ne '' ? ' ' . sign(0) : sign(0) eq '=' ? '=' : '')
text_of(dummy) = has_figures ? figure(0) : is_strong(0) ? '•' : sign(0)
# A status alone where a narrow cell has no room for more.
blank_of(status) = char_px * strlen('n/a: ' . status) <= cell_width ? 'n/a: ' . status : 0.75 * char_px * strlen(status) <= cell_width ? status : 'n/a'
failed(dummy) = !whole(0) && strcol('status') ne 'ok'
figure_font = sprintf(',%d', figure_size)
blank_font = cell_width < 100 ? ',8' : ',10'
if (against >= 0) {
    do for [r = 1:work_count] {
        set label 500 + r '1' at first at_column[against + 1],first r - 1 center textcolor rgb quiet font sprintf(',%d', figure_size)
    }
}
# gnuplot 5.4 ends with a broken pointer where a block of one row has no label to draw.
plains = 0
strongs = 0
darks = 0
strong_darks = 0
failures = 0
count_whole(dummy) = is_strong(0) ? (is_dark(0) ? (strong_darks = strong_darks + 1) : (strongs = strongs + 1)) : is_dark(0) ? (darks = darks + 1) : (plains = plains + 1)
stats source using (whole(0) ? count_whole(0) : failed(0) ? (failures = failures + 1) : 0) nooutput
across_if(wanted) = whole(0) && wanted ? across_of(0) : NaN
set xrange [-0.5:config_count - 0.5]
set yrange [work_count - 0.5:-0.5]
plot source using (whole(0) ? across_of(0) : NaN):(whole(0) ? down_of(0) : NaN):(0.48):(0.46):(depth(column('ratio'))) \
         with boxxyerror fillcolor palette fillstyle solid border rgb "#d0d0d0", \
     source using (undecided(0) ? across_of(0) : NaN):(undecided(0) ? down_of(0) : NaN):(0.48):(0.46) \
         with boxxyerror fillcolor rgb hatch_ink("#b4b4b4") fillstyle transparent pattern hatch(4) border rgb "#d0d0d0", \
     source using (failed(0) ? across_of(0) : NaN):(failed(0) ? down_of(0) : NaN):(0.48):(0.46) \
         with boxxyerror fillcolor rgb "#e8e8e8" fillstyle solid border rgb "#d0d0d0", \
     for [i = 0:(plains ? 0 : -1)] source using (across_if(!is_strong(0) && !is_dark(0))):(whole(0) ? down_of(0) : NaN):(text_of(0)) \
         with labels textcolor rgb ink font figure_font, \
     for [i = 0:(strongs ? 0 : -1)] source using (across_if(is_strong(0) && !is_dark(0))):(whole(0) ? down_of(0) : NaN):(text_of(0)) \
         with labels textcolor rgb ink font bold(figure_size), \
     for [i = 0:(darks ? 0 : -1)] source using (across_if(!is_strong(0) && is_dark(0))):(whole(0) ? down_of(0) : NaN):(text_of(0)) \
         with labels textcolor rgb "white" font figure_font, \
     for [i = 0:(strong_darks ? 0 : -1)] source using (across_if(is_strong(0) && is_dark(0))):(whole(0) ? down_of(0) : NaN):(text_of(0)) \
         with labels textcolor rgb "white" font bold(figure_size), \
     for [i = 0:(failures ? 0 : -1)] source using (failed(0) ? across_of(0) : NaN):(failed(0) ? down_of(0) : NaN):(blank_of(strcol('status'))) \
         with labels textcolor rgb quiet font blank_font
