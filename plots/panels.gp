# SPDX-License-Identifier: MIT
# Lays out small multiples: a panel for each work that has a row in the table `source`. pauses.gp,
# utilisation.gp, latency.gp, heap.gp and time-space.gp set `source` and `caption` and load this file before style.gp. This file counts the
# panels and sets the size of the figure. Then panel_left(panel) and panel_top(panel) place a panel.
set datafile separator comma
set datafile columnheaders
has(records) = exists(records) ? value(records) > 0 : 0
array panel_works[work_count]
panels = 0
array panel_seen[work_count]
do for [work = 1:work_count] { panel_seen[work] = 0 }
see(work) = work < work_count ? (panel_seen[work + 1] = 1) : 0
stats tables . source using (strcol('setting') eq setting ? see(int(column('row'))) : 0) nooutput
do for [work = 0:work_count - 1] { if (panel_seen[work + 1]) { panels = panels + 1; panel_works[panels] = work } }
across = panels < 2 ? 1 : panels < 5 ? 2 : panels < 10 ? 3 : 4
down = panels > 0 ? ceil((panels + 0.0) / across) : 1
width = 1000
panel_gap = 58.0
panel_width = (width - 24 - panel_gap * across) / across
panel_height = across == 1 ? 380.0 : across == 2 ? 260.0 : 165.0
load scripts . '/key.gp'
load scripts . '/caption.gp'
top = 48 + 20 * key_rows
bottom = 24 + caption_height
height = top + bottom + down * (panel_height + 62)

panel_column(panel) = (panel - 1) % across
panel_row(panel) = (panel - 1) / across
panel_left(panel) = 4 + panel_gap + panel_column(panel) * (panel_width + panel_gap)
panel_top(panel) = top + 26 + panel_row(panel) * (panel_height + 62)
