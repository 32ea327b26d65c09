// Runs an agent with the unmodified AG-UI client, and prints each event that it accepted, then its messages, as lines of JSON.
// Usage: node run.mjs URL '{"threadId":…,"runId":…,"text":…,"props":{…},"headers":{…},"messages":[…]}'
import { HttpAgent } from "@ag-ui/client";

const [url, json] = process.argv.slice(2);
const { threadId, runId, text, props, headers, messages } = JSON.parse(json);
const print = (line) => console.log(JSON.stringify(line));

const agent = new HttpAgent({ url, threadId, headers: headers ?? {}, initialMessages: messages ?? [] });
if (text !== undefined) {
  agent.addMessage({ id: `${runId}-question`, role: "user", content: text });
}
try {
  const result = await agent.runAgent(
    { runId, forwardedProps: props ?? {} },
    { onEvent: ({ event }) => print({ event }) },
  );
  print({ result });
} catch (error) {
  print({ failed: String(error) });
}
print({ messages: agent.messages });
