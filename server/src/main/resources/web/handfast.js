/**
 * Client for the Handfast gateway, wire protocol version 1. One file, no dependencies.
 *
 * It owes the server and the reader these duties, each of which has one place below:
 *
 *  1. answer `handshake_validation` from the message handler, which is the proof that a handler is attached;
 *  2. treat the connection as usable from `connection_ready` on, not from `open`;
 *  3. keep the highest contiguous `seq` of each thread and its `epoch`, and hand over every event exactly once;
 *  4. notice a connection that died silently, and come back with back-off and jitter;
 *  5. do after a close what the close code says, and nothing else;
 *  6. send a user message again, with the same `message_id`, until the server has it.
 *
 * ```js
 * const client = new Handfast({url: 'wss://chat.example/v1/ws', credential: () => ({token})});
 * client.subscribe('t-1', {onEvent: (event) => console.log(event.type, event.payload)});
 * client.on('unauthorized', () => askForToken());
 * client.connect();
 * client.send('t-1', 'Hello');
 * ```
 *
 * @module handfast
 */

const SUBPROTOCOL = 'handfast.v1';
/** From the attempt to open until `connection_ready`. */
const OPENING_TIMEOUT_MS = 10_000;
const BACKOFF_BASE_MS = 250;
const BACKOFF_CAP_MS = 15_000;
/** Retries of what the server refused for the moment, over an open connection. */
const REFUSAL_BACKOFF_BASE_MS = 1_000;
const ACK_EVERY_EVENTS = 64;
const ACK_EVERY_MS = 1_000;
/** Heartbeat intervals without any frame after which the peer has to show a sign of life. */
const SILENT_INTERVALS = 2.5;
const HEARTBEAT_REPLY_MS = 5_000;
const HEARTBEAT_DEFAULT_MS = 20_000;
/** Failures before `open` after which HTTP is asked for the reason that the browser hides. */
const FAILURES_BEFORE_PROBE = 2;

/** Bound of a user message, in bytes of UTF-8. */
export const TEXT_BYTES_MAX = 256 * 1024;

/**
 * What a close code tells a client to do: `reconnect` by itself, `renew` its credential first, or `stop`.
 * @typedef {'reconnect' | 'renew' | 'stop'} CloseAction
 */

/** @type {Readonly<Record<number, {name: string, meaning: string}>>} */
const CLOSE_CODES = Object.freeze({
  1000: {name: 'normal', meaning: 'closed in good order'},
  1001: {name: 'going_away', meaning: 'one side is going away'},
  1002: {name: 'websocket_violation', meaning: 'the WebSocket protocol was violated'},
  1003: {name: 'unsupported_data', meaning: 'a binary frame was sent'},
  1005: {name: 'no_status', meaning: 'closed without a code'},
  1006: {name: 'abnormal', meaning: 'the line was lost without a goodbye'},
  1007: {name: 'invalid_data', meaning: 'a frame was not valid UTF-8'},
  1008: {name: 'policy_violation', meaning: 'refused by policy'},
  1009: {name: 'message_too_big', meaning: 'a message was over the limit'},
  1011: {name: 'internal_error', meaning: 'the server met an unexpected condition'},
  1012: {name: 'service_restart', meaning: 'the server is restarting'},
  1013: {name: 'try_again_later', meaning: 'the server is overloaded for the moment'},
  4000: {name: 'slow_consumer', meaning: 'this reader fell too far behind'},
  4001: {name: 'max_age', meaning: 'routine rotation before a platform limit'},
  4002: {name: 'handshake_unproven', meaning: 'readiness could not be proven in time'},
  4003: {name: 'peer_gone', meaning: 'the server no longer heard from this side'},
  4004: {name: 'log_replaced', meaning: 'the log was replaced under the reader'},
  4500: {name: 'unauthorized', meaning: 'the token expired or was revoked'},
  4501: {name: 'forbidden', meaning: 'this user may not come in'},
  4502: {name: 'protocol_error', meaning: 'the client broke the protocol'},
  4503: {name: 'too_many_connections', meaning: 'too many connections are open'},
  4504: {name: 'flooding', meaning: 'the rate limit was ignored'},
});

const STOPPING_BELOW_4000 = new Set([1002, 1003, 1007, 1008, 1009]);

/**
 * The code alone decides. Codes of RFC 6455 that the contract does not list (1005, 1015) are losses of the line like 1006.
 * @param {number} code
 * @returns {{code: number, name: string, meaning: string, action: CloseAction}}
 */
