package io.handfast.sim.edge.link;

import static io.handfast.sim.edge.wire.Bytes.REQUEST;
import static io.handfast.sim.edge.wire.Bytes.SWITCHED;
import static io.handfast.sim.edge.wire.Bytes.ascii;
import static io.handfast.sim.edge.wire.Bytes.join;
import static io.handfast.sim.edge.wire.Bytes.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.sim.edge.wire.Side;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a link does without rules, and at its ends. */
final class LinkTest {
    @Test
    void without_rules_every_byte_passes_as_it_comes_for_any_split_and_any_stream() {
        for (long seed = 0; seed < 400; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] noise = new byte[random.nextInt(1, 3000)];
            random.nextBytes(noise);
            byte[] fromClient = random.nextBoolean() ? noise : join(REQUEST, text(Side.CLIENT, "x"), noise);
            byte[] fromServer = random.nextBoolean() ? noise : join(SWITCHED, text(Side.SERVER, "y"), noise);
            Lab lab = Lab.with("");
            int client = 0;
            int server = 0;
            ByteArrayOutputStream atClient = new ByteArrayOutputStream();
            ByteArrayOutputStream atServer = new ByteArrayOutputStream();
            while (client < fromClient.length || server < fromServer.length) {
                int to = Math.min(fromClient.length, client + random.nextInt(0, 90));
                lab.client(Arrays.copyOfRange(fromClient, client, to));
                client = to;
                to = Math.min(fromServer.length, server + random.nextInt(0, 90));
                lab.server(Arrays.copyOfRange(fromServer, server, to));
                server = to;
                atClient.writeBytes(lab.atClient());
                atServer.writeBytes(lab.atServer());
                assertThat(atServer.size())
                        .as("nothing is kept back, seed %d", seed)
                        .isEqualTo(client);
                assertThat(atClient.size())
                        .as("nothing is kept back, seed %d", seed)
                        .isEqualTo(server);
            }
            assertThat(atServer.toByteArray()).as("seed %d", seed).isEqualTo(fromClient);
            assertThat(atClient.toByteArray()).as("seed %d", seed).isEqualTo(fromServer);
        }
    }

    @Test
    void with_rules_that_look_at_frames_every_byte_that_no_rule_touches_still_passes() {
        for (long seed = 0; seed < 400; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] noise = new byte[random.nextInt(1, 3000)];
            random.nextBytes(noise);
            byte[] fromServer = random.nextBoolean() ? noise : join(SWITCHED, text(Side.SERVER, "y"), noise);
            Lab lab = Lab.with("on frame 1000000 from server: drop\non frame 1000000 from client: drop");
            int at = 0;
            while (at < fromServer.length) {
                int to = Math.min(fromServer.length, at + random.nextInt(1, 90));
                lab.server(Arrays.copyOfRange(fromServer, at, to));
                at = to;
            }
            lab.fin(Side.SERVER);
            assertThat(lab.atClient()).as("seed %d", seed).isEqualTo(fromServer);
        }
    }

    @Test
    void the_backend_is_dialled_at_once_and_bytes_wait_for_it() {
        Lab lab = Lab.undialled("").client(REQUEST);
        assertThat(lab.events()).containsExactly("dial a");
        assertThat(lab.atServer()).isEmpty();
        assertThat(lab.dialed().atServer()).isEqualTo(REQUEST);
    }

    @Test
    void a_backend_that_cannot_be_reached_resets_the_client() {
        Lab lab = Lab.undialled("").dialFailed();
        assertThat(lab.events()).containsExactly("dial a", "rst client", "done");
        assertThat(lab.link().ending()).isEqualTo("no backend");
    }

    @Test
    void each_direction_ends_by_itself_and_both_end_the_link() {
        Lab lab = Lab.with("").upgraded();
        lab.events();
        assertThat(lab.fin(Side.CLIENT).events()).containsExactly("fin server");
        assertThat(lab.server(ascii("tail")).atClient()).isEqualTo(ascii("tail"));
        assertThat(lab.fin(Side.SERVER).events()).containsExactly("fin client", "done");
    }

    @Test
    void a_reset_passes_through() {
        Lab lab = Lab.with("").upgraded();
        lab.events();
        assertThat(lab.rst(Side.SERVER).events()).containsExactly("rst client", "done");
        assertThat(lab.link().ending()).isEqualTo("server reset");
        assertThat(lab.client(ascii("late")).atServer()).isEmpty();
    }

    @Test
    void a_side_that_takes_no_output_stops_reading_on_the_other_and_memory_stays_bounded() {
        Lab lab = Lab.with("").upgraded().writable(Side.CLIENT, false);
        byte[] chunk = new byte[16 * 1024];
        int sent = 0;
        while (lab.link().wantsInput(Side.SERVER) && sent < 2 * Link.QUEUED_BYTES_MAX) {
            lab.server(chunk);
            sent += chunk.length;
        }
        assertThat(sent).isEqualTo(Link.QUEUED_BYTES_MAX);
        assertThat(lab.atClient()).isEmpty();
        assertThat(lab.link().wantsInput(Side.CLIENT)).isTrue();
        lab.writable(Side.CLIENT, true);
        assertThat(lab.link().wantsInput(Side.SERVER)).isTrue();
        assertThat(lab.atClient()).hasSize(sent);
    }

    @Test
    void an_answer_other_than_101_frees_the_client_from_being_read_as_frames() {
        Lab lab = Lab.with("on frame 1 text from client: drop").client(REQUEST);
        lab.server(ascii("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"));
        lab.atServer();
        assertThat(lab.client(ascii("G")).atServer()).isEqualTo(ascii("G"));
    }
}
