import {html} from '../html.js';
import {duration} from './units.js';

const WIDTH = 300;
const LEFT = 52;
const RIGHT = 288;
const TOP = 30;
const STEP = 34;
const STEPS_DRAWN_MAX = 9;
/** Room for a whole handshake from the start: what stands below must not jump while it happens. */
const STEPS_ROOM_MIN = 5;

/**
 * One connection as a sequence between this page and the server. Every arrow has the same room, since what matters,
 * a validation and its answer, often lies within a millisecond; the times stand beside them.
 */
export function HandshakeDrawing({attempt}) {
  if (!attempt) return null;
  const steps = withoutMiddle(attempt.steps);
  const height = TOP + Math.max(STEPS_ROOM_MIN, steps.length) * STEP + 8;
  return html`
    <svg class="handshake" viewBox=${`0 0 ${WIDTH} ${height}`} role="img" aria-label=${describe(attempt)}>
      <text class="handshake-end" x=${LEFT} y="12" text-anchor="middle">page</text>
      <text class="handshake-end" x=${RIGHT} y="12" text-anchor="end">server</text>
      <line class="lifeline" x1=${LEFT} x2=${LEFT} y1="20" y2=${height} />
      <line class="lifeline" x1=${RIGHT} x2=${RIGHT} y1="20" y2=${height} />
      ${steps.map((step, i) => step === null
        ? html`<text key="gap" class="handshake-more" x=${(LEFT + RIGHT) / 2} y=${TOP + i * STEP + 20} text-anchor="middle">⋯</text>`
        : html`<${Arrow} key=${step.at + step.label} step=${step} y=${TOP + i * STEP} since=${attempt.startedAt} />`)}
    </svg>`;
}

function Arrow({step, y, since}) {
  const [from, to] = step.toServer ? [LEFT, RIGHT] : [RIGHT, LEFT];
  const back = step.toServer ? -7 : 7;
  const line = y + 22;
  return html`
    <g class=${`arrow ${step.kind}`}>
      <text class="arrow-time" x=${LEFT - 8} y=${line + 3.5} text-anchor="end">${duration(step.at - since)}</text>
      <text class="arrow-label" x=${LEFT + 10} y=${y + 15}>
        ${step.label}<tspan class="arrow-detail" dx="6">${step.detail ?? ''}</tspan>
      </text>
      <line x1=${from} x2=${to} y1=${line} y2=${line} />
      <path d=${`M${to + back} ${line - 4}L${to} ${line}l${back} 4`} />
    </g>`;
}

/** The beginning, and what came last. */
function withoutMiddle(steps) {
  if (steps.length <= STEPS_DRAWN_MAX) return steps;
  return [...steps.slice(0, 5), null, ...steps.slice(5 - STEPS_DRAWN_MAX + 1)];
}

function describe({steps, startedAt}) {
  return steps.map(({label, detail, at}) => `${label} ${detail ?? ''} after ${duration(at - startedAt)}`).join('; ');
}