export function explainClose(code) {
  const known = CLOSE_CODES[code] ?? {name: 'unknown', meaning: 'not a code of this protocol'};
  let action = /** @type {CloseAction} */ ('reconnect');
  if (code === 4500) action = 'renew';
  else if (code > 4500 && code <= 4999) action = 'stop';
  else if (STOPPING_BELOW_4000.has(code)) action = 'stop';
  return {code, ...known, action};
}

/**
 * One event of a thread's log.
 * @typedef {object} ThreadEvent
 * @property {string} type
 * @property {string} thread_id
 * @property {number} seq
 * @property {number} [first_seq] present when adjacent chunks came as one frame: it stands for `first_seq` to `seq`
 * @property {number} timestamp Unix time in seconds
 * @property {string} [run_id]
 * @property {any} payload
 */

/**
 * @typedef {object} Subscribed
 * @property {string} thread_id
 * @property {string} epoch
 * @property {number} head_seq
 * @property {number} from_seq
 * @property {boolean} resumed
 * @property {boolean} continues added here: false when what was shown before has to be discarded, because the
 *   log has another epoch or starts again below the old position
 */

/**
 * @typedef {object} HistoryGap
 * @property {string} thread_id
 * @property {'trimmed' | 'epoch_changed'} reason
 * @property {number} missing_from
 * @property {number} missing_to
 */

/**
 * @typedef {object} ProtocolError
 * @property {string} code
 * @property {string} message
 * @property {boolean} retryable
 * @property {string} [request]
 * @property {string} [message_id]
 * @property {string} [thread_id]
 */

/**
 * All optional but `onEvent`. Calls come in the order of the wire.
 * @typedef {object} ThreadListener
 * @property {(event: ThreadEvent) => void} onEvent every event exactly once, in order
 * @property {(answer: Subscribed) => void} [onSubscribed] before the first event, on every connection
 * @property {(gap: HistoryGap) => void} [onGap] what is missing; right after `onSubscribed`
 * @property {(error: ProtocolError) => void} [onRefused] the thread cannot be read; the subscription has ended
 * @property {() => void} [onDeleted] the thread was deleted; the subscription has ended
 */

/**
 * @typedef {object} OutboxMessage
 * @property {string} thread_id
 * @property {string} message_id
 * @property {string} text
 * @property {string} [agent]
 * @property {object} [options]
 */

/**
 * Where unacknowledged messages survive a reload.
 * @typedef {object} OutboxStore
 * @property {() => OutboxMessage[]} read
 * @property {(messages: OutboxMessage[]) => void} write
 */

/**
 * An outbox in a Web Storage. A full or forbidden storage costs the safety over a reload, never the message itself.
 * @param {Storage} storage
 * @param {string} key
 * @returns {OutboxStore}
 */
export function storageOutbox(storage, key) {
  return {
    read() {
      try {
        const parsed = JSON.parse(storage.getItem(key) ?? '[]');
        return Array.isArray(parsed) ? parsed.filter((message) => typeof message?.message_id === 'string') : [];
      } catch {
        return [];
      }
    },
    write(messages) {
      try {
        if (messages.length === 0) storage.removeItem(key);
        else storage.setItem(key, JSON.stringify(messages));
      } catch {
        // Quota or privacy mode: the messages stay in memory.
      }
    },
  };
}

/**
 * What the client needs of its surroundings; replaced as a whole or in parts by tests and by Node.
 * @typedef {object} Platform
 * @property {new (url: string, protocols: string[]) => WebSocket} WebSocket
 * @property {() => number} now milliseconds
 * @property {(callback: () => void, ms: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 * @property {() => number} random 0 up to, not including, 1
 * @property {typeof fetch} fetch
 * @property {(wake: () => void) => () => void} onWake calls when the network or the page comes back; returns the undo
 */

/** @returns {Platform} */
function browserPlatform() {
  return {
    WebSocket: globalThis.WebSocket,
    now: () => performance.timeOrigin + performance.now(),
    setTimeout: (callback, ms) => setTimeout(callback, ms),
    clearTimeout: (timer) => clearTimeout(timer),
    random: Math.random,
    fetch: (input, init) => fetch(input, init),
    onWake,
  };
}

