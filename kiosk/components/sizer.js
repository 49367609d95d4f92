export default function ({ data: [data], parentElement, setTriggerValue }) {
  const q = (s) => parentElement.querySelector(s), root = q(".sizer"), glass = q(".glass"), thing = q(".thing");
  const slide = q("input"), ok = q(".ok"), words = data.words, card = data.points === null;
  const dots = () => devicePixelRatio * (window.visualViewport?.scale ?? 1);
  const mode = card ? "card" : "ring";
  if (root.dataset.mode !== mode || root.dataset.round !== String(data.round)) {
    root.dataset.mode = mode; root.dataset.round = data.round; root.step = 0; root.taken = [];
    root.value = card ? 0 : data.mm;
  }
  const most = () => (card ? Math.max(glass.clientWidth - 48, 160) : data.most);
  const least = card ? 100 : data.least, step = card ? 0.25 : 0.05;
  // The second edge begins anew: a start taken from the first one would agree with it by itself.
  const begin = () => { root.value = card ? [300, 200][root.step] : root.value; };
  if (!root.value) begin();
  const draw = () => {
    root.value = Math.min(Math.max(root.value, least), most());
    glass.className = `glass ${mode}`;
    const px = card ? root.value : root.value * data.points;
    thing.style.width = `${px}px`;
    thing.style.height = card ? "" : `${px}px`;
    Object.assign(slide, { min: least, max: most(), step });
    slide.value = root.value;
    const said = card ? "" : words.mm.replace("{mm}", root.value.toLocaleString(data.language,
      { minimumFractionDigits: 1, maximumFractionDigits: 1 }));
    slide.setAttribute("aria-label", card ? words.edges[root.step] : words.inside);
    if (said) slide.setAttribute("aria-valuetext", said);
    q(".read").textContent = said;
    q(".step").textContent = card ? words.steps[root.step] : words.lay;
    const moved = !card && Math.abs(dots() - data.dots) > 0.01;
    q(".moved").textContent = moved ? words.moved : "";
    ok.textContent = card ? words.next[root.step] : words.take;
    ok.disabled = moved;
    q(".less").setAttribute("aria-label", words.less);
    q(".more").setAttribute("aria-label", words.more);
  };
  const by = (much) => { root.value += much; draw(); };
  slide.oninput = () => { root.value = +slide.value; draw(); };
  q(".less").onclick = () => by(-step * 2);
  q(".more").onclick = () => by(step * 2);
  glass.onpointerdown = (e) => { glass.setPointerCapture(e.pointerId); glass.from = [e.clientX, root.value]; };
  glass.onpointerup = glass.onpointercancel = () => { glass.from = null; };
  glass.onpointermove = (e) => {
    if (!glass.from) return;
    const far = (e.clientX - glass.from[0]) * 2; // the thing is in the middle: both of its edges move
    root.value = glass.from[1] + (card ? far : far / data.points);
    draw();
  };
  ok.onclick = () => {
    if (!card) { setTriggerValue("found", { diameter: root.value }); return; }
    root.taken.push(root.value);
    if (root.taken.length < 2) { root.step = 1; begin(); draw(); slide.focus(); return; }
    setTriggerValue("found", { long: root.taken[0], short: root.taken[1], dots: dots() });
  };
  // One observer, of the last run: an older one would draw the card's widths into the ring.
  root.seen?.disconnect();
  root.seen = new ResizeObserver(draw);
  root.seen.observe(glass);
  draw();
  return () => root.seen.disconnect();
}
