import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Handfast, TEXT_BYTES_MAX, explainClose, storageOutbox} from '../../main/resources/web/handfast.js';
import {FakeClock, FakeSocket} from './fakes.js';

const HEARTBEAT_MS = 20_000;

/** A client on a fake line, with verbs for what the server does. */
function world({random = 0.5, httpStatus = 200, ...options} = {}) {
  const clock = new FakeClock();
  const sockets = [];
  const probes = [];
  let wake = () => {};
  const platform = {
    WebSocket: class extends FakeSocket {
      constructor(url, protocols) {
        super(url, protocols);
        sockets.push(this);
      }
    },
    now: () => clock.now,
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
    random: () => random,
    fetch: async (url, init) => {
      probes.push({url, ...init});
      if (httpStatus === null) throw new TypeError('no network');
      return {status: httpStatus};
    },
    onWake: (callback) => {
      wake = callback;
      return () => (wake = () => {});
    },
  };
  const client = new Handfast({url: 'ws://gateway.test/v1/ws', ...options, platform});
  const seen = [];
  for (const type of ['state', 'unauthorized', 'accepted', 'rejected', 'error']) {
    client.on(type, (detail) => seen.push([type, detail]));
  }
  return {
    client, clock, sockets, probes, seen,
    wake: () => wake(),
    get socket() {
      return sockets.at(-1);
    },
    becomesReady(more = {}) {
      this.socket.open();
      this.socket.deliver({
        type: 'connection_ready', connection_id: 'c', user_id: 'u', proof: 'application', ready_ms: 1,
        heartbeat_ms: HEARTBEAT_MS, max_age_ms: 3_300_000, ...more,
      });
      return this;
    },
    of: (type) => seen.filter(([of]) => of === type).map(([, detail]) => detail),
  };
}

function started(options) {
  const w = world(options);
  w.client.connect();
  return w.becomesReady();
}

/** Follows a thread and records what it is told. */
function following(w, threadId = 't', answer = {epoch: 'e1', head_seq: 0, from_seq: 1, resumed: false}) {
  const told = [];
  const unsubscribe = w.client.subscribe(threadId, {
    onEvent: (event) => told.push(event.seq),
    onSubscribed: ({continues}) => told.push(continues ? 'continues' : 'discard'),
    onGap: ({reason}) => told.push(reason),
    onRefused: ({code}) => told.push(code),
    onDeleted: () => told.push('deleted'),
  });
  if (answer) w.socket.deliver({type: 'subscribed', thread_id: threadId, ...answer});
  w.socket.takeSent();
  return {told, unsubscribe};
}

const chunk = (seq, more = {}) => ({
  type: 'agent_response_chunk', thread_id: 't', seq, run_id: 'r', timestamp: 1, payload: {text: `${seq} `}, ...more,
});

const deliverChunks = (w, from, to) => {
  for (let seq = from; seq <= to; seq++) w.socket.deliver(chunk(seq));
};

// ---- establishing

test('offers the sub-protocol, and a token beside it', () => {
  const w = world({credential: () => ({token: 'abc.def.ghi'})});
  w.client.connect();
  assert.deepEqual(w.socket.protocols, ['handfast.v1', 'bearer.abc.def.ghi']);
});

test('names the user of a development server in the query', () => {
  const w = world({credential: () => ({user: 'alice'})});
  w.client.connect();
  assert.equal(w.socket.url.searchParams.get('user'), 'alice');
});

test('answers every validation attempt from the message handler, with its id', () => {
  const w = world();
  w.client.connect();
  w.socket.open();
  for (const attempt of [1, 2]) w.socket.deliver({type: 'handshake_validation', validation_id: 'v', attempt});
  const ack = {type: 'handshake_ack', validation_id: 'v'};
  assert.deepEqual(w.socket.sent, [ack, ack]);
});

