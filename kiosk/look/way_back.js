// Streamlit walks to another page in two steps, the new page's words under the old page's path, then the new path, and
// leaves an address behind for each: the browser's way back would meet one that never was a page. So the second step
// takes the place of the first, unless a page was drawn there between (idle.js says so); another language is no step.
// And whoever goes back twice is not brought forward by the answer to the first time, which comes after the second.
(() => {
  const put = history.pushState.bind(history), instead = history.replaceState.bind(history);
  const words = (url) => {
    const said = new URLSearchParams(url.search);
    said.delete("lang");
    said.sort();
    return `${said}`;
  };
  const way = (window.__vitrine_way = { half: null, goes: false, at: "", left: "" });
  const step = (write) => (state, title, url) => {
    const to = new URL(url ?? location, location), stays = to.pathname === location.pathname;
    const tongue = stays && words(to) === words(location), second = !stays && way.half === location.href;
    if (way.goes && !stays && !second) return;
    (tongue || second ? instead : write)(state, title, url);
    way.half = stays && (!tongue || way.half) ? location.href : null;
  };
  history.pushState = step(put);
  history.replaceState = step(instead);
  addEventListener("popstate", () => { way.half = null; way.goes = true; way.left = way.at; });
  for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, () => { way.goes = false; }, true);
  way.arrived = (screen, address) => {
    way.at = screen + JSON.stringify(address);
    if (way.goes && way.at === way.left) return;  // the page that is left is only drawn once more
    const here = Object.fromEntries(new URLSearchParams(location.search)), names = Object.keys(here);
    if (names.length !== Object.keys(address).length || names.some((name) => here[name] !== address[name])) return;
    if (location.pathname !== `/${screen}`) instead({}, "", `/${screen}${location.search}`);  // the way back led on
    way.half = null;
    way.goes = false;
  };
})();
