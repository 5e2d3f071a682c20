const WAIT_MS = 200;

/**
 * Offer names while somebody types: inputs with data-suggest="<address>" get a datalist filled from the server.
 * The value stays plain text, which the server resolves; without scripts the field is the same, minus the offers.
 */
export function enhanceSuggestions() {
  for (const input of document.querySelectorAll("input[data-suggest]")) {
    const list = document.createElement("datalist");
    list.id = `${input.id}-offers`;
    input.after(list);
    input.setAttribute("list", list.id);
    input.autocomplete = "off";
    let timer = 0;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => offer(input, list), WAIT_MS);
    });
  }
}

async function offer(input, list) {
  const typed = input.value.trim();
  if (!typed) return;
  const address = new URL(input.dataset.suggest, location.href);
  address.searchParams.set("q", typed);
  const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const found = await answer.json();
  list.replaceChildren(
    ...(found.results ?? found).map(({ name, detail }) => {
      const option = document.createElement("option");
      option.value = name;
      option.label = detail ?? "";
      return option;
    }),
  );
}
