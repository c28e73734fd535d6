# SPDX-License-Identifier: MIT
# Draws wall time over the best as numbers on colours. Works go down, configs across.
cell_height = 26.0
width = 900
left_px = 24 + 7.4 * (work_chars > 16 ? work_chars : 16)
cell_width = (width - 24 - left_px) / config_count < 150 ? (width - 24 - left_px) / config_count : 150
top = 76
bottom = 74
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
do for [c = 1:config_count] { set label 400 + c configs[c] at first c - 1, screen 1 - py(top - 12) center textcolor rgb ink }
set ytics () offset 0.5,0
do for [r = 1:work_count] { set ytics add (works[r] r - 1) }

# The darkest colour stands for sixteen times the best and more. Beyond, only the number tells.
darkest = 4.0
set palette defined (0 "#ffffff", 0.15 "#deebf7", 0.35 "#9ecae1", 0.65 "#3182bd", 1 "#08306b")
set cbrange [0:darkest]
depth(v) = v <= 1 ? 0 : log(v) / log(2) > darkest ? darkest : log(v) / log(2)
number(v) = v < 9.995 ? sprintf("%.2f", v) : v < 99.95 ? sprintf("%.1f", v) : sprintf("%.0f", v)
mine(dummy) = strcol('setting') eq setting && strcol('metric') eq 'wall'
whole(dummy) = mine(0) && strcol('ratio') ne ''
suffix(role) = role eq 'leaks' ? ' †' : role eq 'floor' ? ' ‡' : ''
is_dark(dummy) = depth(column('ratio')) > 0.55 * darkest
set label 9002 sprintf("%s processes a cell, %s. Ratio of medians; colour by its logarithm, darkest from 16 upwards.", processes, setting) \
    at screen px(16),py(40) left font ",10" textcolor rgb quiet
set label 9003 "† left more than a tenth of its garbage; ‡ frees nothing; neither is ever the best. Grey: no figure, and why." \
    at screen px(16),py(22) left font ",10" textcolor rgb quiet
plot tables . 'normalised.csv' using (whole(0) ? column('series') : NaN):'row':(0.48):(0.46):(depth(column('ratio'))) \
         with boxxyerror fillcolor palette fillstyle solid border rgb "#d0d0d0", \
     '' using (mine(0) && !whole(0) ? column('series') : NaN):'row':(0.48):(0.46) \
         with boxxyerror fillcolor rgb "#e8e8e8" fillstyle solid border rgb "#d0d0d0", \
     '' using (whole(0) && !is_dark(0) ? column('series') : NaN):'row':(number(column('ratio')) . suffix(strcol('role'))) \
         with labels textcolor rgb ink font ",11", \
     '' using (whole(0) && is_dark(0) ? column('series') : NaN):'row':(number(column('ratio')) . suffix(strcol('role'))) \
         with labels textcolor rgb "white" font ",11", \
     '' using (mine(0) && !whole(0) ? column('series') : NaN):'row':('n/a: ' . strcol('status')) \
         with labels textcolor rgb quiet font ",10"
