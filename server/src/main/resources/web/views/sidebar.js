import {addressOf} from '../chat-state.js';
import {html} from '../html.js';
import {Component, createRef} from '../vendor/preact.js';
import {icons} from './icons.js';

const DAY_MS = 86_400_000;

export class Sidebar extends Component {
  /** Where the list is a drawer, focus goes in with it and comes back out. */
  componentDidUpdate({open}) {
    if (open === this.props.open) return;
    const target = this.props.open ? '.sidebar .new-chat' : '.header [aria-expanded]';
    // Not before the drawer has become visible: what is hidden takes no focus.
    requestAnimationFrame(() => document.querySelector(target)?.focus({preventScroll: true}));
  }

  render({chat, open}) {
    const threads = chat.threads.all();
    const userId = chat.life.ready?.userId;
    return html`
      <nav class=${`sidebar ${open ? 'open' : ''}`} aria-label="Conversations">
        <div class="brand">
          <span class="brand-mark">${icons.knot()}</span> Handfast
          <button type="button" class="round only-phone" aria-label="Close the list" onClick=${() => chat.showThreads(false)}>
            ${icons.close()}
          </button>
        </div>
        <button type="button" class="new-chat" data-testid="new-chat" onClick=${() => startAnew(chat)}>
          ${icons.plus()} New chat
        </button>
        <ul class="threads">
          ${threads.map((thread) => html`<${ThreadItem} key=${thread.id} chat=${chat} thread=${thread} />`)}
        </ul>
        ${chat.threads.more && html`
          <button type="button" class="threads-more" data-testid="threads-more" onClick=${() => chat.threads.loadMore()}>Show older</button>`}
        ${threads.length === 0 && chat.threads.loaded && html`<p class="threads-empty">Your conversations will be listed here.</p>`}
        ${chat.threads.failed && html`<p class="threads-empty" role="status">The list could not be loaded.</p>`}
        <div class="whoami">
          <span class="whoami-mark" aria-hidden="true">${(userId ?? '?').slice(0, 1).toUpperCase()}</span>
          <span class="whoami-name">${userId ?? 'not connected'}</span>
          ${chat.hasToken && !chat.signIn && html`<button type="button" class="quiet" onClick=${() => chat.signOut()}>Sign out</button>`}
        </div>
      </nav>`;
  }
}

/** A thread in the list. Its deletion is asked about in its own place. */
class ThreadItem extends Component {
  #item = createRef();
  state = {asking: false};

  #ask = (asking) => {
    this.setState({asking}, () => this.#item.current?.querySelector(asking ? '.thread-delete' : 'a')?.focus());
  };

  #onKey = (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation(); // It takes back the question, and nothing below.
    this.#ask(false);
  };

  render({chat, thread}, {asking}) {
    const current = thread.id === chat.current.threadId;
    if (asking) {
      return html`
        <li class="thread asking" ref=${this.#item} role="group" aria-label=${`Delete “${thread.title}”?`} onKeyDown=${this.#onKey}>
          <span class="thread-title">Delete “${thread.title}” for good?</span>
          <span class="thread-answers">
            <button type="button" class="thread-delete" data-testid="thread-delete" onClick=${() => chat.deleteThread(thread.id)}>Delete</button>
            <button type="button" class="thread-keep" data-testid="thread-keep" onClick=${() => this.#ask(false)}>Keep</button>
          </span>
        </li>`;
    }
    return html`
      <li class=${`thread ${current ? 'current' : ''}`} ref=${this.#item}>
        <a href=${addressOf(thread.id)} data-testid="thread" aria-current=${current ? 'page' : undefined}
           onClick=${() => chat.showThreads(false)}>
          <span class="thread-title">${thread.title}</span>
          <span class="thread-time">${chat.isRunning(thread.id)
            ? html`<span class="thread-running">answering</span>`
            : whenOf(thread.lastActivity)}</span>
        </a>
        <button type="button" class="thread-remove" data-testid="thread-remove" aria-label=${`Delete “${thread.title}”`}
                title="Delete" onClick=${() => this.#ask(true)}>${icons.close()}</button>
      </li>`;
  }
}

function startAnew(chat) {
  chat.newChat();
  // The composer of the new conversation is drawn in the next frame.
  requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById('composer')?.focus()));
}

/** @param {number} at */
function whenOf(at) {
  const date = new Date(at);
  const midnight = new Date().setHours(0, 0, 0, 0);
  if (at >= midnight) return date.toLocaleTimeString([], {hour: '2-digit', minute: '2-digit'});
  if (at >= midnight - DAY_MS) return 'Yesterday';
  return date.toLocaleDateString([], {day: 'numeric', month: 'short'});
}
