# SPDX-License-Identifier: MIT
# Draws wall time over the wall time of the best collector of the same workload.
source = '$normalised'; middle = 'ratio'; low = 'low'; high = 'high'
has_means = 1
axis = "wall time, times that of the best"
tick(v) = sprintf("%gx", v)
caption = sprintf("%s, %s. Marks: ratios within blocks, their geometric mean; %s.", counted, setting, ratios)
caption = caption . ' ' . "Hollow: left more than a tenth of its garbage; cross: frees nothing. Neither is ever the best."
caption = caption . ' ' . sprintf("Question mark: undecided, neither claimed to be more than the best nor equal to it. Equals sign: equal within %s. No sign: claimed; the chance that any of the run's claims on wall time is wrong is 5%% at most.", precision)
caption = caption . not_warm_words
verdicts = 1
load scripts . '/dots.gp'
