const PATIENCE = 3000; // ms after which a touch without an answer is not meant any more
const AGAIN = 600; // ms in which the same button touched again is one impatient finger: its page may be on its way
const last = { name: "", at: -AGAIN };

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const tray = parentElement.querySelector(".vt-tray");
  if (tray.laid !== data.markup) {
    const at = tray.contains(document.activeElement) && document.activeElement.dataset.tap; // the keyboard stays there
    const names = [...tray.querySelectorAll("[data-tap]")].map((one) => one.dataset.tap);
    const before = [...tray.querySelectorAll("img")];
    tray.innerHTML = tray.laid = data.markup;
    for (const img of tray.querySelectorAll("img")) { // made anew at every touch, a picture would be gone for a moment
      const same = before.findIndex((one) => one.isEqualNode(img));
      if (same >= 0) img.replaceWith(...before.splice(same, 1));
    }
    if (at) stay(tray, names.slice(0, names.indexOf(at) + 1));
  }
  tray.waits = (tray.waits ?? []).filter(([at]) => at > data.heard); // touches that were not answered yet
  tray.onclick = (e) => {
    const button = e.target.closest("[data-tap]");
    if (!button || button.disabled || (button.dataset.tap === last.name && e.timeStamp - last.at < AGAIN)) return;
    Object.assign(last, { name: button.dataset.tap, at: e.timeStamp });
    const now = Date.now(), at = (window.__vitrine_touched = Math.max(now, (window.__vitrine_touched ?? 0) + 1));
    tray.waits = [...tray.waits.filter(([then]) => then > now - PATIENCE), [at, button.dataset.tap]];
    setTriggerValue("tapped", tray.waits);
  };
}

// On the button of the same name. Where it is gone or rests, in its place: Tab goes on from there, and another Enter
// that was meant for it touches nothing.
function stay(tray, names) {
  const [same, before] = [names.slice(-1), names.slice(0, -1).reverse()].map((some) =>
    some.map((name) => tray.querySelector(`[data-tap="${CSS.escape(name)}"]`)).find(Boolean));
  if (same && !same.disabled) return same.focus({ preventScroll: true });
  const place = document.createElement("span");
  place.className = "vt-place";
  place.tabIndex = -1;
  if (same ?? before) (same ?? before).after(place);
  else tray.prepend(place);
  place.focus({ preventScroll: true });
}
