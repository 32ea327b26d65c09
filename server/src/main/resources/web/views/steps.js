import {html} from '../html.js';
import {Component} from '../vendor/preact.js';
import {icons} from './icons.js';
import {duration} from './units.js';

/** What the agent did on the way to its answer, in the order in which it did it. */
export function StepList({run}) {
  return html`
    <ol class="steps" aria-label="What the agent did">
      ${run.steps.map((step, i) => html`<li key=${i}><${Step} step=${step} live=${run.state === 'running' && i === run.steps.length - 1} /></li>`)}
    </ol>`;
}

function Step({step, live}) {
  if (step.kind === 'thinking') return html`<${Thinking} step=${step} live=${live} />`;
  if (step.kind === 'tool') return html`<${ToolCall} step=${step} status=${step.status} />`;
  return html`
    <details class="step">
      <summary><span class="step-icon">${icons.spark()}</span><span class="step-name">${step.name}</span></summary>
      <${Value} value=${step.value} />
    </details>`;
}

function Thinking({step, live}) {
  const lines = step.text.trim().split('\n');
  return html`
    <details class=${`step thinking ${live ? 'live' : ''}`} data-testid="thinking">
      <summary>
        <span class="step-icon">${icons.thought()}</span>
        <span class="step-text">${lines.at(-1)}</span>
        <span class="step-title">Thinking</span>
        <span class="step-chevron">${icons.chevron()}</span>
      </summary>
      <p class="step-body">${step.text}</p>
    </details>`;
}

const STATUS_TEXT = {running: 'running', ok: 'done', error: 'failed', aborted: 'broken off', pending: 'left to you'};

/** Drawn again only when its status changes: a long result must not be written out anew with every piece of the answer. */
class ToolCall extends Component {
  shouldComponentUpdate(next) {
    return next.status !== this.props.status || next.step !== this.props.step;
  }

  render({step, status}) {
    const {name, durationMs, result} = step;
    return html`
      <details class="step tool" data-testid="tool-call" data-status=${status}>
        <summary>
          <span class="step-icon">${icons.tool()}</span>
          <code class="step-name">${name}</code>
          <span class="step-text">${briefly(step.arguments)}</span>
          <span class="tool-status">
            ${status === 'running' ? html`<i class="spinner"></i>` : status === 'ok' ? icons.check() : status === 'pending' ? icons.person() : icons.cross()}
            <span class=${status === 'ok' ? 'unseen' : ''}>${STATUS_TEXT[status]}</span>
            ${durationMs !== undefined && status !== 'pending' && html` <span>${duration(durationMs)}</span>`}
          </span>
          <span class="step-chevron">${icons.chevron()}</span>
        </summary>
        <div class="step-body">
          <h4>Arguments</h4>
          <${Value} value=${step.arguments} />
          ${status !== 'running' && status !== 'pending' && html`<h4>Result</h4><${Value} value=${result} />`}
        </div>
      </details>`;
  }
}

export function Value({value}) {
  if (value === undefined || value === null) return html`<p class="value-none">none</p>`;
  return html`<pre class="value" tabindex="0">${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>`;
}

/** The first plain value says most: the words searched for, the file read. */
function briefly(value) {
  if (value === null || typeof value !== 'object') return String(value ?? '');
  const plain = Object.values(value).find((part) => typeof part === 'string' || typeof part === 'number');
  return plain === undefined ? '' : String(plain);
}
