# SPDX-License-Identifier: MIT
# Lays out small multiples: a panel for each work that has a row in the table `source`. pauses.gp,
# utilisation.gp, latency.gp and heap.gp set `source` and load this file before style.gp. This file counts the
# panels and sets the size of the figure. Then panel_left(p) and panel_top(p) place panel p.
set datafile separator comma
set datafile columnheaders
has(records) = exists(records) ? value(records) > 0 : 0
array panel_works[work_count]
panels = 0
array panel_seen[work_count]
do for [w = 1:work_count] { panel_seen[w] = 0 }
see(w) = w < work_count ? (panel_seen[w + 1] = 1) : 0
stats tables . source using (strcol('setting') eq setting ? see(int(column('row'))) : 0) nooutput
do for [w = 0:work_count - 1] { if (panel_seen[w + 1]) { panels = panels + 1; panel_works[panels] = w } }
across = panels < 2 ? 1 : panels < 5 ? 2 : panels < 10 ? 3 : 4
down = panels > 0 ? ceil((panels + 0.0) / across) : 1
width = 1000
panel_gap = 58.0
panel_width = (width - 24 - panel_gap * across) / across
panel_height = across == 1 ? 380.0 : across == 2 ? 260.0 : 165.0
load scripts . '/key.gp'
top = 48 + 20 * key_rows
bottom = 70
height = top + bottom + down * (panel_height + 62)

panel_column(p) = (p - 1) % across
panel_row(p) = (p - 1) / across
panel_left(p) = 4 + panel_gap + panel_column(p) * (panel_width + panel_gap)
panel_top(p) = top + 26 + panel_row(p) * (panel_height + 62)
