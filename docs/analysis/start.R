# SPDX-License-Identifier: MIT
# The tables of a run in R, without a package.
#
# usage: Rscript docs/analysis/start.R [RUN], or source() it
run <- c(commandArgs(trailingOnly = TRUE), "results/reference")[1]
files <- Sys.glob(file.path(run, c("runs.csv", "reference.csv", "tables/*.csv")))
tables <- lapply(setNames(files, sub("[.]csv$", "", basename(files))), read.csv, na.strings = "", check.names = FALSE)
wall <- subset(tables$normalised, metric == "wall")
print(round(tapply(wall$ratio, list(paste(wall$setting, wall$work), wall$config), mean), 2))
