import assert from 'node:assert/strict';
import {afterEach, beforeEach, test} from 'node:test';
import {ChatState} from '../../main/resources/web/chat-state.js';
import {FakeSocket} from './fakes.js';

/** As much of a browser as the state of the page needs. */
class MemoryStorage {
  #items = new Map();
  getItem = (key) => this.#items.get(key) ?? null;
  setItem = (key, value) => this.#items.set(key, value);
  removeItem = (key) => this.#items.delete(key);
}

let chat;
let socket;
let tabs;
let followAddress;
/** What the server says to every call; null when it lets in. */
let refusal;

beforeEach(() => {
  globalThis.location = {href: 'http://gateway.test/#/t/t', hash: '#/t/t', pathname: '/', search: ''};
  globalThis.history = {
    pushState() {},
    replaceState(state, title, url) {
      location.hash = new URL(url, location.href).hash;
    },
  };
  globalThis.addEventListener = (type, listener) => (followAddress = listener);
  globalThis.localStorage = new MemoryStorage();
  globalThis.sessionStorage = new MemoryStorage();
  globalThis.BroadcastChannel = class {
    constructor() {
      tabs = this;
    }

    postMessage() {}
  };
  globalThis.WebSocket = class extends FakeSocket {
    constructor(url, protocols) {
      super(url, protocols);
      socket = this;
    }
  };
  refusal = null;
  const fetch = async (path) => {
    const {status, detail} = refusal ?? {status: 200};
    return {
      ok: refusal === null, status,
      json: async () => (refusal ? {detail} : path === '/v1/agents' ? {agents: [{name: 'echo'}]} : {threads: []}),
    };
  };
  chat = new ChatState({storageScope: 'ann', credential: {}, hasToken: true, fetch}, () => {});
  chat.agent = 'chosen';
  chat.start();
  socket.open();
  socket.deliver({type: 'connection_ready', heartbeat_ms: 20_000});
  socket.deliver({type: 'subscribed', thread_id: 't', epoch: 'e', head_seq: 0, from_seq: 1, resumed: false});
  socket.takeSent();
});

afterEach(() => chat.client.close());

/** The events of one run, and of the message that it answers. */
function happens(...events) {
  events.forEach(([type, payload], i) => {
    const run = {run_id: 'r', timestamp: 1};
    socket.deliver({type, thread_id: 't', seq: i + 1, ...run, payload});
  });
}

const userMessage = (text, message_id = 'm') => ['user_message', {message_id, text, user_id: 'ann'}];
const started = ['agent_started', {agent: 'other', message_id: 'm'}];
const failed = ['agent_error', {code: 'agent_lost', message: 'lost', retryable: true}];
const asks = ['agent_completed', {text: '', pending: [{kind: 'interrupt', interrupt: {id: 'i', message: 'Go on?'}}]}];

const theRun = () => chat.current.rows.find(({kind}) => kind === 'run');
const messages = () => socket.takeSent().filter(({type}) => type === 'user_message');

test('a question that failed is asked again of the same agent, with the options that were sent with it', () => {
  chat.send('how far?', 'other', {unit: 'km'});
  const [{message_id}] = messages();
  happens(userMessage('how far?', message_id), started, failed);
  chat.retry(theRun());
  const [again, ...more] = messages();
  assert.deepEqual(more, []);
  assert.notEqual(again.message_id, message_id);
  assert.deepEqual([again.text, again.agent, again.options], ['how far?', 'other', {unit: 'km'}]);
});

test('a message without text is tried again, too', () => {
  happens(userMessage(''), started, failed);
  chat.retry(theRun());
  assert.deepEqual(messages().map(({text, agent}) => [text, agent]), [['', 'other']]);
});

test('a rejected message goes back into the composer, a rejected answer to its question', () => {
  const rejected = (id) => socket.deliver({
    type: 'error', request: 'user_message', thread_id: 't', message_id: id, code: 'invalid_field', message: 'no', retryable: false,
  });
  chat.send('typed');
  rejected(messages()[0].message_id);
  chat.editRejected(chat.current.rows[0]);
  assert.deepEqual([chat.current.draft, chat.current.rows], ['typed', []]);

  chat.answer({agent: 'other'}, {text: 'Yes', options: {resume: []}});
  rejected(messages()[0].message_id);
  chat.editRejected(chat.current.rows[0]);
  assert.deepEqual([chat.current.draft, chat.current.rows], ['', []]);
});

test('a token that is refused is asked for again, with what the server says of it', async () => {
  refusal = {status: 401, detail: 'the token has expired'};
  socket.serverCloses(4500);
  assert.equal(chat.signIn.status, 401);
  await new Promise(setImmediate);
  assert.deepEqual(chat.signIn, {status: 401, why: 'the token has expired'});
});

test('an address that names no conversation leads to a new one, and says so', () => {
  location.hash = '#/t/not an id!';
  followAddress();
  assert.equal(location.hash, '');
  assert.match(chat.problem, /names no conversation/);
  assert.ok(chat.current.empty && chat.current.threadId !== 't');
  chat.setDraft('a');
  assert.equal(chat.problem, null);
});

for (const [by, deletes] of Object.entries({
  'the server says so': () => socket.deliver({type: 'unsubscribed', thread_id: 't', reason: 'deleted'}),
  'another tab says so': () => tabs.onmessage({data: {deleted: 't'}}),
})) {
  test(`nothing is sent into a conversation that was deleted: ${by}`, () => {
    happens(userMessage('hello'), started, asks);
    assert.equal(chat.current.waitingRun, theRun());
    const {version} = theRun();
    deletes();
    assert.match(chat.current.refusal, /was deleted/);
    assert.equal(chat.current.waitingRun, undefined);
    assert.ok(theRun().version > version, 'its row is drawn anew');
    chat.retry(theRun());
    chat.answer(theRun(), {text: 'Yes', options: {}});
    chat.send('typed');
    assert.deepEqual(socket.takeSent(), []);
    assert.equal(chat.problem, null);
  });
}

test('an answer under way ends with the conversation: there is nothing left to stop', () => {
  happens(userMessage('hello'), started);
  assert.equal(chat.current.activeRun, theRun());
  socket.deliver({type: 'unsubscribed', thread_id: 't', reason: 'deleted'});
  assert.deepEqual([chat.current.activeRun, theRun().state, chat.isRunning('t')], [undefined, 'cancelled', false]);
  chat.stop();
  assert.deepEqual(socket.takeSent(), []);
});