/** @param {() => void} wake */
function onWake(wake) {
  if (typeof document === 'undefined') return () => {};
  const whenVisible = () => {
    if (document.visibilityState === 'visible') wake();
  };
  window.addEventListener('online', wake);
  window.addEventListener('pageshow', wake);
  document.addEventListener('visibilitychange', whenVisible);
  return () => {
    window.removeEventListener('online', wake);
    window.removeEventListener('pageshow', wake);
    document.removeEventListener('visibilitychange', whenVisible);
  };
}

/**
 * Either a token, or, where the server runs in `development` or `testing`, the name of a user.
 * @typedef {{token?: string, user?: string}} Credential
 */

/**
 * @typedef {object} Options
 * @property {string | URL} url of the WebSocket endpoint, `ws:` or `wss:`
 * @property {() => Credential} [credential] asked before every attempt, so that a renewed token is used
 * @property {OutboxStore} [outbox]
 * @property {Partial<Platform>} [platform]
 */

/** @typedef {'connecting' | 'ready' | 'reconnecting' | 'closed'} State */

/**
 * @typedef {object} ClientEvents
 * @property {State} state
 * @property {{status: number}} unauthorized a new credential is needed (401, or close 4500), or this one may not come
 *   in (403); call `connect()` again when there is one
 * @property {{thread_id: string, message_id: string, seq: number, run_id: string}} accepted a message is durable
 * @property {{message: OutboxMessage, error: ProtocolError}} rejected a message will not be sent again; the server refused it, or,
 *   code `deleted`, its thread is gone
 * @property {ProtocolError} error an error that belongs to no message and no subscription
 * @property {Trace} trace the life of the connection, for display and logs
 */

/**
 * `kind` is one of: opening, opened, validation, ack_sent, ready, resumed, gap, silent, hole, draining, closed, waiting,
 * stopped. The other fields depend on it.
 * @typedef {{kind: string, at: number, [field: string]: any}} Trace
 */

/**
 * One socket, from the attempt to open it until it is dropped.
 * @typedef {object} Line
 * @property {WebSocket} socket
 * @property {boolean} opened
 * @property {boolean} ready
 * @property {boolean} resumed
 * @property {number} heartbeatMs
 * @property {number} lastFrameAt
 * @property {any} openingTimer
 * @property {any} watchTimer
 * @property {any} replyTimer
 */

/**
 * One thread that this client reads.
 * @typedef {object} Reader
 * @property {string} threadId
 * @property {ThreadListener} listener
 * @property {string} [epoch]
 * @property {number} [seq] highest contiguous processed
 * @property {boolean} live `subscribed` has come on the present line
 * @property {number} ackedSeq
 * @property {any} ackTimer
 * @property {any} retryTimer
 * @property {number} refusals
 */

export class Handfast {
  #url;
  #credential;
  #store;
  /** @type {Platform} */ #platform;

  /** @type {State} */ #state = 'closed';
  /** @type {Line | null} */ #line = null;
  /** @type {Map<string, Reader>} */ #readers = new Map();
  /** @type {Map<string, OutboxMessage>} */ #outbox = new Map();
  /** @type {Map<string, object>} */ #cancels = new Map();
  /** @type {Map<string, {timer: any, refusals: number}>} */ #refusedMessages = new Map();
  /** @type {Map<string, Set<(detail: any) => void>>} */ #listeners = new Map();

  #attempt = 0;
  #failuresBeforeOpen = 0;
  #holesInARow = 0;
  /** @type {any} */ #waitTimer = null;
  /** The draining server said: not before. */
  #notBefore = 0;
  /** @type {(() => void) | null} */ #stopListeningForWake = null;
  #stats = {events: 0, ignored: 0, resumes: 0, connections: 0};

