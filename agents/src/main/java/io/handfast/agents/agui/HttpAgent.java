package io.handfast.agents.agui;

import io.handfast.agent.Agent;
import io.handfast.agent.AgentCancelled;
import io.handfast.agent.AgentEvents;
import io.handfast.agent.AgentFailure;
import io.handfast.agent.AgentRequest;
import io.handfast.agents.sse.SseEvent;
import io.handfast.agents.sse.SseParser;
import io.handfast.agents.sse.SseTooLargeException;
import io.handfast.agents.upstream.RunSlots;
import io.handfast.agents.upstream.Secrets;
import io.handfast.agents.upstream.Upstream;
import io.handfast.agents.upstream.UpstreamFailures;
import io.handfast.agents.upstream.UpstreamResponse;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent in another process, in any language: it is posted a {@code RunAgentInput} and streams AG-UI events back
 * (docs/agents-http.md). Interrupting the thread of a run closes its request at once.
 */
public final class HttpAgent implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(HttpAgent.class);
    private static final String EVENT_STREAM = "text/event-stream";
    private static final int EXCERPT_BYTES = 500;

    private final HttpAgentConfig config;
    private final UpstreamFailures failures;
    private final Upstream upstream;
    private final RunSlots slots;
    private final HttpRequest template;

    private HttpAgent(HttpAgentConfig config, HttpRequest template) {
        this.config = config;
        this.failures = new UpstreamFailures(config.name());
        this.upstream = Upstream.of(config.limits().timeouts(), failures);
        this.slots = new RunSlots(config.limits(), config.name());
        this.template = template;
    }

    /**
     * Makes the agent; nothing is connected yet.
     *
     * @param environment where the headers' references are looked up
     * @throws IllegalArgumentException when a header refers to a variable that is not set, or may not be set
     */
    public static HttpAgent create(HttpAgentConfig config, Map<String, String> environment) {
        HttpRequest.Builder template = HttpRequest.newBuilder(config.url())
                .header("Accept", EVENT_STREAM)
                .header("Content-Type", "application/json");
        config.headers().forEach((name, value) -> {
            String setting = "agent " + config.name() + ": header " + name;
            String resolved = Secrets.resolve(setting, value, environment);
            try {
                template.setHeader(name, resolved);
            } catch (IllegalArgumentException e) {
                // the JDK's message holds the value: neither it nor the exception may be passed on
                throw new IllegalArgumentException(
                        setting + ": this name cannot be set, or its value is not plain ASCII");
            }
        });
        return new HttpAgent(config, template.build());
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public String description() {
        return config.description();
    }

    @Override
    public Optional<Duration> deadline() {
        return config.limits().ownDeadline();
    }

    @Override
    public void run(AgentRequest request, AgentEvents events)
            throws AgentFailure, AgentCancelled, InterruptedException {
        RunInput input = new RunInput(request, config.historyTurnsMax());
        Set<String> clientTools = input.clientTools();
        byte[] body = input.json();
        slots.take();
        try (UpstreamResponse response = upstream.open(request(request, body))) {
            check(request, response);
            translate(response, new AguiTranslation(events, failures, clientTools, config.maxEventBytes()));
        } finally {
            slots.give();
        }
    }

    private HttpRequest request(AgentRequest request, byte[] body) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(template, (name, value) -> true)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        String traceparent = request.traceparent();
        if (traceparent != null) {
            builder.setHeader("traceparent", traceparent);
        }
        return builder.build();
    }

    private void check(AgentRequest request, UpstreamResponse response) throws AgentFailure, InterruptedException {
        boolean success = response.status() >= 200 && response.status() < 300;
        if (success && response.mediaType().equals(EVENT_STREAM)) {
            return;
        }
        LOG.warn(
                "agent {}: run {}: HTTP {} {}: {}",
                name(),
                request.runId(),
                response.status(),
                response.mediaType(),
                response.excerpt(EXCERPT_BYTES));
        if (!success) {
            throw failures.status(response.status());
        }
        throw failures.error(
                "its service answered with "
                        + (response.mediaType().isEmpty() ? "no content type" : response.mediaType()) + ", not "
                        + EVENT_STREAM,
                false);
    }

    private void translate(UpstreamResponse response, AguiTranslation translation)
            throws AgentFailure, AgentCancelled, InterruptedException {
        SseParser parser = new SseParser(config.maxEventBytes());
        try {
            for (ByteBuffer bytes = response.next(); bytes != null; bytes = response.next()) {
                parser.feed(bytes);
                for (SseEvent event = parser.poll(); event != null; event = parser.poll()) {
                    if (isData(event) && translation.take(AguiEvent.read(event.data()))) {
                        return;
                    }
                }
            }
            if (!endsWhole(parser.end(), translation)) {
                throw failures.truncated("its answer ended before it was complete", null);
            }
        } catch (MalformedAguiException e) {
            throw failures.error("its service sent " + e.getMessage(), false, e);
        } catch (SseTooLargeException e) {
            throw failures.error("its service sent " + e.getMessage(), false, e);
        }
    }

    /** Whether the event that the end of the stream cut off, short of its blank line, is the end of the run. */
    private static boolean endsWhole(Optional<SseEvent> last, AguiTranslation translation)
            throws MalformedAguiException, AgentFailure, AgentCancelled {
        if (last.isEmpty() || !isData(last.get())) {
            return false;
        }
        AguiEvent event;
        try {
            event = AguiEvent.read(last.get().data());
        } catch (MalformedAguiException e) {
            return false; // half an event: the stream was cut, whatever its half says
        }
        return translation.take(event);
    }

    /** Some servers keep a stream alive, or close it, with data that is no event. */
    private static boolean isData(SseEvent event) {
        return event.data().length > 0 && !event.text().equals("[DONE]");
    }
}