test('is not ready, and sends nothing, before connection_ready', () => {
  const w = world();
  w.client.subscribe('t', {onEvent() {}});
  w.client.send('t', 'hello');
  w.client.connect();
  w.socket.open();
  assert.equal(w.client.state, 'connecting');
  assert.deepEqual(w.socket.sent, []);
  w.becomesReady();
  assert.deepEqual(w.socket.sent.map(({type}) => type), ['subscribe', 'user_message']);
  assert.equal(w.client.state, 'ready');
});

test('gives up an opening that takes ten seconds and tries again', () => {
  const w = world();
  w.client.connect();
  w.socket.open();
  w.clock.advance(9_999);
  assert.equal(w.socket.closedBy, null);
  w.clock.advance(1);
  assert.equal(w.sockets[0].closedBy.reason, 'not ready in time');
  w.clock.advance(250);
  assert.equal(w.sockets.length, 2);
});

test('does not hear a socket that it gave up', () => {
  const w = world();
  w.client.connect();
  w.clock.advance(10_000);
  w.sockets[0].deliver({type: 'connection_ready', heartbeat_ms: 1});
  w.sockets[0].serverCloses(4500);
  assert.equal(w.client.state, 'reconnecting');
});

test('ignores unknown frames, bad JSON and binary data', () => {
  const w = started();
  following(w);
  for (const odd of ['{', '[]', 'null', '{"type":7}', '{"type":"new_in_version_2"}']) w.socket.deliver(odd);
  w.socket.onmessage({data: new ArrayBuffer(1)});
  assert.equal(w.client.state, 'ready');
  assert.deepEqual(w.of('error'), []);
});

// ---- reader's rule

test('takes the position from subscribed and hands over what follows once', () => {
  const w = started();
  const {told} = following(w, 't', {epoch: 'e1', head_seq: 7, from_seq: 5, resumed: false});
  for (const seq of [4, 5, 6, 5, 6, 7]) w.socket.deliver(chunk(seq));
  assert.deepEqual(told, ['continues', 5, 6, 7]);
  assert.deepEqual([w.client.stats.events, w.client.stats.ignored], [3, 3]);
});

test('resumes after the highest contiguous seq, with the epoch', () => {
  const w = started();
  const {told} = following(w);
  deliverChunks(w, 1, 3);
  w.socket.serverCloses(1006);
  w.clock.advance(250);
  w.becomesReady();
  assert.deepEqual(w.socket.sent, [{type: 'subscribe', thread_id: 't', after_seq: 3, epoch: 'e1'}]);
  w.socket.deliver({type: 'subscribed', thread_id: 't', epoch: 'e1', head_seq: 4, from_seq: 4, resumed: true});
  w.socket.deliver(chunk(4));
  assert.deepEqual(told, ['continues', 1, 2, 3, 'continues', 4]);
  assert.equal(w.client.stats.resumes, 1);
});

test('asks for everything when it has no position', () => {
  const w = started();
  w.client.subscribe('t', {onEvent() {}});
  assert.deepEqual(w.socket.sent, [{type: 'subscribe', thread_id: 't'}]);
});

test('a coalesced frame stands for first_seq to seq', () => {
  const w = started();
  const {told} = following(w);
  w.socket.deliver(chunk(4, {first_seq: 1}));
  w.socket.deliver(chunk(5));
  assert.deepEqual(told, ['continues', 4, 5]);
  assert.equal(w.client.stats.events, 5);
});

for (const [what, frame] of [
  ['a hole', chunk(4)],
  ['a coalesced frame that starts too late', chunk(6, {first_seq: 4})],
  ['a coalesced frame that overlaps what is known', chunk(6, {first_seq: 2})],
]) {
  test(`${what} leads to a reconnect from the position, and is not shown`, () => {
    const w = started();
    const {told} = following(w);
    deliverChunks(w, 1, 2);
    w.socket.deliver(frame);
    assert.equal(w.sockets[0].closedBy.reason, 'hole');
    w.clock.advance(500);
    w.becomesReady();
    assert.equal(w.socket.sent[0].after_seq, 2);
    assert.deepEqual(told, ['continues', 1, 2]);
  });
}

