/**
 * What an agent waits for, in the form in which a person can answer it, and the message that carries the answers
 * (docs/agents-http.md, "When the agent waits for somebody"). Knows neither the conversation nor the page.
 */

/**
 * @typedef {object} Question
 * @property {string} key
 * @property {string} text what is asked
 * @property {any} [details] what it is about, shown as it came
 * @property {{label: string, value: any}[]} choices when there are none, the answer is free text
 * @property {(text: string) => any} read makes an answer of free text
 * @property {(value: any) => {resume?: object, result?: [string, any]}} answer how the agent is told
 */

const APPROVAL = /approv|confirm|permission/i;
/** With more, buttons are no help. */
const CHOICES_MAX = 8;

/** @param {any[]} pending of `agent_completed` @returns {Question[]} */
export function questionsOf(pending) {
  return pending.filter((entry) => entry !== null && typeof entry === 'object').map((entry, index) => {
    if (entry.kind === 'tool_call') return ofToolCall(entry);
    if (entry.interrupt !== null && typeof entry.interrupt === 'object') return ofInterrupt(entry.interrupt, `${index}`);
    return ofOther(entry, `${index}`);
  });
}

/**
 * @param {Question[]} questions
 * @param {Record<string, {label: string, value: any}>} answers by the key of their question
 * @returns {{text: string, options: object}}
 */
export function messageOf(questions, answers) {
  const told = questions.map(({key, answer}) => answer(answers[key].value));
  const resume = told.flatMap((one) => one.resume ?? []);
  const results = told.flatMap((one) => (one.result ? [one.result] : []));
  return {
    text: questions.map(({key}) => answers[key].label).join('\n'),
    options: {
      ...(resume.length > 0 && {resume}),
      ...(results.length > 0 && {tool_results: Object.fromEntries(results)}),
    },
  };
}

/** A tool that the agent leaves to its client: here, to the person. */
function ofToolCall({tool_call_id: id, tool_name: name, arguments: details}) {
  return {
    key: id, text: `The agent asks for the result of ${name ?? 'a tool'}.`, details, choices: [],
    read: (text) => text,
    answer: (value) => ({result: [id, value]}),
  };
}

function ofInterrupt(interrupt, fallback) {
  const schema = interrupt.responseSchema;
  return {
    key: interrupt.id ?? fallback,
    text: interrupt.message ?? interrupt.reason ?? 'The agent waits for an answer.',
    details: interrupt.metadata,
    choices: choicesOf(schema, APPROVAL.test(interrupt.reason ?? '')),
    read: (text) => shaped(schema, text),
    // An interrupt of a draft has no id: its agent reads the text.
    answer: (payload) => (interrupt.id === undefined ? {} : {resume: {interruptId: interrupt.id, status: 'resolved', payload}}),
  };
}

/** Agents in Java may ask in words of their own; they read the text of the answer. */
function ofOther(entry, key) {
  return {
    key, text: entry.text ?? entry.message ?? 'The agent waits for an answer.', choices: choicesOf(undefined, APPROVAL.test(entry.kind ?? '')),
    read: (text) => text,
    answer: () => ({}),
  };
}

/** @returns {{label: string, value: any}[]} */
function choicesOf(schema, approval) {
  if (schema === undefined || schema === null) return approval ? yesOrNo('yes', 'no') : [];
  if (schema.type === 'boolean') return yesOrNo(true, false);
  if (Array.isArray(schema.enum) && schema.enum.length <= CHOICES_MAX) {
    return schema.enum.map((value) => ({label: String(value), value}));
  }
  const only = onlyProperty(schema);
  return only === undefined ? []
    : choicesOf(schema.properties[only], false).map(({label, value}) => ({label, value: {[only]: value}}));
}

function yesOrNo(yes, no) {
  return [{label: 'Approve', value: yes}, {label: 'Deny', value: no}];
}

/** The property that has to be given, when it is a single one. */
function onlyProperty({type, properties, required}) {
  if (type !== 'object' || properties === null || typeof properties !== 'object') return undefined;
  const names = required?.length > 0 ? required : Object.keys(properties);
  return names.length === 1 && properties[names[0]] ? names[0] : undefined;
}

/** Text in the shape that is asked for, as far as it can be given one; the agent judges it. */
function shaped(schema, text) {
  if (schema === undefined || schema === null || schema.type === 'string') return text;
  const only = onlyProperty(schema);
  try {
    const value = JSON.parse(text);
    if (only === undefined || (value !== null && typeof value === 'object')) return value;
  } catch {
    if (only === undefined) return text;
  }
  return {[only]: shaped(schema.properties[only], text)};
}
