import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Conversation} from '../../main/resources/web/conversation.js';

/** A conversation that is told one event after the other, as the log numbers them. */
function reading() {
  const conversation = new Conversation('t');
  let seq = 0;
  conversation.subscribed({continues: true, head_seq: 0, from_seq: 1});
  return {
    conversation,
    tell(type, payload = {}, run_id = 'r1') {
      seq++;
      conversation.event({type, thread_id: 't', seq, timestamp: seq, run_id, payload});
      return this;
    },
    get shape() {
      return conversation.rows.map((row) => (row.kind === 'run' ? `${row.kind} ${row.runId} ${row.state}` : `${row.kind} ${row.text}`));
    },
    run(id = 'r1') {
      return conversation.rows.find(({runId}) => runId === id);
    },
  };
}

const asked = (id, text) => ({message_id: id, text, user_id: 'u'});

test('a run gathers its steps and its answer', () => {
  const r = reading()
    .tell('user_message', asked('m1', 'why?'))
    .tell('agent_started', {agent: 'docs', message_id: 'm1'})
    .tell('agent_thinking', {text: 'Hm.'})
    .tell('tool_executing', {tool_call_id: 'c', tool_name: 'search', arguments: {q: 1}})
    .tell('tool_completed', {tool_call_id: 'c', tool_name: 'search', status: 'ok', result: [], duration_ms: 2})
    .tell('agent_response_chunk', {text: 'Be'})
    .tell('agent_response_chunk', {text: 'cause'});
  assert.equal(r.run().answer, 'Because');
  assert.deepEqual(r.run().steps.map(({kind, status}) => [kind, status]), [['thinking', undefined], ['tool', 'ok']]);
  r.tell('agent_completed', {text: 'Because.', duration_ms: 7});
  assert.deepEqual([r.run().answer, r.run().durationMs], ['Because.', 7]);
  assert.deepEqual(r.shape, ['user why?', 'run r1 completed']);
  assert.equal(r.conversation.messageOf(r.run()).text, 'why?');
});

test('a run that asks waits until something is said behind it', () => {
  const r = reading()
    .tell('user_message', asked('m1', 'clear'))
    .tell('agent_started', {agent: 'todo'})
    .tell('tool_executing', {tool_call_id: 'c', tool_name: 'pick', arguments: {}})
    .tell('tool_completed', {tool_call_id: 'c', tool_name: 'pick', status: 'aborted', result: null, duration_ms: 0})
    .tell('agent_completed', {text: '', duration_ms: 1, pending: [{kind: 'tool_call', tool_call_id: 'c'}]});
  assert.equal(r.conversation.waitingRun, r.run());
  assert.equal(r.run().steps[0].status, 'pending');
  const {version} = r.run();
  r.conversation.addPending('m2', 'a file', 0);
  assert.equal(r.conversation.waitingRun, undefined);
  assert.ok(r.run().version > version);
  r.conversation.rejected('m2', 'no');
  r.conversation.withdraw('m2');
  assert.equal(r.conversation.waitingRun, r.run());
});

test('the answer to a message stands below it, also when it has to wait', () => {
  const r = reading()
    .tell('user_message', asked('m1', 'one'), 'r1')
    .tell('agent_started', {agent: 'a'}, 'r1')
    .tell('user_message', asked('m2', 'two'), 'r2')
    .tell('agent_response_chunk', {text: '1'}, 'r1');
  assert.deepEqual(r.shape, ['user one', 'run r1 running', 'user two', 'run r2 running']);
  assert.equal(r.conversation.activeRun.runId, 'r1');
  r.tell('agent_completed', {text: '1', duration_ms: 1}, 'r1');
  assert.equal(r.conversation.activeRun.runId, 'r2');
});

test('a message of this page is pending until the log has it, and then there once', () => {
  const r = reading();
  r.conversation.addPending('m1', 'hello', 0);
  assert.equal(r.conversation.rows[0].state, 'pending');
  r.tell('user_message', asked('m1', 'hello'));
  assert.deepEqual(r.shape, ['user hello', 'run r1 running']);
  assert.equal(r.conversation.rows[0].state, 'sent');
});

