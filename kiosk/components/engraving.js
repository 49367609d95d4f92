export default function ({ data, parentElement, setStateValue }) {
  const q = (s) => parentElement.querySelector(s), fields = q(".fields"), shape = q(".shape");
  q(".note").textContent = data.note;
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
  const cut = () => {
    const words = inputs.map((input) => input.value), empty = words.every((line) => !line);
    shape.querySelectorAll(".cut").forEach((text) => {
      const line = +(text.dataset.line ?? 0), limit = data.limits[line];
      text.textContent = empty ? (line ? "" : data.sample) : words[line] ?? "";
      text.style.opacity = empty ? .35 : 1;
      text.style.fill = [...(words[line] ?? "")].length > limit ? "var(--vt-brick)" : "";
    });
  };
  labels.forEach((label, i) => {
    label.querySelector(".label").textContent = data.labels[i];
    const input = inputs[i], value = data.value[i] ?? "";
    if (parentElement.activeElement !== input && !fields.resting && input.value !== value) input.value = value;
    input.oninput = () => {
      cut();
      clearTimeout(fields.resting);
      fields.resting = setTimeout(() => { fields.resting = 0; setStateValue("text", inputs.map((one) => one.value)); }, 450);
    };
    input.onblur = () => {
      if (!fields.resting) return;
      clearTimeout(fields.resting); fields.resting = 0;
      setStateValue("text", inputs.map((one) => one.value));
    };
  });
  cut();
}
