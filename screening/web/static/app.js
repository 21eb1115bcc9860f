// Convenience only: every page works without it. It shows at once when nothing is saved any more, keeps typed words in place
// when the program has stopped, gives keys to answers, and leaves on Esc Esc.
"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const body = () => at("page").dataset;
  let dead = false, asking = null, active = false, touched = Date.now(), turn = 0, sent = 0, escaped = 0, shown = null, address = "", going = false;
  const me = Math.random().toString(36).slice(2);  // this window, for as long as it stands
  const SOON = 1000, SELDOM = 20000, PATIENCE = 8000;  // milliseconds; a window that nobody looks at asks seldom

  // Nothing of a case, not even an address, stays in the browser's storage; htmx does without where it cannot write.
  Storage.prototype.setItem = () => { throw new Error("nothing is kept in the browser"); };

  // A button of the page's form that goes nowhere else: what was typed is kept.
  const put = (where) => {
    const send = document.createElement("button");
    Object.assign(send, { type: "submit", name: "go", value: where, formNoValidate: true, hidden: true });
    send.setAttribute("form", "main");
    document.body.append(send);
    return send;
  };

  const tell = (id, text, link) => {
    const box = at(id);
    if (!box) return;
    box.textContent = text;
    box.hidden = !text;
    if (link && typed()) {  // first what was typed here is sent: it is kept, or both are shown
      const send = put("here");
      Object.assign(send, { hidden: false, className: "link", textContent: link });
      box.append(" ", send);
    } else if (link) {
      const again = document.createElement("a");
      again.href = location.href;
      again.textContent = link;
      box.append(" ", again);
    }
  };

  const typed = () => Number((at("seq") || {}).value || 0) > 0;

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

  // The program is asked again and again whether it is there, and what it knows of the case. It is asked, not listened to: a browser
  // holds six lines to one address open and no more. Other windows stay quiet until they are looked at.
  const ask = async () => {
    clearTimeout(asking);
    if (going) return;
    const mine = ++turn;
    try {
      const said = active ? "&active=1" : "";
      active = false;
      const answer = await fetch(`${address}?window=${me}&turn=${mine}${said}`, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      if (mine !== turn || going) return;
      if (answer.status === 404) { if (address !== "/live") tell("others", body().gone); return; }
      if (answer.status === 401) { locked(); return; }
      if (!answer.ok) throw new Error();
      found(answer.status === 200 ? await answer.json() : null);
    } catch {
      if (mine !== turn || going) return;
      lost();
    }
    asking = setTimeout(ask, document.hidden ? SELDOM : SOON);
  };

  const found = (now) => {
    if (dead) {  // it is back; what stands here is sent by whoever typed it
      dead = false;
      if (!typed()) { location.reload(); return; }
      tell("alarm", "");
      at("status")?.classList.remove("lost");
    }
    if (now && now.ending) tell("alarm", body().ending);
    if (!typed()) touched = Math.max(touched, sent);
    else if (Date.now() - touched > Number(body().idle) * 600) {  // before the pages lock, what was typed is sent
      touched = Date.now();
      put("here").click();
    }
    const rev = at("rev");
    if (now && now.revision === undefined) now = null;
    if (Date.now() - sent < 2 * SOON) return;  // what this page has just sent itself is no news
    const news = !now ? "" : rev && now.revision > Number(rev.value) ? "changed" : now.windows > 1 ? "windows" : "";
    const state = `${news} ${typed()}`;
    if (at("others").dataset.state === state) return;
    at("others").dataset.state = state;
    tell("others", news ? body()[news] : "", news === "changed" && body().reload);
  };

  // Says that this window shows the case no longer.
  const close = () => { if (address.startsWith("/live/")) navigator.sendBeacon(`${address}?window=${me}&turn=${turn}`); };

  const listen = () => {
    if (address !== body().live) { close(); address = body().live; }
    ask();
  };

  // At once, whatever the program does. The cookie says only that this browser was left: until somebody comes back on purpose, its
  // pages show nothing, by Back neither. Other windows of this browser leave too.
  const gone = () => {
    going = true;
    document.documentElement.replaceChildren();
    location.replace("about:blank");
  };
  // The pages are locked: nothing may stay on the screen.
  const locked = () => {
    going = true;
    document.documentElement.replaceChildren();
    location.replace("/");
  };
  for (const sign of ["keydown", "pointerdown", "wheel", "input"])
    document.addEventListener(sign, () => { active = true; touched = Date.now(); }, { capture: true, passive: true });
  const others = new BroadcastChannel("leave");
  others.onmessage = gone;
  const leave = () => {
    document.cookie = `notes_left_${location.port}=1; path=/; SameSite=Strict`;
    others.postMessage(1);
    gone();
  };

  // When the page came; until a person can have read it, its answers take nothing.
  const UNSEEN = 600;
  let came = 0;
  const answering = () => document.querySelector(".answers button, .looks");
  const arrived = () => {
    came = Date.now();
    if (!answering()) return;
    document.documentElement.dataset.unseen = "";
    setTimeout(() => { delete document.documentElement.dataset.unseen; }, UNSEEN);
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
    // A held key, and one that was on its way before the page came, answer nothing (S24).
    if (/^([1-6]|Enter| )$/.test(event.key) && answering() && (event.repeat || Date.now() - came < UNSEEN)) { event.preventDefault(); return; }
    const button = /^[1-6]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`);
    if (button) { event.preventDefault(); button.click(); return; }
    // A language may have its own letters for the keys; where the keyboard writes another script, the place of the key counts.
    const typed = event.key.toLowerCase();
    const key = JSON.parse(body().letters)[typed] || (/^[a-z]$/.test(typed) ? typed : (event.code || "").replace(/^Key/, "").toLowerCase());
    const target = key === "b" ? document.querySelector("[data-previous]") : key === "d" ? document.querySelector(".now summary") : null;
    if (target) { event.preventDefault(); target.click(); target.focus(); }
    if (key === "n" && at("note")) { event.preventDefault(); at("note").focus(); }
  });

  document.addEventListener("click", (event) => {
    if (Date.now() - came < UNSEEN && event.target.closest(".answers button, .looks")) { event.preventDefault(); event.stopPropagation(); return; }
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-leave]")) { event.preventDefault(); leave(); }
  }, true);
  document.addEventListener("input", () => {
    const seq = at("seq");
    if (seq) seq.value = Number(seq.value) + 1;
    dirty();
  }, true);
  document.addEventListener("submit", (event) => { if (dead) { event.preventDefault(); event.stopPropagation(); lost(); window.scrollTo(0, 0); } }, true);
  document.addEventListener("htmx:beforeRequest", () => { sent = Date.now(); });
  document.addEventListener("htmx:sendError", lost);
  // What was typed while the note was on its way did not go with it: it is not saved, and is sent in its turn. htmx puts the answer in
  // and gives it its classes a moment later: both times the page must not say that all is saved.
  const behind = ({ detail: { requestConfig } }) => {
    const note = at("note");
    if (note && requestConfig.elt === note && requestConfig.formData.get("seq") !== at("seq").value) note.dispatchEvent(new Event("input"));
  };
  document.addEventListener("htmx:afterSwap", behind);
  document.addEventListener("htmx:afterSettle", behind);
  document.addEventListener("htmx:afterSettle", () => {
    if (at("page") === shown) return;
    shown = at("page");
    arrived();
    Object.assign(document.documentElement, { lang: body().lang, dir: body().dir });
    listen();
    const title = document.querySelector("h1");
    // Never out of a field that somebody has begun to type in.
    if (title && document.activeElement === document.body) { title.tabIndex = -1; title.focus({ preventScroll: true }); }
    window.scrollTo(0, 0);
  });
  // A page that the browser brought back from its own memory may be old.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  window.addEventListener("pagehide", () => { going = true; close(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });

  // Paper cannot be unfolded: what is folded up is opened for the printer and closed again.
  let unfolded = [];
  window.addEventListener("beforeprint", () => { unfolded = [...document.querySelectorAll("main details:not([open]):not(.drop)")]; for (const d of unfolded) d.open = true; });
  window.addEventListener("afterprint", () => { for (const d of unfolded) d.open = false; });

  shown = at("page");
  arrived();
  listen();
  // htmx comes after the page works: it then keeps pages in place and saves notes as they are typed.
  window.addEventListener("load", () => {
    const script = document.createElement("script");
    script.src = "/static/htmx.min.js";
    document.head.append(script);
  });
})();
