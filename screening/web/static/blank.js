// Esc Esc comes back as it left; the link does the same without a script.
"use strict";
(() => {
  let escaped = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const now = Date.now();
    if (now - escaped < 1000) location.replace("/blank/return");
    escaped = now;
  });
  // A copy that the browser kept of another page must not come back after this one either.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
