import {ConnectionLife} from './connection-life.js';
import {Conversation} from './conversation.js';
import {Handfast, newId, storageOutbox} from './handfast.js';
import {questionsOf} from './questions.js';
import {recall, remember} from './storage.js';
import {ThreadList} from './thread-list.js';

/** What the contract allows as an id; anything else in the address is not a thread. */
const THREAD_ADDRESS = /^#\/t\/(?!\.+$)([A-Za-z0-9._:-]{1,128})$/;

/** @typedef {{name: string, description: string}} Agent */

/** What the page knows, and what a person can do with it. Views read it and call it; it calls `onChange`. */
export class ChatState {
  life = new ConnectionLife();
  /** @type {Agent[]} */ agents = [];
  /** @type {string | null} */ agent = null;
  /** @type {Conversation} */ current;
  /** @type {{status: number, why?: string} | null} the server wants another credential */ signIn = null;
  /** @type {string | null} a problem to show beside the composer */ problem = null;
  /** Said to screen readers. */
  announcement = '';
  /** @type {'threads' | null} what covers the page on a phone */ drawer = null;
  /** @type {string | null} path and anchor of the document that is open */ document = null;
  connectionOpen;

  #identity;
  #onChange;
  /** @type {Map<string, Conversation>} */ #conversations = new Map();

  /**
   * @param {import('./identity.js').Identity} identity
   * @param {() => void} onChange
   */
  constructor(identity, onChange) {
    this.#identity = identity;
    this.#onChange = onChange;
    this.threads = new ThreadList(
      identity.storageScope, (path, init) => identity.fetch(path, init), onChange, (id) => this.#deleted(id));
    this.agent = recall(localStorage, 'handfast.agent', null);
    this.connectionOpen = recall(localStorage, 'handfast.connection-open', false);
    this.client = new Handfast({
      url: new URL('/v1/ws', location.href.replace(/^http/, 'ws')),
      credential: () => identity.credential,
      outbox: storageOutbox(sessionStorage, `handfast.outbox.${identity.storageScope}`),
    });
    this.#listen();
    addEventListener('hashchange', () => this.#followAddress());
    this.#followAddress();
  }

  start() {
    this.client.connect();
    this.#loadAgents();
  }

  get hasToken() {
    return this.#identity.hasToken;
  }

  // ---- what a person does

  newChat() {
    // The thread has no address, and the server hears nothing of it, before its first message.
    history.pushState(null, '', `${location.pathname}${location.search}`);
    this.#followAddress();
  }

  /**
   * Nothing goes into a conversation that cannot be read: it would begin one anew that was deleted.
   * @param {string} text @param {string | null} [agent] @param {object} [options]
   */
  send(text, agent = this.agent, options = undefined) {
    const conversation = this.current;
    if (conversation.refusal !== null) return;
    this.#read(conversation);
    try {
      const messageId = this.client.send(conversation.threadId, text, {agent: agent ?? undefined, options});
      conversation.addPending(messageId, text, Date.now(), agent ?? undefined, options);
    } catch (fault) {
      if (!(fault instanceof RangeError)) throw fault;
      this.problem = 'This message is too long: at most 256 KiB of text.';
      this.#onChange();
      return;
    }
    conversation.draft = '';
    this.problem = null;
    this.threads.touch(conversation.threadId, text, Date.now(), false);
    history.replaceState(null, '', addressOf(conversation.threadId));
    this.#onChange();
  }

  stop() {
    const run = this.current.activeRun;
    if (run) this.client.cancel(this.current.threadId, {runId: run.runId});
  }

  /** The same question again, as a new message: the old one is in the log with its outcome. */
  retry(run) {
    const message = this.current.messageOf(run);
    if (message) this.send(message.text, run.agent ?? this.agent, message.options);
  }

  /** Back into the composer; an answer that an agent waits for, back to its question. */
  editRejected(row) {
    this.current.withdraw(row.key);
    this.setDraft(row.options === undefined ? row.text : this.current.draft);
  }

  /** What the agent of the run waits for, whichever agent is chosen now. */
  answer(run, {text, options}) {
    this.send(text, run.agent, options);
  }

  setDraft(text) {
    this.current.draft = text;
    this.problem = null;
    this.#onChange();
  }

  chooseAgent(name) {
    this.agent = name;
    remember(localStorage, 'handfast.agent', name);
    this.#onChange();
  }

  /** Deletes a conversation for good, on the server. @param {string} id */
  async deleteThread(id) {
    const problem = await this.threads.delete(id);
    if (problem === null) {
      this.client.abandon(id);
      if (id === this.current.threadId) this.newChat();
      this.#conversations.delete(id);
      this.announcement = 'The conversation was deleted.';
    } else {
      this.problem = problem;
    }
    this.#onChange();
  }

  showThreads(open) {
    this.drawer = open ? 'threads' : null;
    this.#onChange();
  }

  showConnection(open) {
    this.connectionOpen = open;
    remember(localStorage, 'handfast.connection-open', open);
    this.#onChange();
  }

  showDocument(path) {
    this.document = path;
    this.#onChange();
  }

  fetchDocument(path) {
    return this.#identity.fetch(path);
  }

  /** @param {string} token */
  useToken(token) {
    const scope = this.#identity.storageScope;
    this.#identity.signIn(token);
    // Another person: nothing of the former one may stay on the page.
    if (this.#identity.storageScope !== scope) {
      location.reload();
      return;
    }
    this.signIn = null;
    this.start();
    this.#onChange();
  }

  signOut() {
    this.#identity.signOut();
  }

  isRunning(threadId) {
    return this.#conversations.get(threadId)?.activeRun !== undefined;
  }

  // ---- what the server says

  #listen() {
    const {client} = this;
    client.on('trace', (trace) => {
      this.life.add(trace);
      this.#onChange();
    });
    client.on('state', (state) => {
      if (state === 'ready') {
        if (this.agents.length === 0) this.#loadAgents();
        // Also after a reconnect: the server may be another one now, and others may have written meanwhile.
        this.threads.load();
      }
      this.#onChange();
    });
    client.on('accepted', ({thread_id, message_id}) => {
      this.#conversations.get(thread_id)?.accepted(message_id);
      this.threads.confirmed(thread_id);
      this.#onChange();
    });
    client.on('rejected', ({message, error}) => {
      this.#conversations.get(message.thread_id)?.rejected(message.message_id, error.message || error.code);
      this.#onChange();
    });
    client.on('unauthorized', ({status}) => {
      this.#needsSignIn(status);
      this.#loadAgents(); // Which is told why; the end of a socket has no room for it.
    });
    client.on('error', (error) => {
      this.problem = error.message || error.code;
      this.#onChange();
    });
  }

  async #loadAgents() {
    let response;
    try {
      response = await this.#identity.fetch('/v1/agents');
    } catch {
      return; // Asked again as soon as a connection is READY.
    }
    if (response.status === 401 || response.status === 403) {
      this.client.close();
      this.#needsSignIn(response.status, (await response.json()).detail);
      return;
    }
    if (!response.ok) return;
    const {agents, default: preferred} = await response.json();
    this.agents = agents;
    if (!agents.some(({name}) => name === this.agent)) this.agent = preferred ?? agents[0]?.name ?? null;
    this.#onChange();
  }

