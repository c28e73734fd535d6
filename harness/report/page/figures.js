// SPDX-License-Identifier: MIT
// Figures as people read them, in the form that the terminal has too (harness/report/figure.c).

const missing = (value) => value === null || value === undefined || Number.isNaN(value);

// Three digits, and always the whole part; of what is below a tenth two, as 0.00 would say that it is nothing.
function threeDigits(value) {
  const size = Math.abs(value);
  if (size > 0 && size < 0.0995) return value.toFixed(Math.min(6, 1 - Math.floor(Math.log10(size))));
  return value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
}

function ratioText(ratio) {
  if (missing(ratio)) return "n/a";
  return Number.isFinite(ratio) ? threeDigits(ratio) : "n/a (over 0)";
}

function scaledText(value, units) {
  if (missing(value)) return "n/a";
  let unit = 0;
  while (unit < 4 && Math.abs(value) >= 1000) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 && value === Math.floor(value) ? value.toFixed(0) : threeDigits(value);
  return value === 0 ? digits : `${digits} ${units[unit]}`;
}

const byteUnits = ["B", "kB", "MB", "GB", "TB"];
const timeUnits = ["ns", "µs", "ms", "s", "ks"];
const bytesText = (bytes) => scaledText(bytes, byteUnits);
const timeText = (ns) => scaledText(ns, timeUnits);
// A round number on an axis: "300 µs", "1.5 ms".
const roundText = (text) => text.replace(/(\.\d*?)0+(?= |$)/, "$1").replace(/\.(?= |$)/, "");
const roundTime = (ns) => roundText(timeText(ns));
const roundBytes = (bytes) => roundText(bytesText(bytes));
// A place on an axis that shows a part of this width: with digits that tell it from its neighbours.
function placeText(value, width, units) {
  let [unit, size] = [0, 1];
  for (; unit < 4 && Math.abs(value) >= 1000 * size; unit++) size *= 1000;
  const digits = Math.min(9, Math.max(0, Math.ceil(Math.log10((20 * size) / width))));
  return value === 0 ? "0" : roundText(`${(value / size).toFixed(digits)} ${units[unit]}`);
}
const roundShare = (share) => `${Number((100 * share).toPrecision(3))}%`;
const shareText = (share) => (missing(share) ? "n/a" : `${(100 * share).toFixed(1)}%`);

// A value in its unit, as the tables name it.
function valueText(value, unit) {
  if (missing(value)) return "n/a";
  if (unit === "ns") return timeText(value);
  if (unit === "bytes") return bytesText(value);
  if (unit === "share") return shareText(value);
  return Number.isInteger(value) ? String(value) : Number(value.toPrecision(6)).toString();
}

// "1.31–1.38", "501–518 ms"; "" without an interval, and for one that is a point.
function intervalText(low, high, text = ratioText) {
  if (missing(low) || missing(high) || low === high || (low === 0 && !Number.isFinite(high))) return "";
  if (!Number.isFinite(high)) return `${text(low)}–no end`;
  const [from, to] = [text(low), text(high)];
  const unit = from.replace(/^[\d.]+/, "");
  return `${unit && to.endsWith(unit) ? from.slice(0, from.length - unit.length) : from}–${to}`;
}

const countText = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
const areText = (count) => `${count} ${count === 1 ? "is" : "are"}`;

const metricWords = { wall: "time", peak: "peak memory", pause_max: "longest pause" };
const metricLess = { wall: "faster", peak: "smaller", pause_max: "shorter in its longest pause" };
const metricMore = { wall: "slower", peak: "larger", pause_max: "longer in its longest pause" };

// What a verdict says of a against b.
function verdictText(verdict, metric) {
  if (verdict === "less") return `claimed: ${metricLess[metric]}`;
  if (verdict === "more") return `claimed: ${metricMore[metric]}`;
  if (verdict === "equal") return "equal within the precision";
  if (verdict === "itself") return "the baseline";
  return verdict === "undecided" ? "undecided" : "no figure";
}
