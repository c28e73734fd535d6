# SPDX-License-Identifier: MIT
# Draws pause time over percentile, x = 1 / (1 - p). All panels share both axes, which are logarithmic. Dashed
# lines leave the cascades out.
# The columns of a block: other, x, pause_ns.
at = 2; pause = 3
caption = sprintf("%s Pauses pooled over a cell, %s. Dashed: without cascades of frees. Thin: fewer than five pauses are longer. A line ends at the longest pause.", kept, setting) \
    . ' ' . "Percentiles are observed pauses (type 1): a line that does not reach p99 has fewer than 100 pauses. Hollow: left more than a tenth of its garbage." \
    . ' ' . "Beside a panel: the share of the run that pauses take, in the order of the key. " . untimed
gutter = 52.0
load scripts . '/panels.gp'
load scripts . '/style.gp'
load scripts . '/percentiles.gp'
panel_note = ''
set multiplot
do for [panel = 1:panels] {
    work = work_of(panel)
    load scripts . '/panel.gp'
    do for [s = first_line:last_line] {
        share = paused[work * config_count + s + 1]
        if (share >= 0) {
            share_words = share >= 0.0995 ? sprintf('%.0f%%', 100 * share) : sprintf('%.2g%%', 100 * share)
            set label 6000 + s share_words at screen px(panel_left(panel) + plot_width + 10),1-py(panel_top(panel) + 6 + gutter_pitch * (s - first_line)) left offset 0.6,-0.2 \
                point pointtype mark(s) pointsize 0.6 linecolor rgb tint(s) font ",9" textcolor rgb ink
        }
    }
    plot for [s = 0:others] line_of('pause_curve', work, s, 'all') using at:pause \
             with lines linewidth 0.8 linecolor rgb shaded notitle, \
         for [s = first_line:last_line] line_of('pause_curve', work, s, 'without_cascades') using at:pause \
             with lines linewidth 1.2 dashtype 2 linecolor rgb tint(s) notitle, \
         for [s = first_line:last_line] line_of('pause_curve', work, s, 'without_cascades') using at:pause every 1000::4 \
             with points pointtype mark_on(work, s) pointsize 0.6 linecolor rgb tint(s) notitle, \
         for [s = first_line:last_line] line_of('pause_curve', work, s, 'all') using at:pause \
             with lines linewidth 0.6 linecolor rgb tint(s) notitle, \
         for [s = first_line:last_line] line_of('pause_curve', work, s, 'all') using at:pause every ::first_sure(s)::last_sure(s) \
             with lines linewidth 1.8 linecolor rgb tint(s) notitle, \
         for [s = first_line:last_line] line_of('pause_curve', work, s, 'all') using at:pause every 6 \
             with points pointtype mark_on(work, s) pointsize 0.7 linecolor rgb tint(s) notitle
    unset label
}
unset multiplot
