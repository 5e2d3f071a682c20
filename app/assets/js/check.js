const BEAT_MS = 4 * 60_000;
const SWITCH = "single-letter-keys"; // kept on this device: a setting, nobody's data

/**
 * The page of a plan under its formal check. Links with data-key answer to single letters while nobody types, "?" opens
 * the help; a kept reason goes into its field at once; the open page says from time to time that somebody is there.
 * Without this the links, the button "use" and reloading the page do the same.
 */
export function formalCheck() {
  listenToLetters();
  for (const button of document.querySelectorAll("button[data-use]")) button.addEventListener("click", useReason);
  beat(document.querySelector("[data-check-here]"));
}

function listenToLetters() {
  const help = document.querySelector("[data-keys-help]");
  if (!help) return;
  const line = help.querySelector("[data-keys-switch]");
  const box = line.querySelector("input");
  line.hidden = false;
  box.checked = localStorage.getItem(SWITCH) !== "off";
  box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing || isTyping(event.target)) return;
    if (event.key === "?") {
      help.open = !help.open;
      help.querySelector("summary").focus();
      event.preventDefault();
    } else if (box.checked) {
      document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`)?.click();
    }
  });
}

function isTyping(element) {
  return element.matches?.("textarea, select, input:not([type=radio], [type=checkbox]), [contenteditable]") ?? false;
}

function useReason(event) {
  const button = event.currentTarget;
  const option = button.parentElement.querySelector("select").selectedOptions[0];
  event.preventDefault();
  if (!option?.value) return;
  const names = button.dataset.use.split(" ");
  const texts = names.length === 1 ? [option.dataset.text] : [option.dataset.ja, option.dataset.en];
  names.forEach((name, place) => {
    const field = document.getElementById(name);
    field.value = [field.value.trim(), texts[place]].filter(Boolean).join("\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.getElementById(names[0]).focus();
}

function beat(place) {
  if (!place?.dataset.checkHere) return;
  const news = document.querySelector("[data-check-news]");
  setInterval(() => {
    if (document.visibilityState !== "visible") return;
    const request = new XMLHttpRequest();
    request.open("POST", place.dataset.checkHere);
    request.responseType = "json";
    request.onload = () => {
      if (request.status !== 200 || !request.response?.text) return;
      news.hidden = false;
      news.textContent = request.response.text;
    };
    const token = document.querySelector("form[data-check] [name=csrf_token]")?.value ?? "";
    request.send(new URLSearchParams({ csrf_token: token }));
  }, BEAT_MS);
}
