const PATIENCE = 3000; // ms after which a touch without an answer is not meant any more; what was typed always is
const AGAIN = 600; // ms in which the same button touched again is one impatient finger: its page may be on its way
const last = (window.__vitrine_last ??= { name: "", at: -AGAIN }); // of the page: a tray of other parts is another script

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const tray = parentElement.querySelector(".vt-tray");
  tray.waits = (tray.waits ?? []).filter(([at]) => at > data.heard); // touches that were not answered yet
  tray.say = (name, ...value) => {
    const now = Date.now(), at = (window.__vitrine_touched = Math.max(now, (window.__vitrine_touched ?? 0) + 1));
    const isMeant = ([then, , typed]) => then > now - PATIENCE || typeof typed === "string" || Array.isArray(typed);
    tray.waits = [...tray.waits.filter(isMeant), [at, name, ...value]];
    setTriggerValue("tapped", tray.waits);
  };
  if (tray.laid !== data.markup) {
    const active = document.activeElement, at = tray.contains(active) && called(active); // the keyboard stays there
    const names = [...tray.querySelectorAll("[data-tap]")].map(called);
    const next = document.createElement("template");
    next.innerHTML = tray.laid = data.markup;
    become(tray, next.content);
    const here = document.activeElement;
    if (at && !(tray.contains(here) && called(here) === at && !here.disabled)) {
      stay(tray, names.slice(0, names.indexOf(at) + 1));
    }
    rove(tray);
  }
  for (const input of tray.querySelectorAll("input")) { // what is being typed, or was not heard yet, is not taken away
    const value = input.getAttribute("value") ?? "", waits = tray.waits.some(([, name]) => name === input.name);
    if (input !== document.activeElement && !waits && input.value !== value) input.value = value;
  }
  live(tray, data.parts);
  tray.onclick = (e) => {
    const button = e.target.closest("[data-tap]");
    if (!button || button.disabled || (button.dataset.tap === last.name && e.timeStamp - last.at < AGAIN)) return;
    Object.assign(last, { name: button.dataset.tap, at: e.timeStamp });
    heed(tray);
    mark(tray, button);
    tray.say(button.dataset.tap);
  };
  tray.onchange = (e) => tray.say(e.target.name, e.target.value);
  tray.onkeydown = (e) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[e.key];
    const group = step && e.target.closest("[role=radiogroup]");
    if (!group) return;
    e.preventDefault();
    const all = [...group.querySelectorAll("[role=radio]:enabled")];
    all[(all.indexOf(e.target) + step + all.length) % all.length].focus();
    rove(tray);
  };
  return () => tray.hosts.forEach((host) => host.ends?.());
}

// Tab leads out of a choice from wherever the arrows have led in it.
function rove(tray) {
  const here = document.activeElement, group = tray.contains(here) && here.closest("[role=radiogroup]");
  for (const one of group ? group.querySelectorAll("[role=radio]") : []) one.tabIndex = one === here ? 0 : -1;
}

// What is being typed is said before what is touched: a screen reader, and Safari, leave the focus in its field.
function heed(tray) {
  const field = document.activeElement;
  if (!tray.contains(field)) return;
  if (field.localName === "input" && field.value !== field.getAttribute("value")) tray.say(field.name, field.value);
  field.rest?.();
}

// A choice and a tick answer the finger at once; the server's answer lays them as they are.
function mark(tray, button) {
  if (!button.hasAttribute("aria-checked")) return;
  for (const one of button.closest("[role=radiogroup]")?.querySelectorAll("[role=radio]") ?? []) {
    one.setAttribute("aria-checked", "false");
  }
  button.setAttribute("aria-checked", String(!button.dataset.tap.endsWith("=")));
  tray.laid = "";
}

// Each part lives in a shadow root of its own, is told what it shows, and answers by the tray.
function live(tray, told) {
  const hosts = [...tray.querySelectorAll("[data-part]")];
  for (const gone of tray.hosts ?? []) if (!hosts.includes(gone)) gone.ends?.();
  tray.hosts = hosts;
  for (const host of hosts) {
    const { html, css, draw } = PARTS[host.dataset.part], say = (_, value) => tray.say(host.dataset.as, value);
    if (!host.shadowRoot) host.attachShadow({ mode: "open" }).innerHTML = `<style>${css}</style>${html}`;
    const parentElement = host.shadowRoot, data = [told[host.dataset.as]];
    host.ends = draw({ data, parentElement, setTriggerValue: say, setStateValue: say });
  }
}

// The children of `old` become those of `next`. What is the same stays the very same node: made anew, a picture would
// be gone for a moment, the keyboard would lose its place, and a finger that is just being lifted touch nothing.
function become(old, next) {
  let place = old.firstChild;
  for (const wanted of [...next.childNodes]) {
    const same = among(place, wanted);
    if (same && same === place) place = place.nextSibling;
    else old.insertBefore(same ?? wanted, place);
    if (!same || same.isEqualNode(wanted)) continue;
    if (same.nodeType !== Node.ELEMENT_NODE) {
      same.data = wanted.data;
      continue;
    }
    for (const { name } of [...same.attributes]) if (!wanted.hasAttribute(name)) same.removeAttribute(name);
    for (const { name, value } of wanted.attributes) same.setAttribute(name, value);
    become(same, wanted);
  }
  while (place) {
    const gone = place;
    place = place.nextSibling;
    gone.remove();
  }
}

// Which of the sisters from `place` on is to be the wanted one: the button that does the same, the picture that shows
// the same, what is the same to the letter, or simply the next of its kind.
function among(place, wanted) {
  const own = called(wanted);
  for (let one = place; one; one = one.nextSibling) {
    if (own ? one.nodeName === wanted.nodeName && called(one) === own : one.isEqualNode(wanted)) return one;
  }
  return place && !own && !called(place) && place.nodeName === wanted.nodeName ? place : null;
}

// What a node is, whatever it says: a tick is the same one whether it is set or not.
function called(node) {
  return node.dataset?.as ?? node.dataset?.tap ?? (node.localName === "img" ? node.getAttribute("src") : "");
}

// On the button of the same name. Where it is gone or rests, in its place: Tab goes on from there, and another Enter
// that was meant for it touches nothing.
function stay(tray, names) {
  const buttons = [...tray.querySelectorAll("[data-tap]")];
  const [same, before] = [names.slice(-1), names.slice(0, -1).reverse()].map((some) =>
    some.map((name) => buttons.find((one) => called(one) === name)).find(Boolean));
  if (same && !same.disabled) return same.focus({ preventScroll: true });
  const place = document.createElement("span");
  place.className = "vt-place";
  place.tabIndex = -1;
  if (same ?? before) (same ?? before).after(place);
  else tray.prepend(place);
  place.focus({ preventScroll: true });
}
