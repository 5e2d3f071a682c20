const WAIT_MS = 400;

/**
 * The panel beside a form (data-panel="<address>") answers while somebody types: the server judges what stands in the
 * form, stores nothing, and gives the panel anew. One question is under way at a time; an answer to what has been
 * changed since is dropped. Without scripts the panel speaks of what was saved.
 */
export function livePanel() {
  const form = document.querySelector("form[data-panel]");
  if (!form || !document.getElementById("panel")) return;
  let typed = 0;
  let timer = 0;
  let isAsking = false;

  const ask = async () => {
    if (isAsking) return;
    isAsking = true;
    const asked = typed;
    const answer = await judge(form);
    isAsking = false;
    if (asked !== typed) later();
    else if (answer) show(answer);
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  };
  form.addEventListener("input", () => {
    typed += 1;
    later();
  });
  // What was sent and refused stands in the form and is not saved either.
  if (document.querySelector(".govuk-error-summary")) ask();
}

/** The panel for what stands in the form, as an element of a document of its own; null if there is no answer. */
function judge(form) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.panel);
    request.responseType = "document"; // parsed by the browser, without scripts: nothing is written as markup here
    request.onloadend = () => resolve(request.status === 200 ? request.response?.getElementById("panel") : null);
    request.send(new URLSearchParams(new FormData(form)));
  });
}

function show(answer) {
  const panel = document.getElementById("panel");
  const before = panel.querySelector("[data-count]").textContent;
  const focused = panel.contains(document.activeElement) ? keyOf(document.activeElement) : null;
  const fresh = document.adoptNode(answer);
  for (const { dataset } of panel.querySelectorAll("details[open]")) {
    const same = [...fresh.querySelectorAll("details")].find((details) => details.dataset.key === dataset.key);
    if (same) same.open = true;
  }
  panel.replaceWith(fresh);
  if (focused !== null) [...fresh.querySelectorAll("a, summary, [tabindex]")].find((one) => keyOf(one) === focused)?.focus();
  const now = fresh.querySelector("[data-count]").textContent;
  if (now !== before) document.getElementById("panel-news").textContent = now;
}

/** What stays the same of a link or summary when the panel is made anew. */
function keyOf(element) {
  return element.closest("details")?.dataset.key ?? element.textContent;
}
