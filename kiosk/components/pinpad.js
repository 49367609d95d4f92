export default function ({ data: [data], parentElement, setTriggerValue }) {
  const q = (s) => parentElement.querySelector(s), keys = q(".keys"), dots = q("output");
  q(".label").textContent = data.label;
  if (keys.tries !== data.tries) { keys.tries = data.tries; keys.pin = ""; }
  if (!keys.childElementCount)
    for (const key of ["1", "2", "3", "4", "5", "6", "7", "8", "9", "erase", "0", "ok"]) {
      const button = Object.assign(document.createElement("button"), { type: "button" });
      button.dataset.key = key;
      if (key.length > 1) button.classList.add("word", key);
      keys.append(button);
    }
  const show = () => {
    dots.textContent = "●".repeat(keys.pin.length);
    for (const button of keys.children) {
      button.textContent = data.words[button.dataset.key] ?? button.dataset.key;
      if (button.dataset.key === "ok") button.disabled = keys.pin.length < data.least;
    }
  };
  const press = (key) => {
    if (key === "erase") keys.pin = "";
    else if (key !== "ok") keys.pin = (keys.pin + key).slice(0, data.most);
    else if (keys.pin.length >= data.least) { const pin = keys.pin; keys.pin = ""; setTriggerValue("pin", pin); }
    show();
  };
  keys.onclick = (e) => { const key = e.target.dataset?.key; if (key) press(key); };
  const typing = (e) => {
    if (e.target.tagName === "INPUT") return;
    if (/^[0-9]$/.test(e.key)) press(e.key);
    else if (e.key === "Backspace") press("erase");
    else if (e.key === "Enter" && document.activeElement?.tagName !== "BUTTON") press("ok");
  };
  keys.stop?.();
  document.addEventListener("keydown", typing);
  show();
  return (keys.stop = () => document.removeEventListener("keydown", typing));
}
