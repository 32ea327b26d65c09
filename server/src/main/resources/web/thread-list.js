import {recall, remember} from './storage.js';

const TITLE_LENGTH_MAX = 60;

/** @typedef {{id: string, title: string, lastActivity: number}} ThreadSummary times in milliseconds */

/**
 * The threads of this person, newest first. They are kept in the browser; all that the page knows of where they are
 * kept is in this file.
 */
export class ThreadList {
  #key;
  #onChange;
  /** @type {Map<string, ThreadSummary>} */ #threads = new Map();

  /**
   * @param {string} scope
   * @param {() => void} onChange
   */
  constructor(scope, onChange) {
    this.#key = `handfast.threads.${scope}`;
    this.#onChange = onChange;
    this.#read();
    // Another tab of the same person.
    addEventListener('storage', ({key}) => {
      if (key !== this.#key) return;
      this.#read();
      onChange();
    });
  }

  /** @returns {ThreadSummary[]} */
  all() {
    return [...this.#threads.values()].sort((a, b) => b.lastActivity - a.lastActivity);
  }

  /**
   * Something happened in a thread. The first text that is seen gives the title.
   * @param {string} id
   * @param {string} text
   * @param {number} at
   */
  touch(id, text, at) {
    this.#read();
    const known = this.#threads.get(id);
    if (known && known.lastActivity >= at) return;
    this.#threads.set(id, {id, title: known?.title ?? titleOf(text), lastActivity: at});
    this.#write();
  }

  /** @param {string} id */
  remove(id) {
    this.#read();
    if (this.#threads.delete(id)) this.#write();
  }

  #read() {
    const stored = recall(localStorage, this.#key, []);
    this.#threads = new Map(stored.map((thread) => [thread.id, thread]));
  }

  #write() {
    remember(localStorage, this.#key, [...this.#threads.values()]);
    this.#onChange();
  }
}

function titleOf(text) {
  const line = text.trim().split(/\s+/).join(' ');
  if (line === '') return 'Untitled';
  if (line.length <= TITLE_LENGTH_MAX) return line;
  const cut = line.slice(0, TITLE_LENGTH_MAX);
  return `${cut.slice(0, cut.lastIndexOf(' ') > 20 ? cut.lastIndexOf(' ') : undefined)}…`;
}
