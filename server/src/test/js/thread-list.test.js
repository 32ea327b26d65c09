import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ThreadList} from '../../main/resources/web/thread-list.js';

const channels = [];

/** What one tab posts the others get, at once. */
globalThis.BroadcastChannel = class {
  constructor(name) {
    this.name = name;
    channels.push(this);
  }

  postMessage(data) {
    for (const other of channels) if (other !== this && other.name === this.name) other.onmessage({data});
  }
};

/** Makes tabs whose server answers a deletion with this status. */
function tabs(status) {
  channels.length = 0;
  const fetch = async (path, {method = 'GET'} = {}) => (
    method === 'GET' ? {ok: true, json: async () => ({threads: []})} : {ok: status < 400, status});
  return (scope) => {
    const deleted = [];
    return {deleted, list: new ThreadList(scope, fetch, () => {}, (id) => deleted.push(id))};
  };
}

test('a deletion is told to the other tabs of this person', async () => {
  const tab = tabs(204);
  const [mine, second, foreign] = [tab('ann'), tab('ann'), tab('bob')];
  assert.equal(await mine.list.delete('t'), null);
  assert.deepEqual([mine.deleted, second.deleted, foreign.deleted], [[], ['t'], []]);
});

test('a deletion that failed is told to nobody', async () => {
  const tab = tabs(503);
  const [mine, second] = [tab('ann'), tab('ann')];
  assert.match(await mine.list.delete('t'), /not deleted \(503\)/);
  assert.deepEqual(second.deleted, []);
});

test('what is confirmed here is loaded there, and deletes nothing', () => {
  const tab = tabs(204);
  const [mine, second] = [tab('ann'), tab('ann')];
  mine.list.touch('t', 'hello', 1, false);
  mine.list.confirmed('t');
  assert.deepEqual(second.deleted, []);
});
