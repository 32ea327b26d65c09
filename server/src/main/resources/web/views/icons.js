import {html} from '../html.js';

/** Drawn on a grid of 20, in the colour of the text. Decoration: what they mean is said by the label beside them. */
const icon = (paths) => html`
  <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke="currentColor"
       stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">
    ${[paths].flat().map((d) => html`<path d=${d} />`)}
  </svg>`;

export const icons = {
  knot: () => icon('M8 13a4.2 4.2 0 1 1 0-6.4c2 1.2 2 5.2 4 6.4a4.2 4.2 0 1 0 0-6.4'),
  plus: () => icon('M10 4v12M4 10h12'),
  send: () => icon('M10 16V4M5 9l5-5 5 5'),
  stop: () => html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><rect x="5.5" y="5.5" width="9" height="9" rx="2" fill="currentColor" /></svg>`,
  menu: () => icon('M3.5 6h13M3.5 10h13M3.5 14h8'),
  close: () => icon('M5 5l10 10M15 5L5 15'),
  back: () => icon('M12 4l-6 6 6 6'),
  down: () => icon('M10 4v12M5 11l5 5 5-5'),
  chevron: () => icon('M8 5l5 5-5 5'),
  check: () => icon('M4.5 10.5l3.5 3.5 7.5-8'),
  cross: () => icon('M6 6l8 8M14 6l-8 8'),
  person: () => icon(['M10 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6z', 'M4.5 16.5a5.5 5.5 0 0 1 11 0']),
  thought: () => icon(['M10 3.5a5 5 0 0 0-3 9v1.5h6v-1.5a5 5 0 0 0-3-9z', 'M8 16.5h4']),
  tool: () => icon('M12.5 3.5a4 4 0 0 0-3.8 5.3L3.5 14l2.5 2.5 5.2-5.2a4 4 0 0 0 5.3-4.8l-2.5 2.5-2.5-2.5 2.5-2.5a4 4 0 0 0-1.5-.5z'),
  spark: () => icon('M10 3v4M10 13v4M3 10h4M13 10h4'),
  sun: () => icon(['M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z', 'M10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1']),
  moon: () => icon('M16 11.5A6.5 6.5 0 0 1 8.5 4a6.5 6.5 0 1 0 7.5 7.5z'),
};
