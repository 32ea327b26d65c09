import {html} from '../html.js';
import {Component, createRef} from '../vendor/preact.js';
import {icons} from './icons.js';

const HEIGHT_PX_MAX = 220;

export class Composer extends Component {
  #box = createRef();

  componentDidMount() {
    // On a phone focus would open the keyboard over the conversation.
    if (matchMedia('(hover: hover)').matches) this.#box.current.focus();
    this.#fit();
  }

  componentDidUpdate() {
    this.#fit();
  }

  /** As high as its text, up to a bound. */
  #fit() {
    const box = this.#box.current;
    if (box.value === this.fittedFor) return;
    this.fittedFor = box.value;
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, HEIGHT_PX_MAX)}px`;
  }

  #onKey = (event) => {
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  };

  #send = () => {
    const {chat} = this.props;
    const text = this.#box.current.value;
    if (text.trim() !== '') chat.send(text);
    this.#box.current.focus();
  };

  render({chat}) {
    const {draft, activeRun, refusal} = chat.current;
    return html`
      <form class="composer" onSubmit=${(event) => event.preventDefault()}>
        ${chat.problem && html`<p class="composer-problem" role="alert">${chat.problem}</p>`}
        <div class="composer-box">
          <label class="unseen" for="composer">Message</label>
          <textarea id="composer" data-testid="composer" ref=${this.#box} rows="1" placeholder=${refusal ?? 'Ask anything…'}
                    value=${draft} disabled=${refusal !== null} aria-describedby="composer-hint"
                    onInput=${(event) => chat.setDraft(event.target.value)} onKeyDown=${this.#onKey}></textarea>
          <div class="composer-row">
            <${AgentSelect} chat=${chat} />
            <span class="composer-hint" id="composer-hint">
              ${activeRun ? html`<kbd>Esc</kbd> stops` : html`<kbd>Enter</kbd> sends, <kbd>Shift</kbd> <kbd>Enter</kbd> breaks the line`}
            </span>
            ${activeRun && html`
              <button type="button" class="action stop" data-testid="stop" aria-label="Stop the answer" title="Stop (Esc)"
                      onClick=${() => chat.stop()}>${icons.stop()}</button>`}
            <button type="button" class="action" data-testid="send" aria-label="Send" title="Send (Enter)"
                    disabled=${draft.trim() === '' || refusal !== null} onClick=${this.#send}>${icons.send()}</button>
          </div>
        </div>
      </form>`;
  }
}

function AgentSelect({chat}) {
  if (chat.agents.length === 0) return html`<span></span>`;
  const chosen = chat.agents.find(({name}) => name === chat.agent);
  return html`
    <label class="agent-select" title=${chosen?.description}>
      <span class="unseen">Agent</span>
      <select data-testid="agent" value=${chat.agent} onChange=${(event) => chat.chooseAgent(event.target.value)}>
        ${chat.agents.map(({name, description}) => html`<option key=${name} value=${name} title=${description}>${name}</option>`)}
      </select>
      ${icons.chevron()}
    </label>`;
}
