import { svg, html, type TemplateResult } from "lit";

const icon = (paths: TemplateResult<2>) =>
  html`<svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths}</svg>`;

/** Six dots: it can be dragged. */
export const gripIcon = icon(svg`<path d="M6 4h.01M6 8h.01M6 12h.01M10 4h.01M10 8h.01M10 12h.01" stroke-width="2" />`);
export const pencilIcon = icon(svg`<path d="M3 13l.7-2.8L10.6 3.3l2.1 2.1-6.9 6.9zM9.3 4.6l2.1 2.1" />`);
export const moreIcon = icon(svg`<path d="M3.5 8h.01M8 8h.01M12.5 8h.01" stroke-width="2.2" />`);
export const plusIcon = icon(svg`<path d="M8 3.5v9M3.5 8h9" />`);
export const undoIcon = icon(svg`<path d="M6 3.5L3 6.5l3 3M3.3 6.5h6.2a3 3 0 010 6H6.5" />`);
export const redoIcon = icon(svg`<path d="M10 3.5l3 3-3 3M12.7 6.5H6.5a3 3 0 000 6h3" />`);
export const graphIcon = icon(svg`<circle cx="4" cy="3.8" r="1.8" /><circle cx="12" cy="3.8" r="1.8" /><circle cx="8" cy="12.2" r="1.8" /><path d="M4.8 5.4l2.4 5.2M11.2 5.4l-2.4 5.2" />`);
export const shareIcon = icon(svg`<path d="M6.6 9.4a2.6 2.6 0 003.7 0l2.2-2.2a2.6 2.6 0 00-3.7-3.7l-.9.9M9.4 6.6a2.6 2.6 0 00-3.7 0L3.5 8.8a2.6 2.6 0 003.7 3.7l.9-.9" />`);
export const exportIcon = icon(svg`<path d="M8 2.5v7.5M5 7.2L8 10.2l3-3M3 13.2h10" />`);
export const closeIcon = icon(svg`<path d="M4 4l8 8M12 4l-8 8" />`);
