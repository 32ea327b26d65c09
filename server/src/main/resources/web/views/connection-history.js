import {html} from '../html.js';

const SPAN_MS = 120_000;
const WIDTH = 300;
const HEIGHT = 26;

/** When there was a connection and when there was none; a break of a few milliseconds still shows as a notch. */
export function ConnectionHistory({life}) {
  const now = performance.timeOrigin + performance.now();
  const x = (at) => Math.max(0, WIDTH * (1 - (now - at) / SPAN_MS));
  const visible = life.attempts.filter(({endedAt}) => (endedAt ?? now) > now - SPAN_MS);
  return html`
    <svg class="history" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <rect class="history-track" width=${WIDTH} height=${HEIGHT} />
      ${visible.map(({startedAt, readyAt, endedAt}) => html`
        <g key=${startedAt}>
          <rect class="history-opening" x=${x(startedAt)} width=${Math.max(1.5, x(readyAt ?? endedAt ?? now) - x(startedAt))} height=${HEIGHT} />
          ${readyAt && html`
            <rect class="history-ready" x=${x(readyAt)} width=${Math.max(0, x(endedAt ?? now) - x(readyAt))} height=${HEIGHT} />`}
          ${endedAt && html`<rect class="history-end" x=${Math.max(0, x(endedAt) - 1)} width="2" height=${HEIGHT} />`}
        </g>`)}
    </svg>
    <p class="history-legend" aria-hidden="true"><span>2 min ago</span>
      <span class="key ready">ready</span><span class="key opening">opening</span><span class="key none">no line</span>
      <span>now</span></p>`;
}
