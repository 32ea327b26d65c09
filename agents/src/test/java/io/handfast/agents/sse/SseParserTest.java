package io.handfast.agents.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SseParserTest {
    private static final int LIMIT = 1 << 20;

    private static List<String> parse(String stream) throws SseTooLargeException {
        return parse(utf8(stream), LIMIT);
    }

    private static List<String> parse(byte[] stream, int step) throws SseTooLargeException {
        SseParser parser = new SseParser(LIMIT);
        List<String> events = new ArrayList<>();
        for (int from = 0; from < stream.length; from += step) {
            parser.feed(ByteBuffer.wrap(stream, from, Math.min(step, stream.length - from)));
            drain(parser, events);
        }
        parser.end().ifPresent(event -> events.add("cut " + text(event)));
        return events;
    }

    private static void drain(SseParser parser, List<String> events) {
        for (SseEvent event = parser.poll(); event != null; event = parser.poll()) {
            events.add(text(event));
        }
    }

    private static String text(SseEvent event) {
        return event.type() + "|" + event.lastEventId() + "|" + event.text();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void lines_end_with_lf_cr_or_crlf() throws Exception {
        assertThat(parse("data: a\n\ndata: b\r\rdata: c\r\n\r\n"))
                .containsExactly("message||a", "message||b", "message||c");
    }

    @Test
    void a_crlf_may_be_cut_in_two() throws Exception {
        assertThat(parse(utf8("data: a\r\ndata: b\r\n\r\n"), 1)).containsExactly("message||a\nb");
    }

    @Test
    void characters_may_be_cut_anywhere() throws Exception {
        byte[] stream = utf8("data: grüße 👋🏽 \u0800\n\n");
        for (int step = 1; step <= stream.length; step++) {
            assertThat(parse(stream, step)).containsExactly("message||grüße 👋🏽 \u0800");
        }
    }

    @Test
    void a_byte_order_mark_is_dropped_at_the_start_only() throws Exception {
        assertThat(parse(utf8("\uFEFFdata: \uFEFFa\n\n"), 1)).containsExactly("message||\uFEFFa");
    }

    @Test
    void bytes_that_only_begin_like_a_mark_are_kept() throws Exception {
        assertThat(parse(utf8("\uFEC0: no field\ndata: a\n\n"), 1)).containsExactly("message||a");
    }

    @Test
    void only_one_space_after_the_colon_is_dropped() throws Exception {
        assertThat(parse("data:a\ndata: b\ndata:  c\ndata\n\n")).containsExactly("message||a\nb\n c\n");
    }

    @Test
    void comments_and_unknown_fields_are_ignored() throws Exception {
        assertThat(parse(": keep-alive\n:\nfoo: bar\ndata: a\n: in between\n\n:\n\n"))
                .containsExactly("message||a");
    }

    @Test
    void a_comment_may_be_longer_than_an_event() throws Exception {
        SseParser parser = new SseParser(8);
        parser.feed(ByteBuffer.wrap(utf8(":" + "x".repeat(100) + "\ndata:1\n\n")));
        assertThat(parser.poll()).isNotNull();
    }

    @Test
    void event_and_id_and_retry_are_read() throws Exception {
        SseParser parser = new SseParser(LIMIT);
        parser.feed(ByteBuffer.wrap(utf8("""
                retry: 1500
                retry: 1x
                id: 7
                event: tick
                data: a

                data: b

                id: x\0y
                id
                data: c

                """)));
        List<String> events = new ArrayList<>();
        drain(parser, events);

        assertThat(events).containsExactly("tick|7|a", "message|7|b", "message||c");
        assertThat(parser.retryMs()).hasValue(1500);
    }

    @Test
    void an_event_without_data_is_none_and_its_type_is_forgotten() throws Exception {
        assertThat(parse("event: tick\n\ndata: a\n\n")).containsExactly("message||a");
    }

    @Test
    void an_empty_data_line_is_an_event() throws Exception {
        assertThat(parse("data\n\ndata:\n\n")).containsExactly("message||", "message||");
    }

    @Test
    void what_the_end_cuts_off_is_told_apart() throws Exception {
        assertThat(parse("data: a\n\ndata: b")).containsExactly("message||a", "cut message||b");
        assertThat(parse("data: a\n\nevent: x\n")).containsExactly("message||a");
    }

    @Test
    void an_event_over_the_limit_is_refused_before_it_is_whole() throws Exception {
        SseParser lines = new SseParser(100);
        lines.feed(ByteBuffer.wrap(utf8("data:" + "x".repeat(94))));
        assertThatThrownBy(() -> lines.feed(ByteBuffer.wrap(utf8("xx"))))
                .isInstanceOf(SseTooLargeException.class)
                .hasMessage("an event of more than 100 bytes");

        SseParser data = new SseParser(100);
        byte[] line = utf8("data:" + "x".repeat(60) + "\n");
        data.feed(ByteBuffer.wrap(line));
        assertThatThrownBy(() -> data.feed(ByteBuffer.wrap(line))).isInstanceOf(SseTooLargeException.class);
    }

    @Test
    void how_a_stream_is_cut_makes_no_difference() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] pieces = {
            "data", ":", " ", "\n", "\r", "\r\n", "\n\n", "é", "😀", "id: 1", "event: e", ": c", "x", "\0"
        };
        for (int round = 0; round < 300; round++) {
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            for (int i = random.nextInt(60); i > 0; i--) {
                stream.writeBytes(utf8(pieces[random.nextInt(pieces.length)]));
            }
            byte[] bytes = stream.toByteArray();
            assertThat(parse(bytes, 1 + random.nextInt(7)))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(parse(bytes, LIMIT));
        }
    }
}
