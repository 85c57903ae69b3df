// The big screen: one step at a time, moved by keys. All steps are here from the start, so that moving needs no server;
// what is typed is kept in the browser until the server has said that it is saved.

const AGAIN = 6000; // ms after which what was not answered is sent again; the same key saves once
const LISTEN = 5000; // ms between two looks at whether the server is there
const PATIENCE = 6000; // ms after which a page that is still empty is loaded anew
const LOOKS = 1500; // ms between two looks at what others have said
const LOOK_FOR_LINK = 50; // ms between two looks for it on the page below
const RETRY = [300, 1000, 2000, 3000]; // ms until the room is asked again, the more often it did not answer

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".meeting");
  if (root.meeting && root.meeting.name !== data.meeting) {
    root.meeting.end(); // the closing was undone: it is another meeting now
    root.meeting = undefined;
  }
  root.meeting ??= begin(root, data);
  root.meeting.update(data, setTriggerValue);
  return () => {
    root.meeting?.end();
    root.meeting = undefined;
  };
}

function begin(root, first) {
  let data = first;
  let send = () => {};
  const store = keeper(`kvi-meeting-${first.meeting}`);
  const placeOf = (name, otherwise) => {
    const found = data.steps.findIndex((step) => step.name === name);
    return found < 0 ? Math.min(otherwise, data.steps.length - 1) : found;
  };
  let at = placeOf(store.read("step", ""), 0);
  const waiting = store.read("waiting", {}); // what was sent and not answered, by its key
  const spent = store.read("spent", {}); // seconds per step
  const shown = {};
  const typed = store.read("typed", {}); // unsent text by form and field

  root.innerHTML = FRAME;
  const part = (name) => root.querySelector(`[data-part=${name}]`);

  // ---- moving -----------------------------------------------------------------------------------------------------
  let opened = false; // whether somebody asked for the panel on a step that does without
  const move = (to) => {
    opened = false;
    show(to);
    part("stage").focus({ preventScroll: true });
    early = !room;
    if (room?.chairs) lead();
    else follows = !room || data.steps[at].name === room.step;
    drawPeople();
  };
  const show = (to) => {
    at = Math.max(0, Math.min(data.steps.length - 1, to));
    part("refused").hidden = true;
    store.write("step", data.steps[at].name);
    draw();
    part("stage").scrollTop = 0;
  };
  const isField = (element) => element?.closest?.("input, textarea, select, button, a, [contenteditable]");
  const keys = (event) => {
    if (event.isComposing || event.altKey || event.metaKey || (event.ctrlKey && event.key !== "Enter")) return;
    const field = isField(event.target);
    const typing = field && !["BUTTON", "A"].includes(field.tagName);
    if (event.key === "Escape") {
      event.preventDefault();
      if (!part("help").hidden) part("help").hidden = true;
      else if (!part("people").hidden) part("people").hidden = true;
      else if (typing) {
        field.blur();
        opened = opened && Boolean(field.value);
        draw();
      }
      else leave();
      return;
    }
    if (typing) {
      const ends = event.key === "PageDown" || event.key === "PageUp"; // a clicker moves on even then
      if (!ends) return;
    }
    const pressing = field && ["Enter", " "].includes(event.key);
    const action = pressing ? undefined : ACTIONS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    actions[action]();
  };
  const actions = {
    next: () => move(at + 1),
    back: () => move(at - 1),
    first: () => move(0),
    last: () => move(data.steps.length - 1),
    note: () => {
      opened = true;
      draw();
      part("forms").querySelector("textarea, input, select, button")?.focus();
    },
    full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.()),
    blank: () => root.classList.toggle("is-blank"),
    help: () => (part("help").hidden = !part("help").hidden),
    people: () => (part("people").hidden = !part("people").hidden),
    follow: () => {
      follows = true;
      show(placeOf(room.step, at));
      drawPeople();
    },
    take: () => ask({ do: "take", step: data.steps[at].name }),
  };
  const leave = () => {
    ask({ do: "leave" });
    if (document.fullscreenElement) document.exitFullscreen();
    part("leave").click();
  };
  // The page below is itself again at once, whatever the server is doing; where it stays empty, it is loaded anew.
  const hide = () => {
    root.classList.add("is-left");
    setTimeout(() => isPresenting() || document.querySelector("h1") || window.location.assign(data.leave), PATIENCE);
    returnFocus(Date.now() + PATIENCE);
  };
  // To the link that leads back here: whoever goes by keys would else begin at the top of the page.
  const returnFocus = (until) => {
    const link = [...document.querySelectorAll(".review-actions a")].find((each) => new URL(each.href).searchParams.get("present") === data.act);
    const isLost = [document.body, null].includes(document.activeElement) || root.contains(document.activeElement);
    if (!isPresenting() && link && isLost) link.focus({ preventScroll: true });
    else if (Date.now() < until && (isPresenting() || isLost)) setTimeout(returnFocus, LOOK_FOR_LINK, until);
  };
  const isPresenting = () => new URLSearchParams(window.location.search).has("present");

  // ---- together: everybody sees the chair's step; the room is asked again and again, and answers when it has changed ----
  let room; // as last heard; undefined while there is none
  let follows = true; // until one goes elsewhere alone
  let sending = false; // whether a move of the chair is not answered yet
  let moved = false; // whether the chair moved on since it was sent
  let early = false; // whether somebody moved before the room was heard
  let look = () => {};
  let ended = false;
  const stop = new AbortController();
  const who = store.read("who", "") || secret();
  store.write("who", who);
  const knock = async (asked) => {
    const mine = { seat: data.seat, who, name: part("by").value.trim(), step: data.steps[at].name, follows: Boolean(room) && !room.chairs };
    const known = room ? { version: room.version, epoch: room.epoch } : { spent };
    const body = JSON.stringify({ ...mine, ...known, ...asked });
    const answer = await fetch(data.room, { method: "POST", body, cache: "no-store", keepalive: Boolean(asked.do), signal: asked.do ? undefined : stop.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const heard = await answer.json();
    if (!("version" in heard)) {
      lookSoon("seat"); // the page, drawn again, brings it to whoever keeps the rooms now
      throw new Error("no seat");
    }
    hearRoom(heard);
  };
  const ask = (asked) => (room ? knock(asked).catch(() => {}) : Promise.resolve()); // what was not heard is asked again by whoever chairs
  const lead = async () => {
    moved = true;
    if (sending) return; // one at a time: a move that overtakes a later one would take everybody back
    sending = true;
    try {
      while (moved) {
        moved = false;
        await knock({ do: "move" });
      }
    } catch {
      setTimeout(() => room?.chairs && !ended && lead(), RETRY[1]);
    }
    sending = false;
  };
  const attend = async () => {
    let misses = 0;
    while (!ended) {
      try {
        if (data.seat) await knock({});
        misses = 0;
        if (!data.seat) await pause(LISTEN);
      } catch (error) {
        if (!room && /40[345]|200/.test(error.message)) return; // this server has no rooms: everybody moves alone
        await pause(RETRY[Math.min(misses, RETRY.length - 1)]);
        misses += 1;
      }
    }
  };
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const hearRoom = (heard) => {
    if (room && room.epoch === heard.epoch && heard.version < room.version) return; // overtaken on its way
    const before = room;
    room = { ...heard, heard: Date.now() };
    if (before && before.epoch === heard.epoch && before.news !== heard.news) lookSoon(heard.news);
    if (heard.chairs && before && !before.chairs) follows = true; // whoever takes the chair goes on where the meeting is
    if (heard.chairs && (!heard.step || (early && !before))) lead();
    else if (heard.step && heard.step !== data.steps[at].name && (heard.chairs ? !sending : follows)) show(placeOf(heard.step, at));
    drawPeople();
    drawTime();
  };
  // Many answers at once are one look; the first comes at once.
  let looked = 0;
  let looking;
  const lookSoon = (news) => {
    clearTimeout(looking);
    looking = setTimeout(() => {
      looked = Date.now();
      look(news);
    }, Math.max(0, looked + LOOKS - Date.now()));
  };
  const nameOf = (person) => person.name || "somebody without a name";
  const drawPeople = () => {
    if (!room) return;
    const phones = room.phones ? `${room.phones} ${room.phones === 1 ? "phone" : "phones"}` : "";
    const count = `${room.here.length} here${phones && ` · ${phones}`}`;
    const chair = room.chairs ? "You chair" : room.chaired ? `${room.chair || "Somebody"} chairs` : room.chair ? `${room.chair} is away: the meeting waits` : "Nobody chairs";
    part("here").textContent = `${chair} · ${count}`;
    part("here").hidden = false;
    part("take").hidden = !room.may_take;
    const place = data.steps.findIndex((step) => step.name === room.step);
    const isElsewhere = !room.chairs && place >= 0 && place !== at;
    part("follow").hidden = !isElsewhere;
    part("follow").textContent = `Back to ${room.chair || "the chair"}: step ${place + 1}`;
    const items = room.here.map((person) => {
      const item = document.createElement("li");
      item.textContent = `${nameOf(person)}${person.chairs ? " (chair)" : ""} `;
      if (room.chairs && person.may_chair && !person.chairs) {
        const give = document.createElement("button");
        give.type = "button";
        give.textContent = "Hand over the chair";
        give.addEventListener("click", () => ask({ do: "hand_over", to: person.id }));
        item.append(give);
      }
      return item;
    });
    if (phones) items.push(Object.assign(document.createElement("li"), { textContent: `${phones} to answer with` }));
    const key = JSON.stringify([room.here, room.chairs, phones]);
    if (shown.people !== key) part("names").replaceChildren(...items);
    shown.people = key;
  };

  // ---- saying -----------------------------------------------------------------------------------------------------
  let unnamed; // the form that waits for a name
  const introduce = (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const form = unnamed;
    unnamed = undefined;
    part("stage").focus({ preventScroll: true });
    if (form?.isConnected) say(form);
    else if (part("by").value.trim()) remember(part("by").value.trim());
  };
  const say = (form) => {
    const values = {};
    for (const field of form.querySelectorAll("[name]")) values[field.name] = valueOf(field);
    const once = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(16).slice(2)}`;
    const asks = form.dataset.asks;
    if (Object.values(waiting).some((asked) => asked.asks === asks && same(asked.values, values))) return; // Enter twice
    const by = part("by").value.trim();
    if (!by) {
      unnamed = form;
      tell(form, "Enter your name to save (the field is here).", true);
      part("by").focus();
      return;
    }
    remember(by);
    waiting[once] = { once, by, step: data.steps[at].name, asks, values, sent: Date.now() };
    store.write("waiting", waiting);
    tell(form, "Saving …");
    send(waiting[once]);
  };
  // A group of check boxes is one field whose value is the list of those ticked.
  const valueOf = (field) =>
    field.tagName === "FIELDSET" ? [...field.querySelectorAll(":checked")].map((box) => box.value) : field.value;
  const remember = (by) => {
    document.cookie = `kviboard_person=${encodeURIComponent(by)}; path=/; max-age=31536000; samesite=lax`;
  };
  const tell = (form, words, wrong = false) => {
    const line = form.querySelector("[role=status]");
    line.textContent = words;
    line.classList.toggle("is-wrong", wrong);
  };
  const hear = (answers) => {
    for (const [once, answer] of Object.entries(answers)) {
      const asked = waiting[once];
      if (!asked) continue;
      delete waiting[once];
      store.write("waiting", waiting);
      const form = part("panel").querySelector(`form[data-asks="${asked.asks}"]`);
      if (answer.ok) {
        if (same(typed[asked.asks], asked.values)) {
          delete typed[asked.asks];
          store.write("typed", typed);
          if (form) fill(form, {});
        }
      }
      if (form) tell(form, answer.text, !answer.ok);
      else if (!answer.ok) refuse(answer.text, Object.values(typed[asked.asks] ?? {}));
    }
  };
  // Whose right was taken away has no form any more that could say it.
  const refuse = (words, kept) => {
    const texts = kept.filter((value) => typeof value === "string" && value);
    part("refused").textContent = texts.length ? `${words} What you typed is kept in this browser: “${texts.join(" · ")}”.` : words;
    part("refused").hidden = false;
  };
  const same = (kept, sent) =>
    Object.entries(kept ?? {}).every(([name, value]) => JSON.stringify(value) === JSON.stringify(sent[name]));
  const again = () => {
    for (const asked of Object.values(waiting)) {
      if (Date.now() - asked.sent > AGAIN) {
        asked.sent = Date.now();
        send(asked);
        return; // one at a time: two triggers at once would be taken for one
      }
    }
  };

  // ---- drawing ----------------------------------------------------------------------------------------------------
  const draw = () => {
    const step = data.steps[at];
    root.dataset.step = step.name;
    if (shown.step !== step.name || shown.html !== step.html) {
      part("body").innerHTML = step.html;
      [shown.step, shown.html] = [step.name, step.html];
    }
    part("where").textContent = `${at + 1} of ${data.steps.length}`;
    part("meeting").textContent = data.title;
    part("state").textContent = data.state;
    part("bar").innerHTML = data.steps.map((_, i) => `<i class="${i < at ? "is-past" : i === at ? "is-here" : ""}"></i>`).join("");
    part("note").hidden = !data.forms.remark; // of a record, or for who only looks
    part("by").readOnly = data.is_proven;
    root.classList.toggle("has-panel", Boolean(data.forms[step.asks] || (opened && data.forms.remark)));
    drawPanel(step);
    drawRemarks(step);
    drawTime();
  };
  const drawPanel = (step) => {
    const notes = step.asks === "feedback" ? [] : ["remark"];
    const wanted = [step.asks, ...notes].filter((name) => data.forms[name]);
    const key = JSON.stringify(wanted.map((name) => [name, data.forms[name]]), (part, value) => (part === "value" || part === "better" ? undefined : value));
    if (shown.panel !== key) part("forms").replaceChildren(...wanted.map((name) => makeForm(name, data.forms[name])));
    else for (const form of part("forms").children) renew(form);
    shown.panel = key;
  };
  const makeForm = (asks, given) => {
    const form = document.createElement("form");
    form.dataset.asks = asks;
    form.noValidate = true;
    if (given.join) form.append(makeJoin(given.join));
    for (const field of given.fields) form.append(makeField(asks, field));
    const row = document.createElement("div");
    row.className = "meeting-send";
    const button = document.createElement("button");
    button.type = "submit";
    button.textContent = given.label;
    const line = document.createElement("span");
    line.setAttribute("role", "status");
    line.textContent = given.hint ?? "";
    row.append(button, line);
    if (given.label) form.append(row); // else it only shows where phones answer
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      say(form);
    });
    form.addEventListener("input", (event) => {
      const field = event.target.closest("fieldset") ?? event.target;
      (typed[asks] ??= {})[field.name] = valueOf(field);
      store.write("typed", typed);
    });
    form.addEventListener("keydown", (event) => {
      const send = event.key === "Enter" && (event.ctrlKey || event.target.tagName === "INPUT" || (["remark", "feedback"].includes(asks) && !event.shiftKey));
      if (!send || event.isComposing || event.target.tagName === "BUTTON") return;
      event.preventDefault();
      say(form);
    });
    fill(form, typed[asks] ?? {}, given);
    offer(form, given.fields);
    return form;
  };
  // A better wording of what is saved: a click puts it into the field, another puts back what stood there.
  const offer = (form, fields) => {
    for (const given of fields) {
      const known = form.querySelector(`[data-offers="${given.name}"]`);
      if ((known?.dataset.better ?? "") === (given.better ?? "")) continue;
      known?.remove();
      if (!given.better) continue;
      const field = form.querySelector(`[name="${given.name}"]`);
      const button = document.createElement("button");
      const use = `Use “${given.better}”`;
      button.type = "button";
      [button.dataset.offers, button.dataset.better, button.textContent] = [given.name, given.better, use];
      let before = null;
      button.addEventListener("click", () => {
        [before, field.value] = before === null ? [field.value, given.better] : [null, before];
        button.textContent = before === null ? use : "Put back what stood there";
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.focus();
      });
      field.closest("label").after(button);
    }
  };
  // What others saved meanwhile is filled in where nothing was typed; the field that has the focus keeps it.
  const renew = (form) => {
    for (const given of data.forms[form.dataset.asks].fields) {
      form.querySelector(`[name="${given.name}"]`).dataset.value = JSON.stringify(given.value ?? (given.kind === "many" ? [] : ""));
    }
    fill(form, typed[form.dataset.asks] ?? {});
    offer(form, data.forms[form.dataset.asks].fields);
  };
  const makeField = (asks, field) => {
    if (field.kind === "many") return makeChoices(field);
    const label = document.createElement("label");
    label.className = `meeting-${field.kind}`;
    const name = document.createElement("span");
    name.textContent = field.label;
    const kinds = { lines: "textarea", one: "select" };
    const input = document.createElement(kinds[field.kind] ?? "input");
    input.name = field.name;
    if (field.kind === "day") input.type = "date";
    if (field.kind === "lines") input.rows = field.rows ?? 2;
    if (field.placeholder) input.placeholder = field.placeholder;
    for (const [value, words] of field.options ?? []) input.append(new Option(words, value));
    input.dataset.value = JSON.stringify(field.value ?? "");
    label.append(name, input);
    return label;
  };
  // Where phones answer: the code to scan and the address to type.
  const makeJoin = (join) => {
    const figure = document.createElement("figure");
    figure.className = "meeting-join";
    const code = document.createElement("div");
    code.setAttribute("aria-hidden", "true");
    code.innerHTML = join.code;
    const address = document.createElement("figcaption");
    address.textContent = join.address;
    figure.append(code, address);
    return figure;
  };
  const makeChoices = (field) => {
    const group = document.createElement("fieldset");
    group.name = field.name;
    group.dataset.value = JSON.stringify(field.value ?? []);
    const legend = document.createElement("legend");
    legend.textContent = field.label;
    group.append(legend);
    for (const [value, words] of field.options) {
      const label = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.value = value;
      label.append(box, words);
      group.append(label);
    }
    return group;
  };
  const fill = (form, values) => {
    for (const field of form.querySelectorAll("[name]")) {
      const value = values[field.name] ?? JSON.parse(field.dataset.value);
      if (field.tagName !== "FIELDSET") field.value !== value && (field.value = value);
      else for (const box of field.querySelectorAll("input")) box.checked = value.includes(box.value);
    }
  };
  const drawRemarks = (step) => {
    const said = data.remarks.filter((remark) => remark.about === step.name);
    const items = said.slice(-6).map((remark) => {
      const item = document.createElement("li");
      const by = document.createElement("small");
      item.textContent = remark.text;
      by.textContent = remark.by;
      item.append(" ", by);
      return item;
    });
    part("remarks").replaceChildren(...items);
    const plain = (words) => words.replace(/\s+/g, " ");
    const written = plain(part("body").textContent); // the demo lists what was said until the numbers were taken
    const unread = said.map((remark) => `${remark.text} (${remark.by})`).filter((line) => !written.includes(plain(line)));
    part("strip").textContent = unread.map((line) => `✎ ${line}`).join("  ");
    part("strip").hidden = !unread.length || root.classList.contains("has-panel");
  };
  const drawTime = () => {
    const step = data.steps[at];
    if (room) {
      for (const name of Object.keys(spent)) if (!(name in room.spent)) delete spent[name];
      Object.assign(spent, room.spent);
      if (room.chaired && room.step) spent[room.step] = (spent[room.step] ?? 0) + (Date.now() - room.heard) / 1000;
    }
    const used = spent[step.name] ?? 0;
    const total = data.steps.reduce((sum, each) => sum + (spent[each.name] ?? 0), 0);
    part("clock").textContent = step.minutes ? `${clock(used)} of ${clock(step.minutes * 60)}` : clock(used);
    part("clock").classList.toggle("is-over", step.minutes > 0 && used > step.minutes * 60);
    part("total").textContent = clock(total);
  };
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

  const tick = setInterval(() => {
    if (document.hidden || data.frozen) return;
    const name = data.steps[at].name;
    if (!room) spent[name] = (spent[name] ?? 0) + 1;
    drawTime();
    store.write("spent", spent);
    again();
  }, 1000);
  const listen = setInterval(async () => {
    let there = false;
    try {
      there = (await fetch(data.ready, { cache: "no-store" })).ok;
    } catch {}
    part("away").hidden = there;
  }, LISTEN);
  part("leave").href = data.leave;
  part("by").value = data.person;
  part("by").addEventListener("keydown", introduce);
  part("leave").addEventListener("click", hide);
  for (const button of root.querySelectorAll("button[data-do]")) {
    button.addEventListener("click", () => actions[button.dataset.do]());
  }
  document.addEventListener("keydown", keys, true);
  // Streamlit says in a dialog that the server is not there, and takes the keys for it. The meeting says so in its head,
  // and whoever types goes on.
  let typing; // what had the focus last
  const keepFocus = (event) => {
    if (root.contains(event.target)) typing = event.target;
    const close = isPresenting() && !root.contains(event.target) && event.target.closest?.("[role=dialog]")?.querySelector("button[aria-label=Close]");
    if (!close) return;
    close.click();
    const back = () => (root.closest("[inert]") ? setTimeout(back, 20) : (typing?.isConnected ? typing : part("stage")).focus({ preventScroll: true }));
    back();
  };
  document.addEventListener("focusin", keepFocus);
  const goodbye = () => ask({ do: "leave" });
  window.addEventListener("pagehide", goodbye);
  attend();

  return {
    name: first.meeting,
    update(fresh, trigger) {
      const here = data.steps[at].name; // steps come and go with what is predicted
      data = fresh;
      if (isPresenting()) root.classList.remove("is-left");
      at = placeOf(here, at);
      send = (asked) => trigger("said", asked);
      look = (news) => trigger("looked", news);
      if (!part("by").value) part("by").value = data.person;
      draw();
      if (data.forms.remark) part("refused").hidden = true; // the right was given back
      hear(data.answers);
    },
    end() {
      ended = true;
      clearTimeout(looking);
      stop.abort();
      window.removeEventListener("pagehide", goodbye);
      document.removeEventListener("focusin", keepFocus);
      clearInterval(tick);
      clearInterval(listen);
      document.removeEventListener("keydown", keys, true);
    },
  };
}

const ACTIONS = {
  ArrowRight: "next", ArrowDown: "next", PageDown: "next", " ": "next", Enter: "next",
  ArrowLeft: "back", ArrowUp: "back", PageUp: "back", Backspace: "back",
  Home: "first", End: "last", n: "note", f: "full", F5: "full", b: "blank", ".": "blank", "?": "help", h: "help",
};

// Known to this browser alone. (crypto.randomUUID wants https, which a board in an office may not have.)
const secret = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const keeper = (name) => ({
  read(part, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(`${name}-${part}`)) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  write(part, value) {
    try {
      localStorage.setItem(`${name}-${part}`, JSON.stringify(value));
    } catch {} // a browser that keeps nothing still shows the meeting
  },
});

const FRAME = `
  <div class="meeting-bar" data-part="bar" aria-hidden="true"></div>
  <header>
    <span data-part="meeting"></span><span data-part="state"></span>
    <span class="meeting-away" data-part="away" role="status" hidden>◌ The server is not there: what you type is kept here</span>
    <button type="button" class="meeting-here" data-part="here" data-do="people" aria-live="polite" hidden></button>
    <span class="meeting-time"><b data-part="clock"></b> <span title="since the meeting began">· <span data-part="total"></span> in all</span></span>
  </header>
  <section data-part="stage" class="meeting-stage" tabindex="-1" aria-label="Step" aria-live="polite"><div class="meeting-body" data-part="body"></div></section>
  <p class="meeting-strip" data-part="strip" hidden></p>
  <p class="meeting-strip meeting-refused" data-part="refused" role="alert" hidden></p>
  <aside data-part="panel" aria-label="What is said">
    <ul data-part="remarks" aria-live="polite"></ul>
    <div data-part="forms"></div>
  </aside>
  <footer>
    <button type="button" data-do="back" aria-label="Step before">◀</button>
    <span data-part="where"></span>
    <button type="button" data-do="next" aria-label="Next step">▶</button>
    <button type="button" class="meeting-follow" data-part="follow" data-do="follow" hidden></button>
    <button type="button" class="meeting-follow" data-part="take" data-do="take" hidden>Take the chair</button>
    <label class="meeting-by"><span>You are</span><input data-part="by" autocomplete="name" placeholder="Your name" /></label>
    <button type="button" data-part="note" data-do="note">Note (N)</button>
    <button type="button" data-do="full">Full screen (F)</button>
    <button type="button" data-do="help" aria-label="Keys">?</button>
    <a data-part="leave" data-kvi-link="1" target="_self">Leave (Esc)</a>
  </footer>
  <div class="meeting-help meeting-people" data-part="people" role="dialog" aria-label="Who is here" hidden><ul data-part="names"></ul></div>
  <div class="meeting-help" data-part="help" role="dialog" aria-label="Keys" hidden>
    <dl>
      <dt>→ ↓ Space Page down</dt><dd>next step</dd>
      <dt>← ↑ Page up</dt><dd>step before</dd>
      <dt>Home, End</dt><dd>first, last step</dd>
      <dt>N</dt><dd>write; Enter saves, Esc leaves the field</dd>
      <dt>F</dt><dd>full screen</dd>
      <dt>B or .</dt><dd>blank screen</dd>
      <dt>Esc</dt><dd>leave</dd>
    </dl>
  </div>`;