test('a log with a permanent hole is asked more and more slowly', () => {
  const w = started({random: 0.999});
  following(w);
  const pauses = [];
  for (let i = 0; i < 4; i++) {
    w.socket.deliver(chunk(5));
    const before = w.clock.now;
    const count = w.sockets.length;
    while (w.sockets.length === count) w.clock.advance(10);
    pauses.push(w.clock.now - before);
    w.becomesReady();
    w.socket.deliver({type: 'subscribed', thread_id: 't', epoch: 'e1', head_seq: 9, from_seq: 1, resumed: true});
  }
  assert.deepEqual(pauses, [500, 1000, 2000, 4000]);
});

test('another epoch says: discard, then the reason', () => {
  const w = started();
  const {told} = following(w);
  deliverChunks(w, 1, 3);
  w.socket.serverCloses(1012);
  w.clock.advance(250);
  w.becomesReady();
  w.socket.deliver({type: 'subscribed', thread_id: 't', epoch: 'e2', head_seq: 1, from_seq: 1, resumed: false});
  w.socket.deliver({type: 'history_gap', thread_id: 't', reason: 'epoch_changed', missing_from: 4, missing_to: 4});
  w.socket.deliver(chunk(1));
  assert.deepEqual(told, ['continues', 1, 2, 3, 'discard', 'epoch_changed', 1]);
});

test('a trimmed part is told, and the reading goes on behind it', () => {
  const w = started();
  const {told} = following(w);
  deliverChunks(w, 1, 2);
  w.socket.serverCloses(4000);
  w.clock.advance(250);
  w.becomesReady();
  w.socket.deliver({type: 'subscribed', thread_id: 't', epoch: 'e1', head_seq: 9, from_seq: 8, resumed: false});
  w.socket.deliver({type: 'history_gap', thread_id: 't', reason: 'trimmed', missing_from: 3, missing_to: 7});
  w.socket.deliver(chunk(8));
  assert.deepEqual(told, ['continues', 1, 2, 'continues', 'trimmed', 8]);
  assert.equal(w.client.stats.resumes, 0);
});

test('keeps threads apart on one connection', () => {
  const w = started();
  const a = following(w, 'a');
  const b = following(w, 'b');
  w.socket.deliver(chunk(1, {thread_id: 'a'}));
  w.socket.deliver(chunk(1, {thread_id: 'b'}));
  w.socket.deliver(chunk(2, {thread_id: 'b'}));
  w.socket.deliver(chunk(1, {thread_id: 'nobody asked'}));
  assert.deepEqual([a.told, b.told], [['continues', 1], ['continues', 1, 2]]);
});

test('what is still under way after unsubscribe is not shown to the next reader', () => {
  const w = started();
  const first = following(w);
  first.unsubscribe();
  assert.deepEqual(w.socket.takeSent(), [{type: 'unsubscribe', thread_id: 't'}]);
  const second = following(w, 't', null);
  w.socket.deliver(chunk(1));
  w.socket.deliver({type: 'unsubscribed', thread_id: 't'});
  w.socket.deliver({type: 'subscribed', thread_id: 't', epoch: 'e1', head_seq: 1, from_seq: 1, resumed: false});
  w.socket.deliver(chunk(1));
  assert.deepEqual([first.told, second.told], [['continues'], ['continues', 1]]);
});

test('a deleted thread is told and not asked for again', () => {
  const w = started();
  const {told} = following(w);
  w.socket.deliver({type: 'unsubscribed', thread_id: 't', reason: 'deleted'});
  assert.deepEqual(told, ['continues', 'deleted']);
  w.client.reconnect();
  w.clock.advance(250);
  w.becomesReady();
  assert.deepEqual(w.socket.sent, []);
});

/** What a client sends when it comes back. */
function sentAfterReconnect(w) {
  w.client.reconnect();
  w.clock.advance(250);
  w.becomesReady();
  return w.socket.takeSent();
}

