const PATIENCE = 3000; // ms after which a touch without an answer is not meant any more

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
  tray.waits = (tray.waits ?? []).filter(([at]) => at > data.heard); // touches that were not answered yet
  tray.onclick = (e) => {
    const button = e.target.closest("[data-tap]");
    if (!button || button.disabled) return;
    const now = Date.now(), at = (window.__vitrine_touched = Math.max(now, (window.__vitrine_touched ?? 0) + 1));
    tray.waits = [...tray.waits.filter(([then]) => then > now - PATIENCE), [at, button.dataset.tap]];
    setTriggerValue("tapped", tray.waits);
  };
}
