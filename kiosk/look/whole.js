// A part of the page that a flicker of the network swallowed is not fetched again by Streamlit, and a message it cannot
// read parts it from its server for good: the shopper reads an error of the framework, or nothing. A tablet has no key
// to load a page anew, so the page does it itself as soon as the shop answers; what was kept is in the records, and the
// address says where it was.
(() => {
  const PATIENCE = 30_000; // ms without a screen of ours; the first load on a slow tablet takes a few seconds
  let torn = false, seen = Date.now();
  addEventListener("vite:preloadError", () => { torn = true; });
  setInterval(async () => {
    if (document.querySelector('[class*="st-key-page_"]')) seen = Date.now();
    torn ||= Boolean(document.querySelector('[data-test-connection-state="DISCONNECTED_FOREVER"]'));
    if (!torn && Date.now() - seen < PATIENCE) return;
    if (window.__vitrine?.leaving) return; // components/idle.js goes home; a reload would bring their page back
    try { if ((await fetch("/healthz", { cache: "no-store" })).ok) location.reload(); } catch { /* not yet */ }
  }, 3000);
})();