test('what waits for a deleted thread is not sent: it would begin the thread anew', () => {
  const outbox = memoryStore();
  const w = started({random: 1, outbox});
  following(w);
  const gone = w.client.send('t', 'to nobody');
  const other = w.client.send('other', 'to somebody');
  w.client.cancel('t', {runId: 'r'});
  w.socket.deliver({
    type: 'error', request: 'user_message', thread_id: 't', message_id: gone, code: 'too_many_runs', message: '', retryable: true,
  });
  w.socket.takeSent();
  w.socket.deliver({type: 'unsubscribed', thread_id: 't', reason: 'deleted'});
  assert.deepEqual(w.of('rejected').map(({message, error}) => [message.message_id, error.code]), [[gone, 'deleted']]);
  assert.deepEqual(outbox.read().map(({message_id}) => message_id), [other]);
  w.clock.advance(1_000);
  assert.deepEqual(w.socket.takeSent(), [], 'the retry of the refused message');
  assert.deepEqual(sentAfterReconnect(w).map(({thread_id}) => thread_id), ['other']);
});

test('a thread that is abandoned without a line is neither read nor written to on the next one', () => {
  const w = started();
  const {told} = following(w);
  w.socket.serverCloses(1006);
  w.client.send('t', 'to nobody');
  w.client.abandon('t');
  w.clock.advance(250);
  w.becomesReady();
  assert.deepEqual(w.socket.takeSent(), []);
  assert.deepEqual([told, w.client.unconfirmed], [['continues'], []]);
});

test('a thread that is abandoned on an open line was ended by the server: it is not told', () => {
  const w = started();
  following(w);
  w.client.abandon('t');
  assert.deepEqual(w.socket.takeSent(), []);
});

test('an unsubscription that comes behind a deletion is no error; others of it are', () => {
  const w = started();
  const {unsubscribe} = following(w);
  unsubscribe();
  const error = {type: 'error', request: 'unsubscribe', thread_id: 't', message: '', retryable: false};
  w.socket.deliver({...error, code: 'not_subscribed'});
  assert.deepEqual(w.of('error'), []);
  w.socket.deliver({...error, code: 'invalid_field'});
  assert.deepEqual(w.of('error').map(({code}) => code), ['invalid_field']);
});

test('an unsubscription before READY is not sent: nothing was subscribed yet', () => {
  const w = world();
  w.client.connect();
  w.socket.open();
  w.client.subscribe('t', {onEvent: () => {}})();
  assert.deepEqual(w.socket.takeSent(), []);
  w.becomesReady();
  assert.deepEqual(w.socket.takeSent(), []);
});

test('a forbidden thread is told and not asked for again; a refusal for the moment is', () => {
  const w = started();
  const refused = following(w, 'a', null);
  following(w, 'b', null);
  const error = {type: 'error', request: 'subscribe', message: ''};
  w.socket.deliver({...error, thread_id: 'a', code: 'forbidden', retryable: false});
  w.socket.deliver({...error, thread_id: 'b', code: 'unavailable', retryable: true});
  assert.deepEqual(refused.told, ['forbidden']);
  w.clock.advance(1_000);
  assert.deepEqual(w.socket.takeSent(), [{type: 'subscribe', thread_id: 'b'}]);
});

test('a fault in a listener costs neither position nor connection', (t) => {
  const reported = t.mock.method(console, 'error', () => {});
  const w = started();
  w.client.subscribe('t', {onEvent: () => {throw new Error('in the application');}});
  w.socket.deliver({type: 'subscribed', thread_id: 't', epoch: 'e', head_seq: 0, from_seq: 1, resumed: false});
  deliverChunks(w, 1, 2);
  assert.equal(w.client.stats.events, 2);
  assert.equal(reported.mock.callCount(), 2);
});

// ---- acks

test('acknowledges cumulatively once a second', () => {
  const w = started();
  following(w);
  deliverChunks(w, 1, 10);
  assert.deepEqual(w.socket.takeSent(), []);
  w.clock.advance(1_000);
  assert.deepEqual(w.socket.takeSent(), [{type: 'ack', thread_id: 't', seq: 10}]);
  w.clock.advance(5_000);
  assert.deepEqual(w.socket.takeSent(), []);
});

