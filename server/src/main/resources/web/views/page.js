import {html} from '../html.js';
import {Component} from '../vendor/preact.js';
import {Composer} from './composer.js';
import {ConnectionPanel} from './connection-panel.js';
import {DocumentDrawer} from './document-drawer.js';
import {Header} from './header.js';
import {Messages} from './messages.js';
import {Sidebar} from './sidebar.js';
import {SignIn} from './sign-in.js';
import {Welcome} from './welcome.js';

export class Page extends Component {
  componentDidMount() {
    document.addEventListener('keydown', this.#onKey);
  }

  componentWillUnmount() {
    document.removeEventListener('keydown', this.#onKey);
  }

  /** Escape takes away what lies on top, and only then stops the run below. */
  #onKey = (event) => {
    if (event.key !== 'Escape' || event.isComposing) return;
    const {chat} = this.props;
    if (chat.document) chat.showDocument(null);
    else if (chat.drawer) chat.showThreads(false);
    else chat.stop();
  };

  render({chat}) {
    const {current} = chat;
    document.title = titleOf(chat);
    return html`
      <a class="skip" href="#composer" onClick=${skipToComposer}>Skip to the message box</a>
      <div class=${`page ${chat.connectionOpen ? 'with-connection' : ''}`}>
        <${Sidebar} chat=${chat} open=${chat.drawer === 'threads'} />
        <div class="scrim" hidden=${chat.drawer === null} onClick=${() => chat.showThreads(false)}></div>
        <main class="main">
          <${Header} chat=${chat} />
          ${chat.signIn
            ? html`<${SignIn} chat=${chat} />`
            : html`
              ${current.empty && isNew(chat)
                ? html`<${Welcome} chat=${chat} />`
                : html`<${Messages} key=${current.threadId} chat=${chat} conversation=${current} version=${current.version} />`}
              <${Composer} chat=${chat} key=${`composer-${current.threadId}`} />`}
        </main>
        <${ConnectionPanel} chat=${chat} />
      </div>
      ${chat.document && html`<${DocumentDrawer} chat=${chat} path=${chat.document} />`}
      <p class="unseen" role="status" aria-live="polite">${chat.announcement}</p>`;
  }
}

/** A thread that was opened by its address is being loaded, and must not greet as if it were new. */
function isNew(chat) {
  const {current} = chat;
  return location.hash === '' || (current.caughtUp && !current.refusal);
}

function titleOf({current, threads}) {
  const title = threads.titleOf(current.threadId);
  return title ? `${title} · Handfast` : 'Handfast';
}

/** By hand: a real jump would replace the address of the thread. */
function skipToComposer(event) {
  event.preventDefault();
  document.getElementById('composer')?.focus();
}
