package io.handfast.bench.race;

import io.handfast.bench.client.ClientLoops;
import io.handfast.bench.client.Dial;
import io.handfast.protocol.Json;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One client in a heat: its message is posted past the edge, then it connects and reads until it has its answer or no more patience. */
@SuppressWarnings("FutureReturnValueIgnored") // its patience is a timer that finds it finished, or not
final class Contestant {
    private final EventLoop loop;
    private final Dial dial;
    private final Story story;
    private final Runner runner;
    private final CompletableFuture<Finish> finish = new CompletableFuture<>();

    Contestant(ClientLoops loops, Dial dial, Reader reader, Course.Answer answer, long seed) {
        this.loop = loops.next();
        this.dial = dial;
        this.story = new Story(answer.events(), this::end);
        String threadId = threadId();
        this.runner = switch (reader) {
            case PLAIN -> new PlainRunner(loops, loop, dial, threadId, story);
            case PAGE -> new PageRunner(loops, loop, dial, threadId, seed, story);
        };
    }

    /** Every client is a user of its own, with a thread of the same name. */
    private String threadId() {
        return dial.identity().user();
    }

    CompletableFuture<Finish> go(Calls calls, Course.Answer answer, Duration patience) {
        Map<String, Object> message = Map.of(
                "message_id",
                "m",
                "agent",
                "echo",
                "text",
                "word ".repeat(answer.words()).strip(),
                "options",
                Map.of("chunk_delay_ms", answer.pause().toMillis()));
        calls.post("/v1/threads/" + threadId() + "/messages", dial.identity(), Json.write(message))
                .whenComplete((reply, failure) -> {
                    if (failure != null) {
                        finish.completeExceptionally(failure);
                    } else if (reply.status() != 202) {
                        finish.completeExceptionally(
                                new IOException("a message is answered with " + reply.status() + " " + reply.body()));
                    } else {
                        loop.execute(runner::go);
                        loop.schedule(this::end, patience.toMillis(), TimeUnit.MILLISECONDS);
                    }
                });
        return finish;
    }

    private void end() {
        if (finish.complete(story.finish())) {
            runner.stop();
        }
    }
}
