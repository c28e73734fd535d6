# SPDX-License-Identifier: MIT
# Begins a panel of a figure that panels.gp has laid out: sets `work`, the margins, and the title with `panel_note`.
work = part_works[panel]
set lmargin at screen px(panel_left(panel))
set rmargin at screen px(panel_left(panel) + plot_width)
set tmargin at screen 1 - py(panel_top(panel))
set bmargin at screen 1 - py(panel_top(panel) + panel_height)
set title works[work + 1] . panel_note font ",12" offset 0,-0.6 textcolor rgb ink
