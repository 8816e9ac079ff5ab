"""What a test asks of the page as a whole, in the page's own language."""

CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgba = (css) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const channel = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) =>
    0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
  const behind = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const color = rgba(getComputedStyle(one).backgroundColor);
      if (color[3] > 250) return color;
    }
    return [255, 255, 255, 255];
  };
  const poor = [];
  for (const node of document.querySelectorAll("body *")) {
    const text = [...node.childNodes].filter((one) => one.nodeType === 3).map((one) => one.data.trim()).join("");
    if (!text || !node.checkVisibility({visibilityProperty: true})) continue;
    if (node.closest(":disabled, .sr-only, option")) continue;
    const colors = [rgba(getComputedStyle(node).color), behind(node)];
    const [dark, bright] = colors.map(light).sort((x, y) => x - y);
    const ratio = (bright + 0.05) / (dark + 0.05);
    if (ratio < 4.5) poor.push(`${text.slice(0, 20)} ${ratio.toFixed(2)} ${node.className}`);
  }
  return poor;
}"""
"""Texts whose contrast with what is behind them is below 4.5 : 1."""

SMALL = """() => {
  const small = [];
  for (const one of document.querySelectorAll("button, a, input, select, textarea")) {
    if (!one.checkVisibility({visibilityProperty: true}) || one.closest(".sr-only, .quote")) continue;
    const {width, height} = (one.closest("label") || one).getBoundingClientRect();
    if (width && (height < 39.5 || width < 39.5)) {
      small.push(`${one.className || one.id} ${one.textContent.trim().slice(0, 12)} ${width}x${height}`);
    }
  }
  return small;
}"""
"""What one can tap that is smaller than 40 pixels."""

WIDE = """() => {
  const box = document.querySelector("#messages");
  const page = document.documentElement;
  return page.scrollWidth > innerWidth || page.scrollHeight > innerHeight || box.scrollWidth > box.clientWidth;
}"""
"""True when the page scrolls at all, or the conversation scrolls sideways."""
