/** How a page looks to the eye, measured in the page: these functions are sent into it, and use nothing from outside. */

/** In the page: what reaches beyond the window or its cell and cannot be scrolled to. */
export function beyondTheEdge(): string[] {
  const found: string[] = [];
  const walk = (root: ParentNode, right: number): void => {
    for (const element of root.children) {
      const { overflowX, position, display, clipPath } = getComputedStyle(element);
      if (display === "none" || overflowX === "auto" || overflowX === "scroll" || clipPath !== "none") continue;
      const box = element.getBoundingClientRect();
      const edge = overflowX === "clip" || overflowX === "hidden" ? Math.min(right, box.right) : right;
      // what is laid over a picture may be larger than it
      if (box.width > 0 && position !== "absolute" && position !== "fixed" && box.right > right + 1) found.push(`${element.localName}.${element.className}: ${Math.round(box.right)} > ${Math.round(right)}`);
      if (element instanceof SVGElement) continue;
      if (element.shadowRoot) walk(element.shadowRoot, edge);
      walk(element, edge);
    }
  };
  walk(document.body, innerWidth);
  return found;
}

/** In the page: texts that stand out too little from their background, and how many were looked at. */
export function contrasts(): { texts: number; faint: string[] } {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
  const parent = (element: Element): Element | null => element.assignedSlot ?? element.parentElement ?? ((element.getRootNode() as ShadowRoot).host as Element | undefined) ?? null;
  const over = (colours: string[]): number[] => {
    context.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  };
  const luminance = (rgb: number[]): number => {
    const [r, g, b] = rgb.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let texts = 0;
  const faint: string[] = [];
  const look = (element: Element, text: string): void => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (style.visibility === "hidden" || box.width <= 1 || box.height <= 1) return;
    const behind: string[] = [];
    let opacity = 1;
    for (let up: Element | null = element; up; up = parent(up)) {
      const { backgroundColor, opacity: own, display } = getComputedStyle(up);
      if (display === "none" || up.matches(":disabled")) return;
      behind.unshift(backgroundColor);
      opacity *= Number(own);
    }
    if (opacity === 0) return; // shown when it is pointed at
    const ground = over(["white", ...behind]);
    const ink = over([`rgb(${ground.join(" ")})`, style.color]).map((value, i) => value * opacity + ground[i] * (1 - opacity));
    const [dark, bright] = [luminance(ink), luminance(ground)].sort((a, b) => a - b);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    texts++;
    const ratio = (bright + 0.05) / (dark + 0.05);
    if (ratio < (large ? 3 : 4.5)) faint.push(`${ratio.toFixed(2)} “${text.slice(0, 40)}” in ${element.localName}.${element.className}`);
  };
  const walk = (root: ParentNode): void => {
    for (const element of root.children) {
      const text = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ textContent }) => textContent!.trim()).join("");
      if (text && !["style", "script", "noscript", "option"].includes(element.localName)) look(element, text);
      if (element.shadowRoot) walk(element.shadowRoot);
      if (!(element instanceof SVGElement)) walk(element);
    }
  };
  walk(document.body);
  return { texts, faint };
}
