import {html} from '../html.js';
import {Component, createRef} from '../vendor/preact.js';
import {icons} from './icons.js';
import {RunMessage} from './run-message.js';
import {UserMessage} from './user-message.js';

/** Nearer to the end than this, a person is following and wants to go on following. */
const FOLLOWING_PX = 80;

/** The conversation. It follows the end while the person does, and stays where they read otherwise. */
export class Messages extends Component {
  #scroller = createRef();
  #following = true;
  #count = 0;
  state = {away: false};

  shouldComponentUpdate(next, nextState) {
    return next.version !== this.props.version || nextState.away !== this.state.away;
  }

  componentDidMount() {
    this.#follow();
  }

  componentDidUpdate(before) {
    if (before.version !== this.props.version) this.#follow();
  }

  #follow() {
    const {rows} = this.props.conversation;
    const asked = rows.length > this.#count && rows.some((row) => row.state === 'pending');
    this.#count = rows.length;
    if (asked) this.#following = true;
    // After the rows below have drawn themselves, still before the frame is painted.
    if (this.#following) queueMicrotask(this.#toEnd);
  }

  #toEnd = () => {
    const scroller = this.#scroller.current;
    if (scroller) scroller.scrollTop = scroller.scrollHeight;
  };

  #onScroll = ({currentTarget: {scrollHeight, scrollTop, clientHeight}}) => {
    this.#following = scrollHeight - scrollTop - clientHeight < FOLLOWING_PX;
    if (this.state.away === this.#following) this.setState({away: !this.#following});
  };

  render({chat, conversation}, {away}) {
    return html`
      <div class="messages-frame">
        <div class="messages" ref=${this.#scroller} onScroll=${this.#onScroll} tabindex="0" role="region" aria-label="Conversation">
          <div class="messages-inner">
            ${!conversation.caughtUp && conversation.empty && !conversation.refusal
              && html`<p class="loading">Loading the conversation…</p>`}
            ${conversation.rows.map((row) => html`<${Row} key=${row.key} row=${row} version=${row.version} chat=${chat} />`)}
            ${conversation.refusal && html`<p class="notice" role="note">${conversation.refusal}</p>`}
          </div>
        </div>
        <button type="button" class="to-end" hidden=${!away} onClick=${this.#toEnd} aria-label="Go to the latest message">
          ${icons.down()}
        </button>
      </div>`;
  }
}

class Row extends Component {
  shouldComponentUpdate(next) {
    return next.version !== this.props.version || next.row !== this.props.row;
  }

  render({row, chat}) {
    if (row.kind === 'user') return html`<${UserMessage} row=${row} chat=${chat} />`;
    if (row.kind === 'run') return html`<${RunMessage} run=${row} chat=${chat} />`;
    return html`<p class="notice" role="note">${row.text}</p>`;
  }
}
