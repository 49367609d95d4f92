export default function ({ data: [data], parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".numbers");
  const taken = new Set(data.taken), reserved = new Set(data.reserved);
  box.setAttribute("aria-label", data.label);
  if (box.childElementCount !== data.total)
    box.replaceChildren(...Array.from({ length: data.total }, (_, i) =>
      Object.assign(document.createElement("button"), { type: "button", textContent: i + 1 })));
  const cells = [...box.children];
  const show = (mine) => {
    const first = cells.findIndex((_, i) => !taken.has(i + 1) && !reserved.has(i + 1)) + 1;
    cells.forEach((cell, i) => {
      const n = i + 1, kept = reserved.has(n) && n !== mine, off = kept || (taken.has(n) && n !== mine);
      const word = n === mine ? data.words.mine : kept ? data.words.reserved : off ? data.words.taken : data.words.free;
      cell.setAttribute("role", "radio");
      cell.setAttribute("aria-checked", n === mine);
      cell.setAttribute("aria-disabled", off);
      cell.setAttribute("aria-label", `${n}, ${word}`);
      cell.classList.toggle("reserved", kept);
      cell.tabIndex = n === (mine || first || 1) ? 0 : -1;
      cell.onclick = off || n === mine ? null : () => { show(n); setTriggerValue("picked", n); };
    });
  };
  box.onkeydown = (e) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (!step) return;
    e.preventDefault();
    const at = cells.indexOf(parentElement.activeElement ?? e.target);
    cells[(at + step + cells.length) % cells.length].focus();
  };
  show(data.mine);
}
