const WAIT_MS = 1500;

/**
 * The bar of a task moves without the page being shown anew: the page is asked for its middle until it is over.
 * Without scripts the page comes again by itself.
 */
export function followTask() {
  const box = document.querySelector("[data-progress]");
  if (!box?.dataset.progress) return;
  const ask = () => {
    const asked = new XMLHttpRequest();
    asked.open("GET", box.dataset.progress);
    asked.responseType = "document"; // the browser reads the piece of a page: no text becomes HTML in a script
    asked.addEventListener("load", ({ target }) => {
      const fresh = target.response?.querySelector("[data-progress]");
      if (target.status !== 200 || !fresh) return;
      const [bar, freshBar] = [box.querySelector("progress"), fresh.querySelector("progress")];
      if (!fresh.dataset.progress || !bar || !freshBar) {
        box.replaceChildren(...fresh.childNodes);
        return;
      }
      bar.max = freshBar.max;
      bar.value = freshBar.value;
      box.querySelector("#progress-label").textContent = fresh.querySelector("#progress-label").textContent;
      setTimeout(ask, WAIT_MS);
    });
    asked.send();
  };
  setTimeout(ask, WAIT_MS);
}
