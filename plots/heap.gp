# SPDX-License-Identifier: MIT
# Draws bytes held (allocated less freed) over the allocation clock, for one typical process of each cell. Each work
# has a panel for each config: the whole run, and beside it a few collections, in which a saw tooth is seen as one.
# Every collector of a work has the same length on that clock. The grey area is the least that any held.
# The columns of a block: other, allocated_bytes, heap_bytes.
allocated = 2; held = 3
set datafile separator comma
set datafile columnheaders
has(records) = exists(records) ? value(records) > 0 : 0
# A window of a few collections: of fewer samples no tooth can be seen, and most of the run is no window.
array window_is[part_count * config_count]
windows = 0
do for [w = 1:part_count] {
    do for [s = 0:config_count - 1] {
        at = (w - 1) * config_count + s + 1
        window_is[at] = 0
        if (points[at] <= 0) { continue }
        x_most = 0.0
        do for [other = 1:config_count] {
            end = ends[(w - 1) * config_count + other]
            x_most = end > x_most ? end : x_most
        }
        window_wide = window_to[at] - window_from[at]
        window_is[at] = window_points[at] >= 12 && window_wide > 0 && window_wide < 0.6 * x_most
        windows = windows + window_is[at]
    }
}
window_words = windows > 0 ? ' On the right: a few collections, of the shaded place.' : ''
off_words = off_median < 0 ? '' : sprintf(" (off it by %.0f%% at most)", 100 * off_median)
# Where the run was handed on without its raw files, nothing says how many a cell had.
drawn_words = kept eq '' ? "Drawn: the process of each cell" : kept . " Drawn: of these the one"
caption = sprintf("%s nearest to the cell's median time%s, %s. Lines: allocated less freed. Across: bytes allocated so far.", drawn_words, off_words, setting) \
    . ' ' . "Grey area: the least that any collector held, so no more was live." . window_words . " Marks: ends of collections, where there are few." \
    . ' ' . "The panels of a workload have one axis, from 0; one that holds much more has its own, in bold. † left more than a tenth of its garbage; ‡ frees nothing."
