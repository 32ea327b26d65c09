#!/usr/bin/env bash
# Publishes a run to a thread with curl alone, and reads it back. Usage: examples/curl-publish.sh [URL]
# URL: the server, by default http://127.0.0.1:8080. TOKEN: a token with the scopes chat and publish, where tokens are required.
set -eu -o pipefail
url=${1:-http://127.0.0.1:8080}
thread=curl-$$-$(date +%s)
headers=(-H 'Content-Type: application/json')
if [ -n "${TOKEN:-}" ]; then headers+=(-H "Authorization: Bearer $TOKEN"); fi

call() { # path, body
    curl --silent --show-error --fail-with-body --max-time 10 "${headers[@]}" --data "$2" "$url$1"
    echo
}

# One run, named by us: asked again, the call has no further effect.
call "/v1/threads/$thread/runs" "{\"run_id\":\"$thread-run\",\"agent\":\"weather\",\"idle_deadline_ms\":60000}"

# Its events, counted from 1. The whole batch is in the log, or nothing of it.
call "/v1/runs/$thread-run/events" '{"producer_seq":1,"events":[
  {"type":"agent_started"},
  {"type":"agent_thinking","payload":{"text":"Which town?"}},
  {"type":"tool_executing","payload":{"tool_call_id":"c1","tool_name":"forecast","arguments":{"town":"Oslo"}}}]}'

# A batch whose answer got lost is sent again. What is known is skipped: here 3, and 4 is new.
call "/v1/runs/$thread-run/events" '{"producer_seq":3,"events":[
  {"type":"tool_executing","payload":{"tool_call_id":"c1","tool_name":"forecast","arguments":{"town":"Oslo"}}},
  {"type":"tool_completed","payload":{"tool_call_id":"c1","status":"ok","result":{"sky":"clear"}}}]}'

call "/v1/runs/$thread-run/events" '{"producer_seq":5,"events":[
  {"type":"agent_response_chunk","payload":{"text":"Clear "}},
  {"type":"agent_response_chunk","payload":{"text":"skies."}},
  {"type":"agent_completed","payload":{"text":"Clear skies."}}]}'

# What a reader sees, also the page: URL/#/t/THREAD
curl --silent --show-error --fail-with-body --max-time 10 "${headers[@]}" "$url/v1/threads/$thread/events"
echo
