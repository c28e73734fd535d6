# SPDX-License-Identifier: MIT
# Draws ratios as numbers on colours. Works go down, configs across. What is undecided is hatched. heatmap.gp and
# heatmap-baseline.gp set these variables and load this file:
#
#   source                 the table, with the columns ratio, verdict, role and status
#   against                the config that all are divided by, from 0; -1: the best of each work
#   is_best(dummy)         whether the row read is the one that others are divided by
#   caption                what is drawn, in sentences
cell_height = 26.0
width = 900
left_px = 24 + 7.4 * (work_chars > 16 ? work_chars : 16)
cell_width = (width - 24 - left_px) / config_count < 150 ? (width - 24 - left_px) / config_count : 150
# Names that are wider than a cell stand slanted.
name_chars = 0
do for [c = 1:config_count] { name_chars = strlen(configs[c]) > name_chars ? strlen(configs[c]) : name_chars }
slanted = 7.2 * name_chars > cell_width
top = slanted ? 66 + 5.2 * name_chars : 76
load scripts . '/caption.gp'
bottom = 26 + caption_height
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
set xrange [-0.5:config_count - 0.5]
set yrange [work_count - 0.5:-0.5]
unset xtics
do for [c = 1:config_count] {
    if (slanted) {
        set label 400 + c configs[c] at first c - 1, screen 1 - py(top - 8) left rotate by 35 textcolor rgb ink
    } else {
        set label 400 + c configs[c] at first c - 1, screen 1 - py(top - 12) center textcolor rgb ink
    }
}
set ytics () offset 0.5,0
do for [r = 1:work_count] { set ytics add (tick_text(works[r]) r - 1) }

number(v) = v < 9.995 ? sprintf("%.2f", v) : v < 99.95 ? sprintf("%.1f", v) : sprintf("%.0f", v)
mine(dummy) = strcol('setting') eq setting && strcol('metric') eq 'wall' && column('row') < work_count
whole(dummy) = mine(0) && strcol('ratio') ne ''
# Where the run has no comparison of the two, as of two heaps, it claims nothing either.
is_told(verdict) = verdict eq 'less' || verdict eq 'more' || verdict eq 'equal'
undecided(dummy) = whole(0) && !is_best(0) && !is_told(strcol('verdict'))
suffix(role) = role eq 'leaks' ? '†' : role eq 'floor' ? '‡' : ''
sign(dummy) = undecided(0) ? ' ?' : strcol('verdict') eq 'equal' ? ' =' : ''
text(dummy) = number(column('ratio')) . suffix(strcol('role')) . sign(0)
# A status alone where a narrow cell has no room for more.
blank(status) = 6.6 * strlen('n/a: ' . status) > cell_width ? status : 'n/a: ' . status
if (against >= 0) {
    do for [r = 1:work_count] {
        set label 500 + r '1' at first against,first r - 1 center textcolor rgb quiet font ",11"
    }
}
plot tables . source using (whole(0) ? column('series') : NaN):'row':(0.48):(0.46):(depth(column('ratio'))) \
         with boxxyerror fillcolor palette fillstyle solid border rgb "#d0d0d0", \
     '' using (undecided(0) ? column('series') : NaN):'row':(0.48):(0.46) \
         with boxxyerror fillcolor rgb "#b4b4b4" fillstyle transparent pattern 4 border rgb "#d0d0d0", \
     '' using (mine(0) && !whole(0) && strcol('status') ne 'ok' ? column('series') : NaN):'row':(0.48):(0.46) \
         with boxxyerror fillcolor rgb "#e8e8e8" fillstyle solid border rgb "#d0d0d0", \
     '' using (whole(0) && !is_best(0) && !is_dark(0) ? column('series') : NaN):'row':(text(0)) \
         with labels textcolor rgb ink font ",11", \
     '' using (whole(0) && is_best(0) ? column('series') : NaN):'row':(text(0)) \
         with labels textcolor rgb ink font bold(11), \
     '' using (whole(0) && !is_best(0) && is_dark(0) ? column('series') : NaN):'row':(text(0)) \
         with labels textcolor rgb "white" font ",11", \
     '' using (mine(0) && !whole(0) && strcol('status') ne 'ok' ? column('series') : NaN):'row':(blank(strcol('status'))) \
         with labels textcolor rgb quiet font ",10"
