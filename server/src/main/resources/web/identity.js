import {recall, remember} from './storage.js';

const TOKEN_KEY = 'handfast.token';

/**
 * Who is chatting. A development server takes the user that the page's query names (`?user=alice`); elsewhere a token
 * is needed, which lives only as long as the tab.
 */
export class Identity {
  #user = new URLSearchParams(location.search).get('user') ?? undefined;
  /** @type {string | undefined} */ #token = recall(sessionStorage, TOKEN_KEY, undefined);

  /** @returns {{token?: string, user?: string}} */
  get credential() {
    return {token: this.#token, user: this.#user};
  }

  get hasToken() {
    return this.#token !== undefined;
  }

  /** Separates what the browser keeps for one person from what it keeps for another. */
  get storageScope() {
    return subjectOf(this.#token) ?? this.#user ?? 'anonymous';
  }

  /** @param {string} token */
  signIn(token) {
    this.#token = token;
    remember(sessionStorage, TOKEN_KEY, token);
  }

  signOut() {
    sessionStorage.removeItem(TOKEN_KEY);
    location.reload();
  }

  /** @param {string} path @param {RequestInit} [init] without headers @returns {Promise<Response>} */
  fetch(path, init = {}) {
    const headers = {};
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    if (this.#user) headers['X-Handfast-User'] = this.#user;
    return fetch(path, {...init, headers});
  }
}

/** Read, not verified: it only names a drawer in the browser's storage. */
function subjectOf(token) {
  try {
    return JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'))).sub;
  } catch {
    return undefined;
  }
}
