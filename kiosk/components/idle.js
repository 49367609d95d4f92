// On window, because this runs again on every rerun: one clock and one watch for the whole page.
const PATIENCE = 4000; // ms a server may be away unmentioned: a socket that dropped is back sooner

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const q = (s) => parentElement.querySelector(s), box = q("dialog");
  const w = (window.__vitrine ??= { seen: Date.now(), down: false, leaving: false });
  w.stop?.();
  window.__vitrine_way?.arrived(data.screen, data.address);            // look/way_back.js: here a page was drawn
  document.documentElement.lang = data.language;                       // or French is read aloud as if it were English
  const skip = document.querySelector('a[href="#stMain"]');            // Streamlit's own, for the keyboard
  if (skip) skip.textContent = data.words.skip;
  q("button").textContent = data.words.stay;
  const show = (title, line, answers) => {
    q("h2").textContent = title;
    q("p").textContent = line;
    q("button").hidden = !answers;
    if (!box.open) box.showModal();
  };
  const stir = () => { if (!w.leaving) { w.seen = Date.now(); if (box.open && !w.away) box.close(); } };
  if (w.screen !== data.screen) {                                      // each screen has its whole time, the last one too
    if (w.screen !== undefined) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);  // and begins at its top
    w.screen = data.screen;
    stir();
  }
  const home = async () => {                                           // a new session: nothing of this one is left
    document.documentElement.dataset.left = "";                      // look/ground.css: also while the network is away
    if (box.open && !w.away) box.close();                            // its seconds are over, and nobody is asked any more
    try { await fetch("/healthz", { cache: "no-store" }); location.replace(data.home); } catch {
      setTimeout(home, 1500);
      w.away = true;
      show(data.words.away, data.words.away_line, false);
    }
  };
  const leave = () => {
    w.leaving = true;
    setTriggerValue("gone", true);                                   // what was kept goes back to the shop
    setTimeout(home, 700);
  };
  const look = () => {
    if (w.leaving) return;
    const left = Math.ceil(data.seconds - (Date.now() - w.seen) / 1000);
    if (data.seconds && left <= 0) return leave();                     // nobody waited for it: nothing of them is left
    if (w.down && Date.now() - w.since > PATIENCE) {
      w.away = true;
      show(data.words.away, data.words.away_line, false);
      return;
    }
    if (w.away) { w.away = false; box.close(); }
    if (!data.seconds) { stir(); return; }                             // nobody touches the page while they hold a card
    if (left > data.warning) { if (box.open) box.close(); return; }
    show(data.words.title, data.words[left === 1 ? "line_one" : "line"].replace("{s}", left), true);
  };
  const pulse = async () => {
    try {
      const answer = await fetch("/healthz", { cache: "no-store" });
      if (!answer.ok) throw new Error(answer.status);
      if (w.leaving) return;                                           // home: a reload would bring their page back
      if (w.down && (await answer.json()).boot !== data.boot) location.reload();  // the records stayed; the session did not
      w.down = false;
    } catch { if (!w.down) w.since = Date.now(); w.down = true; }
  };
  const signs = ["pointerdown", "keydown", "wheel", "touchstart"];
  signs.forEach((sign) => document.addEventListener(sign, stir, { passive: true, capture: true }));
  q("button").onclick = stir;
  box.oncancel = (event) => { if (w.away) event.preventDefault(); stir(); };
  const clocks = [setInterval(look, 500), setInterval(pulse, 1500)];
  return (w.stop = () => {
    clocks.forEach(clearInterval);
    signs.forEach((sign) => document.removeEventListener(sign, stir, { capture: true }));
  });
}
