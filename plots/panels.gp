# SPDX-License-Identifier: MIT
# Lays out small multiples: a panel for each work of the chart, or line_groups of them. pauses.gp, utilisation.gp,
# latency.gp and time-space.gp set `caption` and load this file before style.gp. This file sets the size of the figure.
# Then places.gp places a panel, and panel.gp sets its margins and its title. A script that
# sets `gutter` has so many px to the right of each plot, and there a line of text for each config.
set datafile separator comma
set datafile columnheaders
has(records) = exists(records) ? value(records) > 0 : 0
panels = part_count * line_groups
if (line_groups > 1) { caption = caption . ' ' . 'Grey: the lines of the other collectors.' }
load scripts . '/caption.gp'
load scripts . '/key.gp'
top = head + 20 * key_rows
load scripts . '/places.gp'
# The panels of one workload may be more than a page has room for: then they are low.
lowest = 70.0
tallest = (page_height - top - 24 - caption_height + 0.0) / down - 62
if (panel_height > tallest) { panel_height = tallest > lowest ? tallest : lowest }
gutter_pitch = 12.0
gutter_lines = ceil((config_count + 0.0) / line_groups)
if (!exists("gutter")) { gutter = 0.0 }
if (gutter > 0 && panel_height < gutter_pitch * gutter_lines + 6) { panel_height = gutter_pitch * gutter_lines + 6 }
plot_width = panel_width - gutter
height = top + 24 + caption_height + down * (panel_height + 62)

work_of(panel) = part_works[(panel - 1) / line_groups + 1]
shaded = "#c4c4c4"
