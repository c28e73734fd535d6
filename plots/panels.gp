# SPDX-License-Identifier: MIT
# Lays out small multiples: a panel for each work of the chart, or line_groups of them. pauses.gp, utilisation.gp,
# latency.gp and time-space.gp set `caption` and load this file before style.gp. This file sets the size of the figure.
# Then panel_left(panel) and panel_top(panel) place a panel, and panel.gp sets its margins and its title. A script that
# sets `gutter` has so many px to the right of each plot, and there a line of text for each config.
set datafile separator comma
set datafile columnheaders
has(records) = exists(records) ? value(records) > 0 : 0
panels = part_count * line_groups
if (line_groups > 1) { caption = caption . ' ' . 'Grey: the lines of the other collectors.' }
down = ceil((panels + 0.0) / across)
panel_gap = 58.0
panel_width = (width - 24 - panel_gap * across) / across
panel_height = 0.62 * panel_width < 380 ? 0.62 * panel_width : 380
gutter_pitch = 12.0
gutter_lines = ceil((config_count + 0.0) / line_groups)
if (!exists("gutter")) { gutter = 0.0 }
if (gutter > 0 && panel_height < gutter_pitch * gutter_lines + 6) { panel_height = gutter_pitch * gutter_lines + 6 }
plot_width = panel_width - gutter
load scripts . '/caption.gp'
load scripts . '/key.gp'
top = head + 20 * key_rows
bottom = 24 + caption_height
height = top + bottom + down * (panel_height + 62)

panel_column(panel) = (panel - 1) % across
panel_row(panel) = (panel - 1) / across
panel_left(panel) = 4 + panel_gap + panel_column(panel) * (panel_width + panel_gap)
panel_top(panel) = top + 26 + panel_row(panel) * (panel_height + 62)
work_of(panel) = part_works[(panel - 1) / line_groups + 1]
shaded = "#c4c4c4"
