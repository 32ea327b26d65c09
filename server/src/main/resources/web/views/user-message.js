import {html} from '../html.js';

export function UserMessage({row, chat}) {
  const open = chat.current.refusal === null;
  return html`
    <article class="user-message" data-testid="message-user" data-state=${row.state} aria-label="You">
      <div class="bubble">${row.text}</div>
      ${row.state === 'pending' && html`<p class="user-note pending">Sending…</p>`}
      ${row.state === 'rejected' && html`
        <p class="user-note rejected">Not sent: ${row.problem}
          ${open && html`<button type="button" class="quiet" onClick=${() => chat.editRejected(row)}>Edit</button>`}
        </p>`}
    </article>`;
}
