# SPDX-License-Identifier: MIT
# Sets the style that all figures share. A script sets `height` (in px) and then loads this file.
# `gcmatrix plot` sets these variables for every script (harness/report/plot-variables.c):
#
#   name         of the figure
#   title        of the figure, in words; of one of several charts it says which
#   format       'svg', 'png' or 'pdf'
#   width        of the chart, in px; on paper 4 px are 1 mm; page_height: that of a page
#   scripts      this folder
#   tables       the folder of the tables; ends in '/'
#   part_works   an array: the places, from 0, of the works that this chart draws, or of a figure of growth of the families;
#                part_count: how many
#   part, parts  which chart of the figure this is, from 1, and how many there are
#   left_out     how many works the figure does not show (draws() of its row in plot-figures.c)
#   first_config, last_config   the places, from 0, of the configs that have panels, in a figure with panels of configs
#   across       how many panels stand side by side
#   line_groups  how many panels a work has, of a figure of lines: each has some of the configs in colour
#   points       an array, of a figure of utilisation or of the heap: how many points a line has, at the place of its work in
#                the chart, from 0, * config_count + config + 1
#   sure         the same of a figure of percentiles: how many of its points have five longer ones
#   tops, ends   the same of the heap: the most that a line reaches, up and to the right; collected: how many collections
#                there were; window_points, window_from, window_to: how many points the window has, and its ends
#   off_median   of the heap: how far the processes drawn are off the median of their cells, at most, as a share; -1 where
#                it is not known
#   X_max        of a figure of percentiles: the largest 1 / (1 - p) of any chart; Y_min, Y_max: the ends of its times
#   X_min, X_max of a figure of utilisation: the ends of its windows, in ns
#   responds     an array, of a figure of latency: 1 for a work that has response times
#   setting      the setting that is drawn: an allocator with its tuning and memory. Of peak memory it is never one
#                with warm memory
#   cold, warm   the settings of that allocator with cold and with warm memory; '' where there is none
#   counted      how many processes a cell has, in words
#   medians      what the bars of medians are and what they are worth, in words; ratios: the same of ratios
#   untimed      the cascades that no clock saw, in words
#   paused       an array, of a figure of pauses: at work * config_count + config + 1 the share of the wall time that pauses
#                take, by medians; -1 where it is not known
#   kept         of a figure of raw pauses, samples or requests: of how many processes a cell these were kept, in words
#   precision    within which cells are equal, as text: "3%"; minimum: from which a difference is claimed
#   differs      the share by which the reference program's time in a block differs from that of the run
#   baseline     the place of the config that the user compares with, from 0; -1 where there is none, or it is not shown.
#                baseline_name: its name, shown or not
#   chosen_words what part of the run is shown, in sentences; '' where it is all of it. Works, configs and rows are those
#                that are shown, wherever they are counted here
#   works        an array of names; work_count: how many
#   groups       an array: the group of each work
#   configs      an array of names; config_count: how many
#   settings     an array of names; setting_count: how many
#   hues         an array: the place of a config in the run, from 0, which its colour and its mark are made of: they stay
#                when others are not shown; collector_hues: the same of collectors
#   collectors   an array of names without options; collector_count: how many
#   floors       an array: 1 where a config frees nothing, else 0
#   leaking      an array: on how many works a config left more than a tenth of its garbage
#   roles        a text: at work * config_count + config + 1, 0 reclaims, 1 leaks, 2 frees nothing,
#                - did not run
#   not_warm     a text: there 1 where a process of a cell with warm memory was not warm; not_warm_words: the
#                sentence that says so, with a blank before it, or ''
#   alike_works, alike_configs   arrays: the places, from 0, of all works and configs, so that what is alike stands
#                together
#   families     an array, of a figure of growth: the names of the workloads that ran at several sizes; family_count: how
#                many; family_sizes: at how many sizes each did; family_works: at family * work_count + place + 1 the
#                work, from 0, the smallest size first; sizes: the size of each work, in bytes
#   line_order   an array: at family * config_count + place + 1 a config, from 0, in the order in which lines end, from
#                above; -1 after the last; exponents: there the config's exponent with its interval, as text
#   shared       the number of works that the geometric means are taken over
#   work_chars   the length of the longest name of a work
#
# A panel reads the rows of its own work from a data block (harness/report/plot-data.h), which data() and line()
# name. A block has the columns of its table from `row` on, or those that the figure asks for, and `other`: 1 where the
# row is of the same allocator with the other memory. A block of the table's name alone, such as $means, has the rows of
# all works, and from `series` on where its table has no row. They are of the setting and of the figure's metric.
# gnuplot asks the system three times for each expression of `using`, and for each column by its name; not for a number.
# So where many rows are drawn columns are numbers, of blocks whose columns the figure names (plot-figures.c).