test('acknowledges every 64 events without waiting', () => {
  const w = started();
  following(w);
  deliverChunks(w, 1, 130);
  assert.deepEqual(w.socket.takeSent().map(({seq}) => seq), [64, 128]);
});

// ---- liveness

test('answers the heartbeat of the server', () => {
  const w = started();
  w.socket.deliver({type: 'heartbeat', timestamp: 1});
  assert.deepEqual(w.socket.sent, [{type: 'heartbeat_ack'}]);
});

test('after two and a half silent intervals it asks, and any frame is an answer', () => {
  const w = started();
  w.clock.advance(2.5 * HEARTBEAT_MS - 1);
  assert.deepEqual(w.socket.takeSent(), []);
  w.clock.advance(1);
  assert.deepEqual(w.socket.takeSent(), [{type: 'heartbeat'}]);
  w.socket.deliver({type: 'heartbeat_ack'});
  w.clock.advance(2.5 * HEARTBEAT_MS - 1);
  assert.equal(w.sockets.length, 1);
  assert.deepEqual(w.socket.takeSent(), []);
});

test('silence after the question ends the line', () => {
  const w = started();
  w.clock.advance(2.5 * HEARTBEAT_MS + 5_000);
  assert.equal(w.sockets[0].closedBy.reason, 'silent');
  w.clock.advance(250);
  assert.equal(w.sockets.length, 2);
});

test('a page that comes back questions an open line at once', () => {
  const w = started();
  w.wake();
  assert.deepEqual(w.socket.sent, [{type: 'heartbeat'}]);
  w.clock.advance(5_000);
  assert.equal(w.client.state, 'reconnecting');
});

// ---- coming back

test('backs off exponentially with full jitter, up to the cap, and starts over after READY', () => {
  const w = world({random: 0.5});
  w.client.connect();
  const pauses = [];
  const fail = () => {
    const count = w.sockets.length;
    w.socket.open();
    w.socket.serverCloses(1011);
    const before = w.clock.now;
    while (w.sockets.length === count) w.clock.advance(5);
    pauses.push(w.clock.now - before);
  };
  for (let i = 0; i < 8; i++) fail();
  assert.deepEqual(pauses, [125, 250, 500, 1000, 2000, 4000, 7500, 7500]);
  w.becomesReady();
  pauses.length = 0;
  fail();
  assert.deepEqual(pauses, [125]);
});

test('a network that comes back ends the waiting', () => {
  const w = world();
  w.client.connect();
  w.socket.serverCloses(1006);
  w.wake();
  assert.equal(w.sockets.length, 2);
  w.clock.advance(9_999);
  assert.equal(w.sockets.length, 2, 'the timer of the waiting is gone');
});

test('a draining server is left alone until it said, also when the page comes back', () => {
  const w = started({random: 0});
  following(w);
  w.socket.deliver({type: 'draining', reconnect_after_ms: 3_000, reason: 'shutdown'});
  w.client.send('t', 'while it drains');
  assert.deepEqual(w.socket.sent, []);
  w.clock.advance(1_000);
  w.socket.serverCloses(1012);
  w.wake();
  w.clock.advance(1_999);
  assert.equal(w.sockets.length, 1);
  w.clock.advance(1);
  assert.equal(w.sockets.length, 2);
  w.becomesReady();
  assert.deepEqual(w.socket.sent.map(({type}) => type), ['subscribe', 'user_message']);
});

for (const code of [1000, 1001, 1005, 1006, 1011, 1012, 1013, 4000, 4001, 4002, 4003, 4004, 4499]) {
  test(`after close ${code} it reconnects`, () => {
    const w = started();
    w.socket.serverCloses(code);
    w.clock.advance(250);
    assert.equal(w.sockets.length, 2);
  });
}

