/** Web Storage that may be full, forbidden or hold anything; what cannot be kept is only forgotten. */

/**
 * @param {Storage} storage
 * @param {string} key
 * @param {any} otherwise
 */
export function recall(storage, key, otherwise) {
  try {
    return JSON.parse(storage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/**
 * @param {Storage} storage
 * @param {string} key
 * @param {any} value
 */
export function remember(storage, key, value) {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // Quota or privacy mode.
  }
}