if (format eq 'svg') {
    set terminal svg size width,height dynamic noenhanced background "white" name name \
        font "Helvetica Neue,Helvetica,Arial,Liberation Sans,sans-serif,12"
} else { if (format eq 'pdf') {
    # gnuplot embeds the fonts. A px is a quarter of a millimetre, so letters of 11 px have 7.8 pt. A font of these two
    # terminals has 4/3 of its size in px: the letters of all formats are about as wide, and have the same room.
    set terminal pdfcairo size 0.25/25.4*width,0.25/25.4*height noenhanced background "white" \
        font "DejaVu Sans,11" fontscale 0.7087*3/4 linewidth 0.7 pointscale 0.7
} else {
    set terminal pngcairo size 2*width,2*height noenhanced background "white" \
        font "DejaVu Sans,11" fontscale 1.5 linewidth 2 pointscale 2
} }
# A bold font: each terminal has its own way to name it.
bold(size) = format eq 'svg' ? sprintf("Helvetica Bold,%d", size) : sprintf(":Bold,%d", size)
# The hatches 4 and 5. In a PDF their lines lie 4 mm apart, too far for a narrow part: it has finer ones, which are pale.
hatch(pattern) = format eq 'pdf' ? pattern + 2 : pattern
hatch_ink(colour) = format eq 'pdf' ? ink : colour
set output out
set encoding utf8
set datafile separator comma
set datafile missing ""
set datafile columnheaders

# The first seven colours are Okabe and Ito's, the others Paul Tol's. The shape of a mark repeats what its colour
# says, so a chart can be read in grey: the seventh mark has the shape of the first, and another colour.
colours = "#0072B2 #D55E00 #009E73 #CC79A7 #E69F00 #56B4E9 #000000 #882255 #117733 #332288 #999933 #661100 #44AA99 #AA4499"
# Six shapes and fourteen colours: no two of 42 configs look alike.
filled_shapes = "7 5 9 11 13 15"
hollow_shapes = "6 4 8 10 12 14"
colour(i) = word(colours, int(i) % 14 + 1)
filled(i) = int(word(filled_shapes, int(i) % 6 + 1))
hollow(i) = int(word(hollow_shapes, int(i) % 6 + 1))
rgb(i) = int('0x' . colour(i)[2:7])

# The text of a tick is a format: a percent sign of a name stands twice in it.
tick_text(s) = strstrt(s, '%') ? s[1:strstrt(s, '%') - 1] . '%%' . tick_text(s[strstrt(s, '%') + 1:*]) : s

ink = "#222222"
quiet = "#666666"
grid_colour = "#e3e3e3"
set border 3 linecolor rgb "#444444"
set tics out nomirror textcolor rgb ink
set grid xtics linetype 1 linecolor rgb grid_colour
unset key

# A collector that frees nothing is a reference and grey. Each other one has a colour and a shape.
hue(s) = hues[int(s) + 1]
tint(s) = floors[s + 1] ? 0x888888 : rgb(hue(s))
mark(s) = floors[s + 1] ? 2 : filled(hue(s))
# What a config did on a work. The mark of it there: hollow where it left more than a tenth of the garbage.
cell_in(flags, work, s) = flags[int(work) * config_count + int(s) + 1:int(work) * config_count + int(s) + 1]
role_of(work, s) = cell_in(roles, work, s)
leaks(work, s) = role_of(work, s) eq '1'
mark_on(work, s) = leaks(work, s) ? hollow(hue(s)) : mark(s)

# Where a process of a cell with warm memory was not warm.
not_warm_mark(work, s) = work >= 0 && work < work_count && s >= 0 && s < config_count && cell_in(not_warm, work, s) eq '1' ? '°' : ''

# The blocks of a work, of one line of it, and of one of the kinds of a line.
data(table, work) = sprintf('$%s_%d', table, work)
line(table, work, s) = sprintf('$%s_%d_%d', table, work, s)
line_of(table, work, s, kind) = sprintf('$%s_%d_%d_%s', table, work, s, kind)

# The smallest of 1, 2, 5 times a power of ten that is no less than v.
nice(v) = (nice_k = 10.0**floor(log10(v)), nice_f = v / nice_k, nice_f <= 1 ? nice_k : nice_f <= 2 ? 2 * nice_k : nice_f <= 5 ? 5 * nice_k : 10 * nice_k)

# Turns pixels into shares of the screen.
px(x) = (x + 0.0) / width
py(y) = (y + 0.0) / height

do for [i = 1:title_count] {
    set label 9000 + i title_lines[i] at screen px(16),1-py(20 * i) left font title_font textcolor rgb ink
}

# The ticks of a logarithmic axis are 1, 2, 5 times the powers of ten.
log_step(k) = (k % 3 == 0 ? 1 : k % 3 == 1 ? 2 : 5) * 10.0**int(floor(k / 3.0))

do for [i = 1:caption_count] {
    set label 9100 + i caption_lines[i] at screen px(16),py(18 + 16 * (caption_count - i)) left font ",10" textcolor rgb quiet
}

if (exists("has_key")) {
    do for [s = 0:config_count - 1] {
        set label 8000 + s key_of(s) at screen px(key_x[s + 1]),1-py(head - 20 + 20 * key_row[s + 1]) left offset 0.8,-0.2 \
            point pointtype mark(s) pointsize 1 linecolor rgb tint(s) textcolor rgb ink
    }
}
