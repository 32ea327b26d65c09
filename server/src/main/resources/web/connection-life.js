const ATTEMPTS_KEPT = 60;

/**
 * @typedef {object} Attempt one socket, as seen from the page; times in milliseconds
 * @property {number} startedAt
 * @property {{at: number, toServer: boolean, label: string, detail?: string, kind: string}[]} steps
 * @property {number} [readyAt]
 * @property {number} [endedAt]
 */

/** Collects what the client tells about its connection into what the panel draws. */
export class ConnectionLife {
  /** @type {Attempt[]} oldest first */ attempts = [];
  /** @type {{connectionId: string, userId: string, proof: string, readyMs: number} | null} */ ready = null;
  /** @type {{code: number, name: string, meaning: string, by: string, reason: string} | null} */ lastClose = null;
  /** @type {number | null} */ waitingUntil = null;

  get attempt() {
    return this.attempts.at(-1);
  }

  /** @param {import('./handfast.js').Trace} trace */
  add(trace) {
    const {kind, at} = trace;
    switch (kind) {
      case 'opening':
        this.waitingUntil = null;
        this.attempts.push({startedAt: at, steps: []});
        if (this.attempts.length > ATTEMPTS_KEPT) this.attempts.shift();
        this.#step(trace, true, 'open the socket');
        break;
      case 'opened': this.#step(trace, false, 'accepted', trace.protocol || 'no sub-protocol'); break;
      case 'validation': this.#step(trace, false, 'are you there?', `attempt ${trace.attempt}`); break;
      case 'ack_sent': this.#step(trace, true, 'yes', 'from the message handler'); break;
      case 'ready':
        this.ready = {
          connectionId: trace.connectionId, userId: trace.userId, proof: trace.proof, readyMs: trace.readyMs,
        };
        this.attempt.readyAt = at;
        this.#step(trace, false, 'READY', `proof: ${trace.proof}`);
        break;
      case 'resumed': this.#step(trace, false, 'resumed', `at event ${trace.fromSeq}, nothing lost`); break;
      case 'gap': this.#step(trace, false, 'gap', trace.reason === 'trimmed' ? 'older events trimmed' : 'history replaced'); break;
      case 'hole': this.#step(trace, false, 'hole', `event ${trace.got} instead of ${trace.expected}`); break;
      case 'silent': this.#step(trace, true, 'no answer to a heartbeat'); break;
      case 'draining': this.#step(trace, false, 'draining', trace.reason); break;
      case 'closed':
        this.lastClose = trace;
        this.attempt.endedAt = at;
        this.#step(trace, trace.by === 'client', `closed ${trace.code}`, trace.name);
        break;
      case 'waiting': this.waitingUntil = trace.until; break;
      case 'stopped': this.waitingUntil = null; break;
    }
  }

  #step({kind, at}, toServer, label, detail) {
    this.attempt?.steps.push({kind, at, toServer, label, detail});
  }
}
