export default function ({ data, parentElement, setTriggerValue }) {
  const tray = parentElement.querySelector(".vt-tray");
  if (tray.laid !== data.markup) {
    const at = tray.contains(document.activeElement) && document.activeElement.dataset.tap; // the keyboard stays there
    tray.innerHTML = tray.laid = data.markup;
    if (at) tray.querySelector(`[data-tap="${CSS.escape(at)}"]`)?.focus({ preventScroll: true });
  }
  tray.onclick = (e) => {
    const button = e.target.closest("[data-tap]");
    if (button && !button.disabled) setTriggerValue("tapped", button.dataset.tap);
  };
}
