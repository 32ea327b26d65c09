import {html} from '../html.js';
import {icons} from './icons.js';

const DOCS_AGENT = 'docs';

const QUESTIONS = [
  ['How it connects', 'How does Handfast prove that a client is ready before it sends anything?'],
  ['When the line breaks', 'What happens to an answer when my connection drops in the middle of it?'],
  ['For your own client', 'Which close codes should make a client reconnect, and which should not?'],
  ['To run it', 'How do I start the server and choose where conversations are kept?'],
];

export function Welcome({chat}) {
  const canAsk = chat.agents.some(({name}) => name === DOCS_AGENT);
  return html`
    <section class="welcome" aria-labelledby="welcome-title">
      <div class="welcome-inner">
        <span class="welcome-mark">${icons.knot()}</span>
        <h2 id="welcome-title">What would you like to know?</h2>
        <p>${canAsk
          ? html`The <strong>docs</strong> agent answers from Handfast’s own documentation, and shows where it looked.`
          : 'Write a message to begin.'}</p>
        ${canAsk && html`
          <ul class="questions">
            ${QUESTIONS.map(([about, question]) => html`
              <li><button type="button" class="question" onClick=${() => ask(chat, question)}>
                <span class="question-about">${about}</span>
                <span>${question}</span>
              </button></li>`)}
          </ul>`}
      </div>
    </section>`;
}

function ask(chat, question) {
  chat.chooseAgent(DOCS_AGENT);
  chat.send(question);
  document.getElementById('composer')?.focus();
}
