// The picture beside a form follows what is typed. Without this script the button "Preview" does the same.
"use strict";
const PAUSE_MS = 700;

for (const form of document.querySelectorAll("form[data-preview]")) {
  const panel = form.querySelector(".preview");
  const figure = panel && panel.querySelector("figure");
  if (!figure) continue;
  let timer = 0;
  let asked = 0;

  const show = (address, sentence) => {
    let picture = figure.querySelector("img");
    if (!picture) {
      picture = document.createElement("img");
      picture.className = "screen";
      figure.replaceChildren(picture);
    }
    const link = picture.closest("a");
    if (link) link.replaceWith(picture);
    picture.onload = () => {
      picture.width = picture.naturalWidth;
      picture.height = picture.naturalHeight;
    };
    picture.src = address;
    picture.alt = panel.dataset.alt || "";
    tell(sentence);
  };

  const tell = (sentence) => {
    let caption = figure.querySelector("figcaption");
    if (!caption) {
      caption = document.createElement("figcaption");
      figure.append(caption);
    }
    caption.setAttribute("role", "status");
    caption.textContent = sentence;
  };

  const paint = async () => {
    const turn = ++asked;
    panel.setAttribute("aria-busy", "true");
    try {
      const body = new URLSearchParams(new FormData(form));
      body.set("act", "preview");
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "image/png" } });
      if (turn !== asked) return;
      if (answer.ok && answer.headers.get("Content-Type") === "image/png") {
        const reader = new FileReader();
        reader.onload = () => turn === asked && show(reader.result, panel.dataset.draft || "");
        reader.readAsDataURL(await answer.blob());
      } else {
        tell((await answer.text()).slice(0, 200));
      }
    } catch {
      // Out of reach for a moment: the picture stays, and the next letter asks again.
    } finally {
      if (turn === asked) panel.removeAttribute("aria-busy");
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(paint, PAUSE_MS);
  });
}
