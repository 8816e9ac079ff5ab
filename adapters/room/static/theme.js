// Before the first paint: the theme this reader chose, or the one their device is in.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let chosen = "auto";
    try { chosen = localStorage.getItem("jindu.theme") || "auto"; } catch { /* storage is off: follow the device */ }
    const theme = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
    document.documentElement.dataset.theme = theme;
  };
  dark.addEventListener("change", apply);
  addEventListener("jindu-theme", apply);
  apply();
})();
