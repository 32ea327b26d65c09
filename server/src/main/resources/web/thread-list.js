const TITLE_LENGTH_MAX = 60;
const PAGE_LENGTH = 50;
const UNTITLED = 'Untitled';

/** @typedef {{id: string, title: string, lastActivity: number}} ThreadSummary times in milliseconds */

/**
 * The threads of this person, the most recently active first, as the server lists them. What happens on this page is in the list
 * at once; the server has the last word when the list is loaded again.
 */
export class ThreadList {
  #fetch;
  #onChange;
  /** @type {Map<string, ThreadSummary>} */ #threads = new Map();
  /** @type {Set<string>} sent from here, and not confirmed by the server yet */ #unconfirmed = new Set();
  /** @type {Set<string>} what happened while a load was under way: its answer may not know of it */ #since = new Set();
  /** @type {string | undefined} where the next page begins */ #next;
  /** @type {Promise<void> | null} */ #loading = null;
  #loaded = false;
  #failed = false;
  /** Other tabs of the same person. @type {BroadcastChannel} */ #tabs;

  /**
   * @param {string} scope
   * @param {(path: string, init?: RequestInit) => Promise<Response>} fetch as this person
   * @param {() => void} onChange
   * @param {(id: string) => void} onDeleted another tab has deleted a thread
   */
  constructor(scope, fetch, onChange, onDeleted) {
    this.#fetch = fetch;
    this.#onChange = onChange;
    this.#tabs = new BroadcastChannel(`handfast.threads.${scope}`);
    this.#tabs.onmessage = ({data}) => {
      if (data.deleted !== undefined) onDeleted(data.deleted);
      this.load();
    };
  }

  /** @returns {ThreadSummary[]} */
  all() {
    return [...this.#threads.values()].sort((a, b) => b.lastActivity - a.lastActivity);
  }

  /** @param {string} id @returns {string | undefined} */
  titleOf(id) {
    return this.#threads.get(id)?.title;
  }

  /** Whether it is known which threads there are. */
  get loaded() {
    return this.#loaded;
  }

  /** The last attempt to load did not succeed. */
  get failed() {
    return this.#failed;
  }

  /** Whether the server has older ones that are not in the list. */
  get more() {
    return this.#next !== undefined;
  }

  /** Asks the server anew, for as many as are shown. */
  load() {
    return this.#once(async () => {
      const shown = Math.max(this.#threads.size, 1);
      this.#since.clear();
      const listed = new Map();
      let next;
      do {
        const page = await this.#page(next);
        for (const thread of page.threads) listed.set(thread.id, thread);
        next = page.next;
      } while (next !== undefined && listed.size < shown);
      for (const [id, thread] of this.#threads) {
        if (this.#unconfirmed.has(id) || this.#since.has(id)) listed.set(id, thread);
      }
      this.#threads = listed;
      this.#next = next;
      this.#loaded = true;
    });
  }

  /** Adds the next older ones. */
  loadMore() {
    return this.#once(async () => {
      if (this.#next === undefined) return;
      const page = await this.#page(this.#next);
      for (const thread of page.threads) {
        if (!this.#threads.has(thread.id)) this.#threads.set(thread.id, thread);
      }
      this.#next = page.next;
    });
  }

  /**
   * Something happened in a thread. The first text that is seen gives the title, until the server names it.
   * @param {string} id
   * @param {string} text
   * @param {number} at
   * @param {boolean} [confirmed] whether the server has it
   */
  touch(id, text, at, confirmed = true) {
    const known = this.#threads.get(id);
    if (!known && !confirmed) this.#unconfirmed.add(id);
    this.#since.add(id);
    if (known && known.lastActivity >= at) return;
    this.#threads.set(id, {id, title: known?.title ?? titleOf(text), lastActivity: at});
    this.#onChange();
  }

  /** The server has a message of this thread. @param {string} id */
  confirmed(id) {
    if (this.#unconfirmed.delete(id)) this.#tabs.postMessage({});
  }

  /**
   * Deletes a thread for good.
   * @param {string} id
   * @returns {Promise<string | null>} why it could not be deleted; null when it is gone
   */
  async delete(id) {
    let response;
    try {
      response = await this.#fetch(`/v1/threads/${encodeURIComponent(id)}`, {method: 'DELETE'});
    } catch {
      return 'The server cannot be reached; the conversation was not deleted.';
    }
    // One that is not there was deleted elsewhere, or never reached the server.
    if (!response.ok && response.status !== 404) return `The conversation was not deleted (${response.status}).`;
    this.gone(id);
    this.#tabs.postMessage({deleted: id});
    return null;
  }

  /** It was deleted, here or elsewhere. @param {string} id */
  gone(id) {
    this.#unconfirmed.delete(id);
    this.#since.delete(id);
    if (this.#threads.delete(id)) this.#onChange();
  }

  /** One request after the other: pages that overtake each other would contradict each other. */
  #once(work) {
    const before = this.#loading ?? Promise.resolve();
    const mine = before.then(async () => {
      try {
        await work();
        this.#failed = false;
      } catch {
        this.#failed = true; // Asked again as soon as a connection is READY.
      }
      if (this.#loading === mine) this.#loading = null;
      this.#onChange();
    });
    this.#loading = mine;
    return mine;
  }

  /** @param {string | undefined} after */
  async #page(after) {
    const query = new URLSearchParams({limit: String(PAGE_LENGTH)});
    if (after !== undefined) query.set('after', after);
    const response = await this.#fetch(`/v1/threads?${query}`);
    if (!response.ok) throw new Error(`threads: ${response.status}`);
    const {threads, next} = await response.json();
    return {
      threads: threads.map(({thread_id, title, last_activity}) => (
        {id: thread_id, title: title === '' ? UNTITLED : title, lastActivity: last_activity * 1000})),
      next,
    };
  }
}

function titleOf(text) {
  const line = text.trim().split(/\s+/).join(' ');
  if (line === '') return UNTITLED;
  if (line.length <= TITLE_LENGTH_MAX) return line;
  const cut = line.slice(0, TITLE_LENGTH_MAX);
  return `${cut.slice(0, cut.lastIndexOf(' ') > 20 ? cut.lastIndexOf(' ') : undefined)}…`;
}
