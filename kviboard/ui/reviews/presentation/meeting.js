// The big screen: one step at a time, moved by keys. All steps are here from the start, so that moving needs no server;
// what is typed is kept in the browser until the server has said that it is saved.

const AGAIN = 6000; // ms after which what was not answered is sent again; the same key saves once
const LISTEN = 5000; // ms between two looks at whether the server is there
const PATIENCE = 6000; // ms after which a page that is still empty is loaded anew

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".meeting");
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
    at = Math.max(0, Math.min(data.steps.length - 1, to));
    store.write("step", data.steps[at].name);
    draw();
    part("stage").scrollTop = 0;
    part("stage").focus({ preventScroll: true });
  };
  const isField = (element) => element?.closest?.("input, textarea, select, button, a, [contenteditable]");
  const keys = (event) => {
    if (event.isComposing || event.altKey || event.metaKey || (event.ctrlKey && event.key !== "Enter")) return;
    const field = isField(event.target);
    const typing = field && !["BUTTON", "A"].includes(field.tagName);
    if (event.key === "Escape") {
      event.preventDefault();
      if (!part("help").hidden) part("help").hidden = true;
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
  };
  const leave = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    part("leave").click();
  };
  // The page below is itself again at once, whatever the server is doing; where it stays empty, it is loaded anew.
  const hide = () => {
    root.classList.add("is-left");
    setTimeout(() => isPresenting() || document.querySelector("h1") || window.location.assign(data.leave), PATIENCE);
  };
  const isPresenting = () => new URLSearchParams(window.location.search).has("present");

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
    }
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
    root.classList.toggle("has-panel", Boolean(data.forms[step.asks] || (opened && data.forms.remark)));
    drawPanel(step);
    drawRemarks(step);
    drawTime();
  };
  const drawPanel = (step) => {
    const notes = step.asks === "feedback" ? [] : ["remark"];
    const wanted = [step.asks, ...notes].filter((name) => data.forms[name]);
    const key = JSON.stringify(wanted.map((name) => [name, data.forms[name]]), (part, value) => (part === "value" ? undefined : value));
    if (shown.panel !== key) part("forms").replaceChildren(...wanted.map((name) => makeForm(name, data.forms[name])));
    else for (const form of part("forms").children) renew(form);
    shown.panel = key;
  };
  const makeForm = (asks, given) => {
    const form = document.createElement("form");
    form.dataset.asks = asks;
    form.noValidate = true;
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
    form.append(row);
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
    return form;
  };
  // What others saved meanwhile is filled in where nothing was typed; the field that has the focus keeps it.
  const renew = (form) => {
    for (const given of data.forms[form.dataset.asks].fields) {
      form.querySelector(`[name="${given.name}"]`).dataset.value = JSON.stringify(given.value ?? (given.kind === "many" ? [] : ""));
    }
    fill(form, typed[form.dataset.asks] ?? {});
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
    part("strip").textContent = said.map((remark) => `✎ ${remark.text} (${remark.by})`).join("  ");
    part("strip").hidden = !said.length || root.classList.contains("has-panel");
  };
  const drawTime = () => {
    const step = data.steps[at];
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
    spent[name] = (spent[name] ?? 0) + 1;
    store.write("spent", spent);
    drawTime();
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

  return {
    update(fresh, trigger) {
      const here = data.steps[at].name; // steps come and go with what is predicted
      data = fresh;
      if (isPresenting()) root.classList.remove("is-left");
      at = placeOf(here, at);
      send = (asked) => trigger("said", asked);
      if (!part("by").value) part("by").value = data.person;
      draw();
      hear(data.answers);
    },
    end() {
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
    <span class="meeting-time"><b data-part="clock"></b> <span title="since the meeting began">· <span data-part="total"></span> in all</span></span>
  </header>
  <section data-part="stage" class="meeting-stage" tabindex="-1" aria-label="Step" aria-live="polite"><div class="meeting-body" data-part="body"></div></section>
  <p class="meeting-strip" data-part="strip" hidden></p>
  <aside data-part="panel" aria-label="What is said">
    <ul data-part="remarks" aria-live="polite"></ul>
    <div data-part="forms"></div>
  </aside>
  <footer>
    <button type="button" data-do="back" aria-label="Step before">◀</button>
    <span data-part="where"></span>
    <button type="button" data-do="next" aria-label="Next step">▶</button>
    <label class="meeting-by"><span>You are</span><input data-part="by" autocomplete="name" placeholder="Your name" /></label>
    <button type="button" data-do="note">Note (N)</button>
    <button type="button" data-do="full">Full screen (F)</button>
    <button type="button" data-do="help" aria-label="Keys">?</button>
    <a data-part="leave" data-kvi-link="1" target="_self">Leave (Esc)</a>
  </footer>
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
