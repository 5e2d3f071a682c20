/** On a phone the menu is folded behind a button. Without scripts the style sheet leaves it open. */
export function openMenu() {
  const button = document.querySelector(".app-nav__toggle");
  button?.addEventListener("click", () => {
    button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
  });
}
