# SPDX-License-Identifier: MIT
# Breaks the title and the caption of a figure into lines that fit. A script sets `caption`, loads this file, begins
# `head` px below the top, and adds `caption_height` to its height. Then style.gp writes the lines.
set encoding utf8
if (exists("chosen_words") && chosen_words ne '') { caption = caption . ' ' . chosen_words }
# The font of a browser may be another, and wider.
caption_room = (width - 32) / 5.5
array caption_lines[40]
do for [i = 1:40] { caption_lines[i] = '' }
caption_count = 1
do for [i = 1:words(caption)] {
    caption_word = word(caption, i)
    caption_next = caption_lines[caption_count] eq '' ? caption_word : caption_lines[caption_count] . ' ' . caption_word
    if (strlen(caption_next) > caption_room && caption_count < 40) {
        caption_count = caption_count + 1
        caption_next = caption_word
    }
    caption_lines[caption_count] = caption_next
}
caption_height = 16 * caption_count + 14

title_size = width < 500 ? 12 : 15
title_font = sprintf(',%d', title_size)
title_room = (width - 32) / (0.54 * title_size)
array title_lines[8]
do for [i = 1:8] { title_lines[i] = '' }
title_count = 1
# "(2 of 3)" at its end stays together.
title_parts = exists("parts") ? parts > 1 : 0
title_words = title_parts ? words(title) - 2 : words(title)
do for [i = 1:title_words] {
    title_word = title_parts && i == title_words ? sprintf('%s %s %s', word(title, i), word(title, i + 1), word(title, i + 2)) : word(title, i)
    title_next = title_lines[title_count] eq '' ? title_word : title_lines[title_count] . ' ' . title_word
    if (strlen(title_next) > title_room && title_count < 8) {
        title_count = title_count + 1
        title_next = title_word
    }
    title_lines[title_count] = title_next
}
head = 28 + 20 * title_count
