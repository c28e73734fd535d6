# SPDX-License-Identifier: MIT
# Draws the machine while the run went on. Above: each run of the reference program over its time in the run, with
# the median of each block; blocks beyond the bound are marked. Below: what processes lost to others and to the
# host, and how many were repeated.
set datafile separator comma
set datafile columnheaders
has(records) = exists(records) ? value(records) > 0 : 0
stats tables . 'machine.csv' using (column('block')) name 'B' nooutput
blocks = has('B_records') ? int(B_max) + 1 : 1
stats tables . 'machine_runs.csv' using (column('over_run')) name 'R' nooutput
R_min = has('R_records') ? R_min : 1
R_max = has('R_records') ? R_max : 1
low = R_min < 1 - 1.4 * differs ? R_min : 1 - 1.4 * differs
high = R_max > 1 + 1.4 * differs ? R_max : 1 + 1.4 * differs
stats tables . 'machine.csv' using (strlen(strcol('wall_ns')) ? 100 * (column('queued_ns') + column('stolen_ns')) / column('wall_ns') : NaN) name 'L' nooutput
lost_most = has('L_records') && L_max > 1 ? L_max : 1
stats tables . 'machine.csv' using (column('differs')) name 'D' nooutput
stats tables . 'machine.csv' using (column('repeated')) name 'A' nooutput
D_sum = has('D_records') ? D_sum : 0
A_sum = has('A_records') ? A_sum : 0
A_max = has('A_records') ? A_max : 0
caption = sprintf("Reference program: the same binary each time, without its reads beyond the second-level cache. Band: %g%% about its median in the run; blocks beyond it are filled (%d of %d). Dots: its runs; lines: medians of blocks.", 100 * differs, int(D_sum), blocks) \
    . ' ' . sprintf("Lost: time that processes were ready to run but queued, or that the host had stolen, of the wall time of all. %d processes were disturbed and ran again; every row is kept, and the attempt that lost least counts.", int(A_sum))
# Above a narrow bar there is room for a number alone.
again_fits = (width - 100.0) / blocks >= 50
again(n) = again_fits ? sprintf("%d again", int(n)) : sprintf("%d", int(n))
if (A_sum > 0 && !again_fits) { caption = caption . " A number above a bar: so many of the block ran again." }
load scripts . '/caption.gp'
height = 282 + head + caption_height
load scripts . '/style.gp'
set lmargin at screen px(76)
set rmargin at screen 1 - px(24)
set xrange [0:blocks]
every = int(nice(22.0 * blocks / (width - 100)))
every = every < 1 ? 1 : every
set xtics () scale 0 font ",10"
set xtics ("" -1) scale 0
set grid noxtics ytics linetype 1 linecolor rgb grid_colour
set multiplot
set tmargin at screen 1 - py(head)
set bmargin at screen 1 - py(head + 140)
set yrange [low - 0.01:high + 0.01]
set ytics (1) scale 0.6 font ",10" format "%.2f"
wide = high - low > 4 ? 1 : high - low > 2 ? 0.5 : high - low > 0.9 ? 0.2 : high - low > 0.4 ? 0.1 : high - low > 0.18 ? 0.05 : 0.02
set ytics wide
set format x ""
set ylabel "reference program" font ",10" textcolor rgb ink offset 0.8,0
set object 1 rectangle from graph 0,first 1 - differs to graph 1,first 1 + differs fillcolor rgb "#e8f1f7" fillstyle solid noborder behind
plot tables . 'machine.csv' using (column('differs') == 1 ? column('block') + 0.5 : NaN):(1):(0.5):(high - low) with boxxyerror \
         fillcolor rgb "#f6d9c7" fillstyle solid noborder notitle, \
     tables . 'machine_runs.csv' using (column('place')):(column('over_run')) with points pointtype 7 pointsize 0.4 linecolor rgb colour(0) notitle, \
     tables . 'machine.csv' using (strlen(strcol('over_run')) ? column('block') : NaN):(column('over_run')):(1):(0) with vectors nohead linewidth 2 linecolor rgb ink notitle
unset label
unset object
set xtics () scale 0 font ",10" format "%g"
do for [b = 0:blocks - 1:every] { block_text = sprintf("%d", b); set xtics add (block_text b + 0.5) }
set tmargin at screen 1 - py(head + 158)
set bmargin at screen 1 - py(head + 238)
set yrange [0:lost_most * 1.25]
lost_step = lost_most > 40 ? 20 : lost_most > 16 ? 10 : lost_most > 8 ? 5 : lost_most > 4 ? 2 : lost_most > 2 ? 1 : 0.5
set ytics lost_step scale 0.6 font ",10" format "%g%%"
set ylabel "lost" font ",10" textcolor rgb ink offset 0.8,0
set xlabel "block" font ",10" textcolor rgb ink offset 0,0.6
# gnuplot 5.4 ends with a broken pointer where no row of the table has a label.
lost(dummy) = strlen(strcol('wall_ns')) ? 100 * (column('queued_ns') + column('stolen_ns')) / column('wall_ns') : NaN
plot tables . 'machine.csv' using (column('block') + 0.5):(lost(0)):(0.8) with boxes fillcolor rgb colour(4) fillstyle solid border rgb "#777777" notitle, \
     for [i = 0:(A_max > 0 ? 0 : -1)] tables . 'machine.csv' using (column('repeated') > 0 ? column('block') + 0.5 : NaN):(lost(0)):(again(column('repeated'))) \
         with labels center offset 0,0.6 font ",9" textcolor rgb ink notitle
unset multiplot
