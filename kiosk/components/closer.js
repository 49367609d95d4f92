export default function ({ data: [data], parentElement }) {
  const q = (s) => parentElement.querySelector(s), frame = q(".frame"), box = q(".box"), img = q("img");
  const same = JSON.stringify([data.src, data.marks.map((mark) => [mark.left, mark.top])]);
  if (frame.dataset.same !== same) {
    frame.dataset.same = same; frame.at = -1;
    for (const old of box.querySelectorAll("button")) old.remove();
    for (const mark of data.marks) {
      const button = Object.assign(document.createElement("button"), { type: "button" });
      button.style.left = `${mark.left}%`; button.style.top = `${mark.top}%`;
      box.append(button);
    }
    img.onload = () => box.style.setProperty("--ratio", img.naturalWidth / img.naturalHeight);
    img.src = data.src;
  }
  img.alt = data.alt;
  const [x, y] = data.focus.split(" ").map((share) => parseFloat(share) / 100);
  box.style.setProperty("--focus-x", x); box.style.setProperty("--focus-y", y);
  const buttons = [...box.querySelectorAll("button")];
  const write = (one, words) => { if (one.textContent !== words) one.textContent = words; };
  const show = (at) => {
    frame.at = at;
    const mark = data.marks[at];
    frame.classList.toggle("close", Boolean(mark));
    if (mark) { box.style.setProperty("--x", mark.left / 100); box.style.setProperty("--y", mark.top / 100); }
    buttons.forEach((button, i) => {
      button.setAttribute("aria-label", data.marks[i].name);
      button.setAttribute("aria-pressed", String(i === at));
    });
    write(q(".told b"), mark ? mark.name : "");
    write(q(".told span"), mark ? mark.means : data.hint);
    write(q(".note"), data.note);
  };
  frame.onclick = (e) => {
    const at = buttons.indexOf(e.target);
    show(at === frame.at ? -1 : at); // beside the marks it leads out again
  };
  frame.onkeydown = (e) => { if (e.key === "Escape") show(-1); };
  // The Tab key leads from mark to mark, also to one that is outside the frame now.
  buttons.forEach((button, i) => {
    button.onfocus = () => { if (frame.at >= 0 && button.matches(":focus-visible")) show(i); };
  });
  show(frame.at);
}
