export default function ({ data: [data], parentElement, setTriggerValue }) {
  const p = parentElement.querySelector("p"), time = p.querySelector("time"), label = p.querySelector(".label");
  if (p.dataset.stamp !== data.stamp) { p.dataset.stamp = data.stamp; p.end = performance.now() + data.left; p.told = false; }
  const tick = () => {
    const s = Math.max(0, Math.ceil((p.end - performance.now()) / 1000));
    label.textContent = s ? data.label : data.over;
    time.textContent = s ? `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}` : "";
    p.classList.toggle("soon", s <= 60);
    if (s || p.told) return;
    p.told = true;
    clearInterval(p.clock);
    setTriggerValue("over", data.stamp);
  };
  clearInterval(p.clock);
  p.clock = setInterval(tick, 1000);
  tick();
  return () => clearInterval(p.clock);
}
