import {html} from '../html.js';
import {GrowingMarkdown} from '../markdown.js';
import {Component, createRef} from '../vendor/preact.js';
import {Asked} from './asked.js';
import {icons} from './icons.js';
import {StepList} from './steps.js';
import {duration} from './units.js';

export function RunMessage({run, chat}) {
  const running = run.state === 'running';
  return html`
    <article class="run" data-testid="message-agent" data-run-state=${run.state} aria-busy=${running}
             aria-label=${`Answer of ${run.agent ?? 'the agent'}`}>
      <header class="run-head">
        <span class="run-mark">${icons.knot()}</span>
        <span class="run-agent">${run.agent ?? 'agent'}</span>
        ${run.state === 'completed' && run.durationMs !== undefined
          && html`<span class="run-time">${duration(run.durationMs)}</span>`}
      </header>
      ${run.steps.length > 0 && html`<${StepList} run=${run} />`}
      ${run.answer !== '' && html`<${Answer} text=${run.answer} running=${running} />`}
      ${running && run.answer === '' && html`<${Waiting} run=${run} />`}
      ${run.pending?.length > 0 && html`<${Asked} run=${run} chat=${chat} open=${chat.current.waitingRun === run} />`}
      ${run.state === 'cancelled' && html`<p class="run-end">Stopped.</p>`}
      ${run.state === 'error' && html`<${Failure} run=${run} chat=${chat} />`}
    </article>`;
}

function Waiting({run}) {
  if (run.steps.length > 0) return null;
  return html`
    <p class="waiting">
      ${run.started ? html`<span class="dots" aria-label="Working"><i></i><i></i><i></i></span>` : 'Waiting for its turn…'}
    </p>`;
}

const FAILURES = {
  agent_failed: 'The agent failed.',
  deadline_exceeded: 'The agent took too long.',
  agent_lost: 'The agent was lost while it answered.',
  upstream_error: 'The agent reported an error.',
  upstream_truncated: 'The agent broke off in the middle of its answer.',
};

function Failure({run, chat}) {
  const {code, message, retryable} = run.error;
  return html`
    <div class="failure">
      <p>
        <strong>${FAILURES[code] ?? 'The answer is incomplete.'}</strong>${' '}
        <span class="failure-detail">${message}</span>
      </p>
      ${retryable && chat.current.refusal === null && chat.current.messageOf(run) && html`
        <button type="button" class="button" data-testid="retry" onClick=${() => chat.retry(run)}>Try again</button>`}
    </div>`;
}

/** Its nodes belong to the markdown, which keeps those that did not change; preact only holds the box. */
class Answer extends Component {
  #box = createRef();

  componentDidMount() {
    this.markdown = new GrowingMarkdown(this.#box.current);
    this.#show(this.props);
  }

  shouldComponentUpdate(next) {
    if (next.text !== this.props.text || next.running !== this.props.running) this.#show(next);
    return false;
  }

  #show({text, running}) {
    this.#box.current.classList.toggle('growing', running);
    this.markdown.show(text);
  }

  render() {
    return html`<div class="answer markdown" data-testid="answer" ref=${this.#box}></div>`;
  }
}
