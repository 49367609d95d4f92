// On window, because this runs again on every rerun: one clock and one watch for the whole page.
export default function ({ data, parentElement, setTriggerValue }) {
  const q = (s) => parentElement.querySelector(s), box = q("dialog");
  const w = (window.__vitrine ??= { seen: Date.now(), down: false, leaving: false });
  w.stop?.();
  window.__vitrine_way?.arrived(data.screen, data.address);            // look/way_back.js: here a page was drawn
  q("h2").textContent = data.words.title;
  q("button").textContent = data.words.stay;
  const stir = () => { if (!w.leaving) { w.seen = Date.now(); if (box.open) box.close(); } };
  if (w.screen !== data.screen) { w.screen = data.screen; stir(); }    // each screen has its whole time, the last one too
  const home = async () => {                                           // a new session: nothing of this one is left
    document.documentElement.style.visibility = "hidden";            // also while the network is away
    try { await fetch("/healthz", { cache: "no-store" }); location.replace(data.home); } catch { setTimeout(home, 1500); }
  };
  const leave = () => {
    w.leaving = true;
    setTriggerValue("gone", true);                                   // what was kept goes back to the shop
    setTimeout(home, 700);
  };
  const look = () => {
    if (w.leaving) return;
    if (!data.seconds) { stir(); return; }                             // nobody touches the page while they hold a card
    const left = Math.ceil(data.seconds - (Date.now() - w.seen) / 1000);
    if (left <= 0) return leave();
    if (left > data.warning) { if (box.open) box.close(); return; }
    q("p").textContent = data.words.line.replace("{s}", left);
    if (!box.open) box.showModal();
  };
  const pulse = async () => {
    try {
      const answer = await fetch("/healthz", { cache: "no-store" });
      if (!answer.ok) throw new Error(answer.status);
      if (w.down && (await answer.json()).boot !== data.boot) location.reload();  // the records stayed; the session did not
      w.down = false;
    } catch { w.down = true; }
  };
  const signs = ["pointerdown", "keydown", "wheel", "touchstart"];
  signs.forEach((sign) => document.addEventListener(sign, stir, { passive: true, capture: true }));
  q("button").onclick = stir;
  box.oncancel = stir;
  const clocks = [setInterval(look, 500), setInterval(pulse, 1500)];
  return (w.stop = () => {
    clocks.forEach(clearInterval);
    signs.forEach((sign) => document.removeEventListener(sign, stir, { capture: true }));
  });
}
