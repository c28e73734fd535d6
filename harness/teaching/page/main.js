// SPDX-License-Identifier: MIT
// Puts the page together: which picture is shown is in the address.

const byId = (name) => document.getElementById(name);
let shown = 0;

function placeOf(address) {
  const number = Number(new URLSearchParams(address.slice(1)).get("picture"));
  return Number.isInteger(number) && number >= 1 ? Math.min(number, pictures.length) - 1 : 0;
}

function render(everything) {
  byId("pictures").replaceChildren(...(everything ? pictures.map((_, place) => pictureSection(place)) : [pictureSection(shown)]));
}

function lineMark() {
  for (const [place, item] of [...byId("lines").children].entries()) {
    const button = item.querySelector("button");
    if (place === shown) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
    if (place === shown) byId("lines").scrollTop = item.offsetTop - byId("lines").offsetTop - byId("lines").clientHeight / 2;
  }
}

function show(place) {
  shown = Math.max(0, Math.min(place, pictures.length - 1));
  byId("place").value = shown + 1;
  byId("place").setAttribute("aria-valuetext", `picture ${shown + 1} of ${pictures.length}`);
  byId("back").disabled = byId("first").disabled = shown === 0;
  byId("forth").disabled = byId("last").disabled = shown === pictures.length - 1;
  history.replaceState(null, "", `#picture=${shown + 1}`);
  lineMark();
  if (byId("all").checked) byId("pictures").children[shown].scrollIntoView();
  else render(false);
}

// A phase stands below its operation, which has no picture of its own where it is nothing but a collection.
function lineItem(picture, place) {
  const first = picture.phase && (place === 0 || pictures[place - 1].operation !== picture.operation);
  const button = make("button", { type: "button", onclick: () => show(place) }, picture.phase ? `↳ ${phaseOf(picture)}` : lineOf(picture));
  return make("li", { class: picture.phase ? "phase" : undefined }, first ? make("code", {}, lineOf(picture)) : null, button);
}

const moves = { ArrowLeft: () => shown - 1, ArrowRight: () => shown + 1, Home: () => 0, End: () => pictures.length - 1 };

function keyTake(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target === byId("place") || !(event.key in moves)) return;
  event.preventDefault();
  show(moves[event.key]());
}

const options = collector.options ? `:${collector.options}` : "";
document.title = `${data.program} under ${collector.name}`;
byId("name").textContent = `${data.program} under ${collector.name}${options}`;
byId("summary").textContent = `${collector.summary}. Left and right arrow, Home and End go through the pictures.`;
byId("place").max = pictures.length;
byId("lines").append(...pictures.map(lineItem));
byId("meanings").append(...pairs(legendRows()).childNodes);
byId("place").addEventListener("input", () => show(Number(byId("place").value) - 1));
byId("all").addEventListener("change", () => {
  render(byId("all").checked);
  show(shown);
});
for (const [name, key] of [["first", "Home"], ["back", "ArrowLeft"], ["forth", "ArrowRight"], ["last", "End"]]) byId(name).addEventListener("click", () => show(moves[key]()));
addEventListener("keydown", keyTake);
addEventListener("hashchange", () => show(placeOf(location.hash)));
addEventListener("beforeprint", () => render(true));
addEventListener("afterprint", () => render(byId("all").checked));
if (pictures.length) show(placeOf(location.hash));
document.documentElement.setAttribute("data-ready", "");