for (const code of [1002, 1003, 1007, 1008, 1009, 4501, 4502, 4503, 4504, 4999]) {
  test(`after close ${code} it stays away, and leaves no timer behind`, () => {
    const w = started();
    following(w);
    deliverChunks(w, 1, 1);
    w.socket.serverCloses(code);
    w.wake();
    assert.equal(w.client.state, 'closed');
    assert.equal(w.clock.pending, 0);
    assert.equal(w.sockets.length, 1);
    assert.deepEqual(w.of('unauthorized'), []);
  });
}

test('after close 4500 it waits for a new credential, then resumes', () => {
  let token = 'old';
  const w = started({credential: () => ({token})});
  following(w);
  deliverChunks(w, 1, 2);
  w.socket.serverCloses(4500);
  assert.deepEqual(w.of('unauthorized'), [{status: 401}]);
  w.clock.advance(60_000);
  assert.equal(w.sockets.length, 1);
  token = 'new';
  w.client.connect();
  w.becomesReady();
  assert.deepEqual(w.socket.protocols, ['handfast.v1', 'bearer.new']);
  assert.equal(w.socket.sent[0].after_seq, 2);
});

test('every close code has a name, and the code alone decides', () => {
  assert.deepEqual(explainClose(4003), {
    code: 4003, name: 'peer_gone', meaning: 'the server no longer heard from this side', action: 'reconnect',
  });
  assert.equal(explainClose(4500).action, 'renew');
  assert.equal(explainClose(4777).action, 'stop');
});

const settled = () => new Promise(setImmediate);

for (const status of [401, 403]) {
  test(`two failures before open are explained over HTTP: ${status} stops`, async () => {
    const w = world({httpStatus: status, credential: () => ({token: 'x'})});
    w.client.connect();
    w.socket.serverCloses(1006);
    await settled();
    assert.equal(w.probes.length, 0);
    w.clock.advance(250);
    w.socket.serverCloses(1006);
    await settled();
    assert.equal(w.probes[0].url, 'http://gateway.test/v1/agents');
    assert.equal(w.probes[0].headers.Authorization, 'Bearer x');
    assert.deepEqual(w.of('unauthorized'), [{status}]);
    assert.equal(w.clock.pending, 0);
  });
}

for (const status of [200, 503, null]) {
  test(`two failures before open with HTTP ${status ?? 'unreachable'} go on trying`, async () => {
    const w = world({httpStatus: status});
    w.client.connect();
    for (let i = 0; i < 2; i++) {
      w.socket.serverCloses(1006);
      await settled();
      w.clock.advance(500);
    }
    assert.equal(w.sockets.length, 3);
    assert.deepEqual(w.of('unauthorized'), []);
  });
}

test('a token that cannot stand in a header is a matter of the credential', () => {
  const refusing = new Handfast({
    url: 'ws://gateway.test/v1/ws',
    credential: () => ({token: 'ä'}),
    platform: {WebSocket: class {constructor() {throw new SyntaxError('bad sub-protocol');}}, onWake: () => () => {}},
  });
  const told = [];
  refusing.on('unauthorized', (detail) => told.push(detail));
  refusing.connect();
  assert.deepEqual(told, [{status: 401}]);
  assert.equal(refusing.state, 'closed');
});

test('close() ends everything and connect() starts again', () => {
  const w = started();
  following(w);
  deliverChunks(w, 1, 1);
  w.client.close();
  assert.deepEqual(w.socket.sent, [{type: 'ack', thread_id: 't', seq: 1}]);
  assert.equal(w.clock.pending, 0);
  w.client.connect();
  w.becomesReady();
  assert.equal(w.socket.sent[0].after_seq, 1);
});

// ---- messages

const memoryStore = (held = []) => ({read: () => held, write: (messages) => (held = messages)});

