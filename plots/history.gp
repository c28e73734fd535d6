# SPDX-License-Identifier: MIT
# Draws a metric of a history over its commits, a panel for each cell. `gcmatrix history show --chart` sets these variables
# (harness/history/chart.c), besides those of name, title, format, width, scripts and across that style.gp lists:
#
#   panels         how many; panel_titles, panel_notes: what stands above each, and in its lower corner
#   over           how times compare, in words, or ''; left_out: which cells are not drawn, in words, or ''
#   lows, highs    the ends of a panel's axis
#   $points_N      the points of a panel: place of the commit from 0, value over the first, and its interval
#   $levels_N      the means between changes
#   change_*       of all panels: the place of the commit, between which others it may lie, kind (0 more, 1 less, 2 not of
#                  the code), text, and the row of the text, -1 where it has none; change_begin and change_count say
#                  which are a panel's
#   commit_text    the commits of a panel's machine; commit_begin and commit_count say which
caption = "Points: a commit's runs, over the first commit of the panel; bars: intervals of 95%, with what lies between runs. " . over \
    . " Level lines: means between changes. An upright line is a change, before the commit that it names; a grey band has the commits that may be meant. " \
    . "Red: more; green: less; grey: of the machine, or of the same executable. Of many changes the largest are named. " . left_out
load scripts . '/caption.gp'
load scripts . '/places.gp'
top = head
height = top + 24 + caption_height + down * (panel_height + 62)
load scripts . '/style.gp'
array kinds[3] = ["#c2410c", "#00795a", "#777777"]
set datafile separator comma
set grid noxtics ytics linetype 1 linecolor rgb grid_colour
set multiplot
do for [panel = 1:panels] {
    set lmargin at screen px(panel_left(panel))
    set rmargin at screen px(panel_left(panel) + panel_width)
    set tmargin at screen 1 - py(panel_top(panel))
    set bmargin at screen 1 - py(panel_top(panel) + panel_height)
    set title panel_titles[panel] font ",12" offset 0,-0.6 textcolor rgb ink
    last = commit_count[panel] - 1
    set xrange [-0.5:last + 0.5]
    set yrange [lows[panel]:highs[panel]]
    set ytics autofreq scale 0.6 font ",10" format "%g"
    set xtics () scale 0.4 font ",9"
    every = ceil(commit_count[panel] * 62.0 / panel_width)
    do for [i = 0:last:every] { tick = tick_text(commit_text[commit_begin[panel] + i]); set xtics add (tick i) }
    set label 1 panel_notes[panel] at graph 0.98,graph 0.05 right font ",9" textcolor rgb quiet
    do for [i = change_begin[panel]:change_begin[panel] + change_count[panel] - 1] {
        kind = kinds[change_kind[i] + 1]
        x = change_place[i] - 0.5
        if (change_first[i] < change_last[i]) {
            set object i rectangle from change_first[i] - 0.5,graph 0 to change_last[i] + 0.5,graph 1 fillcolor rgb "#eeeeee" fillstyle solid noborder behind
        }
        set arrow i from x,graph 0 to x,graph 1 nohead linewidth 1.2 linecolor rgb kind
        if (change_row[i] >= 0 && x < 0.66 * last) {
            set label 1 + i change_text[i] at x,graph 0.95 - 0.085 * change_row[i] left offset 0.4,0 font ",10" textcolor rgb kind
        }
        if (change_row[i] >= 0 && x >= 0.66 * last) {
            set label 1 + i change_text[i] at x,graph 0.95 - 0.085 * change_row[i] right offset -0.4,0 font ",10" textcolor rgb kind
        }
    }
    plot sprintf('$levels_%d', panel) using 'from':'level':(column('until') - column('from')):(0) with vectors nohead linewidth 1.6 linecolor rgb ink notitle, \
         sprintf('$points_%d', panel) using 'place':'low':(0):(column('high') - column('low')) with vectors nohead linewidth 0.7 linecolor rgb "#7fb2d6" notitle, \
         sprintf('$points_%d', panel) using 'place':'value' with points pointtype 7 pointsize (commit_count[panel] > 30 ? 0.35 : 0.55) linecolor rgb colour(0) notitle
    unset label
    unset arrow
    unset object
}
unset multiplot
