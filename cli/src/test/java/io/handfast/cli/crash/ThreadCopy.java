package io.handfast.cli.crash;

import io.handfast.cli.Command;
import io.handfast.log.Entry;
import io.handfast.protocol.EventType;
import io.handfast.run.RunGrammar;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A thread as the server has it, read over HTTP from its first event on.
 *
 * @param epoch null when the server does not know the thread
 */
record ThreadCopy(String threadId, @Nullable String epoch, List<Event> events) {
    private static final Set<String> TERMINAL = Set.of("agent_completed", "agent_error", "agent_cancelled");

    static ThreadCopy read(HttpClient http, String url, String user, String threadId) throws Exception {
        List<Event> events = new ArrayList<>();
        while (true) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(
                            url + "/v1/threads/" + threadId + "/events?limit=1000&after_seq=" + events.size()))
                    .header("X-Handfast-User", user)
                    .timeout(Command.PATIENCE)
                    .build();
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 404) {
                return new ThreadCopy(threadId, null, List.of());
            }
            Event page = Event.of(response.body());
            if (response.statusCode() != 200 || page.has("gap")) {
                throw new AssertionError("GET " + request.uri() + " answered " + response.body());
            }
            for (Object event : (List<?>) page.value("events")) {
                events.add(Event.of(event));
            }
            if (events.size() >= page.number("head_seq")) {
                return new ThreadCopy(threadId, page.string("epoch"), events);
            }
        }
    }

    List<Event> messages(String messageId) {
        return events.stream()
                .filter(event -> event.type().equals("user_message")
                        && event.payload().string("message_id").equals(messageId))
                .toList();
    }

    /** The text of the chunks from one seq to another. */
    String chunks(long first, long last) {
        return events.stream()
                .filter(event -> event.number("seq") >= first && event.number("seq") <= last)
                .map(event -> event.type().equals("agent_response_chunk")
                        ? event.payload().string("text")
                        : "<" + event.type() + ">")
                .collect(Collectors.joining());
    }

    List<String> terminalTypes(String runId) {
        return events.stream()
                .filter(event -> TERMINAL.contains(event.type())
                        && runId.equals(event.fields().get("run_id")))
                .map(Event::type)
                .toList();
    }

    /** What the log says of a stretch of time in which no server took messages. */
    record Interruption(int lost, int neverStarted, int toolsAborted) {
        Interruption plus(Interruption more) {
            return new Interruption(
                    lost + more.lost, neverStarted + more.neverStarted, toolsAborted + more.toolsAborted);
        }
    }

    /**
     * Everything that is wrong with the log of a thread of which no run is under way: what is not legal by the protocol, a
     * message that is there twice, and an end that is not what a recovery may write.
     *
     * @param deadFromMicros when the last server was gone for sure; from then until now only the next one's recovery wrote
     */
    Interruption examine(long deadFromMicros, List<String> wrong) {
        List<Entry> entries = new ArrayList<>();
        Set<String> messageIds = new HashSet<>();
        Set<String> startedSince = new HashSet<>();
        int lost = 0;
        int neverStarted = 0;
        int aborted = 0;
        for (Event event : events) {
            String at = "thread " + threadId + ": ";
            EventType type = EventType.valueOf(event.type().toUpperCase(Locale.ROOT));
            String runId = event.string("run_id");
            entries.add(new Entry(event.number("seq"), type, runId, event.text().getBytes(StandardCharsets.UTF_8)));
            if (type == EventType.USER_MESSAGE
                    && !messageIds.add(event.payload().string("message_id"))) {
                wrong.add(at + "a message ran twice: " + event);
            }
            if (event.micros() < deadFromMicros) {
                continue;
            }
            switch (type) {
                case AGENT_STARTED -> startedSince.add(runId);
                case TOOL_COMPLETED -> {
                    aborted++;
                    if (!event.payload().string("status").equals("aborted")) {
                        wrong.add(at + "no tool could complete: " + event);
                    }
                }
                case AGENT_ERROR -> {
                    lost++;
                    neverStarted += startedSince.contains(runId) ? 1 : 0;
                    if (!event.payload().string("code").equals("agent_lost")) {
                        wrong.add(at + "an interrupted run has to end with agent_lost: " + event);
                    }
                }
                default -> wrong.add(at + "nobody was there to write: " + event);
            }
        }
        RunGrammar.violations(entries).forEach(violation -> wrong.add("thread " + threadId + ": " + violation));
        return new Interruption(lost, neverStarted, aborted);
    }
}
