/**
 * What a thread's events add up to: rows to draw. Knows neither the connection nor the page.
 *
 * Rows change in place and count their changes in `version`, so that a view can skip what stayed the same: a long
 * conversation must cost nothing while one answer streams.
 */

/** @typedef {'running' | 'completed' | 'error' | 'cancelled'} RunState */

/**
 * @typedef {{kind: 'thinking', text: string}
 *   | {kind: 'tool', id: string, name: string, arguments: any, status: 'running' | 'ok' | 'error' | 'aborted' | 'pending',
 *      result?: any, durationMs?: number}
 *   | {kind: 'custom', name: string, value: any}} Step
 */

/**
 * @typedef {object} UserRow
 * @property {'user'} kind
 * @property {string} key
 * @property {string} text
 * @property {'pending' | 'sent' | 'rejected'} state
 * @property {number} at milliseconds
 * @property {string} [agent] only of messages sent from here
 * @property {object} [options] the same; the log does not tell them
 * @property {string} [problem] why it was rejected
 * @property {number} version
 */

/**
 * @typedef {object} RunRow
 * @property {'run'} kind
 * @property {string} key
 * @property {string} runId
 * @property {string} [messageId]
 * @property {string} [agent]
 * @property {RunState} state
 * @property {boolean} started false while it waits for the run before it
 * @property {Step[]} steps
 * @property {string} answer
 * @property {any[]} [pending] what the agent waits for, as `agent_completed` tells it
 * @property {{code: string, message: string, retryable: boolean}} [error]
 * @property {number} [startedAt] milliseconds
 * @property {number} [durationMs]
 * @property {number} version
 */

/** @typedef {{kind: 'notice', key: string, text: string, version: number}} NoticeRow */

export class Conversation {
  /** What is typed and not sent. */
  draft = '';
  /** Changes with every event. */
  version = 0;
  /** Everything that was retained when the page subscribed has been read. */
  caughtUp = false;

  /** @type {(UserRow | RunRow | NoticeRow)[]} */ #rows = [];
  /** @type {Map<string, UserRow>} sent from here and not yet in the log */ #pending = new Map();
  /** @type {Map<string, RunRow>} */ #runs = new Map();
  #headSeq = 0;
  /** @type {string | null} */ #refusal = null;

  /** @param {string} threadId */
  constructor(threadId) {
    this.threadId = threadId;
  }

  /** Why the thread cannot be read, nor written to. @returns {string | null} */
  get refusal() {
    return this.#refusal;
  }

