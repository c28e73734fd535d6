# SPDX-License-Identifier: MIT
# Draws wall time over that of the best collector of each work.
source = '$normalised'; against = -1
# The darkest colour stands for sixteen times the best and more. Beyond, only the number tells.
darkest = 4.0
set palette defined (0 "#ffffff", 0.15 "#deebf7", 0.35 "#9ecae1", 0.65 "#3182bd", 1 "#08306b")
set cbrange [0:darkest]
depth(v) = v <= 1 ? 0 : log(v) / log(2) > darkest ? darkest : log(v) / log(2)
is_dark(dummy) = depth(column('ratio')) > 0.55 * darkest
is_best(dummy) = column('best') == 1
is_strong(dummy) = is_best(0)
key_ratios = "1 1.5 2 4 8 16"
caption_of(dummy) = sprintf("%s, %s. Wall time over that of the best (%s), which in each block is the best of the other blocks; so ties lie on both sides of 1. Colour by its logarithm, darkest from 16 upwards.", counted, setting, best_words) \
    . ' ' . sprintf("%s: undecided, neither claimed to be slower nor equal to the best. Equals sign: equal within %s. All else is claimed; the chance that any of the run's claims on wall time is wrong is 5%% at most.", undecided_words, precision) \
    . ' ' . "† left more than a tenth of its garbage; ‡ frees nothing; neither is ever the best. Grey: no figure, and why. Blank: did not run." . not_warm_words
load scripts . '/heat.gp'