test('sends again with the same message_id until the server has it', () => {
  const w = started();
  const id = w.client.send('t', 'hello', {agent: 'echo', options: {chunk_delay_ms: 1}});
  const frame = {
    type: 'user_message', thread_id: 't', message_id: id, text: 'hello', agent: 'echo', options: {chunk_delay_ms: 1},
  };
  assert.deepEqual(w.socket.takeSent(), [frame]);
  w.socket.serverCloses(1006);
  w.clock.advance(250);
  w.becomesReady();
  assert.deepEqual(w.socket.takeSent(), [frame]);
  w.socket.deliver({type: 'message_accepted', thread_id: 't', message_id: id, seq: 1, run_id: 'r', duplicate: true});
  assert.deepEqual(w.of('accepted'), [{thread_id: 't', message_id: id, seq: 1, run_id: 'r'}]);
  w.client.reconnect();
  w.clock.advance(250);
  w.becomesReady();
  assert.deepEqual(w.socket.sent, []);
});

test('the event in the log confirms a message as well, once', () => {
  const w = started();
  following(w);
  const id = w.client.send('t', 'hello');
  const payload = {message_id: id, text: 'hello', user_id: 'u'};
  w.socket.deliver({type: 'user_message', thread_id: 't', seq: 1, run_id: 'r', timestamp: 1, payload});
  w.socket.deliver({type: 'message_accepted', thread_id: 't', message_id: id, seq: 1, run_id: 'r', duplicate: false});
  assert.equal(w.of('accepted').length, 1);
  assert.deepEqual(w.client.unconfirmed, []);
});

test('a reload finds what was not confirmed', () => {
  const outbox = memoryStore();
  const before = started({outbox});
  const id = before.client.send('t', 'hello');
  const after = started({outbox});
  assert.deepEqual(after.socket.sent.map(({message_id}) => message_id), [id]);
  after.socket.deliver({type: 'message_accepted', thread_id: 't', message_id: id, seq: 1, run_id: 'r'});
  assert.deepEqual(outbox.read(), []);
});

test('an outbox in a broken storage is empty, and writing to a full one is survived', () => {
  const broken = storageOutbox({getItem: () => '{', setItem: () => {throw new Error('quota');}, removeItem() {}}, 'k');
  assert.deepEqual(broken.read(), []);
  broken.write([{thread_id: 't', message_id: 'm', text: ''}]);
});

test('a refusal for good takes the message back; one for the moment is tried again, more slowly each time', () => {
  const w = started({random: 1});
  const gone = w.client.send('t', 'one');
  const later = w.client.send('t', 'two');
  w.socket.takeSent();
  const error = {type: 'error', request: 'user_message', thread_id: 't', message: ''};
  w.socket.deliver({...error, message_id: gone, code: 'unknown_agent', retryable: false});
  assert.deepEqual(w.of('rejected').map(({message}) => message.text), ['one']);
  for (const pause of [1_000, 2_000]) {
    w.socket.deliver({...error, message_id: later, code: 'rate_limited', retryable: true});
    w.clock.advance(pause - 1);
    assert.deepEqual(w.socket.takeSent(), []);
    w.clock.advance(1);
    assert.deepEqual(w.socket.takeSent().map(({text}) => text), ['two']);
  }
});

test('a text over the limit is refused before it can cost the connection', () => {
  const w = started();
  assert.throws(() => w.client.send('t', 'é'.repeat(TEXT_BYTES_MAX / 2 + 1)), RangeError);
  assert.deepEqual(w.client.unconfirmed, []);
});

test('a cancel without a line is asked on the next one, until it is answered', () => {
  const w = started();
  w.socket.serverCloses(1006);
  w.client.cancel('t', {runId: 'r'});
  w.clock.advance(250);
  w.becomesReady();
  assert.deepEqual(w.socket.takeSent(), [{type: 'cancel_run', thread_id: 't', run_id: 'r'}]);
  w.socket.deliver({type: 'error', request: 'cancel_run', thread_id: 't', code: 'run_ended', message: '', retryable: false});
  assert.deepEqual(w.of('error'), []);
  w.client.reconnect();
  w.clock.advance(250);
  w.becomesReady();
  assert.deepEqual(w.socket.sent, []);
});

test('an error that belongs to nothing is told', () => {
  const w = started();
  w.socket.deliver({type: 'error', code: 'bad_json', message: 'not JSON', retryable: false});
  assert.equal(w.of('error')[0].code, 'bad_json');
});
