// From one case to the next with the keyboard: Alt with the letter a link of `.app-neighbours` names (its access key).
// The links work without this; with it the keys are the same in every browser.

export function goToNeighbours() {
  const links = [...document.querySelectorAll(".app-neighbours a[accesskey]")];
  if (links.length === 0) return;
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const link = links.find(({ accessKey }) => event.code === `Key${accessKey.toUpperCase()}`);
    if (link === undefined) return;
    event.preventDefault();
    link.click();
  });
}
