# SPDX-License-Identifier: MIT
# Lays out the key of the configs by hand: gnuplot's own key is as narrow as the plot and wraps too early. A
# script loads this file and adds `key_rows` to its height. Then style.gp draws the key.
key_of(s) = configs[s + 1] . (floors[s + 1] ? ' (frees nothing)' : \
    leaking[s + 1] ? sprintf(' (leaks on %d)', leaking[s + 1]) : '')
array key_x[config_count]
array key_row[config_count]
key_rows = 1
key_place = 0.0
do for [s = 0:config_count - 1] {
    key_need = 36 + 7.0 * strlen(key_of(s))
    if (key_place > 0 && 16 + key_place + key_need > width) { key_rows = key_rows + 1; key_place = 0.0 }
    key_x[s + 1] = 22 + key_place
    key_row[s + 1] = key_rows
    key_place = key_place + key_need
}
has_key = 1
