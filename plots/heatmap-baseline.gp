# SPDX-License-Identifier: MIT
# Draws wall time over that of the collector that the user named: blue is faster, orange slower.
source = '$baseline'; against = baseline
# The strongest colours stand for four times as fast and as slow, and more.
strongest = 2.0
set palette defined (-1 "#0072B2", -0.5 "#7fb8d8", -0.02 "#f2f7fa", 0.02 "#fcf4ef", 0.5 "#eaae7f", 1 "#D55E00")
set cbrange [-strongest:strongest]
depth(v) = (l = log(v) / log(2), l > strongest ? strongest : l < -strongest ? -strongest : l)
is_dark(dummy) = abs(depth(column('ratio'))) > 0.7 * strongest
is_best(dummy) = 0
is_strong(dummy) = strcol('verdict') eq 'less'
title = sprintf("Wall time relative to %s, all cells", baseline_name)
key_ratios = "0.25 0.5 1 2 4"
caption_of(dummy) = sprintf("%s, %s. Wall time over that of %s: blue is faster, and %s where claimed; orange is slower; the strongest from 4 times on.", counted, setting, baseline_name, best_words) \
    . ' ' . sprintf("%s: undecided, neither claimed to differ nor equal. Equals sign: equal within %s. All else is claimed; the chance that any of the run's claims on wall time is wrong is 5%% at most.", undecided_words, precision) \
    . ' ' . "† left more than a tenth of its garbage; ‡ frees nothing. Grey: no figure of the two, and why. Blank: did not run." . not_warm_words
load scripts . '/heat.gp'
