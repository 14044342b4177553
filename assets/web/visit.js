// The sheet of a visit on a phone with a bad network. What is typed and photographed is kept in the browser as it is entered.
// Handing in puts the visit into a queue with an id of its own; it is sent when the centre can be reached, as often as it
// takes, and the centre counts that id once. Without this script the form is sent like any other.
"use strict";
(() => {
  const RETRY_MS = 15000;
  const DAY_MS = 86400000;
  const LONG_SIDE_PX = 1600;
  const THUMB_PX = 224;
  const form = document.querySelector("form[data-visit]");
  const queue = document.querySelector("[data-queue]");
  if (!form || !queue) return;
  const say = queue.dataset;
  const who = form.dataset.who;
  const inspection = form.dataset.visit;
  const most = Number(form.dataset.pictures);
  const state = form.querySelector("[data-state]");
  const opened = Date.now();

  const store = new Promise((resolve, reject) => {
    const ask = indexedDB.open("pingyi-visits", 1);
    ask.onupgradeneeded = () => ask.result.createObjectStore("visits", { keyPath: "id" });
    ask.onsuccess = () => resolve(ask.result);
    ask.onerror = () => reject(ask.error);
  });
  const act = async (mode, work) => {
    const db = await store;
    return new Promise((resolve, reject) => {
      const tx = db.transaction("visits", mode);
      const asked = work(tx.objectStore("visits"));
      tx.oncomplete = () => resolve(asked.result);
      tx.onerror = tx.onabort = () => reject(tx.error);
    });
  };
  const put = (visit) => act("readwrite", (s) => s.put(visit));
  const remove = (id) => act("readwrite", (s) => s.delete(id));
  const own = async () => (await act("readonly", (s) => s.getAll())).filter((v) => v.who === who);

  const newId = () =>
    [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  const fresh = () => ({
    id: newId(), who, inspection, address: form.getAttribute("action"), state: "draft", fields: [], pictures: {},
    touched: false,
  });
  let draft = fresh();

  // What the form holds, without what the page adds and without files.
  const collect = () => [...new FormData(form)].filter(
    ([name, value]) => typeof value === "string" && name !== "csrf" && name !== "submission");

  const fill = (fields) => {
    const of = new Map(fields);
    for (const input of form.elements) {
      if (!input.name || ["hidden", "file", "submit"].includes(input.type)) continue;
      const value = of.get(input.name);
      if (input.type === "radio") input.checked = value === input.value;
      else if (value !== undefined) input.value = value;
      if (value && input.closest("details")) input.closest("details").open = true;
    }
  };

  const count = () => Object.values(draft.pictures).reduce((n, all) => n + all.length, 0);

  let timer = 0;
  const save = () => {
    draft.touched = true;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      draft.fields = collect();
      try {
        await put(draft);
        state.textContent = say.draft;
      } catch {
        state.textContent = say.noStore;
      }
    }, 300);
  };

  // Smaller than the camera made it, and without where it was taken: less to send over a bad network.
  const scaled = async (file, side) => {
    const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
    const share = Math.min(1, side / Math.max(whole.width, whole.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(whole.width * share));
    canvas.height = Math.max(1, Math.round(whole.height * share));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(whole, 0, 0, canvas.width, canvas.height);
    whole.close();
    return canvas;
  };
  const asJpeg = async (file) => {
    const canvas = await scaled(file, LONG_SIDE_PX);
    return new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", 0.82);
    });
  };

  const button = (word, deed) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button small";
    made.textContent = word;
    made.addEventListener("click", deed);
    return made;
  };

  const showPictures = async () => {
    for (const list of form.querySelectorAll("[data-shown]")) {
      const pictures = draft.pictures[list.dataset.shown] || [];
      const lines = await Promise.all(pictures.map(async (blob, n) => {
        const line = document.createElement("li");
        const picture = document.createElement("img");
        picture.alt = `${n + 1}`;
        picture.src = (await scaled(blob, THUMB_PX)).toDataURL("image/jpeg", 0.7);
        line.append(picture, button(say.remove, () => {
          pictures.splice(n, 1);
          save();
          showPictures();
        }));
        return line;
      }));
      list.replaceChildren(...lines);
      if (lines.length && list.closest("details")) list.closest("details").open = true;
    }
  };

  for (const input of form.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", async () => {
      const pictures = (draft.pictures[input.name] ||= []);
      for (const file of [...input.files]) {
        if (count() >= most) {
          state.textContent = say.tooMany;
          break;
        }
        try {
          pictures.push(await asJpeg(file));
        } catch {
          state.textContent = say.unreadable;
        }
      }
      // They are kept beside the form from now on.
      input.value = "";
      save();
      showPictures();
    });
  }

  const begin = () => {
    clearTimeout(timer);
    draft = fresh();
    form.reset();
    const at = new Date(Date.parse(`${form.dataset.now}Z`) + Date.now() - opened);
    form.elements.at.value = at.toISOString().slice(0, 16);
    state.textContent = "";
    showPictures();
  };

  // A visit comes back into the form; what stood there waits beside it.
  const takeBack = async (visit) => {
    clearTimeout(timer);
    if (draft.touched) await put({ ...draft, fields: collect(), state: "kept", title: titleOf() });
    else await remove(draft.id);
    await remove(visit.id);
    form.reset();
    draft = { ...visit, id: newId(), state: "draft", touched: true };
    fill(draft.fields);
    await put(draft);
    showPictures();
    show();
    form.elements.window.focus();
  };

  const titleOf = () => {
    const window = form.elements.window;
    const name = window.selectedOptions[0] ? window.selectedOptions[0].textContent : "";
    return `${name} · ${form.elements.at.value.replace("T", " ")}`;
  };

  const told = (visit) => {
    if (visit.state === "refused") return `${say.refused}：${visit.reason || ""}`;
    if (visit.state === "kept") return say.draft;
    if (visit.state === "sent") return say.sent;
    if (visit.id === underWay) return say.sending;
    return visit.signIn ? say.signIn : say.waiting;
  };

  const show = async () => {
    const all = (await own()).filter((v) => v.state !== "draft").sort((a, b) => (a.handed || 0) - (b.handed || 0));
    queue.hidden = all.length === 0;
    const lines = all.map((visit) => {
      const line = document.createElement("li");
      const name = document.createElement("span");
      const sign = document.createElement("b");
      name.textContent = visit.title;
      sign.textContent = told(visit);
      line.dataset.state = visit.state;
      line.append(name, sign);
      // The form of another inspection has other items.
      const back = visit.inspection === inspection && ["refused", "kept"].includes(visit.state);
      if (back) line.append(button(say.takeBack, () => takeBack(visit)));
      if (["refused", "kept"].includes(visit.state)) {
        line.append(button(say.discard, async () => {
          await remove(visit.id);
          show();
        }));
      }
      return line;
    });
    queue.querySelector("ul").replaceChildren(...lines);
  };

  // The session may be another one than when the page was opened: its secret is asked for anew each time.
  const secret = async () => {
    const page = await fetch("/inspections", { cache: "no-store", signal: AbortSignal.timeout(30000) });
    if (page.redirected || page.status === 401 || page.status === 403) return null;
    if (!page.ok) throw new Error(String(page.status));
    const field = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("input[name=csrf]");
    return field ? field.value : null;
  };

  // What became of a visit; throws when the centre could not be reached or is not well.
  const handOver = async (visit) => {
    const csrf = await secret();
    if (!csrf) return { ...visit, signIn: true };
    const body = new FormData();
    body.append("csrf", csrf);
    body.append("by", "script");
    body.append("submission", visit.id);
    for (const [name, value] of visit.fields) body.append(name, value);
    for (const [name, pictures] of Object.entries(visit.pictures)) {
      pictures.forEach((blob, n) => body.append(name, blob, `${n + 1}.jpg`));
    }
    const answer = await fetch(visit.address, {
      method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(120000),
    });
    if (answer.redirected) return { ...visit, signIn: true };
    const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    const said = isJson ? await answer.json() : {};
    if (answer.ok && said.visit) return { ...visit, state: "sent", fields: [], pictures: {}, signIn: false };
    if (said.refused && answer.status < 500) return { ...visit, state: "refused", reason: said.refused };
    if (answer.status === 413) return { ...visit, state: "refused", reason: "413" };
    throw new Error(String(answer.status));
  };

  let underWay = null;
  const send = async () => {
    if (underWay) return;
    underWay = "-";
    try {
      for (const visit of (await own()).filter((v) => v.state === "waiting")) {
        underWay = visit.id;
        show();
        await put(await handOver(visit));
      }
    } catch {
      // Out of reach: the next try will do.
    } finally {
      underWay = null;
      show();
    }
  };

  form.addEventListener("input", (event) => {
    if (event.target.type !== "file") save();
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(timer);
    const visit = { ...draft, fields: collect(), state: "waiting", title: titleOf(), handed: Date.now() };
    try {
      await put(visit);
    } catch {
      state.textContent = say.noStore;
      return;
    }
    begin();
    await show();
    queue.scrollIntoView();
    send();
  });

  addEventListener("beforeunload", (event) => {
    if (queue.querySelector("[data-state=waiting]")) event.preventDefault();
  });
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });

  const start = async () => {
    const all = await own();
    for (const visit of all.filter((v) => v.state === "sent" && Date.now() - v.handed > DAY_MS)) await remove(visit.id);
    const kept = all.find((v) => v.state === "draft" && v.inspection === inspection);
    if (kept) {
      draft = kept;
      fill(draft.fields);
      state.textContent = say.draft;
      showPictures();
    }
    for (const hint of document.querySelectorAll("[data-plain]")) hint.hidden = true;
    await show();
    send();
    setInterval(send, RETRY_MS);
  };
  start().catch(() => { state.textContent = say.noStore; });
})();
