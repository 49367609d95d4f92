// Whoever reads French types 32,5. A field for numbers in a browser that was set up in English would drop the comma and
// make 325 of it: there it becomes the point it stands for.
document.addEventListener("beforeinput", (event) => {
  const drops = event.target.matches?.("input[type=number]") && (1.5).toLocaleString(navigator.language).includes(".");
  if (event.data !== "," || !drops) return;
  event.preventDefault();
  document.execCommand("insertText", false, ".");
}, true);
