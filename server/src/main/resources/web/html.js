import htm from './vendor/htm.js';
import {h} from './vendor/preact.js';

/** Templates without a build step: htm parses the literal once, preact makes the nodes; no HTML string is involved. */
export const html = htm.bind(h);
