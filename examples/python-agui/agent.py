#!/usr/bin/env python3
"""An agent in Python that speaks AG-UI 1.0, with nothing but the standard library.

It keeps a list of things to do for each conversation, in words: "add milk", "done milk", "list", "clear".
"clear" asks first: the run ends with an interrupt, and the next message answers it.
"""

import argparse
import json
import os
import re
import signal
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LISTS = {}  # thread id -> list of [text, done]
LOCK = threading.Lock()


class Agent(BaseHTTPRequestHandler):
    server_version = "todo-agent"

    def do_POST(self):
        token = os.environ.get("AGENT_TOKEN")
        if token and self.headers.get("Authorization") != "Bearer " + token:
            return self.send_error(401)
        try:
            length = int(self.headers.get("Content-Length", "0"))
            run = json.loads(self.rfile.read(length))
            self.thread, self.run_id = run["threadId"], run["runId"]
            messages = run["messages"]
        except (ValueError, KeyError, TypeError):
            return self.send_error(400, "a RunAgentInput is needed")
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        try:
            self.emit("RUN_STARTED", threadId=self.thread, runId=self.run_id, protocolVersion="1.0")
            outcome = self.answer(messages, run.get("resume") or [])
            self.emit("RUN_FINISHED", threadId=self.thread, runId=self.run_id, outcome=outcome)
        except (BrokenPipeError, ConnectionResetError):
            pass  # cancelled: the gateway has closed the request
        except Exception as error:  # whatever goes wrong, the run must end
            self.emit("RUN_ERROR", message=str(error) or type(error).__name__)

    def emit(self, kind, **fields):
        event = json.dumps({"type": kind, **fields}, ensure_ascii=False)
        self.wfile.write(f"data: {event}\n\n".encode())
        self.wfile.flush()

    def answer(self, messages, resume):
        if resume:
            return self.cleared(resume[0])
        text = next((m.get("content") for m in reversed(messages) if m.get("role") == "user"), "")
        verb, _, thing = (text if isinstance(text, str) else "").strip().partition(" ")
        verb, thing = verb.lower(), thing.strip()
        if verb == "clear":
            return {
                "type": "interrupt",
                "interrupts": [
                    {
                        "id": "clear",
                        "reason": "approval",
                        "message": "Forget the whole list?",
                        "responseSchema": {"type": "boolean"},
                    }
                ],
            }
        if verb in ("add", "done") and thing:
            self.say(self.tool(verb, thing))
        elif verb == "list":
            self.say(self.tool("list", None))
        else:
            self.emit("REASONING_MESSAGE_CONTENT", messageId="r1", delta="That is none of my commands.")
            self.say("I keep a list of things to do. Say: add milk, done milk, list, or clear.")
        return {"type": "success"}

    def cleared(self, entry):
        answer = str(entry.get("payload", "")).strip().lower()  # a boolean, or what somebody wrote
        if entry.get("status") == "resolved" and answer in ("true", "yes", "y", "ok"):
            with LOCK:
                LISTS.pop(self.thread, None)
            self.say("Forgotten.")
        else:
            self.say("The list stays.")
        return {"type": "success"}

    def tool(self, name, thing):
        """Does what was asked, and shows it as a tool call."""
        call = "call-" + uuid.uuid4().hex[:8]
        self.emit("TOOL_CALL_START", toolCallId=call, toolCallName="todo_" + name)
        self.emit("TOOL_CALL_ARGS", toolCallId=call, delta=json.dumps({"thing": thing} if thing else {}))
        self.emit("TOOL_CALL_END", toolCallId=call)
        with LOCK:
            things = LISTS.setdefault(self.thread, [])
            if name == "add":
                things.append([thing, False])
                result = f"Added {thing}: number {len(things)} on the list."
            elif name == "done":
                found = [t for t in things if t[0] == thing]
                for t in found:
                    t[1] = True
                result = f"{thing} is done." if found else f"{thing} is not on the list."
            else:
                result = "\n".join(f"- [{'x' if done else ' '}] {text}" for text, done in things) or "Nothing to do."
        self.emit("TOOL_CALL_RESULT", messageId=uuid.uuid4().hex, toolCallId=call, content=result)
        return result

    def say(self, text):
        message = uuid.uuid4().hex
        self.emit("TEXT_MESSAGE_START", messageId=message, role="assistant")
        for piece in re.findall(r"\s*\S+", text):
            self.emit("TEXT_MESSAGE_CONTENT", messageId=message, delta=piece)
        self.emit("TEXT_MESSAGE_END", messageId=message)

    def log_message(self, *_):
        pass


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--host", default="127.0.0.1")
    arguments.add_argument("--port", type=int, default=8000, help="0: any that is free")
    options = arguments.parse_args()
    server = ThreadingHTTPServer((options.host, options.port), Agent)
    server.daemon_threads = True
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"agent ready on http://{options.host}:{server.server_port}/", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
