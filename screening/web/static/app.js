// Convenience only: every page works without it. It shows at once when nothing is saved any more, keeps typed words in place
// when the program has stopped, gives keys to answers, and leaves on Esc Esc.
"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const body = () => at("page").dataset;
  let dead = false, line = null, escaped = 0, shown = null;

  // Nothing of a case, not even an address, stays in the browser's storage; htmx does without where it cannot write.
  Storage.prototype.setItem = () => { throw new Error("nothing is kept in the browser"); };

  const tell = (id, text, link) => {
    const box = at(id);
    if (!box) return;
    box.textContent = text;
    box.hidden = !text;
    if (link) {
      const again = document.createElement("a");
      again.href = location.href;
      again.textContent = link;
      box.append(" ", again);
    }
  };

  const lost = () => {
    dead = true;
    tell("alarm", body().lost);
    const status = at("status");
    if (status) { status.classList.add("lost"); status.querySelector(".said").textContent = body().unsaved; }
  };

  const dirty = () => {
    const status = at("status");
    if (status) { status.classList.add("unsaved"); status.querySelector(".said").textContent = body().unsaved; }
  };

  // The line to the program: broken means stopped. EventSource tries again by itself; when it comes back, so does the truth.
  const listen = () => {
    if (line) line.close();
    line = null;
    if (!body().live) return;
    const mine = line = new EventSource(body().live);
    mine.onerror = () => { if (line === mine) lost(); };
    mine.onopen = () => { if (dead && line === mine) { dead = false; location.reload(); } };
    mine.onmessage = (event) => {
      const now = JSON.parse(event.data), rev = at("rev");
      if (rev && now.revision > Number(rev.value)) tell("others", body().changed, body().reload);
      else if (now.windows > 1) tell("others", body().windows);
      else tell("others", "");
    };
    mine.addEventListener("gone", () => { mine.close(); tell("others", body().gone); });
  };

  const leave = () => {
    document.documentElement.replaceChildren();
    location.replace("about:blank");
  };

  const typing = (target) => target.closest && target.closest("input:not([type=radio]):not([type=checkbox]):not([type=button]):not([type=submit]), textarea, select");

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const now = Date.now();
      if (now - escaped < 1000) { event.preventDefault(); leave(); }
      escaped = now;
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const button = /^[1-6]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`);
    if (button) { event.preventDefault(); button.click(); return; }
    const key = event.key.toLowerCase();
    const target = key === "b" ? document.querySelector("[data-previous]") : key === "d" ? document.querySelector(".now summary") : null;
    if (target) { event.preventDefault(); target.click(); target.focus(); }
    if (key === "n" && at("note")) { event.preventDefault(); at("note").focus(); }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-leave]")) { event.preventDefault(); leave(); }
  }, true);
  document.addEventListener("input", () => {
    const seq = at("seq");
    if (seq) seq.value = Number(seq.value) + 1;
    dirty();
  }, true);
  document.addEventListener("submit", (event) => { if (dead) { event.preventDefault(); event.stopPropagation(); lost(); window.scrollTo(0, 0); } }, true);
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:afterSettle", () => {
    if (at("page") === shown) return;
    shown = at("page");
    document.documentElement.lang = body().lang;
    listen();
    const title = document.querySelector("h1");
    // Never out of a field that somebody has begun to type in.
    if (title && document.activeElement === document.body) { title.tabIndex = -1; title.focus({ preventScroll: true }); }
    window.scrollTo(0, 0);
  });
  // A page that the browser brought back from its own memory may be old.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  shown = at("page");
  listen();
  // htmx comes after the page works: it then keeps pages in place and saves notes as they are typed.
  window.addEventListener("load", () => {
    const script = document.createElement("script");
    script.src = "/static/htmx.min.js";
    document.head.append(script);
  });
})();
