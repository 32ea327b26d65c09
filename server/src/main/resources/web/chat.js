import {ChatState} from './chat-state.js';
import {html} from './html.js';
import {Identity} from './identity.js';
import {render} from './vendor/preact.js';
import {Page} from './views/page.js';

const root = document.getElementById('page');
let drawing = false;

/** However many events come in a frame, the page is drawn once; a hidden page is not drawn at all. */
function draw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    render(html`<${Page} chat=${chat} />`, root);
  });
}

const chat = new ChatState(new Identity(), draw);

document.addEventListener('click', (click) => {
  const link = click.target.closest?.('a[data-document]');
  // With a modifier the person asked the browser for a tab or a download.
  if (!link || click.ctrlKey || click.metaKey || click.shiftKey) return;
  click.preventDefault();
  chat.showDocument(link.dataset.document);
});

chat.start();
draw();
