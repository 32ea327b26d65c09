import {html} from '../html.js';

const REASON = {
  401: 'This server needs a token. It is kept in this tab only and forgotten when the tab closes.',
  403: 'This token is not allowed here. Another one may be.',
};

export function SignIn({chat}) {
  const submit = (event) => {
    event.preventDefault();
    const token = event.target.elements.token.value.trim();
    if (token !== '') chat.useToken(token);
  };
  return html`
    <section class="sign-in" aria-labelledby="sign-in-title">
      <form class="card" data-testid="sign-in" onSubmit=${submit}>
        <h2 id="sign-in-title">Sign in</h2>
        <p>${REASON[chat.signIn.status]}</p>
        <label for="token">Token</label>
        <input id="token" name="token" type="password" autocomplete="off" spellcheck="false" required data-testid="token" />
        <button type="submit" class="button primary">Continue</button>
      </form>
    </section>`;
}
