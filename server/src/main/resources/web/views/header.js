import {html} from '../html.js';
import {Component} from '../vendor/preact.js';
import {icons} from './icons.js';

const STATUS_TEXT = {connecting: 'Connecting', ready: 'Connected', reconnecting: 'Reconnecting', closed: 'Not connected'};

export class Header extends Component {
  #toggleTheme = () => {
    handfastTheme.toggle();
    this.forceUpdate();
  };

  render({chat}) {
    const {state} = chat.client;
    const dark = handfastTheme.current() === 'dark';
    return html`
      <header class="header">
        <button type="button" class="round only-phone" aria-label="Conversations" aria-expanded=${chat.drawer === 'threads'}
                onClick=${() => chat.showThreads(true)}>${icons.menu()}</button>
        <h1 class="header-title">${chat.threads.titleOf(chat.current.threadId) ?? (chat.current.empty ? 'New chat' : 'Conversation')}</h1>
        <button type="button" class="status" data-testid="status" data-state=${state} aria-controls="connection"
                aria-expanded=${chat.connectionOpen} title="Show or hide the connection"
                onClick=${() => chat.showConnection(!chat.connectionOpen)}>
          <span class="status-dot"></span>
          <span class="status-text" key=${state}>${STATUS_TEXT[state]}</span>
        </button>
        <button type="button" class="round" aria-label=${dark ? 'Use the light theme' : 'Use the dark theme'}
                onClick=${this.#toggleTheme}>${dark ? icons.sun() : icons.moon()}</button>
      </header>`;
  }
}
