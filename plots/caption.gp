# SPDX-License-Identifier: MIT
# Breaks the caption of a figure into lines that fit. A script sets `width` and
# `caption`, loads this file, and adds `caption_height` to its height. Then style.gp writes the lines at the bottom.
set encoding utf8
# The browser's font is narrower than that of the picture, and may be another.
caption_room = (width - 32) / (format eq 'svg' ? 5.9 : 6.75)
array caption_lines[12]
do for [i = 1:12] { caption_lines[i] = '' }
caption_count = 1
do for [i = 1:words(caption)] {
    caption_word = word(caption, i)
    caption_next = caption_lines[caption_count] eq '' ? caption_word : caption_lines[caption_count] . ' ' . caption_word
    if (strlen(caption_next) > caption_room && caption_count < 12) {
        caption_count = caption_count + 1
        caption_next = caption_word
    }
    caption_lines[caption_count] = caption_next
}
caption_height = 16 * caption_count + 14
has_caption = 1