  /** @param {number} status @param {string} [why] in the words of the server */
  #needsSignIn(status, why = this.signIn?.why) {
    this.signIn = {status, why};
    this.#onChange();
  }

  #followAddress() {
    const id = location.hash.match(THREAD_ADDRESS)?.[1];
    this.problem = null;
    this.drawer = null;
    if (id === undefined && location.hash !== '') {
      history.replaceState(null, '', `${location.pathname}${location.search}`);
      this.problem = 'The address names no conversation; this is a new one.';
    }
    if (id === undefined) {
      this.current = new Conversation(newId('t'));
    } else {
      this.current = this.#conversations.get(id) ?? new Conversation(id);
      this.#read(this.current);
    }
    this.#onChange();
  }

  /** From now on, for as long as the page lives: a run in another thread goes on and shows in the list. */
  #read(conversation) {
    const id = conversation.threadId;
    if (this.#conversations.has(id)) return;
    this.#conversations.set(id, conversation);
    // A reload in the middle of a sending: the client still has the message, the log may not.
    for (const {thread_id, message_id, text, agent, options} of this.client.unconfirmed) {
      if (thread_id === id) conversation.addPending(message_id, text, Date.now(), agent, options);
    }
    this.client.subscribe(id, {
      onSubscribed: (answer) => this.#changed(() => conversation.subscribed(answer)),
      onGap: (gap) => this.#changed(() => conversation.gap(gap)),
      onEvent: (event) => this.#changed(() => this.#event(conversation, event)),
      onRefused: ({code, message}) => this.#changed(() => {
        conversation.refuse(code === 'forbidden' ? 'This conversation belongs to somebody else.' : message);
      }),
      onDeleted: () => this.#deleted(id),
    });
  }

  /** By another tab, or by whoever told the server. What is on the page stays to be read. @param {string} id */
  #deleted(id) {
    this.client.abandon(id);
    this.#conversations.get(id)?.refuse('This conversation was deleted.');
    this.threads.gone(id);
    this.#onChange();
  }

  #event(conversation, event) {
    const replayed = !conversation.caughtUp;
    conversation.event(event);
    if (event.type === 'user_message') {
      this.threads.touch(conversation.threadId, event.payload.text, event.timestamp * 1000);
    }
    if (!replayed && conversation === this.current) this.#announce(event);
  }

  /** A stream of fragments is unbearable when read aloud: the beginning and the whole are said. */
  #announce({type, payload}) {
    if (type === 'agent_started') this.announcement = `${payload.agent} is answering.`;
    else if (type === 'agent_completed') {
      this.announcement = [payload.text, ...questionsOf(Array.isArray(payload.pending) ? payload.pending : []).map(({text}) => text)].join(' ');
    } else if (type === 'agent_error') this.announcement = `The answer failed: ${payload.message}`;
    else if (type === 'agent_cancelled') this.announcement = 'The answer was stopped.';
  }

  #changed(change) {
    change();
    this.#onChange();
  }
}

/** @param {string} threadId */
export function addressOf(threadId) {
  return `${location.pathname}${location.search}#/t/${threadId}`;
}
