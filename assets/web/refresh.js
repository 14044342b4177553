// Replaces the parts of a page that go stale. An element with data-refresh="/address" and data-every="30" gets what that
// address answers, as HTML of our own making, every so many seconds while the page is looked at. Without this script a
// reload does the same; when the centre cannot be reached the old content stays, marked as old.
"use strict";
// A page that nobody uses asks for nothing after a while: it must not keep a session open for ever.
const PAUSE = 20 * 60 * 1000;
let touched = Date.now();
for (const sign of ["pointermove", "pointerdown", "keydown", "scroll"]) {
  addEventListener(sign, () => { touched = Date.now(); }, { passive: true });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const part of document.querySelectorAll("[data-refresh]")) {
  const every = Math.max(10, Number(part.dataset.every) || 30) * 1000;
  let running = false;
  const refresh = async () => {
    // Whoever reads inside it with a keyboard keeps their place.
    part.toggleAttribute("data-paused", Date.now() - touched > PAUSE);
    if (running || document.hidden || part.hasAttribute("data-paused") || part.contains(document.activeElement)) return;
    running = true;
    try {
      const answer = await fetch(part.dataset.refresh, {
        headers: { "x-requested-with": "refresh" }, redirect: "error", signal: AbortSignal.timeout(10000),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      part.replaceChildren(...fresh.body.children);
      part.removeAttribute("data-old");
    } catch {
      part.setAttribute("data-old", "");
    } finally {
      running = false;
    }
  };
  setInterval(refresh, every);
  document.addEventListener("visibilitychange", refresh);
}
