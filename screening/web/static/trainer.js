// Convenience only: a slider shows its number while it is moved; the program works out what it changes. Esc Esc leaves.
"use strict";
(() => {
  let escaped = 0;
  Storage.prototype.setItem = () => { throw new Error("nothing is kept in the browser"); };
  const label = (input) => {
    const around = input.closest("label");
    around.querySelector("output").textContent = input.value;
    around.classList.toggle("moved", input.value !== input.dataset.was);
  };
  document.addEventListener("input", ({ target }) => { if (target.type === "range" && target.closest("label")) label(target); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const now = Date.now();
    if (now - escaped < 1000) { event.preventDefault(); document.documentElement.replaceChildren(); location.replace("/blank"); }
    escaped = now;
  });
  // Without scripts a weight is a number to type; with them it is a slider, its number beside it. Somebody may have typed already,
  // and a browser may have put back what was typed before: the number beside it is never the one that the page came with.
  const slide = () => document.querySelectorAll(".slide input[type=number]").forEach((input) => {
    input.type = "range";
    input.nextElementSibling.hidden = false;
    label(input);
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