test('a rejected message keeps its place and survives a replaced history, until it is taken back', () => {
  const r = reading();
  r.conversation.addPending('m1', 'no', 0);
  r.conversation.rejected('m1', 'unknown agent');
  r.tell('user_message', asked('m2', 'yes'));
  assert.deepEqual(r.shape, ['user no', 'user yes', 'run r1 running']);
  r.conversation.subscribed({continues: false, head_seq: 0, from_seq: 1});
  assert.deepEqual(r.shape, ['user no']);
  r.conversation.withdraw('m1');
  assert.ok(r.conversation.empty);
});

test('a replaced history is said, and replaces', () => {
  const r = reading().tell('user_message', asked('m1', 'old'));
  r.conversation.subscribed({continues: false, head_seq: 1, from_seq: 1});
  r.conversation.gap({reason: 'epoch_changed', missing_from: 2});
  assert.deepEqual(r.shape, ['notice The history of this conversation was replaced on the server. This is what it holds now.']);
});

test('a run whose end may be lost is not shown as running for ever; if it goes on, it is', () => {
  const r = reading()
    .tell('user_message', asked('m1', 'one'))
    .tell('agent_started', {agent: 'a'});
  r.conversation.gap({reason: 'trimmed', missing_from: 3});
  assert.equal(r.run().state, 'error');
  r.tell('agent_response_chunk', {text: 'x'});
  assert.deepEqual([r.run().state, r.run().error], ['running', undefined]);
});

test('what is left of a trimmed run is shown', () => {
  const r = reading();
  r.conversation.gap({reason: 'trimmed', missing_from: 1});
  r.tell('tool_completed', {tool_call_id: 'c', tool_name: 'search', status: 'aborted', result: null, duration_ms: 1})
    .tell('agent_cancelled', {by: 'u'});
  assert.deepEqual(r.shape, ['notice Older messages are no longer kept.', 'run r1 cancelled']);
  assert.equal(r.run().steps[0].status, 'aborted');
});

test('a failed run keeps what it said', () => {
  const r = reading()
    .tell('agent_started', {agent: 'a'})
    .tell('agent_response_chunk', {text: 'half'})
    .tell('agent_error', {code: 'agent_lost', message: 'gone', retryable: true});
  assert.deepEqual([r.run().state, r.run().answer, r.run().error.retryable], ['error', 'half', true]);
});

test('thoughts in sentences get a line each, thoughts in pieces of words none', () => {
  const r = reading();
  for (const text of ['One.', 'Two.', ' Th', 'ree']) r.tell('agent_thinking', {text});
  assert.equal(r.run().steps[0].text, 'One.\nTwo. Three');
});

test('an unknown event of a later version changes nothing', () => {
  const r = reading().tell('agent_started', {agent: 'a'}).tell('agent_dreaming', {text: 'sheep'});
  assert.deepEqual([r.run().steps, r.run().state], [[], 'running']);
});

test('what was sent with a message can be sent again', () => {
  const r = reading();
  const options = {tool_results: {c: 1}};
  r.conversation.addPending('m1', 'an answer', 0, 'docs', options);
  r.tell('user_message', asked('m1', 'an answer')).tell('agent_error', {code: 'agent_lost', message: '', retryable: true});
  assert.equal(r.conversation.messageOf(r.run()).options, options);
});

test('a question is open again when its answer is taken back', () => {
  const r = reading()
    .tell('user_message', asked('m1', 'clean up'))
    .tell('agent_completed', {text: '', duration_ms: 1, pending: [{kind: 'tool_call', tool_call_id: 'c'}]});
  r.conversation.addPending('m2', 'yes', 0, 'docs', {tool_results: {c: 1}});
  r.conversation.rejected('m2', 'no');
  assert.equal(r.conversation.waitingRun, undefined);
  r.conversation.withdraw('m2');
  assert.equal(r.conversation.waitingRun, r.run());
});
