// Convenience only: a slider shows its number while it is moved; the program works out what it changes. Esc Esc leaves.
"use strict";
(() => {
  let escaped = 0;
  Storage.prototype.setItem = () => { throw new Error("nothing is kept in the browser"); };
  document.addEventListener("input", (event) => {
    const label = event.target.type === "range" && event.target.closest("label");
    if (!label) return;
    label.querySelector("output").textContent = event.target.value;
    label.classList.toggle("moved", event.target.value !== event.target.dataset.was);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const now = Date.now();
    if (now - escaped < 1000) { event.preventDefault(); document.documentElement.replaceChildren(); location.replace("/blank"); }
    escaped = now;
  });
  // Without scripts a weight is a number to type; with them it is a slider, its number beside it.
  const slide = () => document.querySelectorAll(".slide input[type=number]").forEach((input) => {
    input.type = "range";
    input.nextElementSibling.hidden = false;
  });
  slide();
  document.addEventListener("htmx:afterSwap", slide);
  const title = document.querySelector(".problem[role], .kept[role]");
  if (title) { title.tabIndex = -1; title.focus({ preventScroll: true }); }
  // After `load`, as htmx wants it: before, it would wait for an event that has gone by.
  window.addEventListener("load", () => {
    if (!document.querySelector("[hx-post]")) return;
    const script = document.createElement("script");
    script.src = "/static/htmx.min.js";
    // A slider moved before htmx was here has been heard by nobody.
    script.onload = () => [...document.querySelectorAll("input[type=range]")].find((i) => i.value !== i.defaultValue)
      ?.dispatchEvent(new Event("change", { bubbles: true }));
    document.head.append(script);
  });
})();
