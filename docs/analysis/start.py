# SPDX-License-Identifier: MIT
"""The tables of a run in pandas, with the types that its datapackage.json states.

usage: python3 -i docs/analysis/start.py [RUN]
"""
import json, pandas, sys
run, types = (sys.argv[1:] or ["results/reference"])[0], {"string": "string", "integer": "Int64", "number": "float64", "boolean": "boolean"}
columns = lambda file: {field["name"]: types[field["type"]] for field in file["schema"]["fields"]}
tables = {file["name"]: pandas.read_csv(f"{run}/{file['path']}", dtype=columns(file), keep_default_na=False, na_values=[""]) for file in json.load(open(f"{run}/datapackage.json"))["resources"]}
print(tables["normalised"].query("metric == 'wall'").pivot(index=["setting", "work"], columns="config", values="ratio").round(2).to_string())
