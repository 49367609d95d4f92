export default function ({ data: [data], parentElement, setStateValue }) {
  const q = (s) => parentElement.querySelector(s), fields = q(".fields"), shape = q(".shape");
  q(".note").textContent = data.note;
  q(".size").textContent = data.size;
  const reasons = q(".reasons");
  if (reasons.dataset.said !== data.reasons.join("\n")) {
    reasons.dataset.said = data.reasons.join("\n");
    reasons.hidden = data.reasons.length === 0; // an alert that says nothing is none
    reasons.replaceChildren(...data.reasons.map((words) => Object.assign(document.createElement("p"), { textContent: words })));
  }
  if (shape.dataset.svg !== data.svg) { shape.innerHTML = data.svg; shape.dataset.svg = data.svg; }
  shape.setAttribute("role", "img");
  shape.setAttribute("aria-label", data.alt);
  if (fields.childElementCount !== data.labels.length)
    fields.replaceChildren(...data.labels.map(() => {
      const label = document.createElement("label");
      label.innerHTML = '<span class="label"></span><input autocomplete="off" autocapitalize="characters" spellcheck="false">';
      return label;
    }));
  const labels = [...fields.children], inputs = labels.map((label) => label.querySelector("input"));
  const svg = shape.querySelector("svg"), box = svg?.getAttribute("viewBox")?.split(" ").map(Number);
  const plain = svg ? (svg.dataset.box ??= svg.getAttribute("viewBox")).split(" ").map(Number) : box;
  const cut = () => {
    const words = inputs.map((input) => input.value), empty = words.every((line) => !line);
    const exact = svg?.querySelector(".exact"), same = exact && words.join("\n").trim() === data.set.join("\n").trim();
    const texts = [...shape.querySelectorAll(".cut")];
    if (exact) exact.style.display = same ? "" : "none";
    texts.forEach((text, line) => {
      text.textContent = empty ? (line ? "" : data.sample) : words[line] ?? "";
      text.dataset.size ??= text.getAttribute("font-size");
      text.setAttribute("font-size", text.dataset.size);
      text.style.opacity = same ? 0 : empty ? .35 : 1;
    });
    // All lines are made smaller together, as the engraver does it, and no smaller than can be cut.
    const runs = texts.map((text) => text.getComputedTextLength?.() ?? 0);
    const scale = Math.max(data.least, Math.min(1, ...runs.map((run, line) => (run ? data.room[line] / run : 1))));
    texts.forEach((text, line) => {
      text.setAttribute("font-size", text.dataset.size * scale);
      const much = runs[line] * scale - data.room[line] * 1.005;
      text.style.fill = much > 0 && !empty ? "var(--vt-brick)" : "";
    });
    // A line that runs beyond the piece is shown whole: it stands where its area is, seldom in the drawing's middle.
    const boxes = texts.filter((text) => text.textContent).map((text) => text.getBBox());
    const left = Math.min(plain[0], ...boxes.map((one) => one.x - 8));
    const right = Math.max(plain[0] + plain[2], ...boxes.map((one) => one.x + one.width + 8));
    svg?.setAttribute("viewBox", `${left} ${plain[1]} ${right - left} ${plain[3]}`);
  };
  const say = () => {
    clearTimeout(fields.resting); fields.resting = 0;
    setStateValue("text", inputs.map((one) => one.value));
  };
  const rest = (parentElement.host.rest = () => { if (fields.resting) say(); });
  labels.forEach((label, i) => {
    label.querySelector(".label").textContent = data.labels[i];
    const input = inputs[i], value = data.value[i] ?? "";
    if (parentElement.activeElement !== input && !fields.resting && input.value !== value) input.value = value;
    input.oninput = () => {
      cut();
      clearTimeout(fields.resting);
      fields.resting = setTimeout(say, 450);
    };
    input.onblur = rest;
  });
  if (svg) cut();
  document.fonts?.load('20px "Vitrine Engraver"').then(() => svg && cut()).catch(() => {});
}
