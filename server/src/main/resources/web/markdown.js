import DOMPurify from './vendor/dompurify.js';
import {Marked} from './vendor/marked.js';

/**
 * From markdown to nodes. Whoever wrote it, a model above all, is not trusted: everything passes the sanitiser, which
 * answers with nodes, so that no HTML string is ever assigned in this page.
 */

const ALLOWED = {
  ALLOWED_TAGS: [
    'a', 'b', 'blockquote', 'br', 'code', 'del', 'details', 'em', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'i', 'kbd',
    'li', 'ol', 'p', 'pre', 's', 'strong', 'sub', 'summary', 'sup', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul',
  ],
  // No class, id, name or style: text must not be able to dress up as the page, nor to shadow its names.
  ALLOWED_ATTR: ['align', 'href', 'start', 'title'],
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|[/#.]|[^:]*(?:[/?#]|$))/i,
  RETURN_DOM_FRAGMENT: true,
};

const escape = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const sharedRenderer = {
  // An image would tell its host who reads what, and when. As a link it is the reader's own decision.
  image({href, text}) {
    return `<a href="${escape(href)}">${escape(text || href)}</a>`;
  },
  checkbox({checked}) {
    return checked ? '☑ ' : '☐ ';
  },
};

/** In an answer, a tag is something to talk about: it is shown. */
const answerMarkdown = new Marked({gfm: true}, {renderer: {...sharedRenderer, html: ({text}) => escape(text)}});
/** In the documentation, a tag is markup. */
const documentMarkdown = new Marked({gfm: true}, {renderer: sharedRenderer});

const DOCUMENT_PATH = /^\/docs\/.+\.md$/;

/**
 * @param {URL} url
 * @returns {boolean} whether the page shows it itself
 */
export function isDocument(url) {
  return url.origin === location.origin && DOCUMENT_PATH.test(url.pathname);
}

/**
 * An answer that grows. Blocks that did not change keep their nodes, so that a stream costs one block per frame, and
 * a selection in an earlier paragraph survives.
 */
export class GrowingMarkdown {
  #container;
  /** @type {string[]} */ #drawn = [];
  #definitions = 0;

  /** @param {Element} container */
  constructor(container) {
    this.#container = container;
  }

  /**
   * Text can be made to break a parser, by ten thousand nested quotes for one. It is readable without any markup.
   * @param {string} text
   */
  show(text) {
    try {
      this.#draw(text);
    } catch {
      this.#drawn = [];
      const plain = document.createElement('p');
      plain.textContent = text;
      this.#container.replaceChildren(plain);
    }
  }

  #draw(text) {
    const tokens = answerMarkdown.lexer(text);
    const blocks = tokens.filter(({type}) => type !== 'space' && type !== 'def');
    // A link definition at the end changes paragraphs far above it.
    const definitions = Object.keys(tokens.links).length;
    if (definitions !== this.#definitions) this.#drawn = [];
    this.#definitions = definitions;

    blocks.forEach((token, i) => {
      if (this.#drawn[i] === token.raw) return;
      this.#drawn[i] = token.raw;
      const block = document.createElement('div');
      block.className = 'block';
      block.append(sanitised(answerMarkdown.parser([token])));
      dressCode(block, [token]);
      dressTables(block);
      dressLinks(block, null);
      const old = this.#container.children[i];
      if (old) old.replaceWith(block);
      else this.#container.append(block);
    });
    while (this.#container.children.length > blocks.length) this.#container.lastElementChild.remove();
    this.#drawn.length = blocks.length;
  }
}

/**
 * A whole document, with anchors at its headings.
 * @param {string} text
 * @param {URL} base where it came from
 * @returns {DocumentFragment}
 */
export function renderDocument(text, base) {
  const tokens = documentMarkdown.lexer(text);
  const fragment = sanitised(documentMarkdown.parser(tokens));
  dressCode(fragment, tokens);
  dressTables(fragment);
  dressLinks(fragment, base);
  const used = new Map();
  for (const heading of fragment.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    heading.dataset.anchor = slug(heading.textContent, used);
    heading.tabIndex = -1;
  }
  return fragment;
}

/**
 * The anchor that GitHub gives a heading.
 * @param {string} heading
 * @param {Map<string, number>} used
 */
export function slug(heading, used) {
  const plain = heading.trim().toLowerCase().replace(/[^\p{L}\p{M}\p{N}\p{Pc}\s-]/gu, '').replace(/\s/g, '-');
  const times = used.get(plain) ?? 0;
  used.set(plain, times + 1);
  return times === 0 ? plain : `${plain}-${times}`;
}

/** @param {string} markup @returns {DocumentFragment} */
function sanitised(markup) {
  return /** @type {any} */ (DOMPurify.sanitize(markup, ALLOWED));
}

function dressLinks(root, base) {
  for (const link of root.querySelectorAll('a')) {
    const href = link.getAttribute('href');
    if (href === null) continue; // The sanitiser did not like where it led.
    let url;
    try {
      url = new URL(href, base ?? location.href);
    } catch {
      url = null;
    }
    if (!url || (!base && href.startsWith('#'))) {
      // An anchor in an answer leads nowhere, and would be taken for the address of a thread.
      link.removeAttribute('href');
    } else if (isDocument(url)) {
      link.href = url.href;
      link.dataset.document = url.pathname + url.hash;
    } else {
      link.href = url.href;
      link.target = '_blank';
      link.rel = 'noopener noreferrer';
    }
  }
}

/** Adds the language and a copy button. The language comes from the tokens: the sanitiser lets no class through. */
function dressCode(root, tokens) {
  const languages = [];
  answerMarkdown.walkTokens(tokens, (token) => {
    if (token.type === 'code') languages.push((token.lang ?? '').match(/^\S*/)[0]);
  });
  root.querySelectorAll('pre').forEach((pre, i) => {
    const figure = document.createElement('div');
    figure.className = 'code';
    const bar = document.createElement('div');
    bar.className = 'code-bar';
    const language = document.createElement('span');
    language.textContent = languages[i] || 'text';
    const copy = document.createElement('button');
    copy.type = 'button';
    copy.className = 'quiet';
    copy.textContent = 'Copy';
    copy.addEventListener('click', async () => {
      await navigator.clipboard.writeText(pre.textContent);
      copy.textContent = 'Copied';
      setTimeout(() => (copy.textContent = 'Copy'), 1500);
    });
    bar.append(language, copy);
    pre.tabIndex = 0;
    pre.replaceWith(figure);
    figure.append(bar, pre);
  });
}

function dressTables(root) {
  for (const table of root.querySelectorAll('table')) {
    const scroller = document.createElement('div');
    scroller.className = 'table';
    scroller.tabIndex = 0;
    table.replaceWith(scroller);
    scroller.append(table);
  }
}
