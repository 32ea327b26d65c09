import {webcrypto} from 'node:crypto';

// Every browser has it; Node.js has it as a global from 19 on, and Debian 12 has 18.
globalThis.crypto ??= webcrypto;

/** A clock that moves only when told to, and runs what is due in order. */
export class FakeClock {
  now = 1_000_000;
  #timers = new Map();
  #next = 1;

  setTimeout = (callback, ms) => {
    this.#timers.set(this.#next, {callback, due: this.now + ms});
    return this.#next++;
  };

  clearTimeout = (id) => {
    this.#timers.delete(id);
  };

  get pending() {
    return this.#timers.size;
  }

  advance(ms) {
    const end = this.now + ms;
    for (;;) {
      const [id, timer] = [...this.#timers].sort((a, b) => a[1].due - b[1].due || a[0] - b[0])[0] ?? [];
      if (!timer || timer.due > end) break;
      this.#timers.delete(id);
      this.now = timer.due;
      timer.callback();
    }
    this.now = end;
  }
}

/** The server's side of one socket. */
export class FakeSocket {
  readyState = 0;
  protocol = '';
  sent = [];
  closedBy = null;

  constructor(url, protocols) {
    this.url = new URL(url);
    this.protocols = protocols;
  }

  send(text) {
    if (this.readyState !== 1) throw new Error(`send in state ${this.readyState}`);
    this.sent.push(JSON.parse(text));
  }

  close(code, reason) {
    this.readyState = 3;
    this.closedBy = {code, reason};
  }

  open() {
    this.readyState = 1;
    this.protocol = this.protocols[0];
    this.onopen?.();
  }

  deliver(frame) {
    this.onmessage?.({data: typeof frame === 'string' ? frame : JSON.stringify(frame)});
  }

  serverCloses(code, reason = '') {
    this.readyState = 3;
    this.onclose?.({code, reason, wasClean: code !== 1006});
  }

  /** What was sent since the last call. */
  takeSent() {
    return this.sent.splice(0);
  }
}