  /** In the order of the log; what is not there yet comes last. */
  get rows() {
    return [...this.#rows, ...this.#pending.values()];
  }

  get empty() {
    return this.#rows.length === 0 && this.#pending.size === 0;
  }

  /** The run that is executing, or else the one that waits to. @returns {RunRow | undefined} */
  get activeRun() {
    return [...this.#runs.values()].find((run) => run.state === 'running');
  }

  /** The run that waits for an answer, as long as nothing was said behind it. @returns {RunRow | undefined} */
  get waitingRun() {
    if (this.#refusal !== null) return undefined;
    const last = this.rows.findLast(({kind}) => kind !== 'notice');
    return last?.kind === 'run' && last.pending?.length > 0 ? last : undefined;
  }

  /** @param {RunRow} run @returns {UserRow | undefined} the message that started it */
  messageOf(run) {
    return /** @type {UserRow | undefined} */ (
      this.#rows.find((row) => row.kind === 'user' && row.key === run.messageId));
  }

  // ---- what the person does

  /**
   * @param {string} messageId
   * @param {string} text
   * @param {number} at
   * @param {string} [agent]
   * @param {object} [options]
   */
  addPending(messageId, text, at, agent, options) {
    this.#waitingChanges();
    this.#pending.set(messageId, {kind: 'user', key: messageId, text, state: 'pending', at, agent, options, version: 0});
    this.version++;
  }

  /** @param {string} messageId */
  accepted(messageId) {
    const row = this.#pending.get(messageId);
    if (!row) return;
    row.state = 'sent';
    this.#touch(row);
  }

  /**
   * @param {string} messageId
   * @param {string} problem
   */
  rejected(messageId, problem) {
    const row = this.#pending.get(messageId);
    if (!row) return;
    row.state = 'rejected';
    row.problem = problem;
    this.#touch(row);
    // It waits for nothing any more: it keeps its place among what was said.
    this.#pending.delete(messageId);
    this.#rows.push(row);
  }

  /** Takes a rejected message away, to be written again. @param {string} messageId */
  withdraw(messageId) {
    this.#rows = this.#rows.filter(({key}) => key !== messageId);
    this.#waitingChanges();
    this.version++;
  }

  // ---- what the server says

  /** What is there stays to be read; nothing of it goes on, nor can be answered or tried again. @param {string} why */
  refuse(why) {
    this.#refusal = why;
    this.version++;
    for (const run of this.#runs.values()) if (run.state === 'running') this.#end(run, 'cancelled');
    for (const row of this.#rows) this.#touch(row);
  }

  /** @param {{continues: boolean, head_seq: number, from_seq: number}} answer */
  subscribed({continues, head_seq, from_seq}) {
    if (!continues) {
      // What was never sent exists here alone.
      this.#rows = this.#rows.filter((row) => row.kind === 'user' && row.state === 'rejected');
      this.#runs.clear();
    }
    this.#headSeq = head_seq;
    this.caughtUp = from_seq > head_seq;
    this.version++;
  }

  /** @param {{reason: string, missing_from: number}} gap */
  gap({reason, missing_from}) {
    if (reason === 'epoch_changed') {
      this.#notice('The history of this conversation was replaced on the server. This is what it holds now.');
      return;
    }
    if (missing_from === 1 || this.#rows.length === 0) {
      this.#notice('Older messages are no longer kept.');
      return;
    }
    // The end of a run that was open may lie in the gap; if it does not, the next event opens the run again.
    for (const run of this.#runs.values()) {
      if (run.state !== 'running') continue;
      this.#end(run, 'error');
      run.error = {code: 'history_gap', message: 'The rest of this answer is no longer kept.', retryable: true};
    }
    this.#notice('Some messages in between are no longer kept.');
  }

  /** @param {import('./handfast.js').ThreadEvent} event */
  event(event) {
    this.version++;
    if (event.seq >= this.#headSeq) this.caughtUp = true;
    if (event.type === 'user_message') this.#userMessage(event);
    else if (event.run_id !== undefined) this.#runEvent(event);
  }

  #userMessage({payload, timestamp, run_id}) {
    const id = payload.message_id;
    this.#waitingChanges();
    const row = this.#pending.get(id)
      ?? {kind: 'user', key: id, text: '', state: 'sent', at: 0, version: 0};
    this.#pending.delete(id);
    Object.assign(row, {text: payload.text, state: 'sent', at: timestamp * 1000});
    this.#touch(row);
    this.#rows.push(row);
    // The run's row stands below its message from the start, also when it has to wait for another run.
    if (run_id !== undefined) this.#run(run_id, id).agent ??= row.agent;
  }

  #runEvent({type, payload, run_id, timestamp}) {
    const run = this.#run(run_id);
    if (run.error?.code === 'history_gap') Object.assign(run, {state: 'running', error: undefined});
    switch (type) {
      case 'agent_started':
        Object.assign(run, {started: true, agent: payload.agent, startedAt: timestamp * 1000});
        run.messageId ??= payload.message_id;
        break;
      case 'agent_thinking': this.#think(run, payload.text); break;
      case 'tool_executing':
        run.steps.push({
          kind: 'tool', id: payload.tool_call_id, name: payload.tool_name, arguments: payload.arguments, status: 'running',
        });
        break;
      case 'tool_completed': this.#toolCompleted(run, payload); break;
      case 'agent_response_chunk': run.answer += payload.text; break;
      case 'agent_completed':
        // The whole answer, also when some of its chunks are no longer kept.
        run.answer = payload.text;
        if (Array.isArray(payload.pending)) this.#waits(run, payload.pending);
        this.#end(run, 'completed', payload.duration_ms ?? timestamp * 1000 - run.startedAt);
        break;
      case 'agent_error':
        run.error = payload;
        this.#end(run, 'error', timestamp * 1000 - run.startedAt);
        break;
      case 'agent_cancelled': this.#end(run, 'cancelled', timestamp * 1000 - run.startedAt); break;
      case 'custom': run.steps.push({kind: 'custom', name: payload.name, value: payload.value}); break;
      // A type of a later version changes nothing here.
    }
    this.#touch(run);
  }

  /** Some agents think in whole sentences, some in pieces of words: only the former need a line break added. */
  #think(run, text) {
    const last = run.steps.at(-1);
    if (last?.kind !== 'thinking') run.steps.push({kind: 'thinking', text});
    else last.text += /[.!?…:]$/.test(last.text) && /^\S/.test(text) ? `\n${text}` : text;
  }

  /** A call that was left to the client is closed in the log; it was not broken off. */
  #waits(run, pending) {
    run.pending = pending.filter((one) => one !== null && typeof one === 'object');
    for (const {kind, tool_call_id} of run.pending) {
      const tool = run.steps.find((step) => step.kind === 'tool' && step.id === tool_call_id);
      if (kind === 'tool_call' && tool?.status === 'aborted') tool.status = 'pending';
    }
  }

  /** Whether a question is open shows in its run's row. */
  #waitingChanges() {
    const waiting = this.waitingRun;
    if (waiting) this.#touch(waiting);
  }

  #toolCompleted(run, {tool_call_id, tool_name, status, result, duration_ms}) {
    let tool = run.steps.find((step) => step.kind === 'tool' && step.id === tool_call_id);
    if (!tool) {
      // Its beginning is no longer kept.
      tool = {kind: 'tool', id: tool_call_id, name: tool_name};
      run.steps.push(tool);
    }
    Object.assign(tool, {status, result, durationMs: duration_ms});
  }

  /** @returns {RunRow} */
  #run(runId, messageId) {
    let run = this.#runs.get(runId);
    if (!run) {
      run = {kind: 'run', key: runId, runId, messageId, state: 'running', started: false, steps: [], answer: '', version: 0};
      this.#runs.set(runId, run);
      this.#rows.push(run);
    }
    return run;
  }

  /** @param {RunRow} run @param {RunState} state @param {number} [durationMs] */
  #end(run, state, durationMs) {
    run.state = state;
    if (Number.isFinite(durationMs)) run.durationMs = durationMs;
    this.#touch(run);
  }

  #notice(text) {
    this.#rows.push({kind: 'notice', key: `notice-${this.version}`, text, version: 0});
    this.version++;
  }

  #touch(row) {
    row.version++;
    this.version++;
  }
}
