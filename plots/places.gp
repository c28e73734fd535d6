# SPDX-License-Identifier: MIT
# Places `panels` panels of one size, `across` of them side by side: panel_left(panel) and panel_top(panel), in px. They take
# `down` * (panel_height + 62) px. Before they are asked, a script sets `top`, which is what title and key take.
down = ceil((panels + 0.0) / across)
panel_gap = 58.0
panel_width = (width - 24 - panel_gap * across) / across
panel_height = 0.62 * panel_width < 380 ? 0.62 * panel_width : 380
panel_column(panel) = (panel - 1) % across
panel_row(panel) = (panel - 1) / across
panel_left(panel) = 4 + panel_gap + panel_column(panel) * (panel_width + panel_gap)
panel_top(panel) = top + 26 + panel_row(panel) * (panel_height + 62)
