// Ctrl K (on a Mac ⌘ K) opens a dialog that finds pages, KVIs, objectives and sprints by words of their names, and a
// customer by number. Built once per page load; each run of a page only hands over what there is to find.
const MOST = 12;

export default function ({ data }) {
  window.kviJump ??= build();
  window.kviJump.entries = data?.entries ?? [];
}

function build() {
  const dialog = document.createElement("dialog");
  dialog.className = "kvi-jump";
  dialog.setAttribute("aria-label", "Go to");
  const input = document.createElement("input");
  const list = document.createElement("ul");
  Object.assign(input, { type: "text", autocomplete: "off", placeholder: "Page, KVI, objective, sprint or customer" });
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-label": "Go to a page, KVI, objective, sprint or customer", "aria-expanded": "true",
    "aria-controls": "kvi-jump-list", "aria-autocomplete": "list",
  })) input.setAttribute(name, value);
  list.id = "kvi-jump-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Found");
  dialog.append(input, list);
  document.body.append(dialog);
  const jump = { entries: [] };
  let active = 0;

  const found = () => {
    const typed = input.value.trim();
    const words = typed.toLowerCase().split(/\s+/);
    const has = (text) => words.every((word) => text.toLowerCase().includes(word));
    const named = jump.entries.filter(([name]) => has(name));
    const others = jump.entries.filter(([name, kind]) => !has(name) && has(`${name} ${kind}`));
    const entries = [...named, ...others].slice(0, MOST);
    return typed ? [...entries, [typed, "Customer number", `customers?customer=${encodeURIComponent(typed)}`]] : entries;
  };
  const draw = () => {
    const entries = found();
    active = Math.max(0, Math.min(active, entries.length - 1));
    list.replaceChildren(...entries.map(([name, kind], place) => {
      const option = document.createElement("li");
      const small = document.createElement("small");
      option.id = `kvi-jump-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", String(place === active));
      const label = document.createElement("bdi");
      label.textContent = name;
      small.textContent = kind;
      option.append(label, small);
      option.addEventListener("click", () => go(entries[place]));
      return option;
    }));
    input.setAttribute("aria-activedescendant", entries.length ? `kvi-jump-${active}` : "");
    list.children[active]?.scrollIntoView({ block: "nearest" });
  };
  const go = ([, , address]) => {
    const target = new URL(address, window.location.href);
    if (target.pathname === window.location.pathname) {  // the same page keeps its other choices
      const kept = new URLSearchParams(window.location.search);
      for (const name of ["do", "of", "view", "sheet", "objective", "present"]) kept.delete(name);
      for (const [name, value] of target.searchParams) kept.set(name, value);
      target.search = kept.toString();
    }
    dialog.close();
    window.history.pushState({}, "", target);
    window.dispatchEvent(new PopStateEvent("popstate"));
    document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  };
  const open = () => {
    if (dialog.open || document.querySelector("[data-testid=stDialog]")) return;
    input.value = "";
    active = 0;
    draw();
    dialog.showModal();
    input.focus();
  };

  input.addEventListener("input", () => { active = 0; draw(); });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); active += step; draw(); }
    if (event.key === "Enter") { event.preventDefault(); const entry = found()[active]; if (entry) go(entry); }
    event.stopPropagation();
    if (event.key === "Escape") dialog.close();
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    open();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("a[data-kvi-jump]")) return;
    event.preventDefault();
    open();
  });
  return jump;
}
