import {html} from '../html.js';
import {messageOf, questionsOf} from '../questions.js';
import {Component} from '../vendor/preact.js';
import {Value} from './steps.js';

/** What the agent asks before it goes on. Behind a later message it only tells what was asked. */
export class Asked extends Component {
  state = {answers: {}};

  #answer(question, answer) {
    const answers = {...this.state.answers, [question.key]: answer};
    this.setState({answers});
    if (this.#questions().length === 1) this.#send(answers);
  }

  #send(answers) {
    const {chat, run} = this.props;
    chat.answer(run, messageOf(this.#questions(), answers));
  }

  #questions() {
    return questionsOf(this.props.run.pending);
  }

  render({open}, {answers}) {
    const questions = this.#questions();
    return html`
      <section class="asked" data-testid="asked" data-open=${open} aria-label="What the agent asks">
        ${questions.map((question) => html`
          <div class="asked-question" key=${question.key}>
            <p>${question.text}</p>
            ${question.details !== undefined && html`<${Value} value=${question.details} />`}
            ${open && html`<${Answering} question=${question} given=${answers[question.key]}
                                         onAnswer=${(answer) => this.#answer(question, answer)} />`}
          </div>`)}
        ${open && questions.length > 1 && html`
          <button type="button" class="button primary" data-testid="send-answers"
                  disabled=${questions.some(({key}) => answers[key] === undefined)}
                  onClick=${() => this.#send(answers)}>Send the answers</button>`}
      </section>`;
  }
}

function Answering({question, given, onAnswer}) {
  if (question.choices.length > 0) {
    return html`
      <div class="asked-choices" role="group" aria-label=${question.text}>
        ${question.choices.map((choice, i) => html`
          <button type="button" class=${`button ${i === 0 ? 'primary' : ''}`} aria-pressed=${given?.label === choice.label}
                  data-testid="choice" onClick=${() => onAnswer(choice)}>${choice.label}</button>`)}
      </div>`;
  }
  const submit = (event) => {
    event.preventDefault();
    const text = event.target.elements.answer.value.trim();
    if (text !== '') onAnswer({label: text, value: question.read(text)});
  };
  return html`
    <form class="asked-choices" onSubmit=${submit}>
      <input name="answer" class="asked-text" data-testid="asked-text" autocomplete="off" aria-label=${question.text}
             placeholder="Your answer" />
      <button type="submit" class="button primary">${given === undefined ? 'Answer' : 'Answer anew'}</button>
    </form>`;
}
