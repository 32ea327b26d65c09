import {html} from '../html.js';
import {Component} from '../vendor/preact.js';
import {ConnectionHistory} from './connection-history.js';
import {HandshakeDrawing} from './handshake-drawing.js';
import {icons} from './icons.js';
import {duration} from './units.js';

const REDRAW_MS = 1_000;

const PROOF_TEXT = {
  application: 'This page’s own message handler answered. The strongest proof there is.',
  transport: 'The browser’s WebSocket answered; that the page listens is likely, not proven.',
  assumed: 'No proof came in time. Events are delivered all the same, and can be replayed.',
  none: 'The server asks for no proof.',
};

const ACTION_TEXT = {
  reconnect: 'The page reconnects by itself.',
  renew: 'A new credential is needed.',
  stop: 'The page does not reconnect by itself.',
};

/** The life of the connection: what one would otherwise only find in the logs of a server. */
export class ConnectionPanel extends Component {
  componentDidMount() {
    // The history moves with time, not with events.
    this.timer = setInterval(() => this.props.chat.connectionOpen && this.forceUpdate(), REDRAW_MS);
  }

  componentWillUnmount() {
    clearInterval(this.timer);
  }

  render({chat}) {
    const {life, client, connectionOpen} = chat;
    const {ready, lastClose} = life;
    const {events, ignored, resumes} = client.stats;
    const waiting = client.unconfirmed.length;
    return html`
      <aside class="connection" id="connection" data-testid="connection-panel" aria-label="Connection" hidden=${!connectionOpen}>
        <header class="panel-head">
          <h2>Connection</h2>
          <button type="button" class="round" aria-label="Close the connection panel" onClick=${() => chat.showConnection(false)}>${icons.close()}</button>
        </header>
        <div class="connection-body">
          <section>
            <h3>Handshake</h3>
            <${HandshakeDrawing} attempt=${life.attempt} />
            ${life.waitingUntil !== null && html`<p class="fact-note">${nextAttempt(life.waitingUntil)}</p>`}
          </section>
          <dl class="facts">
            <${Fact} name="Proof" testid="proof-kind" value=${ready?.proof} note=${PROOF_TEXT[ready?.proof]} />
            <${Fact} name="READY after" testid="ready-ms" value=${ready && duration(ready.readyMs)} note="measured by the server" />
            <${Fact} name="Connection" testid="connection-id" value=${ready?.connectionId} mono />
          </dl>
          <dl class="counts">
            <${Count} name="events" testid="event-count" value=${events} />
            <${Count} name="resumes" testid="resume-count" value=${resumes} />
            <${Count} name="repeats ignored" testid="ignored-count" value=${ignored} />
            <${Count} name="unsent" testid="unsent-count" value=${waiting} />
          </dl>
          <section>
            <h3>The last two minutes</h3>
            <${ConnectionHistory} life=${life} />
          </section>
          ${lastClose && html`
            <section class="last-close" data-testid="last-close">
              <h3>Last close</h3>
              <p><strong>${lastClose.code} ${lastClose.name}</strong>${' '}by ${lastClose.by === 'client' ? 'this page' : 'the server or the network'}</p>
              <p class="fact-note">${sentence(lastClose.reason || lastClose.meaning)} ${client.state === 'closed' ? ACTION_TEXT[lastClose.action] : ''}</p>
            </section>`}
          <div class="connection-actions">
            ${client.state === 'closed'
              ? html`<button type="button" class="button" onClick=${() => client.connect()}>Connect</button>`
              : html`
                <button type="button" class="button" data-testid="drop" onClick=${() => client.reconnect()}>Break the line</button>
                <p class="fact-note">Try it in the middle of an answer: nothing is lost, nothing comes twice.</p>`}
          </div>
        </div>
      </aside>`;
  }
}

function Fact({name, testid, value, note, mono}) {
  return html`
    <div class="fact">
      <dt>${name}</dt>
      <dd>
        <span data-testid=${testid} class=${mono ? 'mono' : ''}>${value ?? '–'}</span>
        ${value !== undefined && value !== null && note && html`<span class="fact-note">${note}</span>`}
      </dd>
    </div>`;
}

function Count({name, testid, value}) {
  return html`<div class="count"><dt>${name}</dt><dd data-testid=${testid}>${value}</dd></div>`;
}

function nextAttempt(at) {
  const seconds = Math.ceil((at - performance.timeOrigin - performance.now()) / 1_000);
  return seconds > 1 ? `Next attempt in ${seconds} s.` : 'Next attempt now.';
}

function sentence(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
