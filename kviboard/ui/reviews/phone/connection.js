// A line that is seen while the phone has no connection; and what was typed or chosen and not sent, when the phone loads
// the page anew, as it does after it was out of sight for a while.

const FIELDS = ".st-key-phone [class*=st-key-poll-] input[type=text]";
const CHOICES = ".st-key-phone [class*=st-key-poll-] [role=radiogroup]";
const broughtBack = new WeakSet(); // only once: a second press would take the choice back
const chosenOf = (group) => group.querySelector("[role=radio][aria-checked=true]")?.textContent ?? "";
const nameOf = (field) =>
  [...field.closest("[class*=st-key-poll-]").classList].find((each) => each.startsWith("st-key-poll-"));
const keep = (event) => {
  const isTyped = event.isTrusted && event.target.matches?.(FIELDS);
  if (isTyped) sessionStorage.setItem(nameOf(event.target), event.target.value);
};

const keepChoice = (changed) => {
  const group = changed.type === "attributes" && changed.target.closest(CHOICES);
  if (group) sessionStorage.setItem(nameOf(group), chosenOf(group));
};

const bringBack = () => {
  for (const group of document.querySelectorAll(CHOICES)) {
    const chosen = sessionStorage.getItem(nameOf(group));
    if (!chosen || broughtBack.has(group)) continue;
    broughtBack.add(group);
    if (chosenOf(group)) continue;
    [...group.querySelectorAll("[role=radio]")].find((each) => each.textContent === chosen)?.click();
  }
  for (const field of document.querySelectorAll(FIELDS)) {
    const typed = sessionStorage.getItem(nameOf(field));
    if (!typed || field.value || field === document.activeElement) continue;
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, typed);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new FocusEvent("focusout", { bubbles: true })); // which is when it is read
  }
};

export default function ({ parentElement }) {
  const line = parentElement.querySelector("p"), app = document.querySelector("[data-testid=stApp]");
  const look = () => (line.hidden = navigator.onLine && app.dataset.testConnectionState === "CONNECTED");
  const connection = new MutationObserver(look);
  connection.observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
  for (const change of ["online", "offline"]) window.addEventListener(change, look);
  look();
  const drawn = new MutationObserver((changes) => (changes.forEach(keepChoice), bringBack()));
  drawn.observe(app, { childList: true, subtree: true, attributeFilter: ["aria-checked"] });
  document.addEventListener("input", keep);
  bringBack();
  return () => {
    connection.disconnect();
    drawn.disconnect();
    document.removeEventListener("input", keep);
    for (const change of ["online", "offline"]) window.removeEventListener(change, look);
  };
}
