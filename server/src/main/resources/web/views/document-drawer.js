import {html} from '../html.js';
import {renderDocument} from '../markdown.js';
import {Component, createRef} from '../vendor/preact.js';
import {icons} from './icons.js';

/** A page of the documentation beside the conversation that cites it. */
export class DocumentDrawer extends Component {
  #body = createRef();
  #drawer = createRef();
  #trail = [];
  #opener = document.activeElement;
  state = {path: null, problem: null};

  componentDidMount() {
    this.#drawer.current.focus({preventScroll: true});
    this.#load();
  }

  componentDidUpdate(before) {
    if (before.path === this.props.path) return;
    if (this.#trail.at(-1) === this.props.path) this.#trail.pop();
    else this.#trail.push(before.path);
    this.#load();
  }

  componentWillUnmount() {
    this.#opener?.focus?.({preventScroll: true});
  }

  async #load() {
    const {chat, path} = this.props;
    const url = new URL(path, location.href);
    if (this.loaded !== url.pathname) {
      let text;
      try {
        const response = await chat.fetchDocument(url.pathname);
        if (!response.ok) throw new Error(`the server answered ${response.status}`);
        text = await response.text();
      } catch (fault) {
        if (this.props.path === path) this.#fail(fault.message);
        return;
      }
      if (this.props.path !== path) return; // Another document was asked for meanwhile.
      this.loaded = url.pathname;
      this.setState({problem: null});
      this.#body.current.replaceChildren(renderDocument(text, url));
    }
    this.#scrollTo(decodeURIComponent(url.hash.slice(1)));
  }

  #fail(message) {
    this.loaded = null;
    this.#body.current.replaceChildren();
    this.setState({problem: message});
  }

  #scrollTo(anchor) {
    const body = this.#body.current;
    const heading = [...body.querySelectorAll('[data-anchor]')].find(({dataset}) => dataset.anchor === anchor);
    for (const marked of body.querySelectorAll('.cited')) marked.classList.remove('cited');
    if (heading) {
      heading.classList.add('cited');
      heading.scrollIntoView({block: 'start'});
    } else {
      body.scrollTop = 0;
    }
  }

  render({chat, path}, {problem}) {
    const {pathname} = new URL(path, location.href);
    return html`
      <aside class="document" role="dialog" aria-label=${`Documentation: ${pathname}`} tabindex="-1" ref=${this.#drawer}
             data-testid="document">
        <header class="panel-head">
          ${this.#trail.length > 0 && html`
            <button type="button" class="round" aria-label="Back" onClick=${() => chat.showDocument(this.#trail.at(-1))}>${icons.back()}</button>`}
          <a class="document-path" href=${pathname} target="_blank" rel="noopener" title="Open the source">${pathname.slice(1)}</a>
          <button type="button" class="round" aria-label="Close the document" onClick=${() => chat.showDocument(null)}>${icons.close()}</button>
        </header>
        ${problem && html`<p class="notice" role="alert">This document could not be loaded: ${problem}.</p>`}
        <div class="document-body markdown" tabindex="0" ref=${this.#body}></div>
      </aside>`;
  }
}
