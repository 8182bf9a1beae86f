"""What a browser is asked about a page: scripts that measure it."""

# Every piece of text with the contrast to the worst of the colours behind it.
READ_CONTRASTS = """() => {
  const read = (css) => (css.match(/[\\d.]+/g) ?? []).map(Number);
  const blend = ([r, g, b, a = 1], under) =>
    [r, g, b].map((value, i) => value * a + under[i] * (1 - a));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((value) => value / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (element) => {
    if (!element) return [[255, 255, 255]];
    const style = getComputedStyle(element);
    const cover = (css, all) => all.map((rgb) => blend(read(css), rgb));
    const plain = cover(style.backgroundColor, behind(element.parentElement));
    const stripes = style.backgroundImage.match(/rgba?\\([^)]*\\)/g) ?? [];
    return [...plain, ...stripes.flatMap((stripe) => cover(stripe, plain))];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.matches("script, style")) continue;
    if (!element.checkVisibility({ opacityProperty: true })) continue;
    const color = read(getComputedStyle(element).color);
    const worst = Math.min(...behind(element).map((rgb) => contrast(blend(color, rgb), rgb)));
    found.push([worst, node.data.trim().slice(0, 40)]);
  }
  for (const input of document.querySelectorAll("input")) {
    const color = read(getComputedStyle(input, "::placeholder").color);
    found.push([Math.min(...behind(input).map((rgb) => contrast(color, rgb))), "placeholder"]);
  }
  return found;
}"""

# Texts that reach out of the window or of an ancestor that cuts off what is too wide.
FIND_CLIPPED = """() => {
  const clipped = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim() || !node.parentElement.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    let [left, right] = [0, document.documentElement.clientWidth];
    let isHidden = false;
    for (let box = node.parentElement; box; box = box.parentElement) {
      const style = getComputedStyle(box);
      isHidden ||= style.clipPath !== "none"; // told to screen readers only
      if (style.overflowX === "visible") continue;
      const rect = box.getBoundingClientRect();
      [left, right] = [Math.max(left, rect.left), Math.min(right, rect.right)];
    }
    const outside = (rect) => rect.width && (rect.left < left - 1 || rect.right > right + 1);
    if (!isHidden && [...range.getClientRects()].some(outside)) clipped.push(node.data.trim());
  }
  return clipped;
}"""

# The one script and the one style are the packaged ones; nothing else may load or act.
FIND_ODD = """() => {
  const odd = [...document.querySelectorAll("img, iframe, link, object, form, base")];
  for (const kind of ["script", "style"])
    odd.push(...[...document.querySelectorAll(kind)].slice(1));
  for (const element of document.querySelectorAll("*")) {
    if (element.protocol === "javascript:") odd.push(element);
    for (const { name } of element.attributes)
      if (/^(on.*|style|src|autofocus)$/i.test(name)) odd.push(element);
  }
  return odd.map((element) => element.outerHTML.slice(0, 80));
}"""
