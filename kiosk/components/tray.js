export default function ({ data, parentElement, setTriggerValue }) {
  const tray = parentElement.querySelector(".vt-tray");
  if (tray.laid !== data.markup) {
    const at = tray.contains(document.activeElement) && document.activeElement.dataset.tap; // the keyboard stays there
    const before = [...tray.querySelectorAll("img")];
    tray.innerHTML = tray.laid = data.markup;
    for (const img of tray.querySelectorAll("img")) { // made anew at every touch, a picture would be gone for a moment
      const same = before.findIndex((one) => one.isEqualNode(img));
      if (same >= 0) img.replaceWith(...before.splice(same, 1));
    }
    if (at) tray.querySelector(`[data-tap="${CSS.escape(at)}"]`)?.focus({ preventScroll: true });
  }
  tray.onclick = (e) => {
    const button = e.target.closest("[data-tap]");
    if (button && !button.disabled) setTriggerValue("tapped", button.dataset.tap);
  };
}
