package io.handfast.connection;

import static io.handfast.connection.ConnectionFixture.connection;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.connection.Transitions.Row;
import io.handfast.log.Slice;
import io.handfast.log.ThreadHead;
import io.handfast.protocol.CloseCode;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.readiness.ReadinessPolicy.Unproven;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table of transitions: each row can happen, nothing else can, and docs/connection.md says the same. */
final class TransitionsTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "connection.md");

    /** The sentence of a trigger ends with its close code, where it has one. */
    private static final Pattern CODE = Pattern.compile(": (\\d{4})(, without waiting)?$");

    @TestFactory
    Stream<DynamicTest> every_row_happens() {
        return Transitions.TABLE.stream()
                .map(row -> DynamicTest.dynamicTest(row.from() + " on " + row.on(), () -> {
                    ConnectionFixture c = in(row);
                    assertThat(c.connection.state()).isEqualTo(row.from());
                    trigger(c, row.on());
                    assertThat(c.connection.state()).isEqualTo(row.to());
                    Matcher code = CODE.matcher(row.on().meaning());
                    if (row.to() == ConnectionState.CLOSED && code.find()) {
                        assertThat(c.cause().code()).isEqualTo(Integer.parseInt(code.group(1)));
                    }
                }));
    }

    @Test
    void no_state_has_two_ways_for_one_trigger_and_none_leads_out_of_closed() {
        assertThat(Transitions.TABLE)
                .doesNotHaveDuplicates()
                .extracting(row -> row.from() + " " + row.on())
                .doesNotHaveDuplicates();
        assertThat(Transitions.TABLE).noneMatch(row -> row.from() == ConnectionState.CLOSED);
        assertThat(Transitions.TABLE).extracting(Row::on).contains(Trigger.values());
    }

    /** Run with {@code -Dhandfast.docs.write=true} to write the document anew. */
    @Test
    void the_document_says_the_same() throws IOException {
        String document = Files.readString(DOCUMENT);
        String generated = TransitionsDocument.insertedInto(document);
        if (Boolean.getBoolean("handfast.docs.write")) {
            Files.writeString(DOCUMENT, generated);
        } else {
            assertThat(document).isEqualTo(generated);
        }
    }

    /** A connection in the row's first state, made so that the row can happen within its patience. */
    private static ConnectionFixture in(Row row) {
        ConnectionFixture c = connection()
                .strategy(row.on() == Trigger.CHECKED ? Strategy.BASIC : Strategy.PROOF)
                .unproven(row.on() == Trigger.UNPROVEN ? Unproven.CLOSE : Unproven.DEGRADE)
                .application()
                .limits(limits(row.on()))
                .born();
        switch (row.from()) {
            case ACCEPTED -> {}
            case PROVING -> c.handOver101();
            case READY -> c.ready().subscribed("t", 0).moveHead("t");
            case DRAINING -> {
                c.ready().subscribed("t", 0).moveHead("t");
                if (row.on() == Trigger.EXPIRED) {
                    c.pass(Duration.ofSeconds(1));
                } else {
                    c.drain(Duration.ofMinutes(5));
                }
            }
            case CLOSED -> throw new AssertionError("no row begins here");
        }
        return c;
    }

    private static ConnectionLimits limits(Trigger trigger) {
        ConnectionLimits d = ConnectionLimits.ofDefaults();
        return new ConnectionLimits(
                d.heartbeat(),
                trigger == Trigger.EXPIRED ? Duration.ofSeconds(1) : d.maxAge(),
                d.heldFrames(),
                d.heldBytes(),
                trigger == Trigger.STALLED ? Duration.ofSeconds(1) : d.slowConsumer(),
                d.closeTimeout(),
                d.readBytes(),
                d.pendingRequests(),
                d.subscriptions());
    }

    private static void trigger(ConnectionFixture c, Trigger trigger) {
        switch (trigger) {
            case CHALLENGED -> c.handOver101();
            case PROVEN -> c.challenge(1).sendHandshakeAck();
            case DEGRADED, UNPROVEN -> c.pass(Duration.ofSeconds(5));
            case CHECKED -> c.handOver101().write101();
            case TOLD_TO_GO -> c.drain(Duration.ofSeconds(5));
            case PEER_CLOSED -> c.sendClose(1000);
            case PEER_VANISHED -> c.vanish(null);
            case VIOLATED -> c.violate(CloseCode.MESSAGE_TOO_BIG);
            case UNAUTHORIZED -> c.revoke();
            case STALLED -> c.block().pass(Duration.ofSeconds(1));
            case SHUT_DOWN -> c.drain(Duration.ZERO).pass(Duration.ZERO);
            case EXPIRED -> c.pass(Duration.ofSeconds(5));
            case FLOODED -> {
                for (int i = 0; i <= 64; i++) {
                    c.send("{}");
                }
            }
            case SILENT -> c.pass(Duration.ofSeconds(40));
            case OVERTAKEN -> c.answerRead("t", new Slice.Trimmed(new ThreadHead("t", "alice", "e1", 5, 9)));
            case REPLACED -> c.answerRead("t", new Slice.Replaced());
            case BROKEN -> c.answerRead("other", new Slice.Replaced());
        }
    }
}