load scripts . '/caption.gp'
# The panels of a work, in rows of `across`. What stands above them is long where they are of some collectors.
work_size = width < 500 ? 10 : 12
shown(w, s) = points[(w - 1) * config_count + s + 1] > 0
array panel_counts[part_count]
array block_top[part_count]
title_px = 34.0
panel_pitch = 118.0
panel_height = 74.0
place_y = head + 4.0
do for [w = 1:part_count] {
    panel_counts[w] = 0
    do for [s = first_config:last_config] { if (shown(w, s)) { panel_counts[w] = panel_counts[w] + 1 } }
    block_top[w] = place_y
    place_y = place_y + title_px + panel_pitch * ceil((panel_counts[w] + 0.0) / across)
}
bottom = 8 + caption_height
height = place_y + bottom
load scripts . '/style.gp'
column_px = (width - 24.0) / across
label_px = 52.0
inner_px = column_px - label_px - 12
in_bytes(v) = v >= 1e9 ? sprintf("%.3g GB", v / 1e9) : v >= 1e6 ? sprintf("%.3g MB", v / 1e6) : v >= 1e3 ? sprintf("%.3g kB", v / 1e3) : sprintf("%.3g B", v)
mark_of(work, s) = floors[s + 1] ? '‡' : leaks(work, s) ? '†' : ''
collected(count) = count == 0 ? 'no collection' : count == 1 ? '1 collection' : sprintf('%d collections', count)
set xtics () scale 0.4 font ",9" offset 0,0.4
set grid xtics ytics linetype 1 linecolor rgb grid_colour
do for [w = 1:part_count] {
    # Of several charts of a workload, each says which collectors it has.
    range_note = first_config == 0 && last_config == config_count - 1 ? '' : sprintf(', collectors %d to %d of %d', first_config + 1, last_config + 1, config_count)
    set label 7000 + w works[part_works[w] + 1] . range_note at screen px(16),1-py(block_top[w] + 14) left font bold(work_size) textcolor rgb ink
}
set multiplot
first = 1
do for [w = 1:part_count] {
    work = part_works[w]
    # The axis is that of the configs which reclaim; of all where none does.
    common = 0.0
    alone = 0.0
    x_most = 0.0
    do for [s = 0:config_count - 1] {
        at = (w - 1) * config_count + s + 1
        top = tops[at]
        end = ends[at]
        alone = top > alone ? top : alone
        x_most = end > x_most ? end : x_most
        if (role_of(work, s) eq '0' && top > common) { common = top }
    }
    common = common > 0 ? common : alone > 0 ? alone : 1
    x_most = x_most > 0 ? x_most : 1
    place = 0
    do for [s = first_config:last_config] {
        if (!shown(w, s)) { continue }
        at = (w - 1) * config_count + s + 1
        top = tops[at]
        is_alone = top > 1.5 * common
        y_most = 1.08 * (is_alone ? top : common)
        left_px = 12 + column_px * (place % across) + label_px
        top_px = block_top[w] + title_px + 12 + panel_pitch * (place / across)
        place = place + 1
        # The window, and how many collections there were.
        is_wide = window_is[at]
        if (is_wide) { from = window_from[at]; to = window_to[at] }
        collections = collected[at]
        whole_px = is_wide ? 0.6 * inner_px : inner_px
        # A label has 60 px.
        x_step = nice(x_most * 0.3)
        if (whole_px * x_step / x_most < 60) { x_step = nice(x_most * 60 / whole_px) }
        set tmargin at screen 1 - py(top_px)
        set bmargin at screen 1 - py(top_px + panel_height)
        set lmargin at screen px(left_px)
        set rmargin at screen px(left_px + whole_px)
        set xrange [0:x_most]
        set yrange [0:y_most]
        set xtics ()
        do for [i = 0:int(x_most / x_step)] { text = i == 0 ? "0" : in_bytes(i * x_step); set xtics add (text i * x_step) }
        tick_font = is_alone ? bold(9) : ",9"
        set ytics () scale 0.4 font tick_font offset 0.6,0
        y_step = nice(y_most * 0.4)
        do for [i = 0:int(y_most / y_step)] { text = i == 0 ? "0" : in_bytes(i * y_step); set ytics add (text i * y_step) }
        panel_title = configs[s + 1] . mark_of(work, s) . ', ' . collected(collections)
        set label 6000 panel_title at screen px(left_px),1-py(top_px - 10) left font ",10" textcolor rgb ink
        if (is_wide) {
            # The place of the window is two pixels wide at least.
            shade = to - from > 2 * x_most / whole_px ? to - from : 2 * x_most / whole_px
            set object 6000 rectangle from first from,graph 0 to first from + shade,graph 1 fillcolor rgb "#ffe9b8" fillstyle solid noborder behind
        }
        plot data('heap_least', work) using allocated:held with filledcurves y1=0 fillcolor rgb "#d9d9d9" fillstyle solid notitle, \
             line('heap', work, s) using allocated:held with lines linewidth 1 linecolor rgb tint(s) notitle, \
             for [i = 0:(collections <= 16 ? 0 : -1)] line('collections', work, s) using allocated:held \
                 with points pointtype mark_on(work, s) pointsize 0.5 linecolor rgb tint(s) notitle
        if (first) { unset label; first = 0 } else { unset label 6000 }
        if (is_wide) {
            unset object 6000
            set lmargin at screen px(left_px + whole_px + 8)
            set rmargin at screen px(left_px + inner_px)
            set xrange [from:to]
            set xtics ("" from)
            set ytics ("" 0)
            do for [i = 1:int(y_most / y_step)] { set ytics add ("" i * y_step) }
            window_bytes = in_bytes(to - from)
            set label 6001 window_bytes at graph 0.5, screen 1-py(top_px + panel_height + 10) center font ",9" textcolor rgb quiet
            plot line('heap_window', work, s) using allocated:held with lines linewidth 1.4 linecolor rgb tint(s) notitle
            unset label 6001
        }
    }
}
unset multiplot
