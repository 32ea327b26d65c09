import {html} from '../html.js';
import {Component, createRef} from '../vendor/preact.js';

function reason({signIn: {status, why}, hasToken}) {
  if (status === 403) return 'This token is not allowed here. Another one may be.';
  if (hasToken) return `The server refused the token${why === undefined ? '' : `: ${why}`}. Another one may do.`;
  return 'This server needs a token. It is kept in this tab only and forgotten when the tab closes.';
}

export class SignIn extends Component {
  #token = createRef();

  componentDidMount() {
    this.#token.current.focus();
  }

  #submit = (event) => {
    event.preventDefault();
    const token = this.#token.current.value.trim();
    if (token !== '') this.props.chat.useToken(token);
  };

  render({chat}) {
    return html`
      <section class="sign-in" aria-labelledby="sign-in-title">
        <form class="card" data-testid="sign-in" onSubmit=${this.#submit}>
          <h2 id="sign-in-title">Sign in</h2>
          <p data-testid="sign-in-reason">${reason(chat)}</p>
          <label for="token">Token</label>
          <input id="token" data-testid="token" ref=${this.#token} type="password" autocomplete="off" spellcheck="false" required />
          <button type="submit" class="button primary">Continue</button>
        </form>
      </section>`;
  }
}