  /** @param {Options} options */
  constructor({url, credential = () => ({}), outbox, platform = {}}) {
    this.#url = url;
    this.#credential = credential;
    this.#store = outbox;
    this.#platform = {...browserPlatform(), ...platform};
    for (const message of outbox?.read() ?? []) this.#outbox.set(message.message_id, message);
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  /** Counted since this client was made: events handed over, events ignored as known, resumptions, connections that became READY. */
  get stats() {
    return {...this.#stats};
  }

  /** Messages that the server has not confirmed yet. @returns {OutboxMessage[]} */
  get unconfirmed() {
    return [...this.#outbox.values()];
  }

  /**
   * @template {keyof ClientEvents} K
   * @param {K} type
   * @param {(detail: ClientEvents[K]) => void} listener
   * @returns {() => void} stops the listening
   */
  on(type, listener) {
    if (!this.#listeners.has(type)) this.#listeners.set(type, new Set());
    const set = /** @type {Set<any>} */ (this.#listeners.get(type));
    set.add(listener);
    return () => set.delete(listener);
  }

  /** Opens, or opens again after the client stopped. Without effect on an open connection; cuts a waiting time short. */
  connect() {
    if (this.#line) return;
    this.#stopListeningForWake ??= this.#platform.onWake(() => this.#wake());
    this.#open();
  }

  /** Drops the present connection, if any, and opens a new one. What was read and not yet confirmed is kept. */
  reconnect() {
    if (this.#line) this.#drop('requested');
    else this.connect();
  }

  /** Ends the connection and all waiting. `connect()` starts again. */
  close() {
    for (const reader of this.#readers.values()) this.#sendAck(reader);
    const line = this.#detach();
    line?.socket.close(1000, 'closed by the client');
    this.#stop();
  }

  /**
   * Reads a thread: everything that is retained, then what comes. Survives reconnects at its position.
   * @param {string} threadId
   * @param {ThreadListener} listener
   * @returns {() => void} ends the subscription
   */
  subscribe(threadId, listener) {
    if (this.#readers.has(threadId)) throw new Error(`already subscribed to ${threadId}`);
    const reader = {
      threadId, listener, live: false, ackedSeq: 0, ackTimer: null, retryTimer: null, refusals: 0,
    };
    this.#readers.set(threadId, reader);
    if (this.#usable()) this.#sendSubscribe(reader);
    return () => {
      if (this.#readers.get(threadId) !== reader) return;
      this.#sendAck(reader);
      this.#forget(reader);
      if (this.#line?.ready) this.#transmit({type: 'unsubscribe', thread_id: threadId});
    };
  }

  /**
   * Sends a user message now or as soon as there is a connection, and again until the server has it.
   * @param {string} threadId
   * @param {string} text at most {@link TEXT_BYTES_MAX} bytes of UTF-8
   * @param {{agent?: string, options?: object, messageId?: string}} [more]
   * @returns {string} the `message_id`
   */
  send(threadId, text, {agent, options, messageId = newId('m')} = {}) {
    const bytes = new TextEncoder().encode(text).length;
    if (bytes > TEXT_BYTES_MAX) throw new RangeError(`a message has at most ${TEXT_BYTES_MAX} bytes, this one has ${bytes}`);
    const message = {thread_id: threadId, message_id: messageId, text};
    if (agent !== undefined) message.agent = agent;
    if (options !== undefined) message.options = options;
    this.#outbox.set(messageId, message);
    this.#saveOutbox();
    if (this.#usable()) this.#transmit({type: 'user_message', ...message});
    return messageId;
  }

  /**
   * A thread was deleted, which ended its subscription: forgets it, and sends nothing more of what waits for it, which would begin
   * the thread anew. The client does so by itself when the server says it to a subscriber. Messages that it drops are `rejected`.
   * @param {string} threadId
   */
  abandon(threadId) {
    const reader = this.#readers.get(threadId);
    if (reader) this.#forget(reader);
    this.#dropWaiting(threadId);
  }

  /**
   * Asks for the end of a run. Without a connection it is asked as soon as there is one.
   * @param {string} threadId
   * @param {{runId: string} | {messageId: string}} which
   */
  cancel(threadId, which) {
    const target = 'runId' in which ? {run_id: which.runId} : {message_id: which.messageId};
    const frame = {type: 'cancel_run', thread_id: threadId, ...target};
    this.#cancels.set(threadId, frame);
    // Also while draining: the server still executes the run.
    if (this.#line?.ready) this.#transmit(frame);
  }

  // ---- the line: opening, READY, loss -------------------------------------------------------------------------

  #usable() {
    return this.#line !== null && this.#line.ready && this.#notBefore === 0;
  }

  #open() {
    this.#clearWait();
    this.#notBefore = 0;
    this.#setState(this.#attempt === 0 && this.#stats.connections === 0 ? 'connecting' : 'reconnecting');
    this.#trace('opening', {attempt: this.#attempt + 1});

    const {token, user} = this.#credential();
    const url = new URL(this.#url);
    if (user) url.searchParams.set('user', user);
    const protocols = token ? [SUBPROTOCOL, `bearer.${token}`] : [SUBPROTOCOL];
    let socket;
    try {
      socket = new this.#platform.WebSocket(url.href, protocols);
    } catch {
      // The URL is sound, so it is the token that cannot stand in a header: no server would take it.
      this.#stop();
      this.#emit('unauthorized', {status: 401});
      return;
    }
    const line = {
      socket, opened: false, ready: false, resumed: false, heartbeatMs: HEARTBEAT_DEFAULT_MS,
      lastFrameAt: this.#platform.now(), openingTimer: null, watchTimer: null, replyTimer: null,
    };
    this.#line = line;
    // The handlers are attached in the same turn in which the socket is made: nothing can arrive before them.
    socket.onopen = () => {
      line.opened = true;
      this.#failuresBeforeOpen = 0;
      this.#trace('opened', {protocol: socket.protocol});
    };
    socket.onmessage = (message) => this.#receive(line, message.data);
    socket.onclose = ({code, reason}) => {
      this.#detach();
      this.#ended(line, {code, reason, by: 'server'});
    };
    line.openingTimer = this.#platform.setTimeout(() => this.#drop('not ready in time'), OPENING_TIMEOUT_MS);
  }

  /** Leaves the present socket for good: whatever it still says is not heard. @returns {Line | null} */
  #detach() {
    const line = this.#line;
    this.#line = null;
    if (!line) return null;
    line.socket.onopen = line.socket.onmessage = line.socket.onclose = null;
    for (const timer of [line.openingTimer, line.watchTimer, line.replyTimer]) this.#platform.clearTimeout(timer);
    for (const {timer} of this.#refusedMessages.values()) this.#platform.clearTimeout(timer);
    this.#refusedMessages.clear();
    for (const reader of this.#readers.values()) {
      reader.live = false;
      this.#clearReaderTimers(reader);
    }
    return line;
  }

  /** This side gives the line up. It does not wait for a close frame, which a dead line never brings. */
  #drop(reason) {
    const line = this.#detach();
    if (!line) return;
    line.socket.close(1000, reason);
    this.#ended(line, {code: 1000, reason, by: 'client'});
  }

  /**
   * @param {Line} line
   * @param {{code: number, reason: string, by: 'server' | 'client'}} end
   */
  #ended(line, end) {
    const {action, name, meaning} = explainClose(end.code);
    this.#trace('closed', {...end, name, meaning, action});
    if (!line.opened) this.#failuresBeforeOpen++;
    if (action === 'stop') {
      this.#stop();
    } else if (action === 'renew') {
      this.#stop();
      this.#emit('unauthorized', {status: 401});
    } else {
      this.#wait();
      if (this.#failuresBeforeOpen > 0 && this.#failuresBeforeOpen % FAILURES_BEFORE_PROBE === 0) this.#askWhy();
    }
  }

  #stop() {
    this.#clearWait();
    this.#stopListeningForWake?.();
    this.#stopListeningForWake = null;
    this.#attempt = 0;
    this.#failuresBeforeOpen = 0;
    this.#notBefore = 0;
    if (this.#state === 'closed') return;
    this.#setState('closed');
    this.#trace('stopped');
  }

  #wait() {
    const {now, random} = this.#platform;
    // A log that shows a hole after every READY must not be asked again at full speed.
    const step = Math.max(this.#attempt, this.#holesInARow);
    const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** step);
    const delayMs = Math.max(0, this.#notBefore - now()) + random() * ceiling;
    this.#attempt++;
    this.#setState('reconnecting');
    this.#trace('waiting', {delayMs, until: now() + delayMs});
    this.#waitTimer = this.#platform.setTimeout(() => this.#open(), delayMs);
  }

  #clearWait() {
    this.#platform.clearTimeout(this.#waitTimer);
    this.#waitTimer = null;
  }

  /** The network or the page came back: waiting any longer serves nobody, and an open line may have died unseen. */
  #wake() {
    const line = this.#line;
    if (line) {
      if (line.ready) this.#demandSignOfLife(line);
    } else if (this.#waitTimer !== null && this.#platform.now() >= this.#notBefore) {
      this.#open();
    }
  }

  /** Browsers show a refused upgrade as 1006 and nothing else; the same credential over HTTP gets the true answer. */
  async #askWhy() {
    const {token, user} = this.#credential();
    const url = new URL('/v1/agents', this.#url);
    url.protocol = url.protocol === 'wss:' ? 'https:' : 'http:';
    const headers = {};
    if (token) headers.Authorization = `Bearer ${token}`;
    if (user) headers['X-Handfast-User'] = user;
    let status;
    try {
      ({status} = await this.#platform.fetch(url.href, {headers, cache: 'no-store'}));
    } catch {
      return; // The server is not there at all: the back-off goes on.
    }
    if (status !== 401 && status !== 403) return;
    if (this.#state !== 'reconnecting') return;
    this.#detach()?.socket.close();
    this.#stop();
    this.#emit('unauthorized', {status});
  }

  // ---- frames -------------------------------------------------------------------------------------------------

  /**
   * @param {Line} line
   * @param {unknown} data
   */
  #receive(line, data) {
    line.lastFrameAt = this.#platform.now();
    this.#platform.clearTimeout(line.replyTimer);
    line.replyTimer = null;

    const frame = parse(data);
    if (!frame) return;
    switch (frame.type) {
      case 'handshake_validation':
        this.#trace('validation', {attempt: frame.attempt});
        this.#transmit({type: 'handshake_ack', validation_id: frame.validation_id});
        this.#trace('ack_sent', {attempt: frame.attempt});
        break;
      case 'connection_ready': this.#ready(line, frame); break;
      case 'heartbeat': this.#transmit({type: 'heartbeat_ack'}); break;
      case 'heartbeat_ack': break;
      case 'subscribed': this.#subscribed(line, frame); break;
      case 'history_gap':
        this.#trace('gap', {threadId: frame.thread_id, reason: frame.reason});
        this.#tell(this.#readers.get(frame.thread_id), 'onGap', frame);
        break;
      case 'unsubscribed': this.#unsubscribed(frame); break;
      case 'message_accepted': this.#confirmed(frame); break;
      case 'cancel_accepted': this.#cancels.delete(frame.thread_id); break;
      case 'draining':
        this.#notBefore = this.#platform.now() + (frame.reconnect_after_ms ?? 0);
        this.#trace('draining', {reason: frame.reason, reconnectAfterMs: frame.reconnect_after_ms});
        break;
      case 'error': this.#failed(frame); break;
      default:
        // Every event of a log has a seq; a frame without one is an addition to the protocol, and harmless.
        if (Number.isInteger(frame.seq)) this.#event(frame);
    }
  }

  /** @param {object} frame @returns {boolean} */
  #transmit(frame) {
    const socket = this.#line?.socket;
    if (socket?.readyState !== 1) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  /**
   * @param {Line} line
   * @param {any} frame
   */
  #ready(line, frame) {
    if (line.ready) return;
    line.ready = true;
    line.heartbeatMs = frame.heartbeat_ms ?? HEARTBEAT_DEFAULT_MS;
    this.#platform.clearTimeout(line.openingTimer);
    this.#attempt = 0;
    this.#stats.connections++;
    this.#setState('ready');
    this.#trace('ready', {
      connectionId: frame.connection_id, userId: frame.user_id, proof: frame.proof, readyMs: frame.ready_ms,
    });
    this.#watch(line);
    for (const reader of this.#readers.values()) this.#sendSubscribe(reader);
    for (const message of this.#outbox.values()) this.#transmit({type: 'user_message', ...message});
    for (const cancel of this.#cancels.values()) this.#transmit(cancel);
  }

  // ---- liveness -----------------------------------------------------------------------------------------------

  /** @param {Line} line */
  #watch(line) {
    const {now, setTimeout} = this.#platform;
    const allowedMs = line.heartbeatMs * SILENT_INTERVALS;
    const leftMs = line.lastFrameAt + allowedMs - now();
    if (leftMs > 0) {
      line.watchTimer = setTimeout(() => this.#watch(line), leftMs);
      return;
    }
    this.#demandSignOfLife(line);
    line.watchTimer = setTimeout(() => this.#watch(line), allowedMs);
  }

  /** @param {Line} line */
  #demandSignOfLife(line) {
    if (line.replyTimer !== null) return;
    this.#transmit({type: 'heartbeat'});
    const replyMs = Math.min(line.heartbeatMs, HEARTBEAT_REPLY_MS);
    line.replyTimer = this.#platform.setTimeout(() => {
      this.#trace('silent', {forMs: this.#platform.now() - line.lastFrameAt});
      this.#drop('silent');
    }, replyMs);
  }

  // ---- reading a thread ---------------------------------------------------------------------------------------

  /** @param {Reader} reader */
  #sendSubscribe(reader) {
    const frame = {type: 'subscribe', thread_id: reader.threadId};
    if (reader.epoch !== undefined) Object.assign(frame, {after_seq: reader.seq, epoch: reader.epoch});
    this.#transmit(frame);
  }

  /**
   * @param {Line} line
   * @param {any} frame
   */
  #subscribed(line, frame) {
    const reader = this.#readers.get(frame.thread_id);
    if (!reader) return;
    const position = frame.from_seq - 1;
    const again = reader.epoch !== undefined;
    const continues = !again || (reader.epoch === frame.epoch && position >= reader.seq);
    reader.epoch = frame.epoch;
    reader.seq = position;
    reader.ackedSeq = position;
    reader.live = true;
    reader.refusals = 0;
    if (again && frame.resumed) {
      this.#trace('resumed', {threadId: frame.thread_id, fromSeq: frame.from_seq});
      // However many threads it carries, a connection is resumed once.
      if (!line.resumed) this.#stats.resumes++;
      line.resumed = true;
    }
    this.#tell(reader, 'onSubscribed', {...frame, continues});
  }

  /** @param {any} frame */
  #unsubscribed(frame) {
    const reader = this.#readers.get(frame.thread_id);
    if (!reader || frame.reason !== 'deleted') return;
    this.#forget(reader);
    this.#dropWaiting(frame.thread_id);
    this.#tell(reader, 'onDeleted');
  }

  /** @param {ThreadEvent} event */
  #event(event) {
    const reader = this.#readers.get(event.thread_id);
    if (!reader?.live) return;
    if (event.seq <= reader.seq) {
      this.#stats.ignored++;
      return;
    }
    const first = event.first_seq ?? event.seq;
    if (first !== reader.seq + 1) {
      this.#holesInARow++;
      this.#trace('hole', {threadId: event.thread_id, expected: reader.seq + 1, got: first});
      this.#drop('hole');
      return;
    }
    this.#holesInARow = 0;
    reader.seq = event.seq;
    this.#stats.events += event.seq - first + 1;
    // The log is the stronger proof, and it may come before the answer.
    if (event.type === 'user_message') {
      this.#confirmed({
        thread_id: event.thread_id, message_id: event.payload.message_id, seq: event.seq, run_id: event.run_id,
      });
    }
    this.#tell(reader, 'onEvent', event);
    this.#acknowledgeSoon(reader);
  }

  /** @param {Reader} reader */
  #acknowledgeSoon(reader) {
    if (reader.seq - reader.ackedSeq >= ACK_EVERY_EVENTS) this.#sendAck(reader);
    else reader.ackTimer ??= this.#platform.setTimeout(() => this.#sendAck(reader), ACK_EVERY_MS);
  }

  /** @param {Reader} reader */
  #sendAck(reader) {
    this.#platform.clearTimeout(reader.ackTimer);
    reader.ackTimer = null;
    if (!reader.live || reader.seq === reader.ackedSeq) return;
    reader.ackedSeq = reader.seq;
    this.#transmit({type: 'ack', thread_id: reader.threadId, seq: reader.seq});
  }

  /** @param {Reader} reader */
  #forget(reader) {
    this.#readers.delete(reader.threadId);
    this.#clearReaderTimers(reader);
  }

