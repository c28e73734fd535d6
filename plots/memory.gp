# SPDX-License-Identifier: MIT
# Draws peak memory of the workload: the highest RSS of the process less its RSS just before the workload
# began.
source = '$cells'; middle = 'median'; low = 'low'; high = 'high'
has_means = 0
axis = "peak memory above the idle process, bytes"
tick(v) = v >= 1e9 ? sprintf("%g GB", v / 1e9) : v >= 1e6 ? sprintf("%g MB", v / 1e6) : v >= 1e3 ? sprintf("%g kB", v / 1e3) : sprintf("%g B", v)
caption = sprintf("%s, %s. Marks: medians; %s.", counted, setting, medians)
caption = caption . ' ' . "Hollow: left more than a tenth of its garbage; cross: frees nothing."
caption = caption . ' ' . sprintf("Question mark: undecided, neither claimed to be larger than the smallest nor equal to it. Equals sign: equal within %s. No sign: claimed; the chance that any of the run's claims on peak memory is wrong is 5%% at most.", precision)
if (warm ne '') { caption = caption . ' ' . "Cold memory: a warm process has no peak, as pages that its workload never needs are there too." }
caption = caption . not_warm_words
verdicts = 1
load scripts . '/dots.gp'
