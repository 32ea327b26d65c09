import assert from 'node:assert/strict';
import {test} from 'node:test';
import {messageOf, questionsOf} from '../../main/resources/web/questions.js';

const interrupt = (fields) => ({kind: 'interrupt', interrupt: {id: 'i1', reason: 'input_required', ...fields}});
const labels = (question) => question.choices.map(({label, value}) => [label, value]);

/** The message for one question, answered by a choice or in words. */
function answered(pending, answer) {
  const questions = questionsOf([pending]);
  const [question] = questions;
  const choice = question.choices.find(({label}) => label === answer);
  return messageOf(questions, {[question.key]: choice ?? {label: answer, value: question.read(answer)}});
}

test('an approval has two buttons, in the shape that its agent reads', () => {
  const plain = interrupt({reason: 'approval', message: 'Really?'});
  assert.equal(questionsOf([plain])[0].text, 'Really?');
  assert.deepEqual(answered(plain, 'Deny'), {
    text: 'Deny', options: {resume: [{interruptId: 'i1', status: 'resolved', payload: 'no'}]},
  });
  const boolean = interrupt({responseSchema: {type: 'boolean'}});
  assert.equal(answered(boolean, 'Approve').options.resume[0].payload, true);
  const object = interrupt({
    responseSchema: {type: 'object', properties: {approved: {type: 'boolean'}, why: {type: 'string'}}, required: ['approved']},
  });
  assert.deepEqual(answered(object, 'Approve').options.resume[0].payload, {approved: true});
});

test('a choice of a few is offered as it is', () => {
  const seats = interrupt({responseSchema: {type: 'object', properties: {seat: {enum: ['aisle', 'window']}}}});
  assert.deepEqual(labels(questionsOf([seats])[0]), [['aisle', {seat: 'aisle'}], ['window', {seat: 'window'}]]);
});

test('anything else is answered in words, read as far as a shape is asked for', () => {
  const payload = (responseSchema, text) => answered(interrupt({responseSchema}), text).options.resume[0].payload;
  assert.equal(payload(undefined, '12'), '12');
  assert.equal(payload({type: 'string'}, '12'), '12');
  assert.equal(payload({type: 'number'}, '12'), 12);
  assert.equal(payload({type: 'number'}, 'a dozen'), 'a dozen');
  assert.deepEqual(payload({type: 'object', properties: {city: {type: 'string'}}}, 'Rome'), {city: 'Rome'});
  assert.deepEqual(payload({type: 'object', properties: {n: {type: 'number'}}}, '3'), {n: 3});
  assert.deepEqual(payload({type: 'object', properties: {a: {}, b: {}}}, '{"a":1}'), {a: 1});
});

test('a tool that is left to the client is answered with its result', () => {
  const call = {kind: 'tool_call', tool_call_id: 'c1', tool_name: 'pick_file', arguments: {type: 'pdf'}};
  assert.deepEqual(questionsOf([call])[0].details, {type: 'pdf'});
  assert.deepEqual(answered(call, 'a.pdf'), {text: 'a.pdf', options: {tool_results: {c1: 'a.pdf'}}});
});

test('several questions are answered by one message', () => {
  const questions = questionsOf([interrupt({}), {kind: 'tool_call', tool_call_id: 'c1'}]);
  assert.deepEqual(messageOf(questions, {i1: {label: 'a', value: 'a'}, c1: {label: 'b', value: 'b'}}), {
    text: 'a\nb',
    options: {resume: [{interruptId: 'i1', status: 'resolved', payload: 'a'}], tool_results: {c1: 'b'}},
  });
});

test('a question in words of its own is answered by the text alone, and nonsense is no question', () => {
  assert.deepEqual(answered({kind: 'approval', text: 'Really?'}, 'Approve'), {text: 'Approve', options: {}});
  assert.deepEqual(answered({kind: 'interrupt', interrupt: {}}, 'go on'), {text: 'go on', options: {}});
  assert.deepEqual(questionsOf(['x', null, 3]), []);
});