  /** @param {Reader} reader */
  #clearReaderTimers(reader) {
    this.#platform.clearTimeout(reader.ackTimer);
    this.#platform.clearTimeout(reader.retryTimer);
    reader.ackTimer = reader.retryTimer = null;
  }

  // ---- messages -----------------------------------------------------------------------------------------------

  #saveOutbox() {
    this.#store?.write(this.unconfirmed);
  }

  /** @param {{thread_id: string, message_id: string, seq: number, run_id: string}} answer */
  #confirmed({thread_id, message_id, seq, run_id}) {
    if (!this.#outbox.delete(message_id)) return;
    this.#forgetRefusal(message_id);
    this.#saveOutbox();
    this.#emit('accepted', {thread_id, message_id, seq, run_id});
  }

  /** @param {ProtocolError} error */
  #failed(error) {
    const message = error.message_id === undefined ? undefined : this.#outbox.get(error.message_id);
    const reader = error.thread_id === undefined ? undefined : this.#readers.get(error.thread_id);
    if (message) this.#messageRefused(message, error);
    else if (error.request === 'subscribe' && reader) this.#subscribeRefused(reader, error);
    else if (error.request === 'cancel_run') this.#cancelRefused(error);
    // The thread was deleted meanwhile: what was asked for.
    else if (error.request === 'unsubscribe' && error.code === 'not_subscribed') return;
    else this.#emit('error', error);
  }

  /**
   * @param {OutboxMessage} message
   * @param {ProtocolError} error
   */
  #messageRefused(message, error) {
    const id = message.message_id;
    if (!error.retryable) {
      this.#reject(message, error);
      return;
    }
    const {timer: earlier, refusals = 0} = this.#refusedMessages.get(id) ?? {};
    this.#platform.clearTimeout(earlier);
    const timer = this.#platform.setTimeout(() => {
      if (this.#usable()) this.#transmit({type: 'user_message', ...message});
    }, this.#refusalDelay(refusals));
    this.#refusedMessages.set(id, {timer, refusals: refusals + 1});
  }

  /**
   * @param {OutboxMessage} message
   * @param {ProtocolError} error
   */
  #reject(message, error) {
    this.#outbox.delete(message.message_id);
    this.#forgetRefusal(message.message_id);
    this.#saveOutbox();
    this.#emit('rejected', {message, error});
  }

  /** @param {string} threadId */
  #dropWaiting(threadId) {
    this.#cancels.delete(threadId);
    for (const message of this.unconfirmed) {
      if (message.thread_id !== threadId) continue;
      const {message_id, thread_id} = message;
      this.#reject(message, {
        code: 'deleted', message: 'The conversation was deleted.', retryable: false, request: 'user_message', message_id, thread_id,
      });
    }
  }

  #forgetRefusal(messageId) {
    this.#platform.clearTimeout(this.#refusedMessages.get(messageId)?.timer);
    this.#refusedMessages.delete(messageId);
  }

  /**
   * @param {Reader} reader
   * @param {ProtocolError} error
   */
  #subscribeRefused(reader, error) {
    if (!error.retryable) {
      this.#forget(reader);
      this.#tell(reader, 'onRefused', error);
      return;
    }
    this.#platform.clearTimeout(reader.retryTimer);
    reader.retryTimer = this.#platform.setTimeout(() => {
      if (this.#usable()) this.#sendSubscribe(reader);
    }, this.#refusalDelay(reader.refusals++));
  }

  /** @param {ProtocolError} error */
  #cancelRefused(error) {
    if (error.retryable) return; // Asked again with the next connection.
    if (error.thread_id === undefined) this.#cancels.clear();
    else this.#cancels.delete(error.thread_id);
    // A run that has ended by itself is what was asked for.
    if (error.code !== 'run_ended') this.#emit('error', error);
  }

  /** Between half and the whole of the step: a refused client must not come back at once, nor with all others. */
  #refusalDelay(refusals) {
    const step = Math.min(BACKOFF_CAP_MS, REFUSAL_BACKOFF_BASE_MS * 2 ** refusals);
    return step * (0.5 + this.#platform.random() / 2);
  }

  // ---- listeners ----------------------------------------------------------------------------------------------

  /** @param {State} state */
  #setState(state) {
    if (this.#state === state) return;
    this.#state = state;
    this.#emit('state', state);
  }

  #trace(kind, fields = {}) {
    this.#emit('trace', {kind, at: this.#platform.now(), ...fields});
  }

  #emit(type, detail) {
    for (const listener of this.#listeners.get(type) ?? []) contained(() => listener(detail));
  }

  /**
   * @param {Reader | undefined} reader
   * @param {keyof ThreadListener} method
   * @param {any} [detail]
   */
  #tell(reader, method, detail) {
    const listener = reader?.listener;
    if (listener?.[method]) contained(() => listener[method](detail));
  }
}

/** A fault in the application is reported, but costs neither the position nor the connection. */
function contained(call) {
  try {
    call();
  } catch (fault) {
    if (typeof reportError === 'function') reportError(fault);
    else console.error(fault);
  }
}

/** @param {unknown} data @returns {any} a frame, or null for what this protocol does not know */
function parse(data) {
  if (typeof data !== 'string') return null;
  try {
    const frame = JSON.parse(data);
    return typeof frame?.type === 'string' ? frame : null;
  } catch {
    return null;
  }
}

/**
 * `crypto.randomUUID` exists only in secure contexts; a page served over plain HTTP on a local network has none.
 * @param {string} prefix
 */
export function newId(prefix) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `${prefix}-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
