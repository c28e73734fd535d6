# SPDX-License-Identifier: MIT
# Begins a panel of a figure that panels.gp has laid out: sets the margins, and the title with `panel_note`. A script has
# set `work` by work_of(panel). Configs from `first_line` to `last_line` have their colours in this panel; those up to
# `others`, which are all or none, are grey behind them.
group = (panel - 1) % line_groups
first_line = config_count * group / line_groups
last_line = config_count * (group + 1) / line_groups - 1
others = line_groups > 1 ? config_count - 1 : -1
group_note = line_groups > 1 ? sprintf(' (%d of %d)', group + 1, line_groups) : ''
set lmargin at screen px(panel_left(panel))
set rmargin at screen px(panel_left(panel) + plot_width)
set tmargin at screen 1 - py(panel_top(panel))
set bmargin at screen 1 - py(panel_top(panel) + panel_height)
# A long title is smaller: it has the plot and half of what is beside it.
panel_title = works[work + 1] . panel_note . group_note
panel_title_size = 7.2 * strlen(panel_title) <= plot_width + 20 ? 12 : 10
set title panel_title font sprintf(',%d', panel_title_size) offset 0,-0.6 textcolor rgb ink
